import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from callcentre.refusals import Refused
from delivery.actions import send_queued
from delivery.models import Message
from duties.models import Duty
from journal.models import Entry
from meetings import actions
from meetings.models import ActionItem, AgendaPoint, Attendance, Meeting
from people.models import Role
from tests import make, make_meetings, make_shifts

pytestmark = pytest.mark.django_db
AT = make.at(14)
D = dt.date
ItsStatus = Attendance.Status


@pytest.fixture
def director():
    return make_meetings.director()


def code_of(step, **arguments):
    with pytest.raises(Refused) as refused:
        step(**arguments)
    return refused.value.code


def statuses(meeting):
    return dict(meeting.attendance.values_list("person__name", "status"))


def verbs(meeting):
    return [row.verb for row in Entry.objects.about(meeting)]


def test_the_weekly_meeting_from_opening_to_final_minutes(director):
    make_meetings.leaders(2)
    meeting = make_meetings.open_meeting(by=director)
    assert (meeting.status, meeting.duty.status, meeting.chair) == ("in_progress", Duty.Status.STARTED, director)
    assert statuses(meeting) == {"0班长": "expected", "1班长": "expected"}
    actions.mark_all_present(meeting=meeting, by=director, at=AT)
    make_meetings.answer_all(meeting, by=director)
    actions.end_meeting(meeting=meeting, by=director, at=make.at(15))
    assert (meeting.status, meeting.duty.status, meeting.duty.done_by) == ("minutes_draft", Duty.Status.DONE, director)
    actions.finalise(meeting=meeting, by=director, at=make.at(16))
    assert (meeting.status, meeting.finalised_by) == ("final", director)
    assert verbs(meeting) == [
        "meeting.planned",
        "meeting.opened",
        "meeting.all_present",
        *["meeting.minutes_written"] * 8,
        "meeting.ended",
        "meeting.finalised",
    ]
    assert [row.verb for row in Entry.objects.about(meeting.duty)] == ["duty.started", "duty.done"]


def test_all_agents_leaders_and_the_centre_director_attend_the_monthly_meeting(director):
    make.person(role=Role.LEADER, name="班长")
    make.person(name="组员")
    make.person(role=Role.CENTRE_DIRECTOR, name="中心主任")
    make.person(role=Role.INSPECTOR, name="质检员")
    make.person(name="别处组员", centre=make.centre(name="别处"))
    gone = make.person(name="离职组员")
    gone.is_active = False
    gone.save()
    meeting = make_meetings.open_meeting(by=director, series="monthly")
    assert statuses(meeting) == {"班长": "expected", "组员": "expected", "中心主任": "expected"}


def test_who_works_at_that_time_is_excused_and_confirms_the_final_minutes(director):
    team, leader, agents = make_shifts.crew(agents=1)
    make_shifts.shift(team=team, leader=leader, people=agents, on=make_meetings.FRIDAY)
    make.person(name="休息组员")
    meeting = make_meetings.open_meeting(by=director, series="monthly")
    assert statuses(meeting) == {"甲班长": "excused", "甲组员": "excused", "休息组员": "expected"}
    row = make_meetings.row(meeting, leader)
    assert code_of(actions.confirm_minutes, attendance=row, by=leader, at=AT) == "meeting_not_final"
    make_meetings.answer_all(meeting, by=director)
    actions.end_meeting(meeting=meeting, by=director, at=AT)
    assert statuses(meeting)["休息组员"] == "absent"
    actions.finalise(meeting=meeting, by=director, at=AT)
    send_queued()
    asked = Message.objects.filter(kind="meeting.minutes_final").order_by("person__employee_number")
    assert [message.person for message in asked] == [leader, agents[0]]
    row = make_meetings.row(meeting, leader)
    assert list(Attendance.objects.waiting_for(leader, AT)) == [row]
    assert code_of(actions.confirm_minutes, attendance=row, by=agents[0], at=AT) == "meeting_not_for_you"
    actions.confirm_minutes(attendance=row, by=leader, at=AT)
    assert list(Attendance.objects.waiting_for(leader, AT)) == []
    assert code_of(actions.confirm_minutes, attendance=row, by=leader, at=AT) == "wrong_state"
    assert verbs(meeting)[-1] == "meeting.minutes_confirmed"


