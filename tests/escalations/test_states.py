"""Every pair of state and step, by the one whose step it is, against a declared table."""

import pytest

from callcentre.refusals import Refused
from escalations.models import Case
from escalations.steps import STEPS
from tests import make, make_escalations

pytestmark = pytest.mark.django_db

Status = Case.Status
ANSWERABLE = {"submitted", "passed_up", "acknowledged"}

# step: {state it is open in: state it leads to}, by the level for a request
BY_LEVEL = {
    "acknowledge": dict.fromkeys(("submitted", "passed_up"), "acknowledged"),
    "instruct": dict.fromkeys((*ANSWERABLE, "returned", "carried_out"), "instructed"),
    "return_for_more": dict.fromkeys(ANSWERABLE, "returned"),
    "pass_up": dict.fromkeys(ANSWERABLE, "passed_up"),
    "close": {"carried_out": "closed"},
}
BY_REPORTER = {
    "resubmit": {"returned": "submitted"},
    "withdraw": dict.fromkeys(("draft", *ANSWERABLE, "returned"), "withdrawn"),
    "carry_out": {"instructed": "carried_out"},
}
CLOSES_A_REPORT = dict.fromkeys((*ANSWERABLE, "returned"), "closed")


def take(step, case, person):
    """The state that the step leads to, or the code of its refusal."""
    try:
        STEPS[step].action(case=case, by=person, at=make.at(9, 10), text="已核实。")
    except Refused as refused:
        return refused.code
    case.refresh_from_db()
    return case.status


def expected(table, step, state):
    if state in table[step]:
        return table[step][state]
    if step == "close" and state in (*ANSWERABLE, "returned"):
        return "request_needs_instruction"
    if state == "draft" and step in BY_LEVEL:
        return "case_is_at_another_level"
    return "wrong_state"


@pytest.mark.parametrize("state", Status.values)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_in_each_state(step, state):
    people = make_escalations.line()
    case = make_escalations.case(people, status=state)
    table, person = (BY_LEVEL, people.leader) if step in BY_LEVEL else (BY_REPORTER, people.agent)
    if state == "passed_up" and step in BY_LEVEL:
        person = people.director
    assert take(step, case, person) == expected(table, step, state)


@pytest.mark.parametrize("state", ["submitted", "passed_up", "acknowledged", "returned"])
def test_a_report_closes_from_every_state_before_an_instruction(state):
    people = make_escalations.line()
    case = make_escalations.case(people, status=state, kind="report")
    assert take("close", case, case.level.person) == CLOSES_A_REPORT[state]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("stranger", ["other", "inspector", "administrator", "director", "centre_director"])
def test_nobody_else_takes_a_step(step, stranger):
    people = make_escalations.line()
    open_in = next(iter((BY_LEVEL | BY_REPORTER)[step]))
    case = make_escalations.case(people, status="submitted" if step == "close" else open_in)
    if step in BY_LEVEL and case.status == "passed_up":
        case = make_escalations.case(people)
    refused = take(step, case, getattr(people, stranger))
    assert refused == ("case_is_at_another_level" if step in BY_LEVEL else "case_is_somebody_elses")


def test_the_table_of_moves_has_no_state_without_a_way_out():
    assert set(Status.values) - set(Case.MOVES) == {"closed", "withdrawn"}
    assert {state for states in Case.MOVES.values() for state in states} == set(Status.values) - {"draft"}
