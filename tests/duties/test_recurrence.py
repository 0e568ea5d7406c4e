"""The dates of rules against a plain walk over the calendar."""

import calendar
import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from duties import recurrence
from duties.recurrence import Span

FIRST, LAST = dt.date(2020, 1, 1), dt.date(2029, 12, 31)
EVERY_DAY = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def span(rrule, from_on=recurrence.BEGINNING):
    return [Span(from_on, rrule)]


def test_every_monday_of_ten_years():
    found = recurrence.dates(span(recurrence.weekly(0)), FIRST, LAST)
    assert found == [day for day in EVERY_DAY if day.weekday() == 0]


def test_every_day_of_ten_years():
    assert recurrence.dates(span(recurrence.daily(1)), FIRST, LAST) == EVERY_DAY


def test_every_third_day_counts_from_the_date_of_the_change():
    spans = [Span(recurrence.BEGINNING, recurrence.daily(1)), Span(dt.date(2026, 11, 20), recurrence.daily(3))]
    found = recurrence.dates(spans, dt.date(2026, 11, 18), dt.date(2026, 11, 27))
    assert [day.day for day in found] == [18, 19, 20, 23, 26]


def test_the_friday_before_the_25th_is_the_one_on_the_18th_to_the_24th():
    found = recurrence.dates(span(recurrence.monthly_before(4, 25)), FIRST, LAST)
    assert found == [day for day in EVERY_DAY if day.weekday() == 4 and 18 <= day.day <= 24]
    assert len(found) == 120


@given(weekday=st.integers(0, 6), before=st.integers(8, 28))
def test_the_last_such_weekday_before_a_day_comes_once_a_month(weekday, before):
    found = recurrence.dates(span(recurrence.monthly_before(weekday, before)), FIRST, dt.date(2021, 12, 31))
    oracle = [
        max(dt.date(year, month, day) for day in range(1, before) if calendar.weekday(year, month, day) == weekday)
        for year in (2020, 2021)
        for month in range(1, 13)
    ]
    assert found == oracle


class Dated:
    def __init__(self, default, *steps):
        self.default, self.steps = default, list(steps)

    def on(self, date):
        return next((value for from_on, value in reversed(self.steps) if from_on <= date), self.default)


def test_a_changed_weekday_holds_from_its_date_and_old_dates_stay():
    timelines = {"weekday": Dated(0, (dt.date(2026, 11, 25), 3))}
    spans = recurrence.spans_of(timelines, ["weekday"], recurrence.weekly)
    found = recurrence.dates(spans, dt.date(2026, 11, 9), dt.date(2026, 12, 6))
    assert [(day.month, day.day) for day in found] == [(11, 9), (11, 16), (11, 23), (11, 26), (12, 3)]


@given(
    changed=st.dates(dt.date(2026, 2, 1), dt.date(2026, 10, 31)),
    weekday=st.integers(0, 6),
    before=st.integers(8, 28),
)
def test_however_a_month_rule_changes_each_month_has_one_date(changed, weekday, before):
    timelines = {"weekday": Dated(4, (changed, weekday)), "before": Dated(25, (changed, before))}
    spans = recurrence.spans_of(
        timelines, ["weekday", "before"], recurrence.monthly_before, recurrence.from_the_next_month
    )
    found = recurrence.dates(spans, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert [day.month for day in found] == list(range(1, 13))


@given(
    freq=st.sampled_from(["DAILY", "WEEKLY", "WEEKLY;BYDAY=TU,SA", "MONTHLY", "MONTHLY;BYDAY=-1FR"]),
    interval=st.integers(1, 9),
    from_on=st.dates(dt.date(2015, 1, 1), dt.date(2016, 12, 31)),
    first=st.dates(dt.date(2017, 1, 1), dt.date(2018, 12, 31)),
)
def test_a_range_far_from_the_beginning_keeps_the_rules_step(freq, interval, from_on, first):
    one = Span(from_on, f"FREQ={freq};INTERVAL={interval}")
    last = first + dt.timedelta(days=60)
    assert one.dates(first, last) == [day for day in one.dates(from_on, last) if day >= first]
