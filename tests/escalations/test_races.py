"""Two who answer one case at once, and one against the clock: one outcome, one entry, the other is told."""

import pytest

from callcentre import clock
from escalations import actions
from escalations.actions import answering, keeping
from escalations.models import Case, Instruction
from journal.models import Entry
from tests import make, make_escalations, races
from tests.races import at_once, told

pytestmark = pytest.mark.django_db(transaction=True)

OUTCOMES = ("escalation.instructed", "escalation.passed_up", "escalation.risen")
SAID = {"text": "已核实。"}


@pytest.fixture
def floor(monkeypatch):
    """A line of superiors at the moment when the leader's answer is due, the leader on two screens."""
    monkeypatch.setattr(clock, "now", lambda: make.at(9, 30))
    people = make_escalations.line()
    people.screens = races.actors(people.leader, people.leader)
    return people


def outcomes(case):
    return [entry.verb for entry in Entry.objects.about(case) if entry.verb in OUTCOMES]


def only_outcome(case):
    found = outcomes(case)
    assert len(found) == 1, "two outcomes"
    return found[0]


def rises(case):
    """The minute's step for `at_once`."""
    return lambda: actions.rise(case=Case.objects.get(pk=case.pk), at=make.at(9, 30))


def answer_and_answer(floor):
    case = make_escalations.case(floor)
    answers = at_once(*(screen.posts("escalations:instruct_case", case.pk, **SAID) for screen in floor.screens))
    only_outcome(case)
    assert Instruction.objects.filter(case=case).count() == 1
    assert told(answers) == [(302, None), (422, "wrong_state")]


def answer_and_pass_up(floor):
    case = make_escalations.case(floor)
    first, second = floor.screens
    answers = at_once(
        first.posts("escalations:instruct_case", case.pk, **SAID),
        second.posts("escalations:pass_up_case", case.pk, **SAID),
    )
    case.refresh_from_db()
    outcome = only_outcome(case)
    refusals = {"escalation.instructed": "wrong_state", "escalation.passed_up": "case_is_at_another_level"}
    assert told(answers) == [(302, None), (422, refusals[outcome])]
    assert case.status == outcome.removeprefix("escalation.")


def answer_and_clock(floor):
    case = make_escalations.case(floor)
    answered, risen = at_once(floor.screens[0].posts("escalations:instruct_case", case.pk, **SAID), rises(case))
    case.refresh_from_db()
    outcome = only_outcome(case)
    if outcome == "escalation.instructed":
        assert (answered.status_code, risen, case.status) == (302, False, "instructed")
    else:
        assert (answered["X-Refusal"], risen, case.status) == ("case_is_at_another_level", True, "passed_up")


RACES = (answer_and_answer, answer_and_pass_up, answer_and_clock)


@pytest.mark.parametrize("race", RACES)
def test_of_two_at_once_one_decides(floor, race):
    for _round in range(races.ROUNDS):
        race(floor)


@pytest.mark.parametrize("race", RACES)
def test_without_the_lock_and_the_conditional_move_both_decide(floor, race, monkeypatch):
    """The control: a case as it was shown, moved whatever it has become."""

    def unguarded(case, to, **changes):
        Case.objects.filter(pk=case.pk).update(status=to, **changes)
        for name, value in {"status": to, **changes}.items():
            setattr(case, name, value)

    for module in (answering, keeping):
        monkeypatch.setattr(module, "lock", lambda case: None)
    monkeypatch.setattr(answering, "move", unguarded)
    monkeypatch.setattr("escalations.actions.common.move", unguarded)
    races.must_be_lost(lambda: race(floor), match="two outcomes")
