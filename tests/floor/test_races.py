"""Two act at once, each on a connection of their own: one wins, the other is told, no place is given out twice."""

import itertools

import pytest

from floor import actions
from floor.models import LeaveOfPost
from tests import make, make_floor, make_shifts, races
from tests.make_floor import TEN
from tests.races import answer, at_once, told

pytestmark = pytest.mark.django_db(transaction=True)


def approving(leave, by):
    return lambda: actions.approve_leave(leave=leave, by=by, at=TEN)


@pytest.fixture
def floor():
    """One is out, and two more ask for the last place."""
    floor = make_floor.floor()
    floor.director = make_shifts.director()
    make_floor.out(floor)
    floor.two = [make_floor.asked(floor, person) for person in floor.agents[1:3]]
    return floor


def keeps_the_limit(floor):
    last_place_twice(floor)
    assert places() == [1, 2], "three are out"


def places():
    return sorted(LeaveOfPost.objects.filter(place__isnull=False).values_list("place", flat=True))


def last_place_twice(floor):
    first, second = floor.two
    return told(at_once(approving(first, floor.leader), approving(second, floor.director)))


def test_the_last_place_is_taken_once(floor):
    assert last_place_twice(floor) == [None, "post_full"]
    assert places() == [1, 2]


def blind(monkeypatch):
    """An approval that counted before the other one did: the lock is gone."""
    seen = dict(LeaveOfPost.objects.filter(place__isnull=False).values_list("place", "person__name"))
    monkeypatch.setattr(actions, "places_taken", lambda shift: dict(seen))


def test_where_the_lock_is_gone_the_database_refuses(floor, monkeypatch):
    blind(monkeypatch)
    assert last_place_twice(floor) == [None, "changed_meanwhile"]
    assert places() == [1, 2]


def test_without_the_lock_and_the_numbered_places_the_limit_is_lost(floor, monkeypatch):
    blind(monkeypatch)
    take, numbers = actions.take_place, itertools.count(2)
    monkeypatch.setattr(actions, "take_place", lambda leave, place, **changes: take(leave, next(numbers), **changes))
    races.must_be_lost(lambda: keeps_the_limit(floor), rounds=1, match="three are out")


def test_of_two_who_let_one_person_out_one_does(floor):
    leave = floor.two[0]
    assert told(at_once(approving(leave, floor.leader), approving(leave, floor.director))) == [None, "wrong_state"]
    assert places() == [1, 2]


def test_who_goes_is_out_or_the_approval_was_taken_back_first(floor):
    leave = actions.approve_leave(leave=floor.two[0], by=floor.leader, at=TEN)
    ticked = make_floor.items(floor)
    outcomes = at_once(
        lambda: actions.go_out(leave=leave, by=leave.person, ticked=ticked, at=TEN),
        lambda: actions.refuse_leave(leave=leave, by=floor.leader, at=TEN),
    )
    going, refusing = map(answer, outcomes)
    leave.refresh_from_db()
    assert (leave.status, going, refusing) in [("out", None, "wrong_state"), ("refused", "wrong_state", None)]


def test_of_two_taps_one_asks(floor):
    person = floor.agents[3]
    asking = [lambda: make_floor.asked(floor, person)] * 2
    assert told(at_once(*asking)) == [None, "post_open_already"]
    assert LeaveOfPost.objects.filter(person=person).count() == 1


def test_an_approval_in_the_last_moment_is_not_taken_back_by_the_minute(floor):
    leave = floor.two[0]
    last = make.at(10, 14)
    outcomes = at_once(
        lambda: actions.approve_leave(leave=leave, by=floor.leader, at=last),
        lambda: actions.expire(leave=leave, at=make.at(10, 15)),
    )
    approved, lapsed = map(answer, outcomes)
    leave.refresh_from_db()
    outcomes = [("approved", None, "changed_meanwhile"), ("expired", "wrong_state", None)]
    assert (leave.status, approved, lapsed) in outcomes
