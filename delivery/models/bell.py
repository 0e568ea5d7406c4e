"""The outbox and the bell. Both keep a kind and its facts; the sentence is made for its reader."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from delivery import kinds

STUCK_AFTER = dt.timedelta(seconds=180)


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(centre=person.centre_id)

    def queued(self):
        """What the relay has still to send: urgent first, then oldest first."""
        return self.filter(status=Announcement.Status.QUEUED).order_by("-urgent", "pk")

    def stuck(self, at):
        """Whether something has been waiting for so long that no relay can be at work."""
        return self.queued().filter(at__lt=at - STUCK_AFTER).exists()


class Announcement(models.Model):
    """One row of the outbox, written in the transaction of the step that it tells of."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")

    MOVES = {Status.QUEUED: {Status.SENT}}

    centre = models.ForeignKey("people.Centre", models.PROTECT, related_name="+", verbose_name=_("centre"))
    kind = models.CharField(_("kind"), max_length=60)
    facts = models.JSONField(_("facts"), default=dict)
    to = models.JSONField(_("recipients"), default=list)
    link = models.CharField(_("link"), max_length=200, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    restricted = models.BooleanField(_("confidential"), default=False)
    at = models.DateTimeField(_("at"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.QUEUED)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        indexes = [models.Index(fields=["-urgent", "id"], condition=Q(status="queued"), name="outbox_queued")]

    def __str__(self):
        return f"{self.kind} {self.pk}"


class MessageQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(person=person)

    def unread(self, person):
        return self.filter(person=person, read_at=None)

    def newest_of(self, person):
        return self.filter(person=person).order_by("-pk")

    def unread_of(self, person_id, limit=100, **which):
        """`unread_count` as an expression: a page's frame shows it, so it is read with the page's reader."""
        some = self.unread(person_id).filter(**which).order_by().values("pk")[:limit]
        unread = self.filter(pk__in=some).order_by().values("person").annotate(count=Count("pk"))
        return Coalesce(Subquery(unread.values("count")), 0)

    def unread_count(self, person, limit=100, **which):
        """How many, counting no further than `limit`: the bell shows 99+."""
        return self.unread(person).filter(**which)[:limit].count()


class Message(models.Model):
    """A line in one person's bell."""

    announcement = models.ForeignKey(
        Announcement, models.PROTECT, related_name="messages", verbose_name=_("announcement")
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=60)
    facts = models.JSONField(_("facts"), default=dict)
    link = models.CharField(_("link"), max_length=200, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["announcement", "person"], name="announcement_reaches_a_person_once"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="bell_newest_of_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="bell_unread_of_person"),
            models.Index(fields=["person"], condition=Q(read_at=None, urgent=True), name="bell_urgent_of_person"),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def text(self):
        return kinds.text(self.kind, self.facts)
