"""The roll call before a shift: who came, when, and how they were dressed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Centre, OfCentreQuerySet
from shifts.models.rosters import Shift


class RollCallQuerySet(OfCentreQuerySet):
    def with_names(self):
        return self.select_related("shift__type", "shift__team", "shift__leader", "closed_by")


class RollCall(models.Model):
    """One for each shift: opened by itself before it begins; closing it is the crew's entry to the room."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("roll call", "open")
        CLOSED = "closed", pgettext_lazy("roll call", "closed")

    MOVES = {Status.OPEN: {Status.CLOSED}, Status.CLOSED: {Status.OPEN}}

    shift = models.OneToOneField(Shift, models.PROTECT, related_name="roll_call", verbose_name=_("shift"))
    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    starts_at = models.DateTimeField(
        _("shift starts"), help_text=_("The shift's start, by which roll calls are found.")
    )
    called_at = models.DateTimeField(_("called at"), help_text=_("Who comes later is late for the roll call."))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    remarks = models.TextField(_("remarks"), blank=True, max_length=2000)

    objects = RollCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("roll call")
        verbose_name_plural = _("roll calls")
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["centre", "starts_at"], name="roll_call_by_start")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_by__isnull=False, closed_at__isnull=False),
                name="closed_roll_call_has_closer_and_time",
            )
        ]

    def __str__(self):
        return str(_("Roll call of %(shift)s")) % {"shift": self.shift}


class Call(models.Model):
    """One person of the crew at a roll call."""

    class Outcome(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("roll call", "not here yet")
        EARLY = "early", pgettext_lazy("roll call", "early enough")
        LATE_FOR_ROLL_CALL = "late_for_roll_call", pgettext_lazy("roll call", "late for the roll call")
        LATE_FOR_SHIFT = "late_for_shift", pgettext_lazy("roll call", "late for the shift")
        ABSENT = "absent", pgettext_lazy("roll call", "absent")
        ON_LEAVE = "on_leave", pgettext_lazy("roll call", "on leave")
        SWAPPED = "swapped", pgettext_lazy("roll call", "swapped")

    PRESENT = (Outcome.EARLY, Outcome.LATE_FOR_ROLL_CALL, Outcome.LATE_FOR_SHIFT)
    LATE = (Outcome.LATE_FOR_ROLL_CALL, Outcome.LATE_FOR_SHIFT)

    roll_call = models.ForeignKey(
        RollCall, models.CASCADE, related_name="calls", db_index=False, verbose_name=_("roll call")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("person")
    )
    leads = models.BooleanField(_("leads the shift"), default=False)
    starts_at = models.DateTimeField(_("shift starts"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, default=Outcome.EXPECTED)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    faults = models.JSONField(_("items not in order"), default=list, help_text=_("Ids of checklist items."))
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("excused by")
    )
    excuse = models.CharField(_("excuse"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("person at a roll call")
        verbose_name_plural = _("people at roll calls")
        ordering = ["pk"]
        indexes = [models.Index(fields=["person", "starts_at"], name="call_of_a_person")]
        constraints = [
            models.UniqueConstraint(fields=["roll_call", "person"], name="person_is_called_once_at_a_roll_call"),
            models.CheckConstraint(
                condition=Q(outcome__in=["early", "late_for_roll_call", "late_for_shift"], arrived_at__isnull=False)
                | ~Q(outcome__in=["early", "late_for_roll_call", "late_for_shift"]) & Q(arrived_at__isnull=True),
                name="who_is_present_has_arrived_at_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.get_outcome_display()}"