def test_a_shift_that_ends_as_the_meeting_begins_excuses_nobody(director):
    team, leader, _agents = make_shifts.crew()
    make_shifts.shift(team=team, leader=leader)
    meeting = make_meetings.meeting()
    actions.open_meeting(meeting=meeting, by=director, at=make.at(16))
    assert statuses(meeting) == {"甲班长": "expected"}


@pytest.mark.parametrize("series", ["weekly", "monthly"])
def test_minutes_are_not_final_while_a_point_has_neither_text_nor_nothing(director, series):
    meeting = make_meetings.open_meeting(by=director, series=series)
    first, *rest = meeting.points.select_related("meeting__duty__rule", "meeting__centre")
    for point in rest:
        actions.write_minutes(point=point, minutes="", nothing=True, version=0, by=director, at=AT)
    actions.end_meeting(meeting=meeting, by=director, at=AT)
    with pytest.raises(Refused) as refused:
        actions.finalise(meeting=meeting, by=director, at=AT)
    assert (refused.value.code, refused.value.clause) == ("meeting_points_open", meeting.clause)
    assert refused.value.facts["points"] == first.text
    actions.write_minutes(point=first, minutes="服务态度好转", nothing=False, version=0, by=director, at=AT)
    actions.finalise(meeting=meeting, by=director, at=AT)
    assert meeting.status == "final"


def test_nobody_overwrites_minutes_unseen(director):
    meeting = make_meetings.open_meeting(by=director)
    point = make_meetings.point(meeting)
    write = {"point": point, "nothing": False, "by": director, "at": AT}
    actions.write_minutes(minutes="先写的", version=0, **write)
    assert code_of(actions.write_minutes, minutes="后写的", version=0, **write) == "meeting_changed_meanwhile"
    actions.write_minutes(minutes="先写的，后写的", version=1, **write)
    point.refresh_from_db()
    assert (point.minutes, point.version) == ("先写的，后写的", 2)


@pytest.mark.parametrize(
    ("minutes", "nothing", "code"), [("有内容", True, "meeting_point_unclear"), (" ", False, "meeting_point_empty")]
)
def test_a_point_says_something_or_nothing(director, minutes, nothing, code):
    point = make_meetings.point(make_meetings.open_meeting(by=director))
    arguments = {"point": point, "minutes": minutes, "nothing": nothing, "version": 0, "by": director, "at": AT}
    assert code_of(actions.write_minutes, **arguments) == code


def test_final_minutes_are_closed(director):
    meeting = make_meetings.finalised(by=director)
    write = {"point": make_meetings.point(meeting), "minutes": "改", "nothing": False, "version": 1}
    assert code_of(actions.write_minutes, by=director, at=AT, **write) == "meeting_not_under_way"
    assert code_of(actions.add_decision, meeting=meeting, text="x", by=director, at=AT) == "meeting_not_under_way"
    assert code_of(actions.resume_meeting, meeting=meeting, by=director, at=AT) == "wrong_state"
    assert code_of(actions.end_meeting, meeting=meeting, by=director, at=AT) == "wrong_state"


def test_attendance_is_marked_and_taken_back(director):
    team, leader, agents = make_shifts.crew(agents=0)
    make_shifts.shift(team=team, leader=leader, people=agents)
    other = make.person(role=Role.LEADER, name="乙班长")
    meeting = make_meetings.open_meeting(by=director)
    rows = [make_meetings.row(meeting, person) for person in (leader, other)]
    for row in rows:
        actions.mark_attendance(attendance=row, present=True, by=director, at=AT)
        actions.mark_attendance(attendance=row, present=True, by=director, at=AT)
    assert statuses(meeting) == {"甲班长": "present", "乙班长": "present"}
    for row in rows:
        actions.mark_attendance(attendance=row, present=False, by=director, at=AT)
    assert statuses(meeting) == {"甲班长": "excused", "乙班长": "expected"}
    actions.end_meeting(meeting=meeting, by=director, at=AT)
    assert statuses(meeting) == {"甲班长": "excused", "乙班长": "absent"}
    actions.mark_attendance(attendance=make_meetings.row(meeting, other), present=True, by=director, at=AT)
    actions.resume_meeting(meeting=meeting, by=director, at=AT)
    assert statuses(meeting) == {"甲班长": "excused", "乙班长": "present"}
    assert verbs(meeting).count("meeting.attendance_marked") == 5


