"""The roll call before a shift: who came, when, and how they were dressed."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Centre, Deputy, OfCentreQuerySet, Role
from rulebook.evidence import evidence
from shifts.models.leave import Leave
from shifts.models.rosters import Assignment, Shift

WAITS_FOR = dt.timedelta(hours=36)  # how long after its shift's start a roll call left open stays on the start page


class RollCallQuerySet(OfCentreQuerySet):
    def with_names(self):
        return self.select_related("shift__type", "shift__team", "shift__leader", "shift__centre", "closed_by")

    def open(self):
        return self.filter(status=RollCall.Status.OPEN)

    def between(self, centre, from_at, until_at):
        """Those of the shifts that begin in the span, its end not included."""
        return self.filter(centre=centre, starts_at__gte=from_at, starts_at__lt=until_at)

    def waiting_for(self, person, at):
        """The open ones that the person calls: of the shift that they lead, or whose leader they stand in for; a
        director's are those of shifts whose leader's place is empty."""
        that_day = {"from_on__lte": OuterRef("shift__on"), "until_on__gte": OuterRef("shift__on")}
        deputies = Deputy.objects.filter(absent=OuterRef("shift__leader"), **that_day)
        theirs = Q(shift__leader=person) | Exists(deputies.filter(deputy=person))
        if person.has_role(Role.DIRECTOR):
            away = Leave.objects.approved().filter(person=OuterRef("shift__leader"), **that_day)
            theirs |= Q(shift__leader=None) | Exists(away) & ~Exists(deputies)
        newest = self.open().filter(centre=person.centre_id, starts_at__gt=at - WAITS_FOR)
        return newest.filter(theirs).with_names().order_by("starts_at", "pk")


class RollCall(models.Model):
    """One for each shift: opened by itself before it begins; closing it is the crew's entry to the room."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("roll call", "open")
        CLOSED = "closed", pgettext_lazy("roll call", "closed")

    MOVES = {Status.OPEN: {Status.CLOSED}, Status.CLOSED: {Status.OPEN}}

    shift = models.OneToOneField(Shift, models.PROTECT, related_name="roll_call", verbose_name=_("shift"))
    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    starts_at = models.DateTimeField(_("shift starts"), help_text=_("By which roll calls are found."))
    called_at = models.DateTimeField(_("called at"), help_text=_("Who comes later is late for the roll call."))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    told_at = models.DateTimeField(null=True, editable=False)  # when its leader was reminded that it is time to call
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    remarks = models.TextField(pgettext_lazy("roll call", "remarks"), blank=True, max_length=2000)
    items = models.JSONField(
        _("items looked at"), default=list, help_text=_("Ids of the checklist items of which closing says so.")
    )
    reopen_reason = models.CharField(_("why it was reopened"), max_length=200, blank=True)

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

    def get_absolute_url(self):
        return reverse("shifts:show_roll_call", args=[self.shift_id])

    @property
    def is_open(self):
        return self.status == self.Status.OPEN

    @property
    def opened_late(self):
        """The software was down when the roll was to be called: it judges nobody late by the moment of a tap."""
        return self.opened_at > self.called_at


class CallQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(roll_call__centre=person.centre_id)

    def with_person(self):
        """With who it is and the desk that the roster gives them."""
        desk = Assignment.objects.filter(shift=OuterRef("roll_call__shift"), person=OuterRef("person"))
        return self.select_related("person").annotate(desk_code=Subquery(desk.values("desk__code")[:1]))


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
    COUNTS = (*LATE, Outcome.ABSENT)  # noticed as a breach when the roll call closes, unless excused at the call
    LOOKS = {
        Outcome.EXPECTED: ("muted", "circle"),
        Outcome.EARLY: ("ok", "check"),
        Outcome.LATE_FOR_ROLL_CALL: ("warn", "alarm-clock"),
        Outcome.LATE_FOR_SHIFT: ("danger", "alarm-clock"),
        Outcome.ABSENT: ("danger", "circle-x"),
        Outcome.ON_LEAVE: ("info", "calendar-off"),
        Outcome.SWAPPED: ("muted", "arrow-left-right"),
    }

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
    minutes_late = models.PositiveSmallIntegerField(
        _("minutes late"), default=0, help_text=_("For the roll call, or for the shift: for what the outcome says.")
    )
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("marked by")
    )
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    faults = models.JSONField(_("items not in order"), default=list, help_text=_("Ids of checklist items."))
    remark = models.CharField(pgettext_lazy("roll call", "remark"), max_length=200, blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("excused by")
    )
    excuse = models.CharField(_("excuse"), max_length=200, blank=True)

    objects = CallQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(excuse="", excused_by__isnull=True) | ~Q(excuse="") & Q(excused_by__isnull=False),
                name="excuse_at_a_roll_call_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(excused_by__isnull=True) | ~Q(excused_by=F("person")),
                name="nobody_excuses_themselves_at_a_roll_call",
                violation_error_message=_("Nobody excuses themselves. Ask the department director."),
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.get_outcome_display()}"

    @property
    def is_expected(self):
        return self.outcome == self.Outcome.EXPECTED

    @property
    def is_present(self):
        return self.outcome in self.PRESENT

    @property
    def is_early(self):
        return self.outcome == self.Outcome.EARLY

    @property
    def is_late(self):
        return self.outcome in self.LATE

    @property
    def counts(self):
        """Whether it is noticed as a breach when the roll call closes."""
        return self.outcome in self.COUNTS and not self.excuse

    @property
    def look(self):
        return self.LOOKS[self.outcome]


evidence(
    "record",
    "handover.1",
    _("The roll call of every shift: when each person arrived, late for what, absent or on leave, and the remarks"),
)
evidence("record", "handover.2", _("The closed roll call: the shift’s entry to the room, with the time and by whom"))
evidence(
    "record",
    "duty.1",
    _("Dress and badge of each person at the roll call"),
    lacking=_("Findings about posture, attention and being at one’s post"),
)
evidence(
    "record",
    "floor.5",
    _("Dress and badge of each person before entering the room"),
    lacking=_("The same items on walks over the floor"),
)
