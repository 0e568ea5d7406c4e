"""Recurring obligations: the rules, and one dated row for each time that a rule asks for something."""

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.words import pick
from people.models import OfCentreQuerySet


class Who(models.TextChoices):
    """Roster expressions and roles: resolved when looked at, so a swap moves the duty along."""

    DAY_LEADER = "day_leader", _("that day's shift leader")
    DAY_CREW = "day_crew", _("the rotating day shift")
    DIRECTOR = "director", _("department director")
    CENTRE_DIRECTOR = "centre_director", _("centre director")


class Closes(models.TextChoices):
    WINDOW = "window", _("after its minutes")
    WEEK = "week", _("at the end of its week")
    MONTH = "month", _("at the end of its month")


class OnHoliday(models.TextChoices):
    KEEP = "keep", _("is kept and marked")
    SKIP = "skip", _("is left out")


class DutyRule(models.Model):
    """What recurs. A clause's own rule takes its dates from the dated parameters; a centre's own has a free RRULE."""

    centre = models.ForeignKey("people.Centre", models.PROTECT, verbose_name=_("centre"))
    code = models.SlugField(_("code"), max_length=40)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    clause = models.CharField(_("clause"), max_length=40, blank=True)
    recurrence = models.CharField(_("recurrence"), max_length=200, blank=True, help_text=_("An RFC 5545 rule."))
    who = models.CharField(_("who"), max_length=20, choices=Who.choices)
    opens = models.TimeField(_("opens at"), default=dt.time(8))
    window_minutes = models.PositiveIntegerField(
        _("minutes to do it in"), default=480, validators=[MinValueValidator(5), MaxValueValidator(7 * 24 * 60)]
    )
    closes = models.CharField(_("is due"), max_length=10, choices=Closes.choices, default=Closes.WINDOW)
    on_holiday = models.CharField(
        _("on a public holiday it"), max_length=10, choices=OnHoliday.choices, default=OnHoliday.KEEP
    )
    needs_verification = models.BooleanField(_("a second person verifies it"), default=False)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    made_through = models.DateField(null=True, editable=False)  # every date up to here has had its duties made

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty rule")
        verbose_name_plural = _("duty rules")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "code"], name="duty_rule_code_is_unique_in_its_centre"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="duty_rule_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return pick(self.name_zh, self.name_en)

    def opens_at(self, due_on):
        return clock.moment(self.centre, due_on, self.opens)

    def due_at(self, due_on):
        """When the duty of that local date must be done: the end of its window, of its week or of its month."""
        if self.closes == Closes.WEEK:
            return clock.midnight(self.centre, due_on + dt.timedelta(days=7 - due_on.weekday()))
        if self.closes == Closes.MONTH:
            return clock.midnight(self.centre, (due_on.replace(day=1) + dt.timedelta(days=32)).replace(day=1))
        return self.opens_at(due_on) + dt.timedelta(minutes=self.window_minutes)


class DutyQuerySet(OfCentreQuerySet):
    def with_rule(self):
        return self.select_related("rule__centre", "centre", "assignee", "done_by")

    def unverified(self):
        """Done, and waiting for a second person's look."""
        return self.filter(status=Duty.Status.DONE, needs_verification=True)

    def workable(self):
        """What somebody can do now: open, begun, or missed and still owed."""
        return self.filter(status__in=[Duty.Status.OPEN, Duty.Status.STARTED, Duty.Status.MISSED])

    def of_day(self, on):
        return self.filter(due_on=on)

    def of_clause(self, clause):
        return self.filter(rule__clause=clause)

    def to_open(self, at):
        return self.filter(status=Duty.Status.SCHEDULED, opens_at__lte=at)

    def to_remind(self, at, before):
        return self.filter(
            status__in=[Duty.Status.OPEN, Duty.Status.STARTED],
            reminded_at=None,
            due_at__gt=at,
            due_at__lte=at + before,
        )

    def to_miss(self, at):
        return self.filter(status__in=[Duty.Status.OPEN, Duty.Status.STARTED], due_at__lte=at)


class Duty(models.Model):
    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        OPEN = "open", _("open")
        STARTED = "started", _("started")
        DONE = "done", _("done")
        VERIFIED = "verified", _("verified")
        MISSED = "missed", _("missed")
        WAIVED = "waived", _("waived")

    MOVES = {
        Status.SCHEDULED: {Status.OPEN, Status.WAIVED},
        Status.OPEN: {Status.STARTED, Status.MISSED, Status.WAIVED},
        Status.STARTED: {Status.OPEN, Status.DONE, Status.MISSED, Status.WAIVED},  # OPEN: undo
        Status.DONE: {Status.STARTED, Status.VERIFIED},  # STARTED: undo
        Status.MISSED: {Status.DONE, Status.WAIVED},
    }

    centre = models.ForeignKey("people.Centre", models.PROTECT, verbose_name=_("centre"))
    rule = models.ForeignKey(DutyRule, models.PROTECT, verbose_name=_("rule"))
    due_on = models.DateField(_("date"))
    slot = models.CharField(_("slot"), max_length=40, blank=True)  # a shift type, a person, a team or empty
    needs_verification = models.BooleanField(default=False)  # as the rule said when the duty was made
    opens_at = models.DateTimeField(_("opens"))
    due_at = models.DateTimeField(_("due"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.SCHEDULED)
    opened_at = models.DateTimeField(null=True)  # when the people concerned were told, which an outage makes late
    reminded_at = models.DateTimeField(null=True)
    # Empty until it is started: up to then the roster answers.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="duties", verbose_name=_("assignee")
    )
    started_at = models.DateTimeField(_("started"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done"), null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("verified by")
    )
    verified_at = models.DateTimeField(_("verified"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # why it was waived

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["due_on", "opens_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "due_on", "slot"], name="duty_is_made_once_for_its_date_and_slot"),
            models.CheckConstraint(
                condition=~Q(status__in=["done", "verified"]) | Q(done_by__isnull=False, done_at__isnull=False),
                name="done_duty_has_a_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="verified") | (Q(verified_by__isnull=False) & ~Q(verified_by=F("done_by"))),
                name="verified_duty_was_verified_by_a_second_person",
            ),
            models.CheckConstraint(condition=~Q(status="waived") | ~Q(reason=""), name="waived_duty_has_a_reason"),
            models.CheckConstraint(condition=Q(due_at__gt=F("opens_at")), name="duty_is_due_after_it_opens"),
        ]
        indexes = [
            models.Index(fields=["centre", "due_on"], name="duties_of_a_day"),
            # The minute's questions are about few rows, however long the history.
            models.Index(fields=["centre", "opens_at"], condition=Q(status="scheduled"), name="duties_to_open"),
            models.Index(
                fields=["centre", "due_at"],
                condition=Q(status__in=["open", "started", "missed"]),
                name="duties_to_work_on",
            ),
            models.Index(
                fields=["centre", "due_on"],
                condition=Q(status="done", needs_verification=True),
                name="duties_to_verify",
            ),
        ]

    def __str__(self):
        return f"{self.due_on} {self.rule}"

    def get_absolute_url(self):
        return reverse("duties:show_duty", args=[self.pk])

    @property
    def name(self):
        return self.rule.name

    @property
    def is_late(self):
        return self.done_at is not None and self.done_at > self.due_at

    @property
    def nobody_was_told(self):
        """The system was down from its opening until it was due: no shift is to blame."""
        return self.opened_at is not None and self.opened_at >= self.due_at


class Heartbeat(models.Model):
    """One row: the newest minute that the duties have seen. The watchdog reads it."""

    ticked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return self.ticked_at.isoformat()