def test_somebody_else_is_put_on_the_list_once(director):
    inspector = make.person(role=Role.INSPECTOR, number="6001")
    meeting = make_meetings.open_meeting(by=director)
    row = actions.add_guest(meeting=meeting, number=" 6001 ", by=director, at=AT)
    assert (row.person, row.required, row.status) == (inspector, False, ItsStatus.PRESENT)
    add = {"meeting": meeting, "by": director, "at": AT}
    assert code_of(actions.add_guest, number="6001", **add) == "meeting_person_listed"
    assert code_of(actions.add_guest, number="9999", **add) == "meeting_person_unknown"


def test_an_action_item_comes_back_until_it_is_done(director):
    owner = make.person(role=Role.LEADER)
    first = make_meetings.open_meeting(by=director)
    item = actions.add_action_item(
        meeting=first, text="更新知识库", owner=owner.employee_number, due_on=D(2026, 11, 27), by=director, at=AT
    )
    second = make_meetings.meeting(on=D(2026, 11, 30))
    monthly = make_meetings.meeting(series="monthly", on=D(2026, 12, 18))
    brought = ActionItem.objects.brought_to
    assert (list(brought(first)), list(brought(second)), list(brought(monthly))) == ([], [item], [])
    assert list(ActionItem.objects.waiting_for(owner, AT)) == [item]
    assert (item.is_late(make.at(23, 59, on=D(2026, 11, 27))), item.is_late(make.at(0, on=D(2026, 11, 28)))) == (
        False,
        True,
    )
    other = make.person(role=Role.LEADER)
    assert code_of(actions.close_action_item, item=item, by=other, at=AT) == "meeting_item_not_yours"
    actions.close_action_item(item=item, by=owner, at=AT)
    assert list(brought(second)) == []
    assert code_of(actions.close_action_item, item=item, by=owner, at=AT) == "wrong_state"
    actions.reopen_action_item(item=item, by=owner, at=AT)
    assert list(brought(second)) == [item]


def test_an_action_item_is_due_today_at_the_earliest(director):
    owner = make.person()
    meeting = make_meetings.open_meeting(by=director)
    add = {"meeting": meeting, "text": "x", "owner": owner.employee_number, "by": director, "at": AT}
    assert code_of(actions.add_action_item, due_on=D(2026, 11, 22), **add) == "meeting_item_due_past"
    assert actions.add_action_item(due_on=D(2026, 11, 23), **add).status == "open"


def test_decisions_and_items_are_taken_out_of_the_draft(director):
    meeting = make_meetings.open_meeting(by=director)
    decision = actions.add_decision(meeting=meeting, text="统一口径", by=director, at=AT)
    item = actions.add_action_item(
        meeting=meeting, text="x", owner=director.employee_number, due_on=make.MONDAY, by=director, at=AT
    )
    assert code_of(actions.unopen_meeting, meeting=meeting, by=director, at=AT) == "meeting_has_minutes"
    actions.remove_decision(decision=decision, by=director, at=AT)
    actions.remove_action_item(item=item, by=director, at=AT)
    assert (meeting.decisions.count(), meeting.action_items.count()) == (0, 0)
    assert verbs(meeting)[-2:] == ["meeting.decision_removed", "meeting.item_removed"]


def test_an_opening_is_taken_back_while_nothing_is_written(director):
    make_meetings.leaders(1)
    meeting = make_meetings.open_meeting(by=director)
    actions.unopen_meeting(meeting=meeting, by=director, at=AT)
    assert (meeting.status, meeting.chair, meeting.duty.status) == ("planned", None, Duty.Status.OPEN)
    assert meeting.attendance.count() == 0
    actions.open_meeting(meeting=meeting, by=director, at=AT)
    assert meeting.attendance.count() == 1


def test_the_chair_moves_a_meeting_off_a_holiday_and_it_is_held_before_its_duty_opens(director):
    make_meetings.leaders(1)
    make_meetings.holiday(D(2026, 2, 20), name="春节")
    meeting = make_meetings.meeting(series="monthly", on=D(2026, 2, 20), status="scheduled")
    actions.move_meeting(
        meeting=meeting,
        on=D(2026, 2, 14),
        time=dt.time(15),
        reason="春节",
        by=director,
        at=make.at(9, on=D(2026, 1, 21)),
    )
    assert (meeting.held_on, meeting.duty.due_on) == (D(2026, 2, 14), D(2026, 2, 20))
    actions.open_meeting(meeting=meeting, by=director, at=make.at(15, on=D(2026, 2, 14)))
    actions.end_meeting(meeting=meeting, by=director, at=make.at(16, on=D(2026, 2, 14)))
    assert (meeting.duty.status, meeting.duty.is_late) == (Duty.Status.DONE, False)


