import datetime as dt

import pytest

from duties import planning
from duties.models import Duty, DutyRule, OnHoliday
from journal.models import Entry
from people.models import CalendarDay
from rulebook import actions as rulebook
from tests import make, make_duties, make_shifts

pytestmark = pytest.mark.django_db


def dates(code):
    return list(Duty.objects.filter(rule__code=code).values_list("due_on", flat=True))


def days(first, last):
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def test_everything_is_made_forty_days_ahead_from_the_day_the_centre_opened():
    centre = make.centre(opened_on=make.MONDAY)
    planning.make_ahead(centre, make.at(7))
    horizon = make.MONDAY + dt.timedelta(days=40)
    whole = days(make.MONDAY, horizon)
    assert dates("watering") == whole
    assert dates("changing_room_clean") == [day for day in whole if day.weekday() == 0]
    assert dates("leaf_clean") == [day for day in whole if day.weekday() == 4]
    assert dates("weekly_meeting") == [day for day in whole if day.weekday() == 0]
    assert dates("monthly_meeting") == [dt.date(2026, 12, 18)]


def test_making_again_makes_nothing():
    centre = make.centre(opened_on=make.MONDAY)
    made = planning.make_ahead(centre, make.at(7))
    assert made == Duty.objects.count()
    assert planning.make_ahead(centre, make.at(7, 1)) == 0
    assert Duty.objects.count() == made


def test_a_week_without_a_tick_is_caught_up():
    centre = make.centre(opened_on=make.MONDAY)
    planning.make_ahead(centre, make.at(7))
    Duty.objects.filter(due_on__gt=make.MONDAY).delete()
    DutyRule.objects.update(made_through=make.MONDAY)
    planning.make_ahead(centre, make.at(7, on=make.MONDAY + dt.timedelta(days=60)))
    assert dates("watering") == days(make.MONDAY, make.MONDAY + dt.timedelta(days=100))


def test_a_day_in_the_centres_own_zone():
    """At 23:30 in Shanghai it is still Monday there, though at 07:30 it is Sunday in UTC."""
    centre = make.centre(opened_on=make.MONDAY)
    planning.make_ahead(centre, make.at(0, 30))
    duty = Duty.objects.get(rule__code="changing_room_clean", due_on=make.MONDAY)
    assert duty.opens_at == make.at(8)
    assert duty.due_at == make.at(16)


def test_a_meeting_is_due_by_the_end_of_its_week_or_month():
    centre = make.centre(opened_on=make.MONDAY)
    planning.make_ahead(centre, make.at(7))
    weekly = Duty.objects.get(rule__code="weekly_meeting", due_on=make.MONDAY)
    monthly = Duty.objects.get(rule__code="monthly_meeting")
    assert weekly.due_at == make.at(0, on=dt.date(2026, 11, 30))
    assert monthly.due_at == make.at(0, on=dt.date(2027, 1, 1))


def test_a_changed_parameter_moves_the_days_ahead_and_leaves_the_past():
    centre = make.centre(opened_on=make.MONDAY)
    director = make_shifts.director(centre=centre)
    planning.make_ahead(centre, make.at(7))
    rulebook.set_parameter(
        centre=centre,
        name="changing_room_clean_weekday",
        value="thursday",
        from_on=dt.date(2026, 12, 1),
        by=director,
        at=make.at(9),
    )
    planning.make_ahead(centre, make.at(9, 1))
    assert [(day.month, day.day) for day in dates("changing_room_clean")] == [
        (11, 23),
        (11, 30),
        (12, 3),
        (12, 10),
        (12, 17),
        (12, 24),
        (12, 31),
    ]
    assert Entry.objects.filter(verb="duty.withdrawn").count() == 4


def test_a_rule_of_the_centres_own_begins_and_ends_and_leaves_holidays_out():
    centre = make.centre(opened_on=make.MONDAY)
    rule = make_duties.own_rule(
        centre=centre,
        recurrence="FREQ=DAILY;BYDAY=WE",
        on_holiday=OnHoliday.SKIP,
        from_on=dt.date(2026, 12, 1),
        until_on=dt.date(2026, 12, 20),
    )
    CalendarDay.objects.create(centre=centre, on=dt.date(2026, 12, 9), kind=CalendarDay.Kind.HOLIDAY, name="厂庆")
    planning.make_ahead(centre, make.at(7))
    assert dates(rule.code) == [dt.date(2026, 12, 2), dt.date(2026, 12, 16)]


def test_two_centres_have_their_own_days():
    here = make.centre(opened_on=make.MONDAY)
    there = make.centre(name="柏林分中心", timezone="Europe/Berlin", opened_on=make.MONDAY)
    planning.make_ahead(here, make.at(7))
    planning.make_ahead(there, make.at(7))
    opens = dict(Duty.objects.filter(due_on=make.MONDAY, rule__code="watering").values_list("centre__name", "opens_at"))
    assert opens == {here.name: make.at(8), there.name: make.at(15)}


def test_the_minute_asks_a_fixed_number_of_questions(django_assert_num_queries):
    centre = make.centre(opened_on=make.MONDAY)
    planning.make_ahead(centre, make.at(7))
    with django_assert_num_queries(4):
        planning.make_ahead(centre, make.at(7, 1))
