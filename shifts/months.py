"""A month of shifts as pages show it: its days, and what one person works on them."""

import collections
import dataclasses
import datetime as dt
import re

from django.db.models import Q

from callcentre import words
from people.models import CalendarDay
from shifts.models import Assignment, Shift, month_span
from shifts.rotations import dates


def parse_month(text, today):
    """(year, month) of `2026-11`, today's for anything else."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text or "")
    year, month = (int(found[1]), int(found[2])) if found else (today.year, today.month)
    return (year, month) if 2000 <= year <= 2999 else (today.year, today.month)


def month_key(year, month):
    return f"{year:04}-{month:02}"


def beside(year, month, steps):
    """The first day of the month that many steps away."""
    year, month = divmod(year * 12 + month - 1 + steps, 12)
    return dt.date(year, month + 1, 1)


@dataclasses.dataclass(frozen=True)
class Day:
    """A date as every calendar heads it: public holidays and make-up workdays marked, and whether it is one of rest."""

    on: dt.date
    mark: str = ""
    name: str = ""
    is_predicted: bool = False
    is_today: bool = False

    @property
    def is_rest(self):
        return self.mark == CalendarDay.Kind.HOLIDAY or (self.on.weekday() >= 5 and not self.mark)

    @property
    def weekday(self):
        return words.pick(words.WEEKDAYS_ZH[self.on.weekday()], words.WEEKDAYS_EN[self.on.weekday()][:2])


def days_between(centre, from_on, until_on, today):
    """The Day of every date, both ends included."""
    marked = {row.on: row for row in CalendarDay.objects.filter(centre=centre, on__gte=from_on, on__lte=until_on)}
    return [day_of(on, marked.get(on), today) for on in dates(from_on, until_on)]


def days_of(calendar, from_on, until_on, today):
    """The same by a Calendar of shifts.checking, which has been read."""
    return [known_day(on, calendar, today) for on in dates(from_on, until_on)]


def known_day(on, calendar, today):
    kind, names = calendar.days.get(on, ("", ("", "")))
    return Day(on, kind, words.pick(*names), is_predicted=on in calendar.predicted, is_today=on == today)


def day_of(on, row, today):
    if row is None:
        return Day(on, is_today=on == today)
    predicted = row.certainty == CalendarDay.Certainty.PREDICTED
    return Day(on, mark=row.kind, name=row.title, is_predicted=predicted, is_today=on == today)


def hours_between(starts_at, ends_at):
    return (ends_at - starts_at).total_seconds() / 3600


@dataclasses.dataclass(frozen=True)
class OwnShift:
    shift: Shift
    desk: str
    leads: bool


def own_shifts(person, from_on, until_on):
    """The person's published shifts that begin on these dates, as OwnShift, in their order."""
    days = Shift.objects.published().between(person.centre_id, from_on, until_on)
    desks = dict(Assignment.objects.in_shifts(days).filter(person=person).values_list("shift_id", "desk__code"))
    shifts = days.filter(Q(leader=person) | Q(pk__in=list(desks))).with_names()
    return [OwnShift(shift, desks.get(shift.pk) or "", shift.leader_id == person.pk) for shift in shifts]


def own_month(person, year, month, today):
    """[(Day, [OwnShift])] for every day of the month."""
    first, last = month_span(year, month)
    by_day = collections.defaultdict(list)
    for own in own_shifts(person, first, last):
        by_day[own.shift.on].append(own)
    return [(day, by_day[day.on]) for day in days_between(person.centre, first, last, today)]


def totals(month):
    """(shifts, hours, nights) of a month as `own_month` gives it."""
    turns = [own.shift for _day, owns in month for own in owns]
    hours = sum(hours_between(shift.starts_at, shift.ends_at) for shift in turns)
    return len(turns), hours, sum(shift.type.colour == "N" for shift in turns)
