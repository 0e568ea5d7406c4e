import datetime as dt

import pytest

from delivery.actions import send_queued
from delivery.models import Message
from duties.models import Duty
from duties.ticking import tick_centre as tick_duties
from journal.models import Entry
from meetings import actions, ticking
from meetings.models import Meeting
from people.models import Role
from rulebook.actions import set_parameter
from tests import make, make_meetings, make_shifts

pytestmark = pytest.mark.django_db
D = dt.date


def minute(at):
    centre = make.centre(opened_on=D(2026, 11, 1))
    tick_duties(centre, at)
    ticking.tick_centre(centre, at)
    return centre


def told(kind):
    send_queued()
    rows = Message.objects.filter(kind=kind).order_by("person__employee_number")
    return [message.person for message in rows.select_related("person")]


def test_each_duty_gets_its_meeting_once():
    minute(make.at(8))
    minute(make.at(8, 1))
    duties = Duty.objects.filter(rule__code__in=("weekly_meeting", "monthly_meeting"))
    assert set(Meeting.objects.values_list("duty", flat=True)) == set(duties.values_list("pk", flat=True))
    weekly = Meeting.objects.get(duty__due_on=make.MONDAY)
    assert (weekly.series, weekly.starts_at, weekly.status) == ("weekly", make.at(14), "planned")
    assert [point.key for point in weekly.points.all()] == [
        "service",
        "safety",
        "conduct",
        "training",
        "attendance",
        "business",
        "hard_cases",
        "unified_answers",
    ]
    assert Entry.objects.about(weekly).count() == 1
    monthly = Meeting.objects.filter(series="monthly").order_by("starts_at").last()
    assert monthly.starts_at == make.at(15, on=D(2026, 12, 18))
    assert monthly.points.count() == 5


def test_a_meeting_that_its_rule_no_longer_asks_for_goes_with_its_duty():
    director = make_meetings.director(centre=make.centre(opened_on=D(2026, 11, 1)))
    centre = minute(make.at(8))
    set_parameter(
        centre=centre,
        name="weekly_meeting_weekday",
        value="tuesday",
        from_on=D(2026, 12, 1),
        by=director,
        at=make.at(9),
    )
    minute(make.at(10))
    weekdays = Meeting.objects.filter(series="weekly", duty__due_on__gte=D(2026, 12, 1)).values_list("duty__due_on")
    assert {on.weekday() for (on,) in weekdays} == {1}


def test_a_holiday_is_flagged_a_month_ahead_and_the_chair_told_once():
    director = make_meetings.director(centre=make.centre(opened_on=D(2026, 11, 1)))
    make_meetings.holiday(D(2026, 12, 18), name="公司放假")
    minute(make.at(8, on=D(2026, 11, 16)))
    assert told("meeting.flagged") == []
    for moment in (make.at(15, on=D(2026, 11, 17)), make.at(16, on=D(2026, 11, 17))):
        minute(moment)
    assert told("meeting.flagged") == [director]
    facts = Message.objects.get(kind="meeting.flagged").facts
    assert (facts["held_on"], facts["proposed_on"]) == ("2026-12-18", "2026-12-17")
    meeting = Meeting.objects.get(duty__due_on=D(2026, 12, 18))
    assert [row.verb for row in Entry.objects.about(meeting)] == ["meeting.planned", "meeting.flagged"]


def test_who_must_attend_is_told_once_a_day_before():
    leaders = make_meetings.leaders(2)
    make_meetings.director()
    make.person()
    meeting = make_meetings.meeting(status="scheduled")
    centre = make.centre()
    for at in (
        make.at(13, 59, on=D(2026, 11, 22)),
        make.at(14, on=D(2026, 11, 22)),
        make.at(14, 1, on=D(2026, 11, 22)),
    ):
        ticking.tick_centre(centre, at)
        if at.minute == 59:
            assert told("meeting.soon") == []
    assert told("meeting.soon") == leaders
    assert Message.objects.filter(kind="meeting.soon").first().link == f"/meetings/{meeting.pk}/"


def test_who_was_told_of_a_time_is_told_of_the_new_one():
    leaders, director = make_meetings.leaders(1), make_meetings.director()
    meeting = make_meetings.meeting()
    ticking.tick_centre(make.centre(), make.at(8))
    actions.move_meeting(
        meeting=meeting, on=D(2026, 11, 24), time=dt.time(10), reason="主任出差", by=director, at=make.at(9)
    )
    ticking.tick_centre(make.centre(), make.at(10))
    assert told("meeting.moved") == leaders
    assert told("meeting.soon") == leaders * 2


def test_not_held_by_the_end_of_its_week_the_duty_is_missed_and_it_may_still_be_held():
    director = make_meetings.director()
    make_shifts.shift(leader=make.person(role=Role.LEADER))
    meeting = make_meetings.meeting()
    centre = make.centre()
    tick_duties(centre, make.at(23, 59, on=D(2026, 11, 29)))
    meeting.duty.refresh_from_db()
    assert meeting.duty.status == Duty.Status.OPEN
    tick_duties(centre, make.at(0, on=D(2026, 11, 30)))
    meeting.duty.refresh_from_db()
    assert (meeting.duty.status, meeting.was_not_held) == (Duty.Status.MISSED, True)
    late = make.at(9, on=D(2026, 11, 30))
    actions.open_meeting(meeting=meeting, by=director, at=late)
    actions.end_meeting(meeting=meeting, by=director, at=late)
    assert (meeting.duty.status, meeting.duty.is_late) == (Duty.Status.DONE, True)
    assert "meeting.opened_late" in [row.verb for row in Entry.objects.about(meeting)]


def test_held_in_time_but_without_final_minutes_is_no_breach():
    director = make_meetings.director()
    meeting = make_meetings.open_meeting(by=director)
    actions.end_meeting(meeting=meeting, by=director, at=make.at(15))
    tick_duties(make.centre(), make.at(0, on=D(2026, 11, 30)))
    meeting.duty.refresh_from_db()
    assert meeting.duty.status == Duty.Status.DONE
