"""Desks: who takes, gives, closes and opens one, what the floor shows of them, and what the database refuses."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from callcentre.refusals import Refused
from handover import desk_actions, desks, tending
from handover import relief_actions as steps
from handover.desks import State
from handover.models import Closure, DeskRelief, Turn
from handover.ticking import tend_desks
from journal.models import Entry as JournalRow
from shifts.models import Assignment, Desk
from tests import make, make_desks, make_shifts

pytestmark = pytest.mark.django_db
TIME = make_desks.TIME


def refused(step, **options):
    with pytest.raises(Refused) as caught:
        step(**options)
    return caught.value.code, caught.value.clause


def rows_of(floor, at=TIME):
    return desks.board(floor.centre, at)


def free(floor, number=0):
    """The desk, its person gone home."""
    Turn.objects.filter(desk=floor.desks[number]).update(until_at=make.at(15, 20))
    return floor.desks[number]


def newest():
    row = JournalRow.objects.order_by("pk").last()
    return row.verb, row.actor, row.clause


def test_the_board_shows_every_desk_and_where_its_relief_stands():
    floor = make_desks.floor(count=7)
    make_desks.released(floor, 1)
    make_desks.assumed(floor, 2)
    make_desks.briefed(floor, 3)
    make_desks.arrived(floor, 4)
    desk_actions.release(turn=floor.turns[5].pk, reason="有事", by=floor.leader, at=TIME)
    desk_actions.release(turn=floor.turns[6].pk, reason="有事", by=floor.leader, at=TIME)
    desk_actions.close_desk(desk=floor.desks[6], by=floor.leader, at=TIME)
    shown = [
        (row.code, row.state, row.person_id, row.relief_person_id, row.since, row.overtime) for row in rows_of(floor)
    ]
    old, new = [agent.pk for agent in floor.agents], [agent.pk for agent in floor.next_agents]
    assert shown == [
        ("A01", State.WAITING, old[0], new[0], make.at(16), 2),
        ("A02", State.OCCUPIED, new[1], None, TIME, 0),
        ("A03", State.ASSUMED, old[2], new[2], TIME, 2),
        ("A04", State.BRIEFED, old[3], new[3], TIME, 2),
        ("A05", State.AT_DESK, old[4], new[4], TIME, 2),
        ("A06", State.FREE, None, None, None, 0),
        ("A07", State.CLOSED, None, None, TIME, 0),
    ]


def test_the_board_costs_the_same_for_one_desk_and_for_ten():
    floor = make_desks.floor(count=1)
    with CaptureQueriesContext(connection) as few:
        rows_of(floor)
    for number in range(2, 12):
        desk = Desk.objects.create(room=floor.desks[0].room, code=f"A{number:02}")
        make_desks.sit(floor, make.person(), desk)
    with CaptureQueriesContext(connection) as many:
        assert len(rows_of(floor)) == 11
    assert len(few) == len(many) == 3


def test_a_desk_out_of_use_is_shown_while_somebody_sits_there():
    floor = make_desks.floor()
    Desk.objects.update(in_use=False)
    free(floor)
    assert [row.code for row in rows_of(floor)] == ["A02"]


def test_desks_of_another_centre_are_not_shown():
    floor = make_desks.floor()
    assert desks.board(make.centre(name="另一中心"), TIME) == []
    assert list(DeskRelief.objects.open(make.centre(name="另一中心"))) == []
    assert DeskRelief.objects.open(floor.centre).count() == 2


def test_an_agent_takes_the_desk_that_the_roster_gives():
    floor = make_desks.floor()
    desk, agent = free(floor), floor.next_agents[0]
    turn = desk_actions.take_desk(desk=desk, by=agent, at=TIME)
    assert (turn.person, turn.shift, turn.from_at) == (agent, floor.next_shift, TIME)
    assert newest() == ("desk.taken", agent, "handover.4")


def test_an_agent_takes_another_free_desk_of_the_room():
    floor = make_desks.floor()
    Assignment.objects.filter(shift=floor.next_shift, desk=floor.desks[0]).update(desk=None)
    spare, *_ = make_shifts.desks(count=3)[2:]
    assert desk_actions.take_desk(desk=spare, by=floor.next_agents[0], at=TIME).desk == spare


def test_which_desks_are_not_taken():
    floor = make_desks.floor(count=3)
    agent = floor.next_agents[0]
    step = {"by": agent, "at": TIME}
    assert refused(desk_actions.take_desk, desk=floor.desks[1], **step) == ("desk_taken", "handover.4")
    planned = free(floor, 1)
    assert refused(desk_actions.take_desk, desk=planned, **step) == ("desk_planned_for_another", "handover.4")
    elsewhere = make_shifts.desks(count=1, room="二号机房")[0]
    assert refused(desk_actions.take_desk, desk=elsewhere, **step) == ("desk_in_another_room", "handover.4")
    spare = make_shifts.desks(count=4)[3]
    desk_actions.close_desk(desk=spare, by=floor.leader, at=TIME)
    assert refused(desk_actions.take_desk, desk=spare, **step) == ("desk_closed", "handover.4")
    Desk.objects.filter(pk=spare.pk).update(in_use=False)
    spare.refresh_from_db()
    assert refused(desk_actions.take_desk, desk=spare, **step) == ("desk_not_in_use", "handover.4")


def test_who_may_not_take_a_desk():
    floor = make_desks.floor(called=False)
    desk = free(floor)
    step = {"desk": desk, "at": TIME}
    assert refused(desk_actions.take_desk, by=make.person(), **step) == ("no_shift_now", "handover.4")
    assert refused(desk_actions.take_desk, by=floor.next_agents[0], **step) == ("desk_needs_roll_call", "handover.1")
    make_desks.call(floor)
    desk_actions.take_desk(by=floor.next_agents[0], **step)
    spare = make_shifts.desks(count=3)[2]
    again = refused(desk_actions.take_desk, desk=spare, by=floor.next_agents[0], at=TIME)
    assert again == ("at_another_desk", "handover.4")


def test_who_is_at_another_desk_takes_none_over():
    floor = make_desks.floor(count=3)
    row = make_desks.briefed(floor)
    Turn.objects.create(
        centre=floor.centre, desk=free(floor, 2), person=floor.next_agents[0], shift=floor.next_shift, from_at=TIME
    )
    code = refused(steps.assume, relief=row.pk, by=floor.next_agents[0], at=TIME)
    assert code == ("at_another_desk", "handover.4")


def test_the_leader_seats_somebody_whatever_the_plan():
    floor = make_desks.floor(count=3)
    desk, outsider = free(floor), make.person(name="支援组员")
    desk_actions.close_desk(desk=desk, by=floor.leader, at=TIME)
    turn = desk_actions.give_desk(desk=desk, person=outsider, by=floor.next_leader, at=TIME)
    assert (turn.shift, Closure.objects.now(floor.centre).count()) == (floor.next_shift, 0)
    assert newest() == ("desk.given", floor.next_leader, "handover.4")
    other = free(floor, 1)
    step = {"by": floor.next_leader, "at": TIME}
    assert refused(desk_actions.give_desk, desk=other, person=outsider, **step) == ("at_another_desk", "handover.4")
    assert refused(desk_actions.give_desk, desk=desk, person=make.person(), **step) == ("desk_taken", "handover.4")
    assert refused(desk_actions.give_desk, desk=other, person=floor.director, **step) == (
        "substitute_not_agent",
        "handover.4",
    )


def test_somebody_on_no_shift_sits_with_the_one_on_duty_or_not_at_all():
    floor = make_desks.floor(following=False)
    desk = free(floor)
    late = make.at(16, 30)
    code = refused(desk_actions.give_desk, desk=desk, person=make.person(), by=floor.leader, at=late)
    assert code == ("person_on_no_shift", "handover.4")


def test_the_leader_closes_a_desk_that_nobody_is_to_take_over():
    floor = make_desks.floor(count=2)
    step = {"by": floor.leader, "at": TIME}
    assert refused(desk_actions.close_desk, desk=floor.desks[0], **step) == ("desk_has_relief", "handover.4")
    Assignment.objects.filter(shift=floor.next_shift, desk=floor.desks[0]).update(desk=None)
    tending.follow_roster(centre=floor.centre, at=TIME)
    desk_actions.close_desk(desk=floor.desks[0], **step)
    row = make_desks.relief(floor)
    assert (row.status, row.ended_by, row.overtime_minutes) == ("closed", floor.leader, 2)
    assert (rows_of(floor)[0].state, newest()) == (State.CLOSED, ("desk.closed", floor.leader, "handover.4"))


def test_an_agent_closes_their_desk_only_where_no_shift_takes_over():
    floor = make_desks.floor(count=2)
    agent = floor.agents[0]
    step = {"by": agent, "at": TIME}
    assert refused(desk_actions.close_desk, desk=floor.desks[0], **step) == ("desk_closes_with_shift", "handover.4")
    assert refused(desk_actions.close_desk, desk=floor.desks[1], **step) == ("desk_leader_only", "handover.4")


def test_the_last_shift_closes_its_own_desks_and_the_first_opens_them():
    floor = make_desks.floor(count=1, following=False)
    agent, desk = floor.agents[0], floor.desks[0]
    early = refused(desk_actions.close_desk, desk=desk, by=agent, at=make.at(15, 59))
    assert early == ("desk_closes_with_shift", "handover.4")
    desk_actions.close_desk(desk=desk, by=agent, at=make.at(16))
    assert (make_desks.relief(floor).status, rows_of(floor)[0].state) == ("closed", State.CLOSED)
    tuesday = make.MONDAY + dt.timedelta(days=1)
    shift = make_shifts.shift(team=make.team(name="丁班"), on=tuesday, leader=floor.leader)
    opener = floor.next_agents[0]
    make_desks.plan(shift, [opener], [desk])
    floor.next_shift, floor.next_leader, morning = shift, floor.leader, make.at(8, on=tuesday)
    make_desks.call(floor, at=make.at(7, 45, on=tuesday), closed_at=make.at(7, 58, on=tuesday))
    desk_actions.take_desk(desk=desk, by=opener, at=morning)
    assert (rows_of(floor, morning)[0].state, Closure.objects.now(floor.centre).count()) == (State.OCCUPIED, 0)


def test_the_leader_opens_a_closed_desk():
    floor = make_desks.floor()
    desk = free(floor)
    step = {"desk": desk, "by": floor.leader, "at": TIME}
    assert refused(desk_actions.open_desk, **step)[0] == "desk_not_closed"
    desk_actions.close_desk(**step)
    desk_actions.close_desk(**step)
    desk_actions.open_desk(**step)
    assert (rows_of(floor)[0].state, newest()) == (State.FREE, ("desk.opened", floor.leader, "handover.4"))


def test_the_minute_tends_the_desks():
    floor = make_desks.floor(prepared=False)
    for _twice in range(2):
        tend_desks(None, at=make.at(16, 6))
    verbs = sorted(JournalRow.objects.filter(object_type="handover.deskrelief").values_list("verb", flat=True))
    assert verbs == ["relief.prepared"] * 2 + ["relief.wait_reported"] * 2
    assert desks.left_behind(floor.shift) == [("A01", "甲组员"), ("A02", "甲组员")]


def test_permanent_day_staff_relieve_nobody_and_are_signed_out():
    rotation = make_shifts.rotation(preset="weekdays", teams=[make.team()])
    agent = make.person()
    shift = make_shifts.shift(type="W", rotation=rotation, team=make.team(), people=[agent])
    turn = Turn.objects.create(
        centre=shift.centre, desk=make_shifts.desks()[0], person=agent, shift=shift, from_at=shift.starts_at
    )
    for minutes in (-10, 29, 31):
        tend_desks(None, at=shift.ends_at + dt.timedelta(minutes=minutes))
    turn.refresh_from_db()
    assert (DeskRelief.objects.count(), turn.until_at) == (0, shift.ends_at)


def test_the_spread_of_a_change():
    floor = make_desks.floor(count=4)
    for number, minutes in enumerate((1, 3, 9)):
        row = make_desks.briefed(floor, number)
        steps.assume(relief=row.pk, by=floor.next_agents[number], at=TIME + dt.timedelta(minutes=minutes))
    assert desks.spread(DeskRelief.objects.of_change(floor.shift), 5) == desks.Spread(3, 1, 3, 9, 1)
    assert desks.spread([], 5) is None


def test_what_waits_for_whom():
    floor = make_desks.floor(count=1)
    outgoing, incoming = floor.agents[0], floor.next_agents[0]
    waits = []
    for step in (make_desks.relief, make_desks.arrived, None, None):
        row = step(floor) if step else row  # noqa: F821 - the first step sets it
        waits.append([DeskRelief.objects.waiting_for(person, TIME).count() for person in (outgoing, incoming)])
        if len(waits) == 2:
            steps.brief(relief=row.pk, by=outgoing, at=TIME)
        if len(waits) == 3:
            steps.assume(relief=row.pk, by=incoming, at=TIME)
    assert waits == [[0, 1], [1, 0], [0, 1], [1, 0]]


def violated(row):
    """The constraints that the database names when the row is saved, and the message of the form's check."""
    with translation.override("en"):
        with pytest.raises(ValidationError) as caught:
            row.validate_constraints()
        messages = caught.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    return messages


