"""On which dates a rule falls: RFC 5545 rules, one for each span of time between changes of its parameters."""

import dataclasses
import datetime as dt

from dateutil.rrule import rrulestr

BEGINNING = dt.date(1970, 1, 5)  # a Monday before every record: rules of clauses hold for past dates too
STEP_DAYS = {"DAILY": 1, "WEEKLY": 7}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclasses.dataclass(frozen=True)
class Span:
    """From a date on, until the next span begins, `rrule` holds, counted from that date."""

    from_on: dt.date
    rrule: str

    def dates(self, first, last):
        """The dates of the rule from `first` to `last`, both included, not before the span."""
        first = max(first, self.from_on)
        rule = rrulestr(self.rrule, dtstart=midnight(self.start_near(first)))
        return [moment.date() for moment in rule.between(midnight(first), midnight(last), inc=True)]

    def start_near(self, first):
        """The last date in step with the beginning, not after `first`: the library walks every date from its start."""
        parts = dict(part.split("=", 1) for part in self.rrule.split(";"))
        step = STEP_DAYS.get(parts["FREQ"], 0) * int(parts.get("INTERVAL", 1))
        if not step or "COUNT" in parts:
            return self.from_on
        return first - dt.timedelta(days=(first - self.from_on).days % step)


def midnight(date):
    return dt.datetime.combine(date, dt.time())


def dates(spans, first, last):
    """The dates from `first` to `last` inclusive on which the spans, in the order of their beginnings, fall."""
    found = []
    for span, following in zip(spans, [*spans[1:], None], strict=True):
        end = last if following is None else min(last, following.from_on - dt.timedelta(days=1))
        if span.from_on <= end:
            found += span.dates(first, end)
    return found


def weekly(weekday):
    """weekday: 0 for Monday."""
    return f"FREQ=WEEKLY;BYDAY={WEEKDAYS[weekday]}"


def daily(every):
    return f"FREQ=DAILY;INTERVAL={every}"


def monthly_before(weekday, before_day):
    """The last such weekday strictly before the day of the month: one of the seven days that precede it."""
    days = ",".join(str(day) for day in range(before_day - 7, before_day))
    return f"FREQ=MONTHLY;BYDAY={WEEKDAYS[weekday]};BYMONTHDAY={days}"


def from_the_date(date):
    return date


def from_the_next_month(date):
    """A change inside a month holds from the next one on: else a month could have two dates, or none."""
    return date if date.day == 1 else (date.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def spans_of(timelines, names, make, takes_effect=from_the_date):
    """The spans of a rule made by `make(*values)` from the named dated parameters.

    timelines: {name: rulebook.parameters.Timeline}.
    """
    changes = {change for name in names for change, _value in timelines[name].steps}
    spans = {BEGINNING: make(*(timelines[name].default for name in names))}
    for change in sorted(changes):
        spans[takes_effect(change)] = make(*(timelines[name].on(change) for name in names))
    return [Span(from_on, rrule) for from_on, rrule in sorted(spans.items())]
