"""The relief of a desk, step by step, and who may not take which step."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callcentre.refusals import Refused
from delivery.models import Announcement
from handover import desk_actions, tending
from handover import relief_actions as steps
from handover.models import DeskRelief, Turn
from journal.models import Entry as JournalRow
from rulebook.models import ChecklistItem
from shifts import actions as shift_actions
from shifts.models import Assignment
from tests import make, make_desks, make_shifts

pytestmark = pytest.mark.django_db
TIME = make_desks.TIME
Status = DeskRelief.Status


def refused(step, **options):
    with pytest.raises(Refused) as caught:
        step(**options)
    return caught.value.code, caught.value.clause


def steps_of(row):
    return [(entry.verb, entry.actor) for entry in JournalRow.objects.about(row)]


def seats(centre):
    return sorted(Turn.objects.now(centre).held().values_list("desk__code", "person"))


def test_reliefs_are_made_for_the_desks_that_are_occupied_and_only_once():
    floor = make_desks.floor(count=2, prepared=False)
    Turn.objects.filter(desk=floor.desks[1]).delete()
    made = [tending.prepare(centre=floor.centre, at=at) for at in (make.at(15, 29), make.at(15, 30), make.at(15, 31))]
    row = make_desks.relief(floor)
    assert (made, DeskRelief.objects.count()) == ([0, 1, 0], 1)
    assert (row.outgoing, row.incoming, row.next_shift) == (floor.agents[0], floor.next_agents[0], floor.next_shift)
    assert (row.status, row.waiting_since) == (Status.WAITING, make.at(16))
    assert steps_of(row) == [("relief.prepared", None)]


def test_a_desk_changes_hands_when_both_have_confirmed():
    floor = make_desks.floor()
    outgoing, incoming = floor.agents[0], floor.next_agents[0]
    row = make_desks.released(floor)
    assert (row.status, row.assumed_at, row.ended_by) == (Status.RELEASED, TIME, outgoing)
    assert seats(floor.centre) == [("A01", incoming.pk), ("A02", floor.agents[1].pk)]
    assert steps_of(row) == [
        ("relief.prepared", None),
        ("relief.arrived", incoming),
        ("relief.briefed", outgoing),
        ("relief.assumed", incoming),
        ("relief.signed_out", outgoing),
    ]


def test_who_leaves_hears_at_once_that_the_relief_has_come():
    floor = make_desks.floor()
    make_desks.arrived(floor)
    told = Announcement.objects.get(kind="handover.relief_at_desk")
    assert (told.to, told.facts, told.urgent) == ([floor.agents[0].pk], {"desk": "A01"}, True)


def test_between_taking_over_and_signing_out_the_next_one_answers_for_the_desk():
    floor = make_desks.floor(count=1)
    make_desks.assumed(floor)
    now = Turn.objects.now(floor.centre).order_by("from_at")
    assert [turn.person for turn in now] == [floor.agents[0], floor.next_agents[0]]
    assert [turn.person for turn in now.held()] == [floor.next_agents[0]]


def test_nobody_signs_out_before_the_desk_is_taken_over():
    floor = make_desks.floor()
    row = make_desks.relief(floor)
    for step in (None, make_desks.arrived, None):
        if step:
            step(floor)
        code = refused(steps.sign_out, relief=row.pk, by=floor.agents[0], at=TIME)
        assert code == ("not_relieved", "handover.4")
    steps.brief(relief=row.pk, by=floor.agents[0], at=TIME)
    assert refused(steps.sign_out, relief=row.pk, by=floor.agents[0], at=TIME) == ("not_relieved", "handover.4")


def test_no_desk_is_taken_over_before_the_roll_call_is_closed():
    floor = make_desks.floor(called=False)
    row = make_desks.briefed(floor)
    step = {"relief": row.pk, "by": floor.next_agents[0], "at": TIME}
    assert refused(steps.assume, **step) == ("desk_needs_roll_call", "handover.1")
    make_desks.call(floor)
    assert steps.assume(**step).status == Status.ASSUMED


def test_who_was_absent_at_the_roll_call_is_added_to_it_and_then_takes_over():
    floor = make_desks.floor(called=False)
    late = floor.next_agents[0]
    make_desks.call(floor, absent=[late])
    row = make_desks.briefed(floor, at=make.at(16, 20))
    step = {"relief": row.pk, "by": late, "at": make.at(16, 20)}
    assert refused(steps.assume, **step) == ("desk_needs_roll_call", "handover.1")
    shift_actions.mark_here(shift=floor.next_shift, person_id=late.pk, by=floor.next_leader, at=make.at(16, 18))
    assert steps.assume(**step).overtime_minutes == 20


def test_no_desk_is_taken_over_before_its_briefing():
    floor = make_desks.floor()
    row, person = make_desks.relief(floor), floor.next_agents[0]
    assert refused(steps.assume, relief=row.pk, by=person, at=TIME) == ("not_briefed", "handover.4")
    make_desks.arrived(floor)
    assert refused(steps.assume, relief=row.pk, by=person, at=TIME) == ("not_briefed", "handover.4")


def test_there_is_no_briefing_before_somebody_has_come():
    floor = make_desks.floor()
    row = make_desks.relief(floor)
    assert refused(steps.brief, relief=row.pk, by=floor.agents[0], at=TIME) == ("not_at_desk_yet", "handover.4")


def test_only_who_leaves_confirms_the_briefing():
    floor = make_desks.floor()
    row = make_desks.arrived(floor)
    for person in (floor.next_agents[0], floor.leader, floor.agents[1]):
        code = refused(steps.brief, relief=row.pk, by=person, at=TIME)
        assert code == ("relief_not_yours_to_brief", "handover.4")


def test_nobody_relieves_themselves():
    floor = make_desks.floor()
    row = make_desks.relief(floor)
    agent = floor.agents[0]
    assert refused(steps.arrive, relief=row.pk, by=agent, at=TIME) == ("relieves_oneself", "handover.4")
    substitute = {"relief": row.pk, "person": agent, "by": floor.leader, "at": TIME}
    assert refused(steps.substitute, **substitute) == ("relieves_oneself", "handover.4")


def test_only_the_planned_one_or_a_substitute_relieves():
    floor = make_desks.floor()
    row = make_desks.relief(floor)
    for person in (floor.next_agents[1], make.person(name="外班组员")):
        assert refused(steps.arrive, relief=row.pk, by=person, at=TIME) == ("relief_is_anothers", "handover.4")


def test_a_desk_planned_for_nobody_is_relieved_by_anybody_of_the_next_shift():
    floor = make_desks.floor(prepared=False)
    Assignment.objects.filter(shift=floor.next_shift, desk=floor.desks[0]).update(desk=None)
    tending.prepare(centre=floor.centre, at=make_desks.EARLY)
    row = make_desks.relief(floor)
    outsider = make.person(name="外班组员")
    assert refused(steps.arrive, relief=row.pk, by=outsider, at=TIME) == ("not_on_incoming_shift", "handover.4")
    assert make_desks.assumed(floor).status == Status.WAITING  # as it was fetched
    assert seats(floor.centre)[0] == ("A01", floor.next_agents[0].pk)


def test_the_leader_names_a_substitute_who_is_told_and_takes_over_without_the_roll_call():
    floor = make_desks.floor()
    row, person = make_desks.briefed(floor), make.person(name="替班组员")
    steps.substitute(relief=row.pk, person=person, by=floor.next_leader, at=TIME)
    row.refresh_from_db()
    assert (row.status, row.incoming, row.named_by, row.briefed_at) == ("waiting", person, floor.next_leader, None)
    told = Announcement.objects.get(kind="handover.relief_named")
    assert (told.to, told.facts) == ([person.pk], {"desk": "A01"})
    planned = floor.next_agents[0]
    assert refused(steps.arrive, relief=row.pk, by=planned, at=TIME) == ("relief_is_anothers", "handover.4")
    steps.arrive(relief=row.pk, by=person, at=TIME)
    steps.brief(relief=row.pk, by=floor.agents[0], at=TIME)
    assert steps.assume(relief=row.pk, by=person, at=TIME).status == Status.ASSUMED


def test_a_substitute_of_the_shift_is_asked_for_the_roll_call_too():
    floor = make_desks.floor(called=False)
    Assignment.objects.filter(shift=floor.next_shift, person=floor.next_agents[1]).update(desk=None)
    tending.follow_roster(centre=floor.centre, at=TIME)
    row, person = make_desks.relief(floor), floor.next_agents[1]
    steps.substitute(relief=row.pk, person=person, by=floor.leader, at=TIME)
    steps.arrive(relief=row.pk, by=person, at=TIME)
    steps.brief(relief=row.pk, by=floor.agents[0], at=TIME)
    step = {"relief": row.pk, "by": person, "at": TIME}
    assert refused(steps.assume, **step) == ("desk_needs_roll_call", "handover.1")


def test_substitutes_are_agents_without_another_desk():
    floor = make_desks.floor()
    row = make_desks.relief(floor)
    step = {"relief": row.pk, "by": floor.leader, "at": TIME}
    taken = refused(steps.substitute, person=floor.next_agents[1], **step)
    assert taken == ("relieves_another", "handover.4")
    assert refused(steps.substitute, person=floor.director, **step) == ("substitute_not_agent", "handover.4")
    released = make_desks.released(floor)
    step["relief"] = released.pk
    assert refused(steps.substitute, person=make.person(), **step) == ("wrong_state", "handover.4")


def test_the_leader_releases_without_relief_and_says_why():
    floor = make_desks.floor()
    row = make_desks.arrived(floor)
    step = {"turn": row.turn_id, "by": floor.leader, "at": TIME}
    assert refused(desk_actions.release, reason=" ", **step) == ("release_reason_missing", "handover.4")
    desk_actions.release(reason="身体不适，先回家", **step)
    row.refresh_from_db()
    assert (row.status, row.reason, row.ended_by) == (Status.LET_GO, "身体不适，先回家", floor.leader)
    assert (row.overtime_minutes, seats(floor.centre)) == (2, [("A02", floor.agents[1].pk)])


def test_the_leader_notes_that_nobody_was_at_the_desk():
    floor = make_desks.floor()
    row = make_desks.relief(floor)
    desk_actions.release(turn=row.turn_id, reason="未交班先走", by=floor.next_leader, at=TIME, nobody_there=True)
    row.refresh_from_db()
    assert (row.status, steps_of(row)[-1]) == (Status.CANCELLED, ("relief.nobody_there", floor.next_leader))


def test_only_leaders_of_the_change_decide():
    floor = make_desks.floor()
    row = make_desks.relief(floor)
    another = make_shifts.crew(name="丙班")[1]
    for person in (floor.agents[0], floor.next_agents[0], another, floor.director):
        step = {"by": person, "at": TIME}
        assert refused(desk_actions.release, turn=row.turn_id, reason="有事", **step) == (
            "desk_leader_only",
            "handover.4",
        )
        code = refused(steps.substitute, relief=row.pk, person=make.person(), **step)
        assert code == ("desk_leader_only", "handover.4")
        code = refused(desk_actions.give_desk, desk=floor.desks[0], person=make.person(), **step)
        assert code == ("desk_leader_only", "handover.4")
        assert refused(desk_actions.open_desk, desk=floor.desks[0], **step) == ("desk_leader_only", "handover.4")


def test_a_deputy_decides_for_the_leader_and_the_director_where_nobody_leads():
    floor = make_desks.floor(count=3, following=False)
    deputy = make.person(name="代班长")
    make_shifts.deputy(absent=floor.leader, deputy=deputy)
    first, second, _third = floor.turns
    step = {"turn": first.pk, "reason": "有事", "at": TIME}
    assert refused(desk_actions.release, by=floor.leader, **step) == ("desk_leader_only", "handover.4")
    desk_actions.release(by=deputy, **step)
    floor.shift.leader = None
    floor.shift.save()
    desk_actions.release(turn=second.pk, reason="有事", by=floor.director, at=TIME)
    assert seats(floor.centre) == [("A03", floor.agents[2].pk)]


def test_early_relief_needs_both():
    floor = make_desks.floor(called=False)
    shift_actions.mark_rest_here(shift=floor.next_shift, by=floor.next_leader, at=make.at(15, 40))
    shift_actions.close_roll_call(shift=floor.next_shift, confirmed=True, by=floor.next_leader, at=make.at(15, 45))
    row = make_desks.released(floor, at=make.at(15, 48))
    assert (row.status, row.overtime_minutes) == (Status.RELEASED, 0)


def test_what_is_not_in_order_blocks_nothing_but_is_said():
    floor = make_desks.floor()
    row = make_desks.briefed(floor)
    items = steps.items_of(floor.centre)
    step = {"relief": row.pk, "by": floor.next_agents[0], "at": TIME, "faults": [items[2], 0]}
    assert refused(steps.assume, **step) == ("relief_remark_missing", "handover.3")
    steps.assume(remark="耳机左侧无声", **step)
    row.refresh_from_db()
    assert (row.items, row.faults, row.remark, len(items)) == (items, [items[2]], "耳机左侧无声", 5)


def test_at_most_five_items_are_looked_at():
    floor = make_desks.floor()
    checklist = ChecklistItem.objects.get(pk=steps.items_of(floor.centre)[0]).checklist
    ChecklistItem.objects.create(checklist=checklist, order=6, text_zh="显示器", text_en="Display", clauses=[])
    assert len(steps.items_of(floor.centre)) == 5


def test_a_mistaken_tap_is_taken_back():
    floor = make_desks.floor()
    outgoing, incoming = floor.agents[0], floor.next_agents[0]
    row = make_desks.briefed(floor)
    assert refused(steps.unbrief, relief=row.pk, by=incoming, at=TIME)[0] == "relief_not_yours_to_brief"
    steps.unbrief(relief=row.pk, by=outgoing, at=TIME)
    assert refused(steps.unbrief, relief=row.pk, by=outgoing, at=TIME)[0] == "wrong_state"
    assert refused(steps.step_back, relief=row.pk, by=outgoing, at=TIME)[0] == "relief_is_anothers"
    steps.step_back(relief=row.pk, by=incoming, at=TIME)
    row.refresh_from_db()
    assert (row.status, row.at_desk_at, row.briefed_at, row.incoming) == (Status.WAITING, None, None, incoming)


def test_who_forgets_to_sign_out_is_signed_out():
    floor = make_desks.floor()
    row = make_desks.assumed(floor)
    assert tending.sign_out_forgotten(centre=floor.centre, at=make.at(16, 31)) == 0
    assert tending.sign_out_forgotten(centre=floor.centre, at=make.at(16, 32)) == 1
    row.refresh_from_db()
    turn = Turn.objects.get(pk=row.turn_id)
    assert (row.status, row.ended_by, turn.until_at) == (Status.RELEASED, None, TIME)


def test_the_leaders_hear_once_of_desks_that_wait():
    floor = make_desks.floor()
    make_desks.assumed(floor, 1)
    told = [
        tending.report_waiting(centre=floor.centre, at=at) for at in (make.at(16, 4), make.at(16, 5), make.at(16, 6))
    ]
    message = Announcement.objects.get(kind="handover.desks_waiting")
    assert (told, message.to) == ([0, 1, 0], [floor.leader.pk, floor.next_leader.pk])
    assert message.facts == {"ended_at": make.at(16).astimezone(message.at.tzinfo).isoformat(), "desks": "A01"}


def test_reliefs_follow_the_roster_until_somebody_came_or_was_named():
    floor = make_desks.floor(count=3)
    make_desks.arrived(floor, 1)
    steps.substitute(relief=make_desks.relief(floor, 2).pk, person=make.person(), by=floor.leader, at=TIME)
    kept = [make_desks.relief(floor, number).incoming for number in (1, 2)]
    Assignment.objects.filter(shift=floor.next_shift).delete()
    joined = make.person(name="换班组员")
    make_desks.plan(floor.next_shift, [joined], floor.desks[:1])
    tending.follow_roster(centre=floor.centre, at=TIME)
    assert [make_desks.relief(floor, number).incoming for number in range(3)] == [joined, *kept]
    assert steps_of(make_desks.relief(floor))[-1] == ("relief.replanned", None)


@pytest.mark.parametrize(
    ("reached", "statements"), [("relief", 3), ("arrived", 2), ("briefed", 6), ("assumed", 3)]
)  # with the session and the person that leaves a step within eight
def test_what_a_step_asks_the_database_besides_the_journal(reached, statements):
    floor = make_desks.floor()
    getattr(make_desks, reached)(floor)
    row = make_desks.relief(floor)
    step, side = {
        "relief": (steps.arrive, floor.next_agents),
        "arrived": (steps.brief, floor.agents),
        "briefed": (steps.assume, floor.next_agents),
        "assumed": (steps.sign_out, floor.agents),
    }[reached]
    with CaptureQueriesContext(connection) as asked:
        step(relief=row.pk, by=side[0], at=TIME)
    own = [one["sql"] for one in asked if not re.search("SAVEPOINT|journal_|advisory", one["sql"])]
    assert len(own) == statements, own