def turn(floor, **options):
    values = {"desk": make_shifts.desks(count=9)[8], "person": make.person(), "shift": floor.shift}
    return Turn(**{"centre": floor.centre, "from_at": TIME, **values, **options})


def test_the_database_refuses_two_people_at_a_desk_and_one_at_two():
    floor = make_desks.floor()
    assert violated(turn(floor, desk=floor.desks[0])) == ["Somebody is at this desk already."]
    assert violated(turn(floor, person=floor.agents[0])) == ["This person is at a desk already."]
    assert violated(turn(floor, until_at=make.at(1))) == ["A turn at a desk ends after it begins."]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"incoming": "outgoing"}, "Nobody relieves themselves."),
        ({"status": "briefed", "incoming": None}, "A relief that has begun says who came and when."),
        ({"status": "assumed", "at_desk_at": TIME}, "A relieved desk was briefed and taken over, and says when."),
        ({"status": "closed"}, "A relief that has ended says when."),
        ({"ended_at": TIME}, "A relief that has ended says when."),
        ({"status": "let_go", "ended_at": TIME}, "Who releases somebody without relief says why."),
        (
            {"status": "cancelled", "ended_at": TIME, "reason": "已离开"},
            "Who releases somebody without relief says why.",
        ),
    ],
)
def test_the_database_refuses_a_relief_that_cannot_be(values, message):
    row = make_desks.relief(make_desks.floor())
    for name, value in values.items():
        setattr(row, name, row.outgoing if value == "outgoing" else value)
    assert message in violated(row)


def test_the_database_knows_the_states_of_a_relief():
    row = make_desks.relief(make_desks.floor())
    row.status = "lost"
    with pytest.raises(IntegrityError, match="relief_status_is_one_of_eight|ended_relief_has_its_time"):
        row.save()


def test_the_database_refuses_two_open_reliefs_of_a_desk():
    floor = make_desks.floor()
    other = make_desks.sit(floor, make.person(), make_shifts.desks(count=9)[8])
    row = DeskRelief(
        centre=floor.centre, desk=floor.desks[0], turn=other, shift=floor.shift, outgoing=other.person,
        waiting_since=TIME,
    )  # fmt: skip
    assert violated(row) == ["This desk is being relieved already."]


def test_the_database_refuses_to_close_a_desk_twice():
    floor = make_desks.floor()
    Closure.objects.create(centre=floor.centre, desk=floor.desks[0], from_at=TIME, by=floor.leader)
    again = Closure(centre=floor.centre, desk=floor.desks[0], from_at=TIME, by=floor.leader)
    assert violated(again) == ["This desk is closed already."]
