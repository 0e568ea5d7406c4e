"""The verbs of rosters: make one from a rotation, publish it, set it aside."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre.states import move
from journal.actions import record
from journal.verbs import verbs
from people.models import Centre, RoleAssignment
from shifts import planning, rules
from shifts.models import Assignment, Desk, Roster, Shift, ShiftType

verbs(
    {
        "roster.made": _("made a draft roster"),
        "roster.published": _("published the roster"),
        "roster.archived": _("archived the roster"),
    }
)

BATCH = 500  # rows an INSERT: SQLite allows 32,766 variables


@transaction.atomic
def make_roster(*, rotation, from_on, until_on, by, at):
    """A draft roster of the period: a shift for each team's working day, its leader, its agents and their desks.

    Raises Refused: "roster_not_yours", "period_reversed", "rotation_without_teams", "shift_type_unknown".
    """
    rules.check_may_plan(by, rotation.centre, at)
    rules.check_period(from_on, until_on)
    places = list(rotation.places.all())
    types = {
        found.code: found for found in ShiftType.objects.filter(centre=rotation.centre_id).select_related("centre")
    }
    rules.check_rotation(rotation, places, types)
    roster = Roster.objects.create(centre=rotation.centre, rotation=rotation, from_on=from_on, until_on=until_on)
    fill(roster, places, types)
    record("roster.made", roster, by=by, at=at, rotation=rotation.pk, from_on=str(from_on), until_on=str(until_on))
    return roster


def fill(roster, places, types):
    rows = RoleAssignment.objects.filter(
        person__team__in=[place.team_id for place in places],
        person__is_active=True,
        from_on__lte=roster.until_on,
    ).exclude(until_on__lt=roster.from_on)
    crews = planning.crews(rows.select_related("person").order_by("person__employee_number", "pk"))
    desks = list(Desk.objects.of_centre(roster.centre_id).values_list("pk", flat=True))
    shifts = Shift.objects.bulk_create(planning.plan_shifts(roster, places, types, crews), BATCH)
    Assignment.objects.bulk_create(planning.plan_assignments(shifts, desks, crews), BATCH)


@transaction.atomic
def publish_roster(*, roster, by, at):
    """Make the draft count: from now on duties, logs and the line above follow it.

    Raises Refused: "roster_not_yours", "roster_overlaps", "wrong_state", "changed_meanwhile".
    """
    Centre.objects.select_for_update().get(
        pk=roster.centre_id
    )  # of two overlapping ones at once, the second sees the first
    rules.check_publish(roster, covering(roster), by, at)
    move(roster, Roster.Status.PUBLISHED, published_by=by, published_at=at, version=roster.version + 1)
    move_turns(roster)
    record("roster.published", roster, by=by, at=at, version=roster.version)
    return roster


def covering(roster):
    """A published roster of the same rotation that shares a day with this one, or None."""
    return Roster.objects.published().overlapping(roster).first()


@transaction.atomic
def archive_roster(*, roster, by, at):
    """Set aside a draft, or a published roster that has not begun.

    Raises Refused: "roster_not_yours", "roster_begun", "wrong_state", "changed_meanwhile".
    """
    rules.check_archive(roster, by, at)
    move(roster, Roster.Status.ARCHIVED)
    move_turns(roster)
    record("roster.archived", roster, by=by, at=at)
    return roster


def move_turns(roster):
    """Its turns follow the roster into the plan that its status makes them part of."""
    Assignment.objects.filter(shift__roster=roster).update(plan=roster.plan)
    roster.shifts.update(plan=roster.plan)