@pytest.mark.parametrize(
    ("on", "hour", "reason", "code"),
    [
        (D(2026, 11, 23), 9, "出差", "meeting_move_in_past"),
        (D(2026, 11, 30), 0, "出差", "meeting_move_past_due"),
        (D(2026, 11, 24), 9, " ", "meeting_move_reason_missing"),
    ],
)
def test_where_a_meeting_may_not_be_moved(director, on, hour, reason, code):
    meeting = make_meetings.meeting()
    arguments = {"meeting": meeting, "on": on, "time": dt.time(hour), "reason": reason}
    assert code_of(actions.move_meeting, by=director, at=make.at(9), **arguments) == code


def test_it_is_opened_on_its_day_and_not_before(director):
    meeting = make_meetings.meeting()
    before = make.at(23, 59, on=D(2026, 11, 22))
    assert code_of(actions.open_meeting, meeting=meeting, by=director, at=before) == "meeting_too_early"
    actions.open_meeting(meeting=meeting, by=director, at=make.at(0))
    assert meeting.status == "in_progress"


def test_a_waived_meeting_is_not_held(director):
    meeting = make_meetings.meeting(status="waived", reason="全员培训")
    assert code_of(actions.open_meeting, meeting=meeting, by=director, at=AT) == "meeting_waived"
    assert list(Meeting.objects.ahead()) == []
    assert list(Meeting.objects.over()) == [meeting]


def test_a_deputy_takes_the_chair(director):
    leader = make.person(role=Role.LEADER)
    meeting = make_meetings.meeting()
    assert code_of(actions.open_meeting, meeting=meeting, by=leader, at=AT) == "meeting_not_yours"
    make_shifts.deputy(absent=director, deputy=leader)
    actions.open_meeting(meeting=meeting, by=leader, at=AT)
    assert (meeting.chair, meeting.attendance.filter(person=leader).exists()) == (leader, False)
    actions.end_meeting(meeting=meeting, by=leader, at=AT)
    assert meeting.duty.done_by == leader


def test_opened_twice_is_refused(director):
    meeting = make_meetings.open_meeting(by=director)
    stale = Meeting.objects.with_duty().get(pk=meeting.pk)
    assert code_of(actions.open_meeting, meeting=stale, by=director, at=AT) == "wrong_state"


def test_what_waits(director):
    leader, agent = make.person(role=Role.LEADER), make.person()
    meeting = make_meetings.meeting()
    waiting = Meeting.objects.waiting_for
    assert list(waiting(leader, make.at(13, 59, on=D(2026, 11, 22)))) == []
    assert list(waiting(leader, make.at(14, on=D(2026, 11, 22)))) == [meeting]
    assert list(waiting(leader, make.at(16))) == []
    assert list(waiting(agent, AT)) == []
    assert list(waiting(director, AT)) == []  # the duty itself waits for the chair
    actions.open_meeting(meeting=meeting, by=director, at=AT)
    assert (list(waiting(director, AT)), list(waiting(leader, AT))) == ([meeting], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "in_progress"},
        {"status": "final"},
        {"series": "yearly"},
    ],
)
def test_the_database_refuses_an_untrue_meeting(changes):
    meeting = make_meetings.meeting()
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**changes)


@pytest.mark.parametrize("changes", [{"minutes": "x"}, {"minutes": "x", "nothing": True}, {"nothing": True}])
def test_the_database_refuses_minutes_without_an_author_or_beside_nothing(changes):
    meeting = make_meetings.meeting()
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaPoint.objects.filter(meeting=meeting, order=1).update(**changes)


def test_the_database_refuses_a_confirmation_and_a_done_item_without_a_time(director):
    make_meetings.leaders(1)
    meeting = make_meetings.open_meeting(by=director)
    with pytest.raises(IntegrityError), transaction.atomic():
        meeting.attendance.update(status="minutes_confirmed")
    ActionItem.objects.create(meeting=meeting, text="x", owner=director, due_on=make.MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        meeting.action_items.update(status="done")
