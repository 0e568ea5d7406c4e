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
    name_en: str
    certainty: str


def days_of(year):
    """The year's days: announced where the package has its notice, else predicted and without make-up workdays."""
    announced = year in ChinaStaticHolidays.special_public_holidays
    certainty = CalendarDay.Certainty.ANNOUNCED if announced else CalendarDay.Certainty.PREDICTED
    calendar = holidays.China(years=year, language="zh_CN")
    english = holidays.China(years=year, language="en_US")
    days = [
        Day(on, CalendarDay.Kind.HOLIDAY, _name(name), _name_en(english[on]), certainty)
        for on, name in calendar.items()
        if on.year == year
    ]
    days += [
        Day(on, CalendarDay.Kind.WORKDAY, "调休上班", "Make-up workday", certainty)
        for on in calendar.weekend_workdays
        if on.year == year
    ]
    return sorted(days)


def _name(name):
    """The package says from which day's work a day off was moved; two feasts on one day are joined."""
    if name.startswith("休息日"):
        return "调休放假"
    return name.replace("; ", "、").replace("（推定）", "").replace("，推定", "")


def _name_en(name):
    if name.startswith("Day off"):
        return "Day off in lieu"
    return name.replace("; ", ", ").replace(" (estimated)", "").replace("observed, estimated", "observed")
