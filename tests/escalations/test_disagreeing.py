"""Dissent beside an instruction, and the appeal after carrying it out (clause escalation.7)."""

import pytest
from django.db import IntegrityError, connection, transaction

from callcentre.refusals import Refused
from delivery.models import Announcement
from escalations import actions, timers
from escalations.models import Case, Dissent, Instruction
from journal.models import Entry
from tests import make, make_escalations

pytestmark = pytest.mark.django_db

LATER = make.at(9, 10)
AGAINST = "两小时太迟，客户十点要答复，建议立即回电。"


def dissented(people, **changes):
    case = make_escalations.case(people, status="instructed", **changes)
    actions.dissent(case=case, by=people.agent, at=LATER, text=AGAINST)
    return case


def upheld(people):
    case = dissented(people)
    actions.uphold(case=case, by=people.leader, at=LATER, text="按流程两小时内即可。")
    return case


def refusal_of(action, **kwargs):
    try:
        with transaction.atomic():
            action(**kwargs)
    except Refused as refused:
        str(refused)
        return refused.code, refused.clause
    return None


def verbs(case):
    return [entry.verb.removeprefix("escalation.") for entry in Entry.objects.about(case)]


def test_a_dissent_waits_for_who_instructed():
    people = make_escalations.line()
    case = dissented(people)
    dissent = case.dissent
    assert (case.status, case.waits_for, dissent.status) == ("instructed", people.leader, "raised")
    assert dissent.answer_due_at == make.at(9, 40)
    assert refusal_of(actions.dissent, case=case, by=people.agent, at=LATER, text="再提。") == (
        "dissent_raised_already",
        "escalation.7",
    )


def test_upheld_is_carried_out_first_and_then_taken_further_up():
    people = make_escalations.line()
    case = upheld(people)
    assert (case.waits_for, case.dissent.status) == (people.agent, "upheld")
    appeal = {"case": case, "by": people.agent, "at": LATER, "text": "客户已因延误投诉。"}
    assert refusal_of(actions.appeal, **appeal) == ("appeal_after_carrying_out", "escalation.7")
    actions.carry_out(case=case, by=people.agent, at=LATER, text="两小时后已回电。")
    actions.appeal(**appeal)
    assert (case.status, case.waits_for, case.level.kind) == ("passed_up", people.director, "director")
    assert verbs(case)[-4:] == ["dissented", "upheld", "carried_out", "appealed"]
    actions.close(case=case, by=people.director, at=LATER, text="处理得当。")
    assert case.status == "closed"


def test_an_appeal_may_bring_a_new_instruction_and_climb_again():
    people = make_escalations.line()
    case = upheld(people)
    actions.carry_out(case=case, by=people.agent, at=LATER, text="已回电。")
    actions.appeal(case=case, by=people.agent, at=LATER, text="须改流程。")
    actions.instruct(case=case, by=people.director, at=LATER, text="今后此类来电半小时内回复。")
    actions.dissent(case=case, by=people.agent, at=LATER, text="夜班人手不够。")
    actions.uphold(case=case, by=people.director, at=LATER, text="夜班另行调配。")
    actions.carry_out(case=case, by=people.agent, at=LATER, text="已照办。")
    actions.appeal(case=case, by=people.agent, at=LATER, text="夜班仍无人手。")
    assert case.waits_for == people.centre_director
    assert Instruction.objects.filter(case=case).count() == 2


def test_the_last_level_has_none_above_to_appeal_to():
    people = make_escalations.line()
    case = make_escalations.case(people, by=people.director, status="instructed")
    actions.dissent(case=case, by=people.director, at=LATER, text="不妥。")
    actions.uphold(case=case, by=people.centre_director, at=LATER, text="照办。")
    actions.carry_out(case=case, by=people.director, at=LATER, text="已照办。")
    refused = refusal_of(actions.appeal, case=case, by=people.director, at=LATER, text="再议。")
    assert refused == ("nobody_to_appeal_to", "escalation.7")


def test_accepted_gives_a_new_instruction_beside_the_old_one():
    people = make_escalations.line()
    case = dissented(people)
    actions.accept_dissent(case=case, by=people.leader, at=LATER, text="立即回电。")
    case.refresh_from_db()
    assert (case.status, case.instruction.text, case.waits_for) == ("instructed", "立即回电。", people.agent)
    assert [row.text for row in case.instructions.all()] == ["由你继续跟进，两小时内回电。", "立即回电。"]
    assert Dissent.objects.get().status == "accepted"
    actions.dissent(case=case, by=people.agent, at=LATER, text="客户已关机。")


def test_what_is_voiced_may_be_carried_out_meanwhile_but_not_closed_over():
    people = make_escalations.line()
    case = dissented(people)
    actions.carry_out(case=case, by=people.agent, at=LATER, text="已回电。")
    assert refusal_of(actions.close, case=case, by=people.leader, at=LATER) == ("dissent_unanswered", "escalation.7")
    actions.uphold(case=case, by=people.leader, at=LATER, text="照办即可。")
    assert case.waits_for == people.leader
    actions.close(case=case, by=people.leader, at=LATER)


@pytest.mark.parametrize("verb", ["uphold", "accept_dissent"])
def test_only_the_level_answers_and_only_once(verb):
    people = make_escalations.line()
    case = dissented(people)
    answer = getattr(actions, verb)
    assert refusal_of(answer, case=case, by=people.director, at=LATER, text="照办。")[0] == "case_is_at_another_level"
    assert refusal_of(answer, case=case, by=people.leader, at=LATER, text=" ")[0] in (
        "upholding_reason_missing",
        "instruction_missing",
    )
    answer(case=case, by=people.leader, at=LATER, text="照办。")
    assert refusal_of(answer, case=case, by=people.leader, at=LATER, text="照办。") == (
        "no_dissent_open",
        "escalation.7",
    )


def test_a_dissent_not_answered_in_time_is_told_up_once():
    people = make_escalations.line()
    case = dissented(people)
    Announcement.objects.all().delete()
    for _twice in range(2):
        timers.keep_time(sender=None, at=make.at(9, 40))
    told = [(row.kind, row.to[0]) for row in Announcement.objects.order_by("pk")]
    assert told == [("escalation.dissent_late", people.leader.pk), ("escalation.dissent_late", people.director.pk)]
    assert Case.objects.with_dissent().get() == case


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("escalations_instruction", "text"),
        ("escalations_remark", "text"),
        ("escalations_dissent", "text"),
        ("escalations_case", "what_happened"),
    ],
)
def test_the_database_keeps_what_was_said(table, column):
    case = upheld(people := make_escalations.line())
    actions.carry_out(case=case, by=people.agent, at=LATER, text="已回电。")
    change = f"UPDATE {table} SET {column} = 'changed'"  # noqa: S608 - our own names
    with (
        pytest.raises(IntegrityError, match="what is said in a request"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
