"""The verbs of rosters: make one from a rotation, publish it, set it aside."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre.states import move
from journal.actions import record
from journal.verbs import verbs
from people.models import Centre, RoleAssignment
from shifts import news, planning, rules, versions
from shifts.actions import changes
from shifts.models import PUBLISHED_PLAN, Assignment, Desk, Roster, Shift, ShiftType, Version
from shifts.publishing import covering, findings_of, published_beside

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

    Raises Refused: "draft_not_yours", "period_reversed", "rotation_without_teams", "shift_type_unknown".
    """
    rules.check_may_draft(by, rotation.centre, at)
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
    crews = crews_of([place.team_id for place in places], roster.from_on, roster.until_on)
    desks = list(Desk.objects.of_centre(roster.centre_id).values_list("pk", flat=True))
    shifts = Shift.objects.bulk_create(planning.plan_shifts(roster, places, types, crews), BATCH)
    Assignment.objects.bulk_create(planning.plan_assignments(shifts, desks, crews), BATCH)


def crews_of(team_ids, from_on, until_on):
    """{team id: its planning.Crew} with the roles that are held in the period."""
    rows = RoleAssignment.objects.filter(
        person__team__in=team_ids, person__is_active=True, from_on__lte=until_on
    ).exclude(until_on__lt=from_on)
    return planning.crews(rows.select_related("person").order_by("person__employee_number", "pk"))


@transaction.atomic
def publish_roster(*, roster, by, at, reason="", replace=False):
    """Make the draft count: from now on duties, logs and the line above follow it. Those whose days change are told.

    reason: asked for where warnings are left. replace: a published roster of the same rotation and days that has not
    begun is set aside. Raises Refused: "roster_not_yours", "roster_overlaps", "roster_breach", "turns_at_once",
    "publish_without_reason", "wrong_state", "changed_meanwhile".
    """
    # Of two at once, the second sees the first. No key: whoever edits the draft meanwhile refers to the centre, too.
    centre = Centre.objects.select_for_update(no_key=True).get(pk=roster.centre_id)
    locked = changes.lock_roster(roster)
    replaced = covering(locked)
    rules.check_publish(locked, replaced, by, at, replace=replace)
    rules.check_is_draft(locked)
    findings = findings_of(locked)
    rules.check_findings(findings, reason)
    before = versions.days_of(published_beside(locked))
    if replaced:
        set_aside(changes.lock_roster(replaced), by=by, at=at)
    with changes.no_overlap():
        move(roster, Roster.Status.PUBLISHED, published_by=by, published_at=at, version=1)
        move_turns(roster)
    Version.objects.create(roster=roster, number=1, kind=Version.Kind.PUBLISHED, by=by, at=at, reason=reason.strip())
    warnings = sum(finding.warns for finding in findings)
    facts = {"replaces": replaced.pk} if replaced else {}
    record("roster.published", roster, by=by, at=at, version=1, warnings=warnings, **facts)
    tell(roster, centre, replaced, before, at)
    return roster


def tell(roster, centre, replaced, before, at):
    """Those whose days are not as they were published before; of a first publication, that is everyone on it."""
    changed = versions.differing(before, versions.days_of(published_beside(roster)))
    if replaced:
        types = {row.code: row for row in ShiftType.objects.filter(centre=centre)}
        typed = {cell: tuple([types[code] for code in codes] for codes in both) for cell, both in changed.items()}
        news.tell_of_changes(centre, typed, at)
    else:
        news.tell_of_roster(news.PUBLISHED, roster, {person_id for person_id, _on in changed}, at)


@transaction.atomic
def archive_roster(*, roster, by, at):
    """Set aside a draft, or a published roster that has not begun; those who were on that are told.

    Raises Refused: "roster_not_yours", "roster_begun", "wrong_state", "changed_meanwhile".
    """
    locked = changes.lock_roster(roster)
    rules.check_archive(locked, by, at)
    people = {person_id for person_id, _on in versions.days_of(locked.shifts.filter(plan=PUBLISHED_PLAN))}
    set_aside(roster, by=by, at=at)
    news.tell_of_roster(news.WITHDRAWN, roster, people, at)
    return roster


def set_aside(roster, *, by, at):
    move(roster, Roster.Status.ARCHIVED)
    move_turns(roster)
    record("roster.archived", roster, by=by, at=at)


def move_turns(roster):
    """Its turns follow the roster into the plan that its status makes them part of."""
    Assignment.objects.in_shifts(roster.shifts.all()).update(plan=roster.plan)
    roster.shifts.update(plan=roster.plan)
