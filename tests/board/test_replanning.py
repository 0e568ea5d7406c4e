"""A director changes a parameter: what was planned ahead by every app follows, what has happened stays."""

import datetime as dt

import pytest

from callcentre.signals import tick
from duties.models import Duty
from meetings.models import Meeting
from people.models import Role
from rulebook import actions as rulebook
from tests import make

pytestmark = pytest.mark.django_db


def planned():
    meetings = Meeting.objects.filter(series="weekly").order_by("starts_at")
    return [meeting.duty.due_on for meeting in meetings.select_related("duty")]


def test_the_meetings_ahead_follow_a_changed_weekday():
    centre = make.centre(opened_on=make.MONDAY)
    director = make.person(role=Role.DIRECTOR)
    assert tick(make.at(9)) == []
    first, second = planned()[:2]
    assert (first, second) == (make.MONDAY, make.MONDAY + dt.timedelta(days=7))
    rulebook.set_parameter(
        centre=centre,
        name="weekly_meeting_weekday",
        value="wednesday",
        from_on=dt.date(2026, 12, 1),
        by=director,
        at=make.at(10),
    )
    assert tick(make.at(10, 1)) == []
    assert planned()[:4] == [make.MONDAY, dt.date(2026, 11, 30), dt.date(2026, 12, 2), dt.date(2026, 12, 9)]
    assert not Duty.objects.filter(rule__code="weekly_meeting", due_on=dt.date(2026, 12, 7)).exists()
