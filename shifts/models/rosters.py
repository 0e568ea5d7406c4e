"""Rosters, their dated shifts, and who is on them."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, Func, Max, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import words
from people.models import Centre, OfCentreQuerySet, Team
from shifts.models.places import Desk, ShiftType
from shifts.models.rotations import Rotation

# No shift is longer than a day, which has up to 25 hours when clocks go back: so who is on the floor at a moment is
# found among the shifts that began shortly before it, however long the history.
LONGEST_SHIFT = dt.timedelta(hours=25)


PUBLISHED_PLAN = 0
ALL = Func(function="COUNT", template="%(function)s(*)", output_field=models.IntegerField())  # without its GROUP BY


class RosterQuerySet(OfCentreQuerySet):
    def published(self):
        return self.filter(status=Roster.Status.PUBLISHED)

    def with_steps(self):
        """`last_step`: id of the newest Edit that is done, or None; `undone`: how many can be done again."""
        done, undone = Q(edits__undone_at__isnull=True), Q(edits__undone_at__isnull=False)
        return self.annotate(last_step=Max("edits", filter=done), undone=Count("edits", filter=undone))

    def with_covering(self):
        """`covering_id`: a published roster of the same rotation that shares a day, or None."""
        same = Q(rotation=OuterRef("rotation")) | Q(rotation=None) & IsNull(OuterRef("rotation"), True)
        dates = {"from_on__lte": OuterRef("until_on"), "until_on__gte": OuterRef("from_on")}
        found = Roster.objects.published().filter(same, centre=OuterRef("centre"), **dates).exclude(pk=OuterRef("pk"))
        return self.annotate(covering_id=Subquery(found.order_by("from_on").values("pk")[:1]))

    def overlapping(self, roster):
        """Rosters of the same centre and rotation that share a date with this one."""
        return self.filter(
            centre=roster.centre_id,
            rotation=roster.rotation_id,
            from_on__lte=roster.until_on,
            until_on__gte=roster.from_on,
        ).exclude(pk=roster.pk)


class Roster(models.Model):
    """A period's shifts. Only a published one counts; a roster that has begun stays published, for what happened on the
    floor happened by it."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("roster", "draft")
        PUBLISHED = "published", pgettext_lazy("roster", "published")
        ARCHIVED = "archived", pgettext_lazy("roster", "archived")

    MOVES = {
        Status.DRAFT: {Status.PUBLISHED, Status.ARCHIVED},
        Status.PUBLISHED: {Status.ARCHIVED},
    }

    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    rotation = models.ForeignKey(Rotation, models.PROTECT, null=True, blank=True, verbose_name=_("rotation"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    version = models.PositiveIntegerField(
        _("version"), default=0, help_text=_("Counts the publication and each change after it; a draft has 0.")
    )

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="roster_ends_on_or_after_its_first_day",
                violation_error_message=_("The last day is before the first. Correct one of the two."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_by__isnull=False, published_at__isnull=False),
                name="published_roster_has_publisher_and_time",
                violation_error_message=_("A published roster says who published it and when."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "archived"]), name="roster_status_is_one_of_three"
            ),
        ]

    def __str__(self):
        name = self.rotation.name if self.rotation else str(_("Own roster"))
        return f"{name} {words.day(self.from_on)}–{words.day(self.until_on)}"

    @property
    def plan(self):
        """What its turns have as their `plan`: see Shift."""
        return {self.Status.DRAFT: self.pk, self.Status.PUBLISHED: PUBLISHED_PLAN}.get(self.status)


class ShiftQuerySet(OfCentreQuerySet):
    def published(self):
        return self.filter(roster__status=Roster.Status.PUBLISHED)

    def coming(self, centre, at):
        """The shifts that have not begun, the nearest first."""
        return self.filter(centre=centre, starts_at__gt=at).order_by("starts_at", "pk")

    def with_names(self):
        """What a line about a shift shows, in the same query."""
        return self.select_related("type", "team", "leader", "roster__rotation")

    def on_floor(self, centre, at):
        """The shifts under way at the moment: a shift's end is no longer part of it."""
        return self.filter(centre=centre, starts_at__gt=at - LONGEST_SHIFT, starts_at__lte=at, ends_at__gt=at).order_by(
            "starts_at", "pk"
        )

    def of_day(self, centre, on):
        return self.between(centre, on, on)

    def between(self, centre, from_on, until_on):
        """The shifts that begin on these local dates, both included, in the order in which they begin."""
        return self.filter(centre=centre, on__gte=from_on, on__lte=until_on).order_by("starts_at", "pk")

    def of_rotation(self, shift):
        """Of the rotation that this shift belongs to, over all its rosters; a roster of its own is a rotation alone."""
        same = (
            {"roster__rotation": shift.roster.rotation_id} if shift.roster.rotation_id else {"roster": shift.roster_id}
        )
        return self.filter(centre=shift.centre_id, **same)

    def before(self, shift):
        """The earlier shifts of the same rotation, the nearest first."""
        return self.of_rotation(shift).filter(starts_at__lt=shift.starts_at).order_by("-starts_at", "-pk")

    def after(self, shift):
        """The later shifts of the same rotation, the nearest first."""
        return self.of_rotation(shift).filter(starts_at__gt=shift.starts_at).order_by("starts_at", "pk")

    def with_heads(self):
        """`heads`: how many people are assigned. Counting shift by shift costs less than grouping them."""
        seats = Assignment.objects.filter(shift=OuterRef("pk")).order_by()
        return self.annotate(heads=Subquery(seats.annotate(heads=ALL).values("heads")))

    def with_on_it(self, person):
        """The shifts that the person leads or is assigned to."""
        assigned = Assignment.objects.filter(shift=OuterRef("pk"), person=person)
        return self.filter(Q(leader=person) | Exists(assigned))


