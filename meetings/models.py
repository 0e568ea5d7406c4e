"""Meetings: dated by their duty, with agenda, attendance, minutes, decisions and action items."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import clock
from duties.models import Duty
from meetings.agenda import PLANS, POINTS, series_of
from people.models import OfCentreQuerySet
from rulebook.evidence import evidence

SOON = dt.timedelta(days=1)
PATIENCE = dt.timedelta(hours=2)  # how long after its time an unopened meeting still waits for its people


class Series(models.TextChoices):
    WEEKLY = "weekly", _("weekly meeting")
    MONTHLY = "monthly", _("monthly meeting of all agents")


class MeetingQuerySet(OfCentreQuerySet):
    def with_duty(self):
        return self.select_related(
            "duty__rule__centre", "duty__centre", "duty__assignee", "centre", "chair", "finalised_by"
        )

    def ahead(self):
        """Planned, under way or without final minutes, soonest first."""
        rows = self.exclude(status=Meeting.Status.FINAL).exclude(duty__status=Duty.Status.WAIVED)
        return rows.order_by("starts_at", "pk")

    def over(self):
        """Final, or waived: newest first."""
        rows = self.filter(Q(status=Meeting.Status.FINAL) | Q(duty__status=Duty.Status.WAIVED))
        return rows.order_by("-starts_at", "-pk")

    def planned(self):
        return self.filter(status=Meeting.Status.PLANNED).exclude(duty__status=Duty.Status.WAIVED)

    def waiting_for(self, person, at):
        """What the person chairs and has not finished, and what they must attend within a day."""
        chaired = Q(chair=person, status__in=[Meeting.Status.IN_PROGRESS, Meeting.Status.MINUTES_DRAFT])
        soon = Q(
            status=Meeting.Status.PLANNED,
            series__in=series_of(person.roles),
            starts_at__gt=at - PATIENCE,
            starts_at__lte=at + SOON,
        )
        rows = self.filter(centre=person.centre_id).filter(chaired | soon).exclude(duty__status=Duty.Status.WAIVED)
        return rows.with_duty().order_by("starts_at")


class Meeting(models.Model):
    """A meeting is one duty: the duty keeps the date of the clause, `starts_at` says when it is held.

    A day ahead that its rule no longer asks for takes its planned meeting along; nothing has happened to it yet.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "planned")
        IN_PROGRESS = "in_progress", pgettext_lazy("meeting", "in progress")
        MINUTES_DRAFT = "minutes_draft", pgettext_lazy("meeting", "minutes being written")
        FINAL = "final", pgettext_lazy("meeting", "minutes final")

    MOVES = {
        Status.PLANNED: {Status.IN_PROGRESS},
        Status.IN_PROGRESS: {Status.MINUTES_DRAFT, Status.PLANNED},  # PLANNED: undo
        Status.MINUTES_DRAFT: {Status.FINAL, Status.IN_PROGRESS},  # IN_PROGRESS: undo
    }

    duty = models.OneToOneField(Duty, models.CASCADE, primary_key=True, related_name="meeting", verbose_name=_("duty"))
    centre = models.ForeignKey("people.Centre", models.PROTECT, verbose_name=_("centre"))
    series = models.CharField(_("series"), max_length=10, choices=Series.choices)
    starts_at = models.DateTimeField(_("starts"))
    moved_reason = models.CharField(_("why it was moved"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.PLANNED)
    # Empty until it is opened: up to then the line says who is in the chair.
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("chair")
    )
    started_at = models.DateTimeField(pgettext_lazy("meeting", "opened"), null=True)
    ended_at = models.DateTimeField(pgettext_lazy("meeting", "ended"), null=True)
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made final by")
    )
    finalised_at = models.DateTimeField(_("made final"), null=True)
    flagged_at = models.DateTimeField(null=True, editable=False)  # the chair was told of the holiday
    announced_at = models.DateTimeField(null=True, editable=False)  # who must attend was told that it is a day away

    objects = MeetingQuerySet.as_manager()

    waits_as = "meeting"

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-duty"]
        indexes = [
            models.Index(fields=["centre", "-starts_at"], name="meetings_newest_of_centre"),
            models.Index(fields=["centre", "starts_at"], condition=~Q(status="final"), name="meetings_ahead_of_centre"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="planned") | Q(chair__isnull=False, started_at__isnull=False),
                name="opened_meeting_has_chair_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="final") | Q(finalised_by__isnull=False, finalised_at__isnull=False),
                name="final_minutes_have_a_person_and_time",
            ),
            models.CheckConstraint(condition=Q(series__in=Series.values), name="meeting_is_weekly_or_monthly"),
        ]

    def __str__(self):
        return f"{self.duty.due_on} {self.get_series_display()}"

    def get_absolute_url(self):
        return reverse("meetings:show_meeting", args=[self.pk])

    @property
    def plan(self):
        return PLANS[self.series]

    @property
    def clause(self):
        return self.plan.clause

    @property
    def name(self):
        return self.duty.rule.name

    @property
    def held_on(self):
        return clock.local_date(self.centre, self.starts_at)

    @property
    def was_moved(self):
        return bool(self.moved_reason)

    @property
    def due_at(self):
        return self.starts_at

    @property
    def is_waived(self):
        return self.duty.status == Duty.Status.WAIVED

    @property
    def was_not_held(self):
        return self.status == self.Status.PLANNED and self.duty.status == Duty.Status.MISSED


class OfMeetingQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(meeting__centre=person.centre_id)


