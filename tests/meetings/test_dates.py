import datetime as dt

import holidays
import pytest

from duties import planning
from meetings import dates
from meetings.models import Meeting
from people.models import Role
from rulebook.actions import set_parameter
from tests import make, make_meetings

D = dt.date


@pytest.mark.parametrize(
    ("on", "free", "workdays", "expected"),
    [
        (D(2026, 11, 23), [], [], D(2026, 11, 20)),  # a Monday: the Friday before
        (D(2026, 11, 20), [], [], D(2026, 11, 19)),
        (D(2026, 11, 20), [D(2026, 11, 19), D(2026, 11, 18)], [], D(2026, 11, 17)),
        (D(2026, 11, 23), [], [D(2026, 11, 22)], D(2026, 11, 22)),  # a Sunday worked to make up for a holiday
        (D(2027, 1, 1), [D(2027, 1, 1)], [], D(2026, 12, 31)),
        (D(2024, 3, 1), [], [], D(2024, 2, 29)),
    ],
)
def test_the_working_day_before(on, free, workdays, expected):
    assert dates.previous_workday(on, free, workdays) == expected


def test_no_working_day_is_near():
    on = D(2026, 11, 23)
    free = {on - dt.timedelta(days=days) for days in range(40)}
    assert dates.previous_workday(on, free, []) is None


@pytest.mark.django_db
def test_the_monthly_meeting_inside_spring_festival_is_flagged_with_the_make_up_saturday():
    """20 February 2026 is the one Friday on the 18th to 24th, and a day off; Saturday the 14th is worked for it."""
    official = holidays.country_holidays("CN", years=2026, language="zh_CN")
    for on, name in official.items():
        make_meetings.holiday(on, name=name[:100])
    for on in (D(2026, 2, 14), D(2026, 2, 28)):
        make_meetings.holiday(on, kind="workday", name="调休上班")
    centre = make.centre()
    monthly = dict(dates.of_year(centre, 2026)["monthly"])
    flagged = {on: flag.proposed_on for on, flag in monthly.items() if flag}
    assert flagged == {D(2026, 2, 20): D(2026, 2, 14), D(2026, 6, 19): D(2026, 6, 18)}
    assert len(monthly) == 12
    assert all(on.weekday() == 4 and 18 <= on.day <= 24 for on in monthly)


@pytest.mark.django_db
def test_a_year_has_every_monday_and_knows_the_holidays_of_the_year_before():
    make_meetings.holiday(D(2026, 1, 1))
    make_meetings.holiday(D(2029, 1, 1), name="元旦")
    make_meetings.holiday(D(2028, 12, 30), kind="workday", name="调休上班")
    weekly = dates.of_year(make.centre(), 2029)["weekly"]
    assert len(weekly) == 53
    assert weekly[0] == (D(2029, 1, 1), dates.Flag(D(2029, 1, 1), "元旦", D(2028, 12, 30)))
    assert [flag for _on, flag in weekly[1:]] == [None] * 52


@pytest.mark.django_db
def test_the_preview_follows_the_parameters():
    centre, director = make.centre(), make.person(role=Role.DIRECTOR)
    set_parameter(
        centre=centre,
        name="monthly_meeting_weekday",
        value="thursday",
        from_on=D(2027, 7, 1),
        by=director,
        at=make.at(9),
    )
    weekdays = [on.weekday() for on, _flag in dates.of_year(centre, 2027)["monthly"]]
    assert weekdays == [4] * 6 + [3] * 6


@pytest.mark.django_db
def test_the_preview_writes_nothing():
    dates.of_year(make.centre(), 2026)
    assert Meeting.objects.count() == 0
    assert all(rule.pk is None for rule in planning.rules_of(make.centre()))