class Shift(models.Model):
    """A dated turn of one shift type: `on` is the centre's local date of its start.

    `plan` names the plan that it is part of: 0 the published one, else the draft's roster; set aside, none. Within a
    plan the database refuses two overlapping turns of one person (see shifts.overlaps).
    """

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="shifts", verbose_name=_("roster"))
    type = models.ForeignKey(ShiftType, models.PROTECT, related_name="+", verbose_name=_("shift type"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    on = models.DateField(_("date"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # a person's shifts are found by date: an index over all of history would tempt the planner
        verbose_name=_("leader"),
    )
    plan = models.PositiveBigIntegerField(_("plan"), null=True, editable=False)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["centre", "on"], name="shift_by_date"),
            models.Index(fields=["centre", "starts_at"], name="shift_by_start"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "type", "team", "on"],
                name="team_has_a_shift_type_once_a_day",
                violation_error_message=_("The team already has this shift on that day."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="shift_ends_after_it_starts",
                violation_error_message=_("A shift ends after it starts. Correct one of the two."),
            ),
        ]

    def __str__(self):
        return f"{words.short_date(self.on)} {self.type.name} {self.team.name}"

    @property
    def times(self):
        return words.time_range(self.starts_at.astimezone(self.centre.tz), self.ends_at.astimezone(self.centre.tz))

    def is_on_floor(self, at):
        return self.starts_at <= at < self.ends_at

    def has_on_it(self, person):
        """Whether the person leads the shift or is assigned to it."""
        return self.leader_id == person.pk or self.assignments.filter(person=person).exists()


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(shift__centre=person.centre_id)

    def published(self):
        return self.filter(shift__roster__status=Roster.Status.PUBLISHED)

    def in_shifts(self, shifts):
        """Of these shifts, by a subquery: the index by person and shift is then enough, however long the history."""
        return self.filter(shift__in=shifts.order_by().values("pk"))

    def of_month(self, person, year, month):
        """The person's published assignments of the month, in the order of their days."""
        first, last = month_span(year, month)
        days = Shift.objects.published().between(person.centre_id, first, last)
        return (
            self.filter(person=person)
            .in_shifts(days)
            .select_related("shift__type", "shift__team", "desk")
            .order_by("shift__starts_at")
        )


class Assignment(models.Model):
    """A person's part in a shift. The leader is named on the shift itself and has none.

    The shift's times and plan are repeated here, for the database compares a person's turns by them: make one by `to`.
    """

    # Both are found through the unique pairs below: an index of their own would only cost writes.
    shift = models.ForeignKey(
        Shift, models.CASCADE, related_name="assignments", db_index=False, verbose_name=_("shift")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", db_index=False, verbose_name=_("person")
    )
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("desk"))
    starts_at = models.DateTimeField(_("starts"), editable=False)
    ends_at = models.DateTimeField(_("ends"), editable=False)
    plan = models.PositiveBigIntegerField(_("plan"), null=True, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["pk"]
        indexes = [models.Index(fields=["person", "starts_at"], name="assignment_of_a_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "shift"],
                name="person_is_assigned_once_to_a_shift",
                violation_error_message=_("This person is already on the shift."),
            ),
            models.UniqueConstraint(
                fields=["shift", "desk"],
                name="desk_is_given_once_in_a_shift",
                violation_error_message=_("This desk is already given to somebody on the shift."),
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.shift}"

    @classmethod
    def to(cls, shift, person_id, desk_id=None):
        """An unsaved assignment of the person to the shift."""
        span = {"starts_at": shift.starts_at, "ends_at": shift.ends_at, "plan": shift.plan}
        return cls(shift=shift, person_id=person_id, desk_id=desk_id, **span)


def month_span(year, month):
    """The first and the last date of a month."""
    first = dt.date(year, month, 1)
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    return first, after - dt.timedelta(days=1)
