"""The verbs of rotations and of the settings that rosters are made from."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from journal.actions import record
from journal.verbs import verbs
from people.models import Centre
from shifts import rules
from shifts.models import Rotation, RotationPlace, ShiftType
from shifts.rotations import PRESETS, REST, TYPES

verbs(
    {
        "rotation.made": _("made the rotation"),
        "rotation.changed": _("changed the rotation"),
        "setting.saved": _("changed the setting"),
    }
)


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
    Centre.objects.select_for_update(no_key=True).get(
        pk=centre.pk
    )  # of the same one twice at once, the second sees the first
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


@transaction.atomic
def make_own_rotation(*, centre, by, at, **plan):
    """Set up a cycle of one's own: `plan` is name_zh, name_en, cycle, starts_on and places, [(team, phase)].

    Shift types of TYPES that the centre lacks are made. Raises Refused: "roster_not_yours", "rotation_name_taken",
    "cycle_without_work", "cycle_too_long", "code_unknown", "places_missing", "phase_outside_cycle".
    """
    rules.check_may_plan(by, centre, at)
    rotation = Rotation(centre=centre)
    set_up(rotation, **plan)
    record("rotation.made", rotation, by=by, at=at, **facts_of(rotation))
    return rotation


@transaction.atomic
def change_rotation(*, rotation, by, at, **plan):
    """Give the rotation another name, cycle, first day or other places. What is published stays as it is, and drafts
    until they are filled again. Raises Refused as make_own_rotation."""
    rules.check_may_plan(by, rotation.centre, at)
    set_up(rotation, **plan)
    record("rotation.changed", rotation, by=by, at=at, **facts_of(rotation))
    return rotation


def set_up(rotation, *, name_zh, name_en, cycle, starts_on, places):
    centre = Centre.objects.select_for_update(no_key=True).get(
        pk=rotation.centre_id
    )  # of two at once, the second sees the first
    taken = Rotation.objects.filter(centre=centre, name_zh=name_zh).exclude(pk=rotation.pk).exists()
    known = set(ShiftType.objects.filter(centre=centre).values_list("code", flat=True))
    rules.check_plan(cycle, places, known | TYPES.keys(), taken)
    for code in sorted(set(cycle) - known - {REST}):
        ensure_shift_type(centre, code)
    rotation.name_zh, rotation.name_en, rotation.cycle, rotation.starts_on = name_zh, name_en, list(cycle), starts_on
    rotation.save()
    rotation.places.all().delete()
    RotationPlace.objects.bulk_create(
        RotationPlace(rotation=rotation, team=team, phase=phase) for team, phase in places
    )


def facts_of(rotation):
    places = list(rotation.places.order_by("team").values_list("team", "phase"))
    return {"cycle": rotation.cycle, "starts_on": str(rotation.starts_on), "places": [list(place) for place in places]}


def made_of(preset, centre):
    """The centre's rotation of the preset's name, or None."""
    return Rotation.objects.filter(centre=centre, name_zh=preset.name_zh).first()


@transaction.atomic
def record_setting(*, obj, centre, by, at):
    """A director has saved a room, desk, shift type or rotation: rosters made from now on go by it."""
    record("setting.saved", obj, centre=centre, by=by, at=at)
