"""Meetings for tests."""

import datetime as dt

from duties.models import Duty
from meetings import actions
from meetings.agenda import PLANS
from meetings.models import AgendaPoint, Attendance, Meeting
from people.models import CalendarDay, Role
from tests import make, make_duties

FRIDAY = dt.date(2026, 11, 20)


def meeting(*, series="weekly", centre=None, on=None, status=Duty.Status.OPEN, **fields):
    """A planned meeting, with the duty that dates it."""
    on = on or (make.MONDAY if series == "weekly" else FRIDAY)
    rule = make_duties.rule(code=PLANS[series].rule, centre=centre)
    duty = make_duties.duty(rule=rule, on=on, status=status, **fields)
    made = actions.plan(duty=duty, series=series, at=make.at(0, on=on))
    return Meeting.objects.with_duty().get(pk=made.pk)


def open_meeting(*, by, at=None, **fields):
    made = meeting(**fields)
    actions.open_meeting(meeting=made, by=by, at=at or made.starts_at)
    return made


def answer_all(meeting, *, by, at=None):
    """Write minutes for each point."""
    for point in AgendaPoint.objects.filter(meeting=meeting).select_related("meeting__duty__rule", "meeting__centre"):
        actions.write_minutes(
            point=point, minutes="已讲评", nothing=False, version=point.version, by=by, at=at or make.at(15)
        )


def finalised(*, by, at=None, **fields):
    made = open_meeting(by=by, at=at, **fields)
    answer_all(made, by=by)
    actions.end_meeting(meeting=made, by=by, at=at or made.starts_at)
    actions.finalise(meeting=made, by=by, at=at or made.starts_at)
    return made


def row(meeting, person):
    return Attendance.objects.select_related("meeting__duty__rule", "meeting__centre").get(
        meeting=meeting, person=person
    )


def point(meeting, order=1):
    rows = AgendaPoint.objects.select_related("meeting__duty__rule", "meeting__centre")
    return rows.get(meeting=meeting, order=order)


def leaders(count=3, *, centre=None):
    return [make.person(role=Role.LEADER, centre=centre, name=f"{number}班长") for number in range(count)]


def director(*, centre=None):
    return make.person(role=Role.DIRECTOR, centre=centre, name="周主任")


def holiday(on, *, kind="holiday", name="国庆节", centre=None):
    return CalendarDay.objects.create(centre=centre or make.centre(), on=on, kind=kind, name=name)
