"""Rosters' cells for tests."""

from shifts import actions
from shifts.models import Assignment, Shift
from tests import make, make_shifts

AT = make.at(8, on=make.FIRST_DAY)


def draft(**kwargs):
    """A draft of a week from MONDAY: four teams of a leader and two agents, 甲班 with D on Monday."""
    return make_shifts.roster(published=False, **kwargs)


def edit(roster, by, *cells, at=AT, **kwargs):
    return actions.edit_roster(roster=roster, cells=cells, by=by, at=at, **kwargs)


def state(roster):
    """Everything about who is on a roster's turns, without the numbers of its rows."""
    led = Shift.objects.filter(roster=roster).values_list("leader", "on", "type__code", "team")
    rows = Assignment.objects.filter(shift__roster=roster)
    assigned = rows.values_list("person", "shift__on", "shift__type__code", "shift__team", "desk")
    return {(*row, "leads") for row in led if row[0]} | set(assigned)


def shifts(roster):
    return set(Shift.objects.filter(roster=roster).values_list("on", "type__code", "team"))


def day(roster, person, on=make.MONDAY):
    """The codes of a person's day in the roster."""
    return sorted(code for row in state(roster) if row[:2] == (person.pk, on) for code in [row[2]])
