"""Two people call one roll at once, each on a connection of their own: one wins, the other is told, nothing is lost."""

import pytest

from rulebook.models import Breach
from shifts import actions
from shifts.actions import roll_calls
from shifts.models import Call, RollCall
from tests import make, make_rollcall, make_shifts
from tests.make_rollcall import call, here, opened
from tests.races import answer, at_once, told

pytestmark = pytest.mark.django_db(transaction=True)


def closing(floor, by):
    return lambda: actions.close_roll_call(shift=floor.shift, confirmed=True, by=by, at=make.at(7, 58))


def test_of_two_who_close_it_one_wins():
    floor = opened(agents=1)
    director = make_shifts.director()
    here(floor, floor.agents[0], make.at(7, 55))
    answers = at_once(closing(floor, floor.leader), closing(floor, director))
    assert told(answers) == [None, "wrong_state"]
    winner = floor.leader if answer(answers[0]) is None else director
    assert RollCall.objects.get().closed_by == winner
    assert Breach.objects.filter(person=floor.agents[0]).count() == 1


def test_a_mark_comes_before_the_closing_or_is_added_after_it():
    """Whichever is first: nobody is lost between the two, and nobody is both absent and late."""
    floor = opened(agents=1)
    agent = floor.agents[0]
    make_rollcall.away(floor, agent)
    marks = lambda: here(floor, agent, make.at(8, 5))  # noqa: E731
    assert told(at_once(closing(floor, floor.leader), marks)) == [None, None]
    assert call(floor, agent).outcome == Call.Outcome.LATE_FOR_SHIFT
    counting = Breach.objects.filter(person=agent).exclude(status="excused")
    assert [breach.kind for breach in counting] == ["late_for_shift"]


def test_opened_twice_at_once_it_is_one():
    floor = make_rollcall.floor()
    steps = [lambda: actions.open_roll_call(shift=floor.shift, by=None, at=make.at(7, 30))] * 2
    assert told(at_once(*steps)) == [None, None]
    assert (RollCall.objects.count(), Call.objects.count()) == (1, 4)


def test_without_the_conditional_move_both_would_close_it(monkeypatch):
    """The negative control: with the guard away the race is lost."""
    floor = opened(agents=1)
    here(floor, floor.agents[0], make.at(7, 45))

    def anyhow(obj, to, **changes):
        type(obj).objects.filter(pk=obj.pk).update(status=to, **changes)

    monkeypatch.setattr(roll_calls, "move", anyhow)
    answers = at_once(closing(floor, floor.leader), closing(floor, make_shifts.director()))
    assert told(answers) == [None, None]
