import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command

from duties.models import Duty, DutyRule
from people.models import Person, Role
from tests import make, make_shifts

pytestmark = pytest.mark.django_db
TEN_YEARS = (dt.date(2020, 1, 1), dt.date(2029, 12, 31))


def obligations(first, last, **options):
    out = io.StringIO()
    call_command("obligations", "--from", str(first), "--to", str(last), "--format", "json", stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_ten_years_against_the_calendar():
    make.person(role=Role.DIRECTOR, number="8001")
    days = [TEN_YEARS[0] + dt.timedelta(days=n) for n in range((TEN_YEARS[1] - TEN_YEARS[0]).days + 1)]
    oracle = {
        "changing_room_clean": [day for day in days if day.weekday() == 0],
        "watering": days,
        "leaf_clean": [day for day in days if day.weekday() == 4],
        "weekly_meeting": [day for day in days if day.weekday() == 0],
        "monthly_meeting": [day for day in days if day.weekday() == 4 and 18 <= day.day <= 24],
    }
    found = obligations(*TEN_YEARS)
    for rule, dates in oracle.items():
        assert [row["date"] for row in found if row["rule"] == rule] == [str(day) for day in dates]
    assert len(oracle["monthly_meeting"]) == 120
    assert {row["assignee"] for row in found} == {"8001"}
    assert (Duty.objects.count(), DutyRule.objects.count()) == (0, 0)


def test_a_monday_with_a_roster_and_a_day_without():
    make.person(role=Role.DIRECTOR, number="8001")
    team, leader, agents = make_shifts.crew()
    make_shifts.shift(team=team, leader=leader, people=agents)
    Person.objects.exclude(employee_number="8001").filter(role_assignments__role=Role.DIRECTOR).update(is_active=False)
    rows = {(row["date"], row["rule"]): row for row in obligations(make.MONDAY, make.MONDAY + dt.timedelta(days=1))}
    assert rows["2026-11-23", "changing_room_clean"] == {
        "date": "2026-11-23",
        "rule": "changing_room_clean",
        "clause": "hygiene.changing.5",
        "slot": "",
        "assignee": leader.employee_number,
        "why": "day_shift",
    }
    assert (rows["2026-11-23", "watering"]["assignee"], rows["2026-11-23", "watering"]["why"]) == (
        leader.employee_number,
        "crew",
    )
    assert (rows["2026-11-24", "watering"]["assignee"], rows["2026-11-24", "watering"]["why"]) == ("8001", "no_roster")


def test_ten_years_ask_as_much_as_a_day(django_assert_max_num_queries):
    make.person(role=Role.DIRECTOR)
    with django_assert_max_num_queries(12):
        obligations(*TEN_YEARS)


def test_a_wrong_range_or_centre_is_said():
    make.centre()
    with pytest.raises(CommandError, match="before"):
        obligations(make.MONDAY, make.FIRST_DAY)
    make.centre(name="别处")
    with pytest.raises(CommandError, match="--centre"):
        obligations(make.MONDAY, make.MONDAY)
    assert obligations(make.MONDAY, make.MONDAY, centre="别处") != []
