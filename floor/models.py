"""Who is away from their post during a shift: asked, approved, out, back."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import clock
from people.models import Centre, Deputy, OfCentreQuerySet, Role
from rulebook.evidence import evidence
from shifts import deciding
from shifts.models import Leave, Shift

LONGEST = 120  # minutes: who is away for longer has somebody take the desk over


class LeaveOfPostQuerySet(OfCentreQuerySet):
    def visible_to(self, person):
        """Why somebody leaves is theirs and their leaders' to know: everybody else sees their own."""
        rows = super().visible_to(person)
        return rows if deciding.sees_all(person) else rows.filter(person=person)

    def with_names(self):
        return self.select_related(
            "centre", "person__team", "shift__type", "shift__team", "shift__leader", "shift__centre", "decided_by"
        )

    def open(self):
        return self.filter(status__in=LeaveOfPost.OPEN)

    def open_of(self, person):
        """The person's one that is not over, or None."""
        return self.open().filter(person=person).with_names().first()

    def out_now(self, centre):
        """Who is out, the first who is due back first."""
        out = self.filter(centre=centre, status=LeaveOfPost.Status.OUT)
        return out.select_related("person__team", "shift__type", "shift__team").order_by("due_back_at", "pk")

    def waiting_for(self, person, at):
        """What the person is to answer, and who of theirs is overdue; never their own."""
        asked = Q(status=LeaveOfPost.Status.ASKED, expires_at__gt=at)
        wants_more = Q(wants_minutes__isnull=False)
        out = Q(status=LeaveOfPost.Status.OUT) & (wants_more | Q(due_back_at__lt=at))
        rows = self.open().filter(asked | out, centre=person.centre_id).exclude(person=person)
        return rows.filter(led_by(person, at)).with_names().order_by("expires_at", "pk")

    def between(self, from_at, until_at):
        """Those asked for in the span, its end not included."""
        return self.filter(asked_at__gte=from_at, asked_at__lt=until_at)

    def lapsed(self, at):
        waiting = (LeaveOfPost.Status.ASKED, LeaveOfPost.Status.APPROVED)
        return self.filter(status__in=waiting, expires_at__lte=at)

    def due_within(self, at, length):
        """Those due back soon who have not been reminded."""
        out = self.filter(status=LeaveOfPost.Status.OUT, reminded_at=None)
        return out.filter(due_back_at__gt=at, due_back_at__lte=at + length)

    def overdue(self, until_at):
        """Those whose time was up at the moment and whose leader has not been told. Who waits for an answer about more
        time is not late."""
        out = self.filter(status=LeaveOfPost.Status.OUT, overdue_at=None, wants_minutes=None)
        return out.filter(due_back_at__lte=until_at)


def led_by(person, at):
    """The condition that a row's shift is the person's to lead: as its leader, or acting for them; a director's are
    those of shifts whose leader's place is empty, and a leader's own."""
    that_day = {"from_on__lte": OuterRef("shift__on"), "until_on__gte": OuterRef("shift__on")}
    deputies = Deputy.objects.filter(absent=OuterRef("shift__leader"), **that_day)
    away = Leave.objects.approved().filter(person=OuterRef("shift__leader"), **that_day)
    theirs = Q(shift__leader=person) | Exists(deputies.filter(deputy=person))
    if Role.DIRECTOR in deciding.powers_of(person, clock.local_date(person.centre, at)):
        theirs |= Q(shift__leader=None) | Q(shift__leader=F("person")) | Exists(away) & ~Exists(deputies)
    return theirs


