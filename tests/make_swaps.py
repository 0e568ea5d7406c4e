"""Two shifts with their people, swaps between them and leave, for tests."""

import dataclasses
import datetime as dt

from people.models import Person
from shifts import actions
from shifts.models import Shift
from tests import make, make_shifts

DAY = dt.timedelta(days=1)
SOON = make.at(9, on=make.MONDAY - DAY)  # the Sunday on which everything is asked, offered and decided
WEDNESDAY, SATURDAY = make.MONDAY + 2 * DAY, make.MONDAY + 5 * DAY


@dataclasses.dataclass
class Floor:
    """A published week of 四班三运转: the first two days of 甲班 and 乙班, whose leaders and agents swap."""

    centre: object
    director: Person
    leaders: list
    agents: list  # of each team
    teams: list

    def shift(self, on, team=0):
        """The shift of the team on the day."""
        return Shift.objects.with_names().select_related("centre", "roster").get(on=on, team=self.teams[team])


def fair(floor, *, giver=0, taker=0):
    """What most tests swap: an agent of 甲班 gives their Wednesday to one of 乙班, for their Saturday night."""
    return {
        "giver": floor.agents[0][giver],
        "gives": floor.shift(WEDNESDAY),
        "taker": floor.agents[1][taker],
        "takes": floor.shift(SATURDAY, team=1),
    }


def floor(*, agents=2):
    """A week: 甲班 works D D M M - - N from Monday, 乙班 M M - - N N D, 丙班 - - N N D D M, 丁班 N N D D M M -."""
    crews = make_shifts.crews(agents=agents)
    director = make_shifts.director()
    make_shifts.desks(count=agents)
    rotation = make_shifts.rotation(teams=[team for team, _leader, _agents in crews])
    make_shifts.roster(rotation=rotation, by=director)
    return Floor(
        rotation.centre,
        director,
        [leader for _team, leader, _agents in crews],
        [people for _team, _leader, people in crews],
        [team for team, _leader, _agents in crews],
    )


def leave(*, person, from_on=make.MONDAY, until_on=None, by=None, approved_by=None, at=SOON, kind="annual"):
    """Leave asked for, and approved where `approved_by` is given."""
    made = actions.ask_leave(
        person=person, kind=kind, from_on=from_on, until_on=until_on or from_on, by=by or person, at=at
    )
    return actions.approve_leave(leave=made, by=approved_by, at=at) if approved_by else made


def offer(*, giver, gives, taker=None, team=None, takes=None, by=None, at=SOON, reason=""):
    return actions.offer_swap(
        giver=giver, gives=gives, taker=taker, team=team, takes=takes, by=by or giver, at=at, reason=reason
    )


def accepted(*, taker, at=SOON, **offered):
    return actions.accept_swap(swap=offer(taker=taker, at=at, **offered), by=taker, at=at)


def approved(*, by, at=SOON, **offered):
    return actions.approve_swap(swap=accepted(at=at, **offered), by=by, at=at)


def turns(*shifts):
    """[(leader, {person: desk}) of each shift]"""
    return [
        (
            Shift.objects.get(pk=shift.pk).leader,
            {row.person: row.desk and row.desk.code for row in shift.assignments.select_related("person", "desk")},
        )
        for shift in shifts
    ]
