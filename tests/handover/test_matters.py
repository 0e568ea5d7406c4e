"""What other apps have open stands in the log by itself, with its owner; confidential cases are left out."""

import datetime as dt
import types

import pytest

from escalations import actions as escalations
from escalations.models import Case, Category
from handover import actions, sealing
from handover.contents import Contents
from handover.models import Log, Mark
from handover.sections import Section
from tests import make, make_duties, make_escalations, make_handover

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_handover.floor()


def case(floor, **options):
    people = types.SimpleNamespace(agent=floor.agents[0])
    return make_escalations.case(people, **options)


def fresh(floor):
    return Log.objects.with_names().get(pk=floor.log.pk)


def matters(floor):
    return [(fact.kind.code, fact.pk, fact.owner) for fact in Contents(fresh(floor)).matters]


def given(floor):
    facts = Contents(fresh(floor)).pulled_into(Section.INSTRUCTIONS)
    return [(fact.code, fact.names["by"], fact.names["person"]) for fact in facts]


def test_open_cases_stand_in_the_log_with_whom_they_wait_for(floor):
    open_ = case(floor)
    passed = case(floor, status="passed_up")
    case(floor, status="closed")
    case(floor, status="draft")
    assert matters(floor) == [("case", open_.pk, floor.leader.name), ("case", passed.pk, floor.director.name)]


def test_a_confidential_case_is_left_out_entirely(floor):
    make.person(role="centre_director")
    case(floor, category=Category.CONFIDENTIAL)
    secret = case(floor, category=Category.CONFIDENTIAL, status="instructed")
    assert (matters(floor), given(floor)) == ([], [])
    actions.submit(log=make_handover.answered(floor).log, by=floor.leader, at=make_handover.SUBMITTED_AT)
    assert secret.instructions.count() == 1
    assert fresh(floor).pulled_in == []


def test_instructions_of_the_shift_answer_their_section(floor):
    instructed = case(floor, status="instructed", at=make.at(10))
    assert given(floor) == [(str(instructed.pk), floor.leader.name, floor.agents[0].name)]
    assert Section.INSTRUCTIONS not in Contents(fresh(floor)).silent


def test_an_instruction_of_another_shift_is_not_told(floor):
    instructed = case(floor, status="instructed", at=make.at(7), happened_at=make.at(6))
    assert (given(floor), matters(floor)) == ([], [("case", instructed.pk, floor.agents[0].name)])


def test_duties_not_done_stand_in_the_log(floor):
    rule = make_duties.own_rule()
    open_ = make_duties.duty(rule=rule)
    make_duties.duty(rule=make_duties.own_rule(code="later", opens=dt.time(18)), status="scheduled")
    assert [(kind, pk) for kind, pk, _owner in matters(floor)] == [("duty", open_.pk)]
    (fact,) = Contents(fresh(floor)).matters
    assert "资料架整理" in fact.text or "Tidy the shelf" in fact.text


def test_what_was_missed_before_the_shift_is_not_told_again(floor):
    make_duties.duty(on=make.MONDAY.replace(day=22), status="missed")
    assert matters(floor) == []


def test_submission_keeps_what_is_open_and_names_the_owners(floor):
    open_, duty = case(floor), make_duties.duty()
    make_handover.answered(floor)
    actions.submit(log=floor.log, by=floor.leader, at=make_handover.SUBMITTED_AT)
    assert fresh(floor).pulled_in == [
        ["case", open_.pk, floor.leader.pk, None, floor.agents[0].pk, "request.beyond_remit"],
        ["duty", duty.pk, floor.leader.pk, None, None, "day_leader"],
    ]
    before = matters(floor)
    assert before == [("case", open_.pk, floor.leader.name), ("duty", duty.pk, floor.leader.name)]
    escalations.instruct(case=Case.objects.get(), by=floor.leader, at=make.at(15, 57), text="照办。")
    assert matters(floor) == before


def test_it_is_under_the_seal(floor):
    case(floor)
    make_duties.duty()
    log = make_handover.accepted(make_handover.submitted(floor)).log
    assert (sealing.problems(fresh(floor)), '"open_elsewhere":[["case",' in log.snapshot) == ([], True)


def test_a_nothing_that_is_no_longer_true_goes_at_the_submission(floor):
    make_handover.answered(floor)
    case(floor, status="instructed", at=make.at(10))
    actions.submit(log=floor.log, by=floor.leader, at=make_handover.SUBMITTED_AT)
    assert not Mark.objects.filter(log=floor.log, section=Section.INSTRUCTIONS, kind="nothing").exists()


def test_another_centres_matters_are_not_told(floor):
    elsewhere = make.centre(name="别处")
    make_escalations.case(make_escalations.line(centre=elsewhere))
    make_duties.duty(rule=make_duties.own_rule(centre=elsewhere))
    assert matters(floor) == []
