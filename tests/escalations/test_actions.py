import datetime as dt
import uuid

import pytest
from django.db import transaction

from callcentre.refusals import TEXTS, Refused
from delivery.models import Announcement
from escalations import actions
from escalations.models import Case, Category, Instruction, Level, Party
from journal.models import AppendOnly, Entry
from people.models import RoleAssignment
from rulebook.actions import set_parameter
from tests import make, make_escalations, make_shifts

pytestmark = pytest.mark.django_db

AT = make_escalations.AT
LATER = make.at(9, 10)


def verbs(case):
    return [entry.verb for entry in Entry.objects.about(case)]


def refusal_of(action, **kwargs):
    try:
        with transaction.atomic():
            action(**kwargs)
    except Refused as refused:
        str(refused)
        return refused.code, refused.clause
    return None


def announced():
    return [(row.kind, row.to) for row in Announcement.objects.order_by("pk")]


# --- the way of a request


def test_a_request_is_raised_answered_carried_out_and_closed():
    people = make_escalations.line()
    case = make_escalations.case(people)
    assert (case.status, case.level.kind, case.waits_for) == ("submitted", "leader", people.leader)
    assert (case.answer_due_at, case.shift) == (make.at(9, 30), people.shift)
    actions.acknowledge(case=case, by=people.leader, at=LATER)
    actions.instruct(case=case, by=people.leader, at=LATER, text="由我来接。")
    assert (case.status, case.waits_for, case.answer_due_at) == ("instructed", people.agent, None)
    actions.carry_out(case=case, by=people.agent, at=LATER, text="班长已接听。")
    assert case.waits_for == people.leader
    actions.close(case=case, by=people.leader, at=LATER)
    case.refresh_from_db()
    assert (case.status, case.waits_for, case.closed_at) == ("closed", None, LATER)
    assert verbs(case) == [
        "escalation.drafted",
        "escalation.submitted",
        "escalation.acknowledged",
        "escalation.instructed",
        "escalation.carried_out",
        "escalation.closed",
    ]
    assert announced() == [
        ("escalation.waits.beyond_remit", [people.leader.pk]),
        ("escalation.instructed", [people.agent.pk]),
        ("escalation.carried_out", [people.leader.pk]),
        ("escalation.closed", [people.agent.pk]),
    ]


def test_a_report_closes_without_an_instruction_and_a_request_does_not():
    people = make_escalations.line()
    report = make_escalations.case(people, kind="report")
    actions.close(case=report, by=people.leader, at=LATER, text="已知悉。")
    assert (report.status, report.remarks.get().text) == ("closed", "已知悉。")
    request = make_escalations.case(people)
    refused = refusal_of(actions.close, case=request, by=people.leader, at=LATER)
    assert refused == ("request_needs_instruction", "escalation.7")


def test_a_returned_case_comes_back_with_what_was_missing_and_its_whole_time():
    people = make_escalations.line()
    case = make_escalations.case(people, status="returned")
    assert (case.waits_for, case.answer_due_at) == (people.agent, None)
    actions.resubmit(case=case, by=people.agent, at=make.at(10), text="09:05 来电。")
    assert (case.status, case.waits_for, case.answer_due_at) == ("submitted", people.leader, make.at(10, 30))
    assert [remark.step for remark in case.remarks.all()] == ["returned", "resubmitted"]


def test_a_case_passed_up_goes_to_the_next_level_with_the_reason():
    people = make_escalations.line()
    case = make_escalations.case(people, status="passed_up")
    assert (case.level.kind, case.waits_for, case.answer_due_at) == ("director", people.director, make.at(10))
    left = case.levels.get(order=1)
    assert (left.passed_by, left.passed_reason) == (people.leader, "超出班长权限。")
    actions.pass_up(case=case, by=people.director, at=LATER, text="须中心决定。")
    assert (case.status, case.waits_for) == ("passed_up", people.centre_director)
    refused = refusal_of(actions.pass_up, case=case, by=people.centre_director, at=LATER, text="再上报。")
    assert refused == ("no_level_above", "escalation.6")