class LeaveOfPost(models.Model):
    """One time away from the post, of somebody on a shift.

    `limit_minutes` is the rulebook's of the day. `expires_at`: by when it is answered; once approved, by when they go.
    `place`: which of the shift's places outside they hold from the approval on. The database gives each out once.
    """

    class Status(models.TextChoices):
        ASKED = "asked", pgettext_lazy("leave of post", "asked")
        APPROVED = "approved", pgettext_lazy("leave of post", "approved")
        REFUSED = "refused", pgettext_lazy("leave of post", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("leave of post", "withdrawn")
        EXPIRED = "expired", pgettext_lazy("leave of post", "lapsed")
        OUT = "out", pgettext_lazy("leave of post", "out")
        BACK = "back", pgettext_lazy("leave of post", "back")

    class Reason(models.TextChoices):
        WATER = "water", pgettext_lazy("leave of post", "water or toilet")
        UNWELL = "unwell", pgettext_lazy("leave of post", "unwell")
        EQUIPMENT = "equipment", pgettext_lazy("leave of post", "equipment")
        CALLED = "called", pgettext_lazy("leave of post", "called by the leader")
        OTHER = "other", pgettext_lazy("leave of post", "other")

    OPEN = (Status.ASKED, Status.APPROVED, Status.OUT)
    MOVES = {
        Status.ASKED: {Status.APPROVED, Status.REFUSED, Status.WITHDRAWN, Status.EXPIRED},
        Status.APPROVED: {Status.OUT, Status.REFUSED, Status.WITHDRAWN, Status.EXPIRED},
        Status.OUT: {Status.BACK},
    }

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="+", db_index=False, verbose_name=_("shift"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("person")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ASKED)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    words = models.CharField(_("in words"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(pgettext_lazy("unit", "minutes"))
    limit_minutes = models.PositiveSmallIntegerField(_("limit in minutes"))
    asked_at = models.DateTimeField(_("asked at"))
    expires_at = models.DateTimeField(_("lapses at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    override = models.CharField(_("why more than the limit may be out"), max_length=200, blank=True)
    place = models.PositiveSmallIntegerField(_("place outside"), null=True, editable=False)
    out_at = models.DateTimeField(_("out at"), null=True, blank=True)
    due_back_at = models.DateTimeField(_("due back at"), null=True, blank=True)
    back_at = models.DateTimeField(_("back at"), null=True, blank=True)
    ticked = models.JSONField(_("how the desk was left"), default=list, help_text=_("Ids of checklist items."))
    wants_minutes = models.PositiveSmallIntegerField(_("more minutes asked"), null=True, blank=True)
    extra_minutes = models.PositiveSmallIntegerField(_("more minutes granted"), default=0)
    reminded_at = models.DateTimeField(null=True, editable=False)
    overdue_at = models.DateTimeField(null=True, editable=False)  # when the leader was told

    objects = LeaveOfPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave of the post")
        verbose_name_plural = _("leaves of the post")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["centre", "-id"], name="leave_of_post_newest_first"),
            models.Index(fields=["person", "-id"], name="leave_of_post_of_a_person"),
            models.Index(fields=["status", "centre"], name="leave_of_post_open"),
            models.Index(fields=["centre", "asked_at"], name="leave_of_post_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status__in=["asked", "approved", "out"]),
                name="person_leaves_their_post_once_at_a_time",
                violation_error_message=_("You have asked already. Finish or withdraw that one first."),
            ),
            models.UniqueConstraint(
                fields=["shift", "place"],
                name="place_outside_is_taken_once_in_a_shift",
                violation_error_message=_("Somebody else has just been let out. Decide again."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["approved", "out"], place__isnull=False)
                | ~Q(status__in=["approved", "out"]) & Q(place__isnull=True),
                name="who_may_be_out_and_nobody_else_has_a_place_outside",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "refused", "out", "back"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_leave_of_post_has_decider_and_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")),
                name="nobody_decides_on_leaving_their_own_post",
                violation_error_message=_("Nobody lets themselves out. Ask the department director."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["out", "back"], out_at__isnull=False, due_back_at__gt=F("out_at"))
                | ~Q(status__in=["out", "back"]) & Q(out_at__isnull=True, due_back_at__isnull=True),
                name="who_went_out_has_a_time_and_is_due_back_later",
            ),
            models.CheckConstraint(
                condition=Q(status="back", back_at__gte=F("out_at")) | ~Q(status="back") & Q(back_at__isnull=True),
                name="who_is_back_came_back_after_going_out",
            ),
            models.CheckConstraint(
                condition=Q(wants_minutes__isnull=True) | Q(status="out", wants_minutes__gte=1),
                name="more_time_is_asked_by_who_is_out",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="leave_of_post_is_a_minute_or_longer"),
            models.CheckConstraint(
                condition=~Q(words="") | ~Q(reason="other") & Q(minutes__lte=F("limit_minutes")),
                name="longer_or_other_leave_of_post_says_why",
                violation_error_message=_("Say why in a few words: the leader decides by them."),
            ),
        ]

    def __str__(self):
        return str(_("Leave of the post no. %(number)s")) % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("floor:show_leave", args=[self.pk])

    @property
    def is_asked(self):
        return self.status == self.Status.ASKED

    @property
    def is_approved(self):
        return self.status == self.Status.APPROVED

    @property
    def is_out(self):
        return self.status == self.Status.OUT

    @property
    def is_special(self):
        """Longer than the limit: a special case that the leader decides on."""
        return self.minutes > self.limit_minutes

    @property
    def since(self):
        return self.out_at

    @property
    def allowed_minutes(self):
        return self.minutes + self.extra_minutes

    @property
    def due_at(self):
        """By when somebody is to act: what the start page sorts by."""
        return self.due_back_at if self.is_out else self.expires_at

    @property
    def minutes_out(self):
        return whole_minutes(self.back_at - self.out_at) if self.back_at else None

    @property
    def minutes_over(self):
        """Past the time they were due back; 0 while they are not back."""
        return max(whole_minutes(self.back_at - self.due_back_at), 0) if self.back_at else 0

    def is_overdue(self, at):
        return self.is_out and self.due_back_at < at


def whole_minutes(length):
    return length // dt.timedelta(minutes=1)


evidence("record", "duty.5", _("Each leave of the post: who asked, who let them go, how long, out and back"))
evidence("record", "standard.7", _("Each time out of the room with its limit, its extensions and the minutes over it"))
