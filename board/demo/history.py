"""Years before the living week, made in bulk, a month at a time: everything over and done, each log and row sealed.

The rows are born in their last state; what moved them there stands in the journal, which is written as they would have.
"""

import datetime as dt

from board.demo import past_cases, past_duties, past_logs, past_meetings, planner, roll_calls
from board.demo.month import BATCH, Month, People
from callcentre import clock
from rulebook import pledge
from rulebook.models import Acknowledgement
from shifts.models import month_span

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def live(centre, until):
    """Everything from the centre's first day to the day before `until`."""
    people = People(centre)
    for first, last in months(centre.opened_on, until - DAY):
        month = Month(centre, people, first, last)
        for past in (past_logs, past_cases, past_duties, past_meetings, roll_calls):
            past.make(month)
        pledge_once_a_year(month, until)
        month.close()
        planner.count_rows()


def live_cases(centre, on, until):
    """The requests and reports before `until` of a centre without a past, since the first of the month before that of
    `on`: so the figures of a month have others to stand against."""
    people, before = People(centre), on.replace(day=1) - DAY
    for first, last in months(before.replace(day=1), until - DAY):
        month = Month(centre, people, first, last)
        past_cases.make(month)
        month.close()


def months(first, last):
    """The months of a period as (first day, last day); the outer ones may be shorter."""
    while first <= last:
        end = min(month_span(first.year, first.month)[1], last)
        yield first, end
        first = end + DAY


def pledge_once_a_year(month, until):
    """Everybody, in January or when the centre opens; the year of the living week is left to it."""
    year = month.first.year
    if year == until.year or month.first not in (month.centre.opened_on, dt.date(year, 1, 1)):
        return
    at, edition = clock.midnight(month.centre, month.first) + 9 * HOUR, pledge.edition()
    rows = [Acknowledgement(person=person, year=year, at=at, edition=edition) for person in month.people.all]
    for row in Acknowledgement.objects.bulk_create(rows, BATCH):
        month.note("pledge.acknowledged", row, by=row.person, at=at, year=year, edition=edition)
