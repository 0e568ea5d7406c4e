"""The steps of a roll call: who calls it, what a mark says, closing, latecomers, reopening."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from callcentre.refusals import Refused
from journal.models import Entry
from people.models import Role
from rulebook import actions as rulebook
from rulebook.models import Breach, ChecklistItem
from shifts import actions, attendance, calling, rules
from shifts.actions import roll_calls
from shifts.models import Assignment, Call, Leave, RollCall, Shift
from tests import make, make_rollcall, make_shifts
from tests.make_rollcall import away, call, closed, here, opened, roll_call

pytestmark = pytest.mark.django_db
Outcome = Call.Outcome


def refused(step, *args, **kwargs):
    with pytest.raises(Refused) as raised:
        step(*args, **kwargs)
    return raised.value.code


def outcomes(floor):
    return [(row.person, row.outcome) for row in Call.objects.filter(roll_call__shift=floor.shift).order_by("pk")]


def verbs(floor):
    return [row.verb for row in Entry.objects.about(roll_call(floor))]


def breaches():
    return [(row.person, row.kind, row.status, row.facts, row.leader) for row in Breach.objects.order_by("pk")]


def leave(person, **options):
    values = {"kind": "annual", "from_on": make.MONDAY, "until_on": make.MONDAY, "status": "approved"}
    by = make.person(role=Role.DIRECTOR)
    decided = {"asked_by": person, "asked_at": make.at(1), "decided_by": by, "decided_at": make.at(2)}
    return Leave.objects.create(centre=person.centre, person=person, **values, **decided, **options)


# Opening


def test_it_opens_with_the_crew_as_the_roster_stands():
    floor = make_rollcall.floor(agents=2)
    leave(floor.agents[1])
    actions.open_roll_call(shift=floor.shift, by=None, at=make.at(7, 30))
    made = roll_call(floor)
    assert (made.starts_at, made.called_at, made.opened_at) == (make.at(8), make.at(7, 50), make.at(7, 30))
    assert outcomes(floor) == [
        (floor.leader, Outcome.EXPECTED),
        (floor.agents[0], Outcome.EXPECTED),
        (floor.agents[1], Outcome.ON_LEAVE),
    ]
    assert [row.leads for row in made.calls.order_by("pk")] == [True, False, False]
    assert verbs(floor) == ["roll_call.opened"]


def test_opening_twice_is_one():
    floor = opened()
    actions.open_roll_call(shift=floor.shift, by=floor.leader, at=make.at(7, 40))
    assert (RollCall.objects.count(), Call.objects.count(), verbs(floor)) == (1, 4, ["roll_call.opened"])


def test_it_opens_neither_before_its_time_nor_after_its_shift():
    floor = make_rollcall.floor()
    assert refused(actions.open_roll_call, shift=floor.shift, by=None, at=make.at(7, 29)) == "roll_call_not_yet"
    assert refused(actions.open_roll_call, shift=floor.shift, by=None, at=make.at(16)) == "roll_call_over"


def test_its_times_follow_the_rulebook_of_its_day():
    floor = make_rollcall.floor()
    by = make_shifts.director()
    for name, minutes in (("early_arrival_minutes", 25), ("roll_call_opens_minutes", 15)):
        rulebook.set_parameter(centre=floor.centre, name=name, value=minutes, from_on=make.MONDAY, by=by, at=make.at(1))
    actions.open_roll_call(shift=floor.shift, by=None, at=make.at(7, 35))
    assert roll_call(floor).called_at == make.at(7, 35)
    assert roll_calls.times_of(floor.shift) == (make.at(7, 25), make.at(7, 35))  # ten minutes before the call at least


def test_whoever_calls_it_opens_it_before_the_minute_came():
    floor = make_rollcall.floor()
    here(floor, floor.agents[0], make.at(7, 41))
    assert verbs(floor) == ["roll_call.opened", "roll_call.marked"]
    assert refused(here, make_rollcall.floor(type="M"), floor.agents[0], make.at(7, 41)) == "roll_call_not_yet"


# Who calls it


def test_the_leader_who_acts_for_them_and_the_director_call_it():
    floor = opened(agents=3)
    deputy, director = make.person(role=Role.LEADER), make_shifts.director()
    make_shifts.deputy(absent=floor.leader, deputy=deputy)
    for by, agent in zip((floor.leader, deputy, director), floor.agents, strict=True):
        here(floor, agent, make.at(7, 45), by=by)
    assert {row.outcome for row in roll_call(floor).calls.all()} == {Outcome.EARLY}


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEADER, Role.INSPECTOR, Role.CENTRE_DIRECTOR])
def test_others_do_not_call_it(role):
    floor = opened()
    by = make.person(role=role)
    assert refused(here, floor, floor.agents[0], make.at(7, 45), by=by) == "roll_call_not_yours"
    assert refused(actions.mark_rest_here, shift=floor.shift, by=by, at=make.at(7, 45)) == "roll_call_not_yours"
    closing = {"shift": floor.shift, "confirmed": True, "by": by, "at": make.at(7, 45)}
    assert refused(actions.close_roll_call, **closing) == "roll_call_not_yours"
    assert refused(here, floor, floor.agents[0], make.at(7, 45), by=floor.agents[0]) == "roll_call_not_yours"


def test_a_director_of_another_centre_does_not_call_it():
    floor = opened()
    by = make.person(role=Role.DIRECTOR, centre=make.centre(name="别的中心"))
    assert refused(here, floor, floor.agents[0], make.at(7, 45), by=by) == "roll_call_not_yours"


# Marks


@pytest.mark.parametrize(
    ("at", "outcome", "minutes"),
    [
        (make.at(7, 31), Outcome.EARLY, 0),
        (make.at(7, 50) + dt.timedelta(seconds=59), Outcome.EARLY, 0),
        (make.at(7, 51), Outcome.LATE_FOR_ROLL_CALL, 1),
        (make.at(8, 0) + dt.timedelta(seconds=59), Outcome.LATE_FOR_ROLL_CALL, 10),
        (make.at(8, 1), Outcome.LATE_FOR_SHIFT, 1),
        (make.at(9, 30), Outcome.LATE_FOR_SHIFT, 90),
    ],
)
def test_a_tap_is_judged_by_its_minute(at, outcome, minutes):
    floor = opened()
    here(floor, floor.agents[0], at)
    made = call(floor, floor.agents[0])
    assert (made.outcome, made.minutes_late, made.arrived_at) == (outcome, minutes, at)
    assert (made.marked_by, made.marked_at) == (floor.leader, at)


def test_the_leaders_first_step_is_their_own_arrival():
    floor = opened()
    here(floor, floor.agents[0], make.at(7, 52))
    here(floor, floor.agents[1], make.at(7, 58))
    made = call(floor, floor.leader)
    assert (made.outcome, made.minutes_late, made.arrived_at) == (Outcome.LATE_FOR_ROLL_CALL, 2, make.at(7, 52))


def test_nobody_decides_about_themselves():
    floor = opened()
    here(floor, floor.leader, make.at(7, 55))
    own = {"shift": floor.shift, "person_id": floor.leader.pk, "by": floor.leader, "at": make.at(7, 56)}
    assert refused(actions.unmark, **own) == "call_is_your_own"
    assert refused(actions.mark_arrival, **own, time=dt.time(7, 40), reason="堵车") == "call_is_your_own"
    assert refused(actions.annotate, **own, reason="", excuse="堵车", remark="") == "call_is_your_own"
    director = make_shifts.director()
    actions.annotate(**{**own, "by": director}, reason="", excuse="开会", remark="")
    assert call(floor, floor.leader).excused_by == director


def test_a_mark_is_taken_back():
    floor = opened()
    agent = floor.agents[0]
    away(floor, agent)
    actions.annotate(
        shift=floor.shift, person_id=agent.pk, reason="", excuse="住院", remark="", by=floor.leader, at=make.at(7, 56)
    )
    actions.unmark(shift=floor.shift, person_id=agent.pk, by=floor.leader, at=make.at(7, 57))
    made = call(floor, agent)
    assert (made.outcome, made.arrived_at, made.excuse, made.excused_by) == (Outcome.EXPECTED, None, "", None)
    again = {"shift": floor.shift, "person_id": agent.pk, "by": floor.leader, "at": make.at(7, 57)}
    assert refused(actions.unmark, **again) == "call_not_marked"
    assert verbs(floor)[-3:] == ["roll_call.marked", "roll_call.annotated", "roll_call.unmarked"]


def test_who_is_marked_is_not_marked_again():
    floor = opened()
    here(floor, floor.agents[0], make.at(7, 45))
    assert refused(here, floor, floor.agents[0], make.at(7, 46)) == "call_marked"
    assert refused(away, floor, floor.agents[0]) == "call_marked"


def test_who_was_called_absent_comes_after_all():
    floor = opened()
    away(floor, floor.agents[0])
    here(floor, floor.agents[0], make.at(8, 5))
    assert call(floor, floor.agents[0]).outcome == Outcome.LATE_FOR_SHIFT


def test_a_stranger_to_the_shift_is_not_called():
    floor = opened()
    assert refused(here, floor, make.person(), make.at(7, 45)) == "call_unknown"


def test_everybody_else_is_here_in_one_step():
    floor = opened(agents=3)
    away(floor, floor.agents[0], Outcome.ON_LEAVE)
    actions.mark_rest_here(shift=floor.shift, by=floor.leader, at=make.at(7, 58))
    assert [outcome for _person, outcome in outcomes(floor)] == [
        Outcome.LATE_FOR_ROLL_CALL,  # the leader's own first step was at 07:55
        Outcome.ON_LEAVE,
        Outcome.LATE_FOR_ROLL_CALL,
        Outcome.LATE_FOR_ROLL_CALL,
    ]
    assert verbs(floor)[-1] == "roll_call.all_marked"


def arrive(floor, person, time, reason="手机没电，进门时已到", at=None, by=None):
    by, at = by or floor.leader, at or make.at(8, 10)
    return actions.mark_arrival(shift=floor.shift, person_id=person.pk, time=time, reason=reason, by=by, at=at)


def test_a_time_of_arrival_is_entered_with_its_reason():
    floor = opened()
    here(floor, floor.agents[0], make.at(8, 5))
    arrive(floor, floor.agents[0], dt.time(7, 48))
    made = call(floor, floor.agents[0])
    assert (made.outcome, made.arrived_at, made.reason) == (Outcome.EARLY, make.at(7, 48), "手机没电，进门时已到")
    assert verbs(floor)[-1] == "roll_call.corrected"


def test_what_is_no_time_of_arrival_is_refused():
    floor = opened()
    agent = floor.agents[0]
    assert refused(arrive, floor, agent, dt.time(7, 48), reason=" ") == "roll_call_reason_missing"
    assert refused(arrive, floor, agent, dt.time(8, 11)) == "arrival_in_future"
    assert refused(arrive, floor, agent, dt.time(3, 0)) == "arrival_not_of_this_shift"


def test_before_a_night_shift_one_arrives_on_the_evening_before():
    floor = make_rollcall.floor(type="N")
    evening = make.MONDAY - dt.timedelta(days=1)
    here(floor, floor.agents[0], make.at(23, 45, on=evening))
    arrive(floor, floor.agents[1], dt.time(23, 52), at=make.at(0, 10))
    assert [call(floor, agent).outcome for agent in floor.agents[:2]] == [Outcome.EARLY, Outcome.LATE_FOR_ROLL_CALL]
    assert call(floor, floor.agents[1]).minutes_late == 2


def test_after_the_shift_a_tap_is_no_arrival():
    floor = opened()
    assert refused(here, floor, floor.agents[0], make.at(16, 0)) == "arrival_time_needed"
    arrive(floor, floor.agents[0], dt.time(7, 45), at=make.at(16, 30))
    assert call(floor, floor.agents[0]).outcome == Outcome.EARLY
    assert call(floor, floor.leader).outcome == Outcome.EXPECTED


def test_a_roll_call_that_came_too_late_judges_nobody_by_a_tap():
    floor = make_rollcall.floor(opened_at=make.at(8, 20))
    here(floor, floor.agents[0], make.at(8, 21))
    arrive(floor, floor.agents[1], dt.time(8, 10), at=make.at(8, 22))
    assert [call(floor, agent).outcome for agent in floor.agents[:2]] == [Outcome.EARLY, Outcome.LATE_FOR_SHIFT]
    assert call(floor, floor.leader).outcome == Outcome.EARLY
    closed(floor, at=make.at(8, 30))
    assert [(row.person, row.kind) for row in Breach.objects.all()] == [(floor.agents[1], "late_for_shift")]


# Items, words


def test_only_what_is_not_in_order_is_noted():
    floor = opened()
    agent, item = floor.agents[0], make_rollcall.items(floor)[1]
    step = {"shift": floor.shift, "person_id": agent.pk, "item": item.pk, "by": floor.leader, "at": make.at(7, 46)}
    actions.set_fault(**step, faulty=True)
    actions.set_fault(**step, faulty=True)
    assert call(floor, agent).faults == [item.pk]
    actions.set_fault(**step, faulty=False)
    assert call(floor, agent).faults == []
    assert verbs(floor) == ["roll_call.opened", "roll_call.fault_noted", "roll_call.fault_cleared"]
    assert refused(actions.set_fault, **{**step, "item": 0}, faulty=True) == "roll_call_item_unknown"


def test_a_centre_switches_the_make_up_item_off():
    floor = opened()
    item = ChecklistItem.objects.get(checklist__key="roll_call", text_en="Light make-up")
    assert [found.clauses[0] for found in make_rollcall.items(floor)] == [
        "duty.1", "duty.1", "hygiene.changing.3", "hygiene.room.3", "hygiene.changing.3",
    ]  # fmt: skip
    rulebook.switch_item(item=item, active=False, by=make_shifts.director(), at=make.at(7))
    assert len(make_rollcall.items(floor)) == 4
    step = {"shift": floor.shift, "person_id": floor.agents[0].pk, "by": floor.leader, "at": make.at(7, 46)}
    assert refused(actions.set_fault, **step, item=item.pk, faulty=True) == "roll_call_item_unknown"
    closed(floor)
    assert len(roll_call(floor).items) == 4


def test_an_excuse_is_for_who_was_late_or_absent():
    floor = opened()
    here(floor, floor.agents[0], make.at(7, 45))
    words = {"shift": floor.shift, "person_id": floor.agents[0].pk, "by": floor.leader, "at": make.at(7, 46)}
    assert refused(actions.annotate, **words, reason="", excuse="路滑", remark="") == "call_not_late"
    actions.annotate(**words, reason="", excuse="", remark="耳机已换")
    assert call(floor, floor.agents[0]).remark == "耳机已换"


def test_a_person_says_why_until_the_shift_ends():
    floor = opened()
    step = {"shift": floor.shift, "by": floor.agents[0], "reason": "地铁故障"}
    actions.state_reason(**step, at=make.at(8, 30))
    assert call(floor, floor.agents[0]).reason == "地铁故障"
    assert verbs(floor)[-1] == "roll_call.reason_stated"
    assert refused(actions.state_reason, **step, at=make.at(16)) == "roll_call_over"
    assert refused(actions.state_reason, **{**step, "by": make.person()}, at=make.at(9)) == "call_unknown"


def test_of_two_who_write_remarks_the_second_is_told():
    floor = opened()
    step = {"shift": floor.shift, "by": floor.leader, "at": make.at(7, 50)}
    actions.write_remarks(**step, remarks="注意雨天话术", before="")
    assert refused(actions.write_remarks, **step, remarks="别的", before="") == "remarks_changed_meanwhile"
    assert roll_call(floor).remarks == "注意雨天话术"


# Closing


def test_closing_is_the_crews_entry_to_the_room():
    floor = opened()
    made = closed(floor)
    made.refresh_from_db()
    assert (made.status, made.closed_by, made.closed_at) == (RollCall.Status.CLOSED, floor.leader, make.at(7, 58))
    assert made.items == [item.pk for item in make_rollcall.items(floor)]
    entry = Entry.objects.about(made).last()
    assert (entry.verb, entry.clause, entry.facts) == ("roll_call.closed", "handover.2", {"items": made.items})


def test_closing_asks_for_everybody_and_for_the_word():
    floor = opened(agents=1)
    step = {"shift": floor.shift, "by": floor.leader, "at": make.at(7, 58)}
    with pytest.raises(Refused) as raised:
        actions.close_roll_call(**step, confirmed=True)
    assert (raised.value.code, raised.value.clause) == ("roll_call_unmarked", "handover.1")
    assert raised.value.facts == {"names": floor.agents[0].name}  # the leader's own first step was this one
    here(floor, floor.agents[0], make.at(7, 45))
    assert refused(actions.close_roll_call, **step, confirmed=False) == "roll_call_unconfirmed"
    actions.close_roll_call(**step, confirmed=True)
    assert refused(actions.close_roll_call, **step, confirmed=True) == "wrong_state"


def test_who_joined_the_shift_meanwhile_is_asked_for_too():
    floor = opened(agents=1)
    actions.mark_rest_here(shift=floor.shift, by=floor.leader, at=make.at(7, 45))
    joined = make.person(name="换班人")
    Assignment.to(floor.shift, joined.pk).save()
    step = {"shift": floor.shift, "by": floor.leader, "at": make.at(7, 58), "confirmed": True}
    assert refused(actions.close_roll_call, **step) == "roll_call_unmarked"
    here(floor, joined, make.at(7, 49))
    actions.close_roll_call(**step)


def test_breaches_are_noticed_when_it_closes_and_wait_for_the_leader():
    floor = opened(agents=4)
    early, late, excused, gone = floor.agents
    here(floor, early, make.at(7, 45))
    here(floor, late, make.at(7, 53))
    here(floor, excused, make.at(7, 54))
    away(floor, gone)
    actions.annotate(
        shift=floor.shift,
        person_id=excused.pk,
        reason="",
        excuse="地铁停运",
        remark="",
        by=floor.leader,
        at=make.at(7, 55),
    )
    assert breaches() == []
    closed(floor, at=make.at(7, 59))
    assert breaches() == [
        (late, "late_for_roll_call", "noticed", {"minutes": 3}, floor.leader),
        (gone, "absent", "noticed", {}, floor.leader),
    ]
    assert list(Breach.objects.waiting_for(floor.leader).order_by("pk")) == list(Breach.objects.order_by("pk"))


def test_the_leaders_own_lateness_waits_for_the_director():
    floor = opened(agents=1)
    director = make_shifts.director()
    here(floor, floor.agents[0], make.at(7, 52))
    closed(floor)
    own = Breach.objects.get(person=floor.leader)
    assert (own.kind, own.facts, own.leader) == ("late_for_roll_call", {"minutes": 2}, None)
    assert own in Breach.objects.waiting_for(director)


# After closing


def test_a_latecomer_is_added_without_reopening():
    floor = opened(agents=2)
    gone = floor.agents[0]
    away(floor, gone)
    closed(floor)
    here(floor, gone, make.at(8, 25))
    made = call(floor, gone)
    assert (made.outcome, made.minutes_late) == (Outcome.LATE_FOR_SHIFT, 25)
    assert roll_call(floor).status == RollCall.Status.CLOSED
    assert [row[1:3] for row in breaches() if row[0] == gone] == [("absent", "excused"), ("late_for_shift", "noticed")]
    assert verbs(floor)[-1] == "roll_call.latecomer_added"
    assert refused(here, floor, gone, make.at(8, 26)) == "roll_call_closed"


def test_an_absence_confirmed_too_soon_does_not_count_beside_the_lateness():
    floor = opened(agents=2)
    gone = floor.agents[0]
    away(floor, gone)
    closed(floor)
    rulebook.confirm(breach=Breach.objects.get(person=gone), by=floor.leader, at=make.at(8, 10))
    here(floor, gone, make.at(8, 25))
    assert [row[1:3] for row in breaches() if row[0] == gone] == [("absent", "excused"), ("late_for_shift", "noticed")]


def test_who_came_to_the_shift_after_closing_is_added():
    floor = opened(agents=1)
    closed(floor)
    joined = make.person(name="换班人")
    Assignment.to(floor.shift, joined.pk).save()
    here(floor, joined, make.at(8, 5))
    assert call(floor, joined).outcome == Outcome.LATE_FOR_SHIFT


def test_a_closed_roll_call_is_not_changed():
    floor = opened(agents=2)
    away(floor, floor.agents[0])
    closed(floor)
    agent = floor.agents[1]
    step = {"shift": floor.shift, "person_id": agent.pk, "by": floor.leader, "at": make.at(8, 5)}
    assert refused(actions.unmark, **step) == "roll_call_closed"
    assert refused(away, floor, floor.agents[0], Outcome.ON_LEAVE) == "roll_call_closed"
    assert refused(actions.annotate, **step, reason="", excuse="", remark="x") == "roll_call_closed"
    assert refused(arrive, floor, agent, dt.time(7, 55)) == "roll_call_closed"
    item = make_rollcall.items(floor)[0].pk
    assert refused(actions.set_fault, **step, item=item, faulty=True) == "roll_call_closed"
    del step["person_id"]
    assert refused(actions.mark_rest_here, **step) == "roll_call_closed"
    assert refused(actions.write_remarks, **step, remarks="x", before="") == "roll_call_closed"


def reopen(floor, at, reason="点错了人", by=None):
    return actions.reopen_roll_call(shift=floor.shift, reason=reason, by=by or floor.leader, at=at)


def test_it_is_reopened_with_a_reason_within_its_shift():
    floor = opened(agents=1)
    here(floor, floor.agents[0], make.at(7, 55))
    closed(floor)
    assert refused(reopen, floor, make.at(8, 10), reason=" ") == "roll_call_reason_missing"
    assert refused(reopen, floor, make.at(16)) == "roll_call_reopens_in_its_shift"
    assert refused(reopen, floor, make.at(8, 10), by=floor.agents[0]) == "roll_call_not_yours"
    reopen(floor, make.at(8, 10))
    assert refused(reopen, floor, make.at(8, 11)) == "wrong_state"
    arrive(floor, floor.agents[0], dt.time(7, 45))
    actions.close_roll_call(shift=floor.shift, confirmed=True, by=floor.leader, at=make.at(8, 12))
    lateness = Breach.objects.get(person=floor.agents[0])
    assert (lateness.status, lateness.reason, lateness.decided_by) == ("excused", "点错了人", floor.leader)
    assert verbs(floor)[-3:] == ["roll_call.reopened", "roll_call.corrected", "roll_call.closed"]


def test_closing_again_notices_nothing_twice():
    floor = opened(agents=1)
    here(floor, floor.agents[0], make.at(7, 55))
    closed(floor)
    before = breaches()
    reopen(floor, make.at(8, 10))
    actions.close_roll_call(shift=floor.shift, confirmed=True, by=floor.leader, at=make.at(8, 12))
    assert breaches() == before


# The roster moves on while it is open


def test_who_gave_the_shift_away_is_swapped_and_who_came_is_added():
    floor = opened(agents=2)
    given, stays = floor.agents
    away(floor, stays)
    taker = make.person(name="接班人")
    Assignment.objects.filter(shift=floor.shift, person=given).delete()
    Assignment.to(floor.shift, taker.pk).save()
    actions.mark_rest_here(shift=floor.shift, by=floor.leader, at=make.at(7, 49))
    assert dict(outcomes(floor)) == {
        floor.leader: Outcome.LATE_FOR_ROLL_CALL,
        given: Outcome.SWAPPED,
        stays: Outcome.ABSENT,
        taker: Outcome.EARLY,
    }
    assert refused(here, floor, given, make.at(7, 49)) == "call_swapped"
    Assignment.to(floor.shift, given.pk).save()
    actions.mark_rest_here(shift=floor.shift, by=floor.leader, at=make.at(7, 50))
    assert call(floor, given).outcome == Outcome.EARLY


def test_who_is_here_stays_here_whatever_the_roster_says():
    floor = opened(agents=2)
    here(floor, floor.agents[0], make.at(7, 40))
    Assignment.objects.filter(shift=floor.shift).delete()
    actions.mark_rest_here(shift=floor.shift, by=floor.leader, at=make.at(7, 49))
    assert [outcome for _person, outcome in outcomes(floor)] == [Outcome.EARLY, Outcome.EARLY, Outcome.SWAPPED]


def test_another_leader_takes_the_shift_over():
    floor = opened(agents=1)
    here(floor, floor.agents[0], make.at(7, 40))
    other = make.person(role=Role.LEADER, name="乙班长")
    Shift.objects.filter(pk=floor.shift.pk).update(leader=other)
    calling.tick_centre(floor.centre, make.at(7, 41))
    rows = Call.objects.filter(roll_call__shift=floor.shift).order_by("pk")
    assert [(row.person, row.outcome, row.leads) for row in rows] == [
        (floor.leader, Outcome.EARLY, False),
        (floor.agents[0], Outcome.EARLY, False),
        (other, Outcome.EXPECTED, True),
    ]
    here(floor, other, make.at(7, 45), by=other)
    assert call(floor, other).outcome == Outcome.EARLY


def test_leave_that_is_approved_or_cancelled_meanwhile_is_followed():
    floor = opened(agents=2)
    away_today = leave(floor.agents[0])
    away(floor, floor.agents[1], Outcome.ON_LEAVE)
    actions.mark_rest_here(shift=floor.shift, by=floor.leader, at=make.at(7, 45))
    assert [outcome for _person, outcome in outcomes(floor)][1:] == [Outcome.ON_LEAVE, Outcome.ON_LEAVE]
    Leave.objects.filter(pk=away_today.pk).update(status="cancelled")
    actions.mark_rest_here(shift=floor.shift, by=floor.leader, at=make.at(7, 46))
    assert [outcome for _person, outcome in outcomes(floor)][1:] == [Outcome.EARLY, Outcome.ON_LEAVE]


# What others ask


def test_presence_counts_when_the_roll_call_is_closed():
    floor = opened(agents=2)
    came, gone = floor.agents
    here(floor, came, make.at(7, 45))
    away(floor, gone)
    assert not attendance.is_present(floor.shift, came)
    closed(floor)
    assert [attendance.is_present(floor.shift, person) for person in (came, gone, floor.leader)] == [True, False, True]
    assert rules.check_takes_desk.clauses == ("handover.1",)
    rules.check_takes_desk(came, True)
    with pytest.raises(Refused) as raised:
        rules.check_takes_desk(gone, False)
    assert (raised.value.code, raised.value.clause) == ("desk_needs_roll_call", "handover.1")


def test_the_log_is_told_who_was_not_there_in_time():
    floor = opened(agents=3)
    late, gone, ill = floor.agents
    here(floor, floor.leader, make.at(7, 40))
    here(floor, late, make.at(7, 52))
    away(floor, gone)
    away(floor, ill, Outcome.ON_LEAVE)
    assert attendance.absences(floor.shift) == []
    closed(floor)
    assert attendance.absences(floor.shift) == [
        (late, Outcome.LATE_FOR_ROLL_CALL),
        (gone, Outcome.ABSENT),
        (ill, Outcome.ON_LEAVE),
    ]


# What the database refuses by itself


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"outcome": "early"}, "who_is_present_has_arrived_at_a_time"),
        ({"arrived_at": make.at(7, 45)}, "who_is_present_has_arrived_at_a_time"),
        ({"excuse": "x"}, "excuse_at_a_roll_call_says_who_and_why"),
    ],
)
def test_the_database_refuses_a_call_that_contradicts_itself(changes, constraint):
    floor = opened()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Call.objects.filter(person=floor.agents[0]).update(**changes)


def test_the_database_refuses_a_self_excuse_a_second_call_and_a_closing_without_a_name():
    floor = opened()
    agent = floor.agents[0]
    with pytest.raises(IntegrityError, match="nobody_excuses_themselves_at_a_roll_call"), transaction.atomic():
        Call.objects.filter(person=agent).update(excuse="x", excused_by=agent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.create(roll_call=roll_call(floor), person=agent, starts_at=floor.shift.starts_at)
    with pytest.raises(IntegrityError, match="closed_roll_call_has_closer_and_time"), transaction.atomic():
        RollCall.objects.update(status="closed")
