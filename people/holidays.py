"""China's public holidays and make-up workdays, from the package that follows the State Council's notices."""

import datetime as dt
from typing import NamedTuple

import holidays
from holidays.countries.china import ChinaStaticHolidays

from people.models import CalendarDay


class Day(NamedTuple):
    on: dt.date
    kind: str
    name: str
    certainty: str


def days_of(year):
    """The year's days: announced where the package has its notice, else predicted and without make-up workdays."""
    announced = year in ChinaStaticHolidays.special_public_holidays
    certainty = CalendarDay.Certainty.ANNOUNCED if announced else CalendarDay.Certainty.PREDICTED
    calendar = holidays.China(years=year, language="zh_CN")
    days = [
        Day(on, CalendarDay.Kind.HOLIDAY, _name(name), certainty) for on, name in calendar.items() if on.year == year
    ]
    days += [
        Day(on, CalendarDay.Kind.WORKDAY, "调休上班", certainty) for on in calendar.weekend_workdays if on.year == year
    ]
    return sorted(days)


def _name(name):
    """The package says from which day's work a day off was moved; two feasts on one day are joined."""
    if name.startswith("休息日"):
        return "调休放假"
    return name.replace("; ", "、").replace("（推定）", "").replace("，推定", "")
