"""The known rotations as the page draws them on which a director chooses one."""

import datetime as dt

from shifts import actions, months, rules
from shifts.models import ShiftType
from shifts.rotations import PRESETS, TYPES, code_on

TWO_WEEKS = dt.timedelta(days=13)


def types_of(centre):
    """{code: shift type}: the centre's own where it has one, else the one that would be made."""
    own = {found.code: found for found in ShiftType.objects.filter(centre=centre)}
    return {code: own.get(code, preset) for code, preset in TYPES.items()}


def drawn(radios, types):
    """(radio, preset, the first team's days: a type, or None for rest) of each preset, in the order of the radios."""
    for radio, preset in zip(radios, PRESETS.values(), strict=True):
        yield radio, preset, [types.get(code) for code in preset.cycle_of_first_team]


def first_weeks(centre, preset, teams, starts_on):
    """Two weeks of the rotation before it is made: its days, and each team's types on them.

    Refused as the making of it would be: "rotation_made_already", "team_named_twice", "rotation_begins_on_monday".
    """
    known, types = PRESETS[preset], types_of(centre)
    rules.check_new_rotation(known, teams, starts_on, actions.made_of(known, centre))
    days = months.days_between(centre, starts_on, starts_on + TWO_WEEKS, None)
    rows = [
        (team, [types.get(code_on(known.cycle, starts_on=starts_on, phase=phase, on=day.on)) for day in days])
        for team, phase in zip(teams, known.phases, strict=True)
    ]
    return {"days": days, "last": days[-1], "rows": rows}
