"""The month's rota: who cleans what, when, done or not. Read for a page; nothing is decided here."""

import dataclasses
import datetime as dt
import re

from duties import who
from duties.models import Duty, DutyRule
from hygiene.checklists import KINDS
from people.models import CalendarDay

OWED_SHOWN = 10


@dataclasses.dataclass(frozen=True)
class Line:
    duty: Duty
    assignee: who.Assignee

    @property
    def name(self):
        """Whoever did it, once it is done; before that whose it is."""
        person = self.duty.done_by or self.assignee.person
        return person.name if person else ""


@dataclasses.dataclass(frozen=True)
class Day:
    on: dt.date
    calendar_day: CalendarDay | None
    lines: dict

    @property
    def is_rest(self):
        if self.calendar_day:
            return self.calendar_day.kind == CalendarDay.Kind.HOLIDAY
        return self.on.weekday() >= 5


def first_of_month(text, today):
    """The first day of a month written 2026-11; of today's for anything else."""
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text)
    return dt.date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def next_month(first):
    return (first + dt.timedelta(days=32)).replace(day=1)


def month(person, first):
    """(rules, days): the rules of cleans, and each day of the month with its line for each of them."""
    last = next_month(first) - dt.timedelta(days=1)
    centre = person.centre
    rules = list(DutyRule.objects.filter(centre=centre, code__in=KINDS))
    duties = Duty.objects.visible_to(person).filter(rule__in=rules, due_on__range=(first, last)).with_rule()
    lines = {(line.duty.due_on, line.duty.rule_id): line for line in lines_of(centre, duties)}
    marked = {day.on: day for day in CalendarDay.objects.filter(centre=centre, on__range=(first, last))}
    dates = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    return rules, [Day(on, marked.get(on), [lines.get((on, rule.pk)) for rule in rules]) for on in dates]


def lines_of(centre, duties):
    duties = list(duties)
    found = who.assignees(centre, duties)
    return [Line(duty, found[duty.pk]) for duty in duties]


def now(person, today):
    """What is to be cleaned today, and what is still owed from days before, newest first: the month shows the rest."""
    cleans = Duty.objects.visible_to(person).filter(rule__code__in=KINDS).with_rule()
    of_today = cleans.of_day(today).order_by("pk")
    owed = cleans.workable().filter(due_on__lt=today).order_by("-due_on", "pk")
    return lines_of(person.centre, [*of_today, *owed[:OWED_SHOWN]])