def test_a_level_left_behind_does_not_answer_any_more():
    """Two people at once: the one with the old page is told, though the status reads the same."""
    people = make_escalations.line()
    case = make_escalations.case(people, status="passed_up")
    stale = Case.objects.get(pk=case.pk)
    actions.pass_up(case=case, by=people.director, at=LATER, text="须中心决定。")
    refused = refusal_of(actions.instruct, case=stale, by=people.director, at=LATER, text="按流程办。")
    assert refused == ("case_is_at_another_level", "escalation.6")
    assert Instruction.objects.count() == 0


def test_the_leader_may_carry_it_out_in_person():
    people = make_escalations.line()
    case = make_escalations.case(people, status="instructed", category=Category.DIFFICULT_CALLER)
    actions.carry_out(case=case, by=people.leader, at=LATER, text="我已接听并处理。")
    assert (case.status, case.waits_for) == ("carried_out", people.leader)


def test_what_is_carried_out_an_overseeing_director_may_close_too():
    people = make_escalations.line()
    case = make_escalations.case(people, status="carried_out")
    actions.close(case=case, by=people.director, at=LATER)
    assert case.status == "closed"


def test_unsatisfied_with_the_carrying_out_the_level_instructs_again():
    people = make_escalations.line()
    case = make_escalations.case(people, status="carried_out")
    actions.instruct(case=case, by=people.leader, at=LATER, text="再核对一次录音。")
    assert (case.status, case.instructions.count(), case.instruction.text) == ("instructed", 2, "再核对一次录音。")


def test_a_draft_is_withdrawn_without_a_reason_and_a_submitted_case_with_one():
    people = make_escalations.line()
    draft = make_escalations.draft(people)
    actions.withdraw(case=draft, by=people.agent, at=LATER)
    assert (draft.status, announced()) == ("withdrawn", [])
    case = make_escalations.case(people)
    refused = refusal_of(actions.withdraw, case=case, by=people.agent, at=LATER)
    assert refused == ("withdrawal_reason_missing", None)


# --- refusals


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"proposed_handling": ""}, "proposed_handling_missing"),
        ({"proposed_handling": " \u200b\n"}, "proposed_handling_missing"),
        ({"what_happened": "\u3000"}, "what_happened_missing"),
        ({"happened_at": AT + dt.timedelta(minutes=1)}, "case_has_not_happened_yet"),
    ],
)
def test_an_incomplete_case_is_refused(changes, code):
    people = make_escalations.line()
    case = make_escalations.draft(people, **changes)
    assert refusal_of(actions.submit, case=case, by=people.agent, at=AT) == (code, "escalation.7")
    assert (case.status, Level.objects.count()) == ("draft", 0)


def test_a_danger_proposes_urgent_and_its_answer_is_due_sooner():
    people = make_escalations.line()
    case = make_escalations.case(people, category=Category.DANGER, urgent=None)
    assert (case.urgent, case.answer_due_at) == (True, make.at(9, 5))
    assert Announcement.objects.get().urgent is True


def test_a_difficult_caller_is_the_leaders_to_resolve():
    people = make_escalations.line()
    case = make_escalations.case(people, category=Category.DIFFICULT_CALLER)
    assert case.waits_for == people.leader
    refused = refusal_of(actions.pass_up, case=case, by=people.leader, at=LATER, text=" ")
    assert refused == ("difficult_caller_is_the_leaders", "escalation.5")
    actions.pass_up(case=case, by=people.leader, at=LATER, text="客户要求与主任通话。")
    assert case.waits_for == people.director


def test_the_answer_times_are_those_of_the_day():
    people = make_escalations.line()
    minutes = [10, 20, 30]
    set_parameter(
        centre=people.centre, name="answer_due_minutes", value=minutes, from_on=make.MONDAY, by=people.director, at=AT
    )
    assert make_escalations.case(people).answer_due_at == make.at(9, 10)


# --- the chain