class AgendaPoint(models.Model):
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="points", db_index=False, verbose_name=_("meeting")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    key = models.CharField(_("agenda point"), max_length=40)
    minutes = models.TextField(_("minutes"), blank=True, max_length=10000)
    nothing = models.BooleanField(_("nothing to report"), default=False)
    version = models.PositiveIntegerField(default=0, editable=False)  # counts the writings
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"), null=True)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda point")
        verbose_name_plural = _("agenda points")
        ordering = ["meeting", "order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "key"], name="point_is_on_an_agenda_once"),
            models.CheckConstraint(
                condition=Q(nothing=False) | Q(minutes=""), name="point_with_nothing_has_no_minutes"
            ),
            models.CheckConstraint(
                condition=Q(minutes="", nothing=False) | Q(written_by__isnull=False, written_at__isnull=False),
                name="written_point_has_author_and_time",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self):
        return POINTS[self.meeting.series, self.key].text

    @property
    def is_answered(self):
        return self.nothing or bool(self.minutes.strip())


class AttendanceQuerySet(OfMeetingQuerySet):
    def by_team(self):
        return self.select_related("person__team").order_by("person__team_id", "person__employee_number")

    def waiting_for(self, person, at):
        """Final minutes that the person, excused for duty, has yet to confirm."""
        rows = self.filter(person=person, status=Attendance.Status.EXCUSED, meeting__status=Meeting.Status.FINAL)
        return rows.select_related("meeting__duty__rule", "meeting__centre").order_by("meeting__finalised_at")


class Attendance(models.Model):
    """One person at one meeting, from its opening: who is on the floor then is excused and confirms the minutes."""

    class Status(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("attendance", "expected")
        PRESENT = "present", pgettext_lazy("attendance", "present")
        ABSENT = "absent", pgettext_lazy("attendance", "absent")
        EXCUSED = "excused", pgettext_lazy("attendance", "excused: on duty")
        CONFIRMED = "minutes_confirmed", pgettext_lazy("attendance", "on duty, minutes confirmed")

    MOVES = {
        Status.EXPECTED: {Status.PRESENT, Status.ABSENT},
        Status.PRESENT: {Status.EXPECTED, Status.ABSENT, Status.EXCUSED},
        Status.ABSENT: {Status.PRESENT, Status.EXPECTED},
        Status.EXCUSED: {Status.PRESENT, Status.CONFIRMED},
    }

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="attendance", db_index=False, verbose_name=_("meeting")
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    required = models.BooleanField(_("must attend"), default=True)
    on_duty = models.BooleanField(_("on duty at that time"), default=False)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.EXPECTED)
    confirmed_at = models.DateTimeField(_("minutes confirmed"), null=True)

    objects = AttendanceQuerySet.as_manager()

    waits_as = "attendance"

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="person_is_at_a_meeting_once"),
            models.CheckConstraint(
                condition=~Q(status="minutes_confirmed") | Q(confirmed_at__isnull=False),
                name="confirmed_minutes_have_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.get_status_display()}"

    @property
    def due_at(self):
        return self.meeting.finalised_at

    @property
    def came(self):
        return self.status == self.Status.PRESENT


class Decision(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions", verbose_name=_("meeting"))
    text = models.CharField(_("decision"), max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("written by")
    )
    at = models.DateTimeField(_("at"))

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]

    def __str__(self):
        return self.text


class ActionItemQuerySet(OfMeetingQuerySet):
    def open(self):
        return self.filter(status=ActionItem.Status.OPEN)

    def with_names(self):
        return self.select_related("owner", "done_by", "meeting__duty__rule", "meeting__centre")

    def brought_to(self, meeting):
        """What earlier meetings of the series gave somebody to do and is not done: it comes back until it is."""
        earlier = Q(meeting__centre=meeting.centre_id, meeting__series=meeting.series)
        rows = self.open().filter(earlier, meeting__starts_at__lt=meeting.starts_at).exclude(meeting=meeting)
        return rows.with_names().order_by("due_on", "pk")

    def waiting_for(self, person, at):
        return self.open().filter(owner=person).with_names().order_by("due_on", "pk")


class ActionItem(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("action item", "open")
        DONE = "done", pgettext_lazy("action item", "done")

    MOVES = {Status.OPEN: {Status.DONE}, Status.DONE: {Status.OPEN}}  # OPEN: undo

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="action_items", verbose_name=_("meeting"))
    text = models.CharField(_("action item"), max_length=1000)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("due"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done"), null=True)

    objects = ActionItemQuerySet.as_manager()

    waits_as = "action_item"

    class Meta:
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="done") | Q(done_by__isnull=False, done_at__isnull=False),
                name="done_action_item_has_a_person_and_time",
            )
        ]

    def __str__(self):
        return self.text

    @property
    def due_at(self):
        """The end of its day."""
        return clock.midnight(self.meeting.centre, self.due_on + dt.timedelta(days=1))

    def is_late(self, at):
        return self.status == self.Status.OPEN and self.due_at <= at


evidence(
    "record",
    "meeting.2",
    _("The weekly meeting’s attendance, minutes for each point of its agenda, decisions and action items."),
    lacking=_("The figures of the seven days before the meeting."),
)
evidence(
    "record",
    "meeting.3",
    _("The monthly meeting’s attendance, minutes for each point of its agenda, decisions and action items."),
    lacking=_("The month’s figures, quality scores and the teams’ reports prepared for it."),
)
