"""Rotations as the pages draw them: the known ones to choose from, and the first two weeks of any."""

import datetime as dt

from shifts import actions, months, rules
from shifts.models import ShiftType
from shifts.rotations import PRESETS, TYPES, code_on

TWO_WEEKS = dt.timedelta(days=13)


def types_of(centre):
    """{code: shift type}: the centre's own where it has one, else the one that would be made."""
    return TYPES | {found.code: found for found in ShiftType.objects.filter(centre=centre)}


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
    places = list(zip(teams, known.phases, strict=True))
    return weeks_of(centre, known.cycle, places, starts_on, types, starts_on)


def own_weeks(centre, cycle, places, starts_on, shown_from):
    """The same of a cycle of one's own, from the date `shown_from` on.

    Refused as the making of it would be: see actions.make_own_rotation.
    """
    types = types_of(centre)
    rules.check_plan(cycle, places, types.keys(), taken=False)
    return weeks_of(centre, cycle, places, starts_on, types, shown_from)


def weeks_of(centre, cycle, places, starts_on, types, shown_from):
    """Two weeks of a cycle: its days, and the types of each team on them. `places`: [(team, phase)]."""
    days = months.days_between(centre, shown_from, shown_from + TWO_WEEKS, None)
    rows = [
        (team, [types.get(code_on(cycle, starts_on=starts_on, phase=phase, on=day.on)) for day in days])
        for team, phase in places
    ]
    return {"days": days, "last": days[-1], "rows": rows}
