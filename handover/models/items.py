"""What is not finished with its shift, and what each log says about it."""

from django.db import models
from django.db.models import FilteredRelation, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handover.models.entries import Entry
from handover.models.logs import READERS, Log, OfLogQuerySet, person_field
from people.models import Centre


class OpenItemQuerySet(models.QuerySet):
    def visible_to(self, person):
        rows = self.filter(centre=person.centre_id)
        return rows if person.has_role(*READERS) else rows.none()

    def open(self, centre):
        return self.filter(centre=centre, status=OpenItem.Status.OPEN)

    def with_answer_of(self, log):
        """`answer`, for select_related: what this log says about the item; no attribute where it says nothing yet."""
        return self.annotate(answer=FilteredRelation("answers", condition=Q(answers__log=log)))

    def owned_by(self, person):
        return self.open(person.centre_id).filter(owner=person)


class OpenItem(models.Model):
    """Something that is not finished with its shift. It always has an owner, and comes back until it is solved."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("open item", "open")
        CLOSED = "closed", pgettext_lazy("open item", "solved")

    MOVES = {Status.OPEN: {Status.CLOSED}, Status.CLOSED: {Status.OPEN}}

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="open_item", verbose_name=_("entry"))
    owner = person_field(_("owner"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)

    objects = OpenItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        ordering = ["pk"]
        indexes = [models.Index(fields=["centre", "status"], name="open_item_by_status")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["open", "closed"]), name="open_item_is_open_or_closed")
        ]

    def __str__(self):
        return f"{self.entry} → {self.owner}"

    def get_absolute_url(self):
        return reverse("handover:show_log", args=[self.entry.log_id])


class ItemAnswer(models.Model):
    """What one shift's log says about an open item: solved, or carried on by a named owner. One answer for each log."""

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("solved")
        CARRIED_ON = "carried_on", _("carried on")

    log = models.ForeignKey(Log, models.PROTECT, related_name="answers", verbose_name=_("log"))
    item = models.ForeignKey(OpenItem, models.PROTECT, related_name="answers", verbose_name=_("open item"))
    outcome = models.CharField(_("answer"), max_length=10, choices=Outcome.choices)
    owner = person_field(_("owner"))
    by = person_field(_("by"))
    at = models.DateTimeField(_("at"))

    objects = OfLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer about an open item")
        verbose_name_plural = _("answers about open items")
        ordering = ["item"]
        constraints = [
            models.UniqueConstraint(fields=["log", "item"], name="open_item_is_answered_once_in_a_log"),
            models.CheckConstraint(
                condition=Q(outcome__in=["solved", "carried_on"]), name="answer_is_solved_or_carried_on"
            ),
        ]

    def __str__(self):
        return f"{self.item_id} {self.outcome}"
