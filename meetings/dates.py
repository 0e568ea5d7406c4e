"""A meeting's date against the public holidays: the date is kept and flagged, the working day before it is proposed."""

import dataclasses
import datetime as dt

from callcentre.words import pick
from duties import planning
from meetings.agenda import PLANS
from people.models import CalendarDay

# The longest holiday known, with what surrounds it, is well inside this.
LOOK_BACK = dt.timedelta(days=31)


@dataclasses.dataclass(frozen=True)
class Flag:
    """A date that falls on a public holiday, with its name and the working day before it (None where none is near)."""

    on: dt.date
    holiday: str
    proposed_on: dt.date | None


def is_workday(on, holidays, workdays):
    """holidays and workdays: collections of dates; a make-up workday is one even on a weekend."""
    return on in workdays or (on.weekday() < 5 and on not in holidays)


def previous_workday(on, holidays, workdays):
    """The last working day strictly before the date, or None within LOOK_BACK."""
    for days in range(1, LOOK_BACK.days + 1):
        before = on - dt.timedelta(days=days)
        if is_workday(before, holidays, workdays):
            return before
    return None


class Holidays:
    """A centre's calendar days of a range, and what lies before it: one query, then memory."""

    def __init__(self, centre, first, last):
        rows = CalendarDay.objects.filter(centre=centre, on__range=(first - LOOK_BACK, last))
        rows = list(rows.values_list("on", "kind", "name", "name_en"))
        holidays = [row for row in rows if row[1] == CalendarDay.Kind.HOLIDAY]
        self.holidays = {on: pick(name, name_en or name) for on, _kind, name, name_en in holidays}
        self.workdays = {on for on, kind, *_names in rows if kind == CalendarDay.Kind.WORKDAY}

    def flag(self, on):
        """The Flag of the date, None for one that is no public holiday."""
        if on not in self.holidays:
            return None
        return Flag(on, self.holidays[on], previous_workday(on, self.holidays, self.workdays))


def flag(centre, on):
    return Holidays(centre, on, on).flag(on)


def of_year(centre, year):
    """{series: [(date, Flag or None)]}: the year's dates as the parameters make them, whatever exists yet."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    calendar, holidays = planning.Calendar(centre, first, last), Holidays(centre, first, last)
    rules = {rule.code: rule for rule in planning.rules_of(centre)}
    return {
        series: [(on, holidays.flag(on)) for on in calendar.dates(rules[plan.rule])] for series, plan in PLANS.items()
    }
