"""Every pair of state and step, by the one whose step it is, against a declared table."""

import pytest

from callcentre.refusals import Refused
from escalations import actions
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
    "uphold": {},
    "accept_dissent": {},
    "return_for_more": dict.fromkeys(ANSWERABLE, "returned"),
    "pass_up": dict.fromkeys(ANSWERABLE, "passed_up"),
    "close": {"carried_out": "closed"},
}
BY_REPORTER = {
    "resubmit": {"returned": "submitted"},
    "withdraw": dict.fromkeys(("draft", *ANSWERABLE, "returned"), "withdrawn"),
    "carry_out": {"instructed": "carried_out"},
    "dissent": {"instructed": "instructed"},
    "appeal": {},
}
# With a dissent beside the instruction. (step, of the dissent: raised or upheld): {state of the case: what comes of it}
WITH_DISSENT = {
    ("uphold", "raised"): {"instructed": "instructed", "carried_out": "carried_out"},
    ("accept_dissent", "raised"): {"instructed": "instructed", "carried_out": "instructed"},
    ("dissent", "raised"): {"instructed": "dissent_raised_already", "carried_out": "wrong_state"},
    ("appeal", "raised"): dict.fromkeys(("instructed", "carried_out"), "appeal_needs_upheld_dissent"),
    ("close", "raised"): {"instructed": "wrong_state", "carried_out": "dissent_unanswered"},
    ("carry_out", "raised"): {"instructed": "carried_out", "carried_out": "wrong_state"},
    ("instruct", "raised"): {"instructed": "wrong_state", "carried_out": "instructed"},
    ("uphold", "upheld"): dict.fromkeys(("instructed", "carried_out"), "no_dissent_open"),
    ("accept_dissent", "upheld"): dict.fromkeys(("instructed", "carried_out"), "no_dissent_open"),
    ("dissent", "upheld"): {"instructed": "dissent_raised_already", "carried_out": "wrong_state"},
    ("appeal", "upheld"): {"instructed": "appeal_after_carrying_out", "carried_out": "passed_up"},
    ("close", "upheld"): {"instructed": "wrong_state", "carried_out": "closed"},
    ("carry_out", "upheld"): {"instructed": "carried_out", "carried_out": "wrong_state"},
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
    if step in ("uphold", "accept_dissent"):
        return "no_dissent_open"
    if step == "appeal" and state in ("instructed", "carried_out"):
        return "appeal_needs_upheld_dissent"
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


@pytest.mark.parametrize("state", ["instructed", "carried_out"])
@pytest.mark.parametrize(("step", "dissent"), WITH_DISSENT)
def test_each_step_with_a_dissent_beside_the_instruction(step, dissent, state):
    people = make_escalations.line()
    case = make_escalations.case(people, status="instructed")
    actions.dissent(case=case, by=people.agent, at=make.at(9, 5), text="建议立即回电。")
    if dissent == "upheld":
        actions.uphold(case=case, by=people.leader, at=make.at(9, 5), text="照办。")
    if state == "carried_out":
        actions.carry_out(case=case, by=people.agent, at=make.at(9, 5), text="已回电。")
    person = people.leader if step in BY_LEVEL else people.agent
    assert take(step, case, person) == WITH_DISSENT[step, dissent][state]


@pytest.mark.parametrize("state", ["submitted", "passed_up", "acknowledged", "returned"])
def test_a_report_closes_from_every_state_before_an_instruction(state):
    people = make_escalations.line()
    case = make_escalations.case(people, status=state, kind="report")
    assert take("close", case, case.level.person) == CLOSES_A_REPORT[state]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("stranger", ["other", "inspector", "administrator", "director", "centre_director"])
def test_nobody_else_takes_a_step(step, stranger):
    people = make_escalations.line()
    open_in = next(iter((BY_LEVEL | BY_REPORTER)[step]), "instructed")
    case = make_escalations.case(people, status="submitted" if step == "close" else open_in)
    if step in BY_LEVEL and case.status == "passed_up":
        case = make_escalations.case(people)
    refused = take(step, case, getattr(people, stranger))
    assert refused == ("case_is_at_another_level" if step in BY_LEVEL else "case_is_somebody_elses")


def test_the_table_of_moves_has_no_state_without_a_way_out():
    assert set(Status.values) - set(Case.MOVES) == {"closed", "withdrawn"}
    assert {state for states in Case.MOVES.values() for state in states} == set(Status.values) - {"draft"}
