"""The verbs of shifts: set up a rotation, make a roster from it, publish it, set it aside."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre.states import move
from journal.actions import record
from journal.verbs import verbs
from people.models import Centre, RoleAssignment
from shifts import planning, rules
from shifts.models import Assignment, Desk, Roster, Rotation, RotationPlace, Shift, ShiftType
from shifts.rotations import PRESETS, TYPES

verbs(
    {
        "rotation.made": _("made the rotation"),
        "setting.saved": _("changed the setting"),
        "roster.made": _("made a draft roster"),
        "roster.published": _("published the roster"),
        "roster.archived": _("archived the roster"),
    }
)

BATCH = 500  # rows an INSERT: SQLite allows 32,766 variables


def ensure_shift_type(centre, code):
    """The centre's shift type of the code, made from the preset of that code where it has none."""
    preset = TYPES[code]
    fields = ("name_zh", "name_en", "letter_zh", "letter_en", "starts", "ends", "colour", "counts_as_day")
    defaults = {name: getattr(preset, name) for name in fields}
    return ShiftType.objects.get_or_create(centre=centre, code=code, defaults=defaults)[0]


@transaction.atomic
def make_rotation(*, centre, preset, teams, starts_on, by, at):
    """Set up one of the known rotations (a key of PRESETS) for teams, in their order, with its shift types.

    by: the department director, or None for the software itself (a demo centre).
    Raises Refused: "roster_not_yours", "rotation_made_already", "team_named_twice", "rotation_begins_on_monday".
    """
    if by:
        rules.check_may_plan(by, centre, at)
    known = PRESETS[preset]
    Centre.objects.select_for_update().get(pk=centre.pk)  # of the same one twice at once, the second sees the first
    rules.check_new_rotation(known, teams, starts_on, made_of(known, centre))
    for code in sorted({code for code in known.cycle if code}):
        ensure_shift_type(centre, code)
    rotation = Rotation.objects.create(
        centre=centre, name_zh=known.name_zh, name_en=known.name_en, cycle=list(known.cycle), starts_on=starts_on
    )
    phases = (known.phases[number % len(known.phases)] for number in range(len(teams)))
    RotationPlace.objects.bulk_create(
        RotationPlace(rotation=rotation, team=team, phase=phase) for team, phase in zip(teams, phases, strict=True)
    )
    record("rotation.made", rotation, by=by, at=at, preset=preset, teams=[team.pk for team in teams])
    return rotation


def made_of(preset, centre):
    """The centre's rotation of the preset's name, or None."""
    return Rotation.objects.filter(centre=centre, name_zh=preset.name_zh).first()


@transaction.atomic
def record_setting(*, obj, centre, by, at):
    """A director has saved a room, desk, shift type or rotation: rosters made from now on go by it."""
    record("setting.saved", obj, centre=centre, by=by, at=at)


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
    record("roster.archived", roster, by=by, at=at)
    return roster
