"""The channels that lead outside, what waits to go through each, and what people want by e-mail."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre.encrypted import EncryptedField
from delivery import failures
from people.models import OfCentreQuerySet, Team

QUIET_ENDS = Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False)
HALF_QUIET = _("Give both times of the quiet hours, or neither.")


class ChannelQuerySet(OfCentreQuerySet):
    def listening(self, centre_id):
        return self.filter(centre=centre_id, is_enabled=True)

    def with_work(self, at, lost_before):
        """Those with something to send now, that neither another relay has in hand nor a failure holds back."""
        of_it = Dispatch.objects.filter(channel=OuterRef("pk"))
        waiting = Exists(of_it.filter(status=Dispatch.Status.WAITING, due_at__lte=at))
        lost = Exists(of_it.filter(status=Dispatch.Status.SENDING, claimed_at__lt=lost_before))
        return self.filter(waiting | lost).filter(
            Q(retry_at=None) | Q(retry_at__lte=at), Q(busy_until=None) | Q(busy_until__lte=at)
        )

    def failing(self):
        """Enabled ones that their last tries did not get through, or with messages that were given up."""
        given_up = Dispatch.objects.filter(channel=OuterRef("pk"), status=Dispatch.Status.FAILED)
        return self.filter(is_enabled=True).filter(Q(failures__gte=failures.TELL_AFTER) | Exists(given_up))

    def with_counts(self):
        return self.annotate(waiting=_count(Dispatch.Status.WAITING), given_up=_count(Dispatch.Status.FAILED))


def _count(status):
    """By the index of that status alone: what was sent in all the years is not looked at."""
    rows = Dispatch.objects.filter(channel=OuterRef("pk"), status=status).order_by().values("channel")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


class Channel(models.Model):
    """One way outside: a group robot, or the centre's e-mail."""

    class Kind(models.TextChoices):
        MAIL = "mail", _("e-mail")
        WECOM = "wecom", _("WeCom robot")
        DINGTALK = "dingtalk", _("DingTalk robot")
        FEISHU = "feishu", _("Feishu robot")

    SIGNED = (Kind.DINGTALK, Kind.FEISHU)

    centre = models.ForeignKey("people.Centre", models.PROTECT, related_name="+", verbose_name=_("centre"))
    kind = models.CharField(pgettext_lazy("channel", "kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=50)
    address = EncryptedField(_("webhook address"), blank=True)
    secret = EncryptedField(_("signing secret"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, default="zh-hans", choices=[("zh-hans", "简体中文"), ("en", "English")]
    )
    topics = models.JSONField(_("hears of"), default=list)
    only_urgent = models.BooleanField(_("only what is urgent"), default=False)
    teams = models.ManyToManyField(Team, blank=True, related_name="+", verbose_name=_("messages to these teams"))
    roles = models.JSONField(_("messages to these roles"), default=list, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    is_enabled = models.BooleanField(_("enabled"), default=True)

    # What the relay knows of it.
    recent = models.JSONField(_("posted lately"), default=list, editable=False)
    busy_until = models.DateTimeField(_("in hand until"), null=True, editable=False)
    retry_at = models.DateTimeField(_("next try"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error_at = models.DateTimeField(_("last error at"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=40, blank=True, editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name"],
                name="channel_name_is_unique_in_its_centre",
                violation_error_message=_("There is a channel of this name already."),
            ),
            models.UniqueConstraint(
                fields=["centre"],
                condition=Q(kind="mail"),
                name="centre_has_one_mail_channel",
                violation_error_message=_("The centre has its e-mail channel already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="mail") | ~Q(address=""),
                name="robot_has_an_address",
                violation_error_message=_("A robot needs its webhook address."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("dingtalk", "feishu")) | ~Q(secret=""),
                name="signing_robot_has_its_secret",
                violation_error_message=_("This robot signs its messages: give its secret."),
            ),
            models.CheckConstraint(
                condition=QUIET_ENDS, name="channel_is_quiet_from_and_until", violation_error_message=HALF_QUIET
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_failing(self):
        return self.failures >= failures.TELL_AFTER

    @property
    def is_mail(self):
        return self.kind == self.Kind.MAIL

    @property
    def said_error(self):
        return failures.text(self.last_error)


class DispatchQuerySet(OfCentreQuerySet):
    def waiting(self, channel, at):
        """What may go now: urgent first, then oldest first."""
        due = self.filter(channel=channel, status=Dispatch.Status.WAITING, due_at__lte=at)
        return due.order_by("-urgent", "pk").select_related("announcement", "person")

    def for_administrators(self, person):
        """A confidential case is not an administrator's business, not even that somebody is told of one."""
        return self.visible_to(person).filter(restricted=False)


class Dispatch(models.Model):
    """One announcement on its way through one channel; by e-mail, to one person."""

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("dispatch", "waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", pgettext_lazy("dispatch", "sent")
        FAILED = "failed", _("given up")
        DROPPED = "dropped", _("not wanted any more")

    MOVES = {
        Status.WAITING: {Status.SENDING, Status.DROPPED},
        Status.SENDING: {Status.SENT, Status.WAITING, Status.FAILED},
        Status.FAILED: {Status.WAITING, Status.DROPPED},
    }

    centre = models.ForeignKey("people.Centre", models.PROTECT, related_name="+", verbose_name=_("centre"))
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="dispatches", verbose_name=_("channel"))
    announcement = models.ForeignKey(
        "delivery.Announcement", models.PROTECT, related_name="dispatches", verbose_name=_("announcement")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    urgent = models.BooleanField(_("urgent"), default=False)
    restricted = models.BooleanField(_("confidential"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.WAITING)
    due_at = models.DateTimeField(_("not before"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    claimed_at = models.DateTimeField(_("taken up"), null=True)
    sent_at = models.DateTimeField(pgettext_lazy("dispatch", "sent"), null=True)
    error = models.CharField(_("last error"), max_length=40, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "channel"], condition=Q(person=None), name="announcement_goes_to_a_group_once"
            ),
            models.UniqueConstraint(
                fields=["announcement", "channel", "person"], name="announcement_is_mailed_to_a_person_once"
            ),
            models.CheckConstraint(
                condition=Q(restricted=False) | Q(person__isnull=False), name="confidential_goes_to_no_group"
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at=None)),
                name="sent_dispatch_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "due_at"], condition=Q(status="waiting"), name="dispatch_waiting"),
            models.Index(fields=["channel", "claimed_at"], condition=Q(status="sending"), name="dispatch_sending"),
            models.Index(fields=["channel"], condition=Q(status="failed"), name="dispatch_given_up"),
        ]

    def __str__(self):
        return f"{self.announcement_id} → {self.channel_id}"

    @property
    def said_error(self):
        return failures.text(self.error)


class MailChoice(models.Model):
    """What a person wants by e-mail. Without a row it is topics.MAILED."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mail_choice", verbose_name=_("person")
    )
    topics = models.JSONField(_("by e-mail"), default=list)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("choice of e-mails")
        verbose_name_plural = _("choices of e-mails")
        constraints = [
            models.CheckConstraint(
                condition=QUIET_ENDS, name="person_is_quiet_from_and_until", violation_error_message=HALF_QUIET
            )
        ]

    def __str__(self):
        return f"{self.person_id}"