def test_a_deputy_says_for_whom_they_act():
    people = make_escalations.line()
    make_shifts.deputy(absent=people.leader, deputy=people.other)
    case = make_escalations.case(people)
    assert (case.level.person, case.level.acting_for) == (people.other, people.leader)


def test_without_a_roster_the_leaders_level_is_passed_with_a_note():
    people = make_escalations.line(on_duty=False)
    case = make_escalations.case(people)
    empty = case.levels.get(order=1)
    assert (empty.person, empty.note, empty.passed_at) == (None, "no_roster", AT)
    assert case.waits_for == people.director
    assert verbs(case) == ["escalation.drafted", "escalation.submitted", "escalation.level_empty"]


def test_a_level_held_by_somebody_lower_in_the_chain_is_passed_with_a_note():
    people = make_escalations.line()
    make_shifts.deputy(absent=people.leader, deputy=people.director)
    case = make_escalations.case(people)
    assert [(level.kind, level.note) for level in case.chain] == [
        ("leader", ""),
        ("director", "same_person"),
        ("centre_director", ""),
    ]


def test_a_chain_begins_above_its_reporter():
    people = make_escalations.line()
    assert make_escalations.case(people, by=people.leader).waits_for == people.director
    assert make_escalations.case(people, by=people.director).waits_for == people.centre_director
    draft = make_escalations.draft(people, by=people.centre_director)
    refused = refusal_of(actions.submit, case=draft, by=people.centre_director, at=AT)
    assert refused == ("nobody_above", "escalation.6")


def test_levels_stay_as_they_were_at_submission():
    people = make_escalations.line()
    case = make_escalations.case(people)
    RoleAssignment.objects.filter(person=people.director).delete()
    make_shifts.director(number="8002")
    actions.pass_up(case=case, by=people.leader, at=LATER, text="超出权限。")
    assert case.waits_for == people.director


# --- what stays as it was


def test_an_instruction_never_changes():
    people = make_escalations.line()
    instruction = make_escalations.case(people, status="instructed").instruction
    instruction.text = "另一句话"
    for change in (
        instruction.save,
        instruction.delete,
        Instruction.objects.all().delete,
        lambda: Instruction.objects.update(text="另一句话"),
    ):
        with pytest.raises(AppendOnly):
            change()


def test_a_form_sent_twice_raises_one_case():
    people = make_escalations.line()
    key = uuid.uuid4()
    sent = [
        actions.raise_case(by=people.agent, at=AT, form_key=key, **make_escalations.fields()) for _again in range(2)
    ]
    assert (sent[0].pk, Case.objects.count(), len(announced())) == (sent[1].pk, 1, 1)


def test_a_refused_submission_leaves_no_draft_behind():
    people = make_escalations.line()
    fields = make_escalations.fields(proposed_handling="")
    refused = refusal_of(actions.raise_case, by=people.agent, at=AT, form_key=uuid.uuid4(), **fields)
    assert (refused[0], Case.objects.count(), Party.objects.count()) == ("proposed_handling_missing", 0, 0)


def test_messages_and_journal_carry_no_text_and_of_a_confidential_case_no_category():
    people = make_escalations.line()
    case = make_escalations.case(people, status="closed", category=Category.CONFIDENTIAL)
    rows = Entry.objects.about(case)
    assert {row.restricted for row in rows} == {True}
    assert {name for row in rows for name in row.facts} == {"instruction", "remark"}
    assert {name for row in Announcement.objects.all() for name in row.facts} == {"case", "due_at"}
    assert Announcement.objects.first().kind == "escalation.waits.confidential"
    assert Entry.objects.visible_to(people.director).filter(object_type="escalations.case").count() == 0


def test_drafts_are_restricted_in_the_journal_and_other_steps_are_not():
    people = make_escalations.line()
    case = make_escalations.case(people)
    assert [row.restricted for row in Entry.objects.about(case)] == [True, False]


def test_every_refusal_code_has_its_sentence():
    assert {"nobody_above", "case_is_at_another_level", "difficult_caller_is_the_leaders"} <= TEXTS.keys()
