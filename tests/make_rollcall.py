"""Roll calls for tests: Monday's day shift with its crew, and steps taken at its times."""

import types

from rulebook.actions import ensure_checklists
from shifts import actions
from shifts.actions import roll_calls
from shifts.models import Call, RollCall
from tests import make, make_shifts


def floor(*, agents=3, type="D", opened_at=None, **options):
    """Monday's shift with a leader and agents, and the centre's checklists; its roll call opened where `opened_at`."""
    team, leader, people = make_shifts.crew(agents=agents)
    ensure_checklists(centre=team.centre, at=make.at(1))
    shift = make_shifts.shift(type=type, team=team, leader=leader, people=people, **options)
    if opened_at:
        actions.open_roll_call(shift=shift, by=None, at=opened_at)
    return types.SimpleNamespace(team=team, leader=leader, agents=people, shift=shift, centre=team.centre)


def opened(**options):
    """The same, its roll call opened in time."""
    return floor(opened_at=make.at(7, 30), **options)


def here(floor, person, at, by=None):
    return actions.mark_here(shift=floor.shift, person_id=person.pk, by=by or floor.leader, at=at)


def away(floor, person, outcome=Call.Outcome.ABSENT, at=None, by=None):
    by, at = by or floor.leader, at or make.at(7, 55)
    return actions.mark_away(shift=floor.shift, person_id=person.pk, outcome=outcome, by=by, at=at)


def closed(floor, at=None):
    """Everybody else is here at 07:45, and the roll call closed."""
    actions.mark_rest_here(shift=floor.shift, by=floor.leader, at=make.at(7, 45))
    return actions.close_roll_call(shift=floor.shift, confirmed=True, by=floor.leader, at=at or make.at(7, 58))


def roll_call(floor):
    return RollCall.objects.get(shift=floor.shift)


def call(floor, person):
    return Call.objects.get(roll_call__shift=floor.shift, person=person)


def items(floor):
    return roll_calls.items_of(floor.centre)
