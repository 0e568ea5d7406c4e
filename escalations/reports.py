"""What the requests and reports of a period come to: how many, how soon answered, what was skipped or disagreed with.

A case belongs to the period in which it was submitted. Two periods are read together, in a number of statements that
does not depend on how many cases there are; what follows is arithmetic over values.
"""

import collections
import dataclasses
import datetime as dt
import enum
import math
import statistics

from callcentre import clock
from escalations.models import Case, Category, Dissent, FollowUp, Instruction, Level, Remark
from escalations.permissions import OVERSEE_CONFIDENTIAL
from escalations.rules import MINUTES, minutes_of, minutes_parameter
from rulebook.parameters import timelines
from shifts.models import month_span

DAY = dt.timedelta(days=1)
LONGEST = 366  # days
Step = Remark.Step


# --- the period


@dataclasses.dataclass(frozen=True)
class Period:
    """From the first date to the last, both counted."""

    first: dt.date
    last: dt.date

    @classmethod
    def of_month(cls, year, month):
        return cls(*month_span(year, month))

    @property
    def is_month(self):
        return (self.first, self.last) == month_span(self.first.year, self.first.month)

    @property
    def before(self):
        """The month before a month; before any other period the same number of days."""
        last = self.first - DAY
        return (
            Period.of_month(last.year, last.month) if self.is_month else Period(last - (self.last - self.first), last)
        )

    def span(self, centre):
        """[its beginning, its end) as moments of the centre."""
        return clock.midnight(centre, self.first), clock.midnight(centre, self.last + DAY)


# --- answers


class Outcome(enum.Enum):
    """What became of a case at a level that it had reached."""

    IN_TIME = "answered in time"
    LATE = "answered late"
    RISEN = "passed up by the timer"
    OVERDUE = "not answered, and overdue"
    WAITING = "not answered, and there is time"
    DROPPED = "withdrawn or handed on before it was answered"


MISSED = (Outcome.LATE, Outcome.RISEN, Outcome.OVERDUE)
JUDGED = (Outcome.IN_TIME, *MISSED)


@dataclasses.dataclass(frozen=True)
class Stay:
    """A case at a level: `minutes` until the level's first answer, None where none came."""

    level: str
    category: str
    urgent: bool
    outcome: Outcome
    minutes: float | None = None


def first_answer(level, case, said):
    """When the level first instructed, asked for more, passed the case up or closed it; None if it has not.

    said: the moments of its instructions and questions."""
    moments = list(said)
    if level.passed_by_id and level.passed_at:
        moments.append(level.passed_at)
    if case.status == Case.Status.CLOSED and case.level_id == level.pk:
        moments.append(case.closed_at)
    return min(moments, default=None)


def judged(level, case, said, allowed, at):
    """The Stay of the case at the level. allowed: how long the answer might take, by the rulebook of its day."""
    minutes = None
    if level.overdue_at and level.passed_at and not level.passed_by_id:
        outcome = Outcome.RISEN
    elif answered_at := first_answer(level, case, said):
        took = answered_at - level.reached_at
        outcome = Outcome.LATE if level.overdue_at or took > allowed else Outcome.IN_TIME
        minutes = took.total_seconds() / 60
    elif case.level_id != level.pk or case.closed_at:
        outcome = Outcome.DROPPED
    else:
        outcome = Outcome.OVERDUE if case.is_overdue(at) else Outcome.WAITING
    return Stay(level.kind, case.category, case.urgent, outcome, minutes)


@dataclasses.dataclass(frozen=True)
class Times:
    """Answers of some stays. Minutes are None where nothing was answered, shares where nothing can be judged yet."""

    reached: int
    answered: int
    median: int | None
    most: int | None  # nine of ten answers took no longer
    risen: int
    late_share: int | None  # per cent of those that can be judged: answered late, passed up by the timer, overdue

    @classmethod
    def of(cls, stays):
        stays = list(stays)
        minutes = sorted(stay.minutes for stay in stays if stay.minutes is not None)
        outcomes = collections.Counter(stay.outcome for stay in stays)
        late = sum(outcomes[outcome] for outcome in MISSED)
        return cls(
            reached=len(stays),
            answered=len(minutes),
            median=rounded(statistics.median(minutes)) if minutes else None,
            most=rounded(ninetieth(minutes)) if minutes else None,
            risen=outcomes[Outcome.RISEN],
            late_share=share(late, sum(outcomes[outcome] for outcome in JUDGED)),
        )


def ninetieth(values):
    """The 90th percentile of sorted values by the nearest rank: one that was there, none in between."""
    return values[math.ceil(len(values) * 9 / 10) - 1]


def rounded(number):
    """To the nearest whole, a half upward: what somebody who checks it by hand expects."""
    return math.floor(number + 0.5)


def share(part, whole):
    return rounded(100 * part / whole) if whole else None


# --- the figures of one period


@dataclasses.dataclass
class Figures:
    cases: list
    stays: list
    follow_ups: list
    dissents: list
    appeals: int

    def count(self, **wanted):
        """How many cases have all of these values."""
        return sum(all(getattr(case, name) == value for name, value in wanted.items()) for case in self.cases)

    @property
    def open(self):
        return sum(case.closed_at is None for case in self.cases)

    @property
    def skipped(self):
        """Cases that passed over a level in an emergency."""
        return len({row.case_id for row in self.follow_ups})

    def follow_ups_made(self, *, late):
        """Late: made after it was due."""
        return sum((row.reported_at > row.due_at) is late for row in self.follow_ups if row.reported_at)

    def follow_ups_owed(self, at, *, late):
        return sum((row.due_at <= at) is late for row in self.follow_ups if not row.reported_at)

    def dissents_that_are(self, status):
        return sum(row.status == status for row in self.dissents)

    def stays_that_are(self, outcome):
        return sum(stay.outcome is outcome for stay in self.stays)

    def times(self, **wanted):
        """Times of the stays that have all of these values."""
        return Times.of(
            stay for stay in self.stays if all(getattr(stay, name) == value for name, value in wanted.items())
        )


# --- reading


def categories_of(person):
    """Those whose cases the person counts: of the others not even a nought is told."""
    counts_all = person.has_perm(OVERSEE_CONFIDENTIAL)
    return [category for category in Category if counts_all or category != Category.CONFIDENTIAL]


def read(person, period, at, *, category="", level=""):
    """(Figures of the period, Figures of the one before, the Timelines of the answer times).

    Of what the person may count; category and level ("" for all) keep those cases, and level the stays at it alone."""
    centre = person.centre
    begins, ends = period.span(centre)
    rows = Case.objects.counted_for(person).submitted_between(period.before.span(centre)[0], ends)
    rows = rows.filter(category=category) if category else rows
    rows = rows.having_reached(level) if level else rows
    lines = timelines(centre, MINUTES.values())
    found = Found(rows, centre, lines, at)
    now = {case.pk for case in found.cases.values() if case.submitted_at >= begins}
    before = found.cases.keys() - now
    return found.figures(now, level), found.figures(before, level), lines


class Found:
    """The cases of a QuerySet with all that is counted about them: a statement for each kind of row."""

    def __init__(self, rows, centre, lines, at):
        self.centre, self.lines, self.at = centre, lines, at
        fields = ("kind", "category", "urgent", "status", "level", "submitted_at", "closed_at", "answer_due_at")
        self.cases = {case.pk: case for case in rows.order_by().only(*fields)}
        pks = rows.order_by().values("pk")
        reached = Level.objects.filter(case__in=pks, reached_at__isnull=False, person__isnull=False)
        self.levels = list(reached.order_by("case", "order").defer("passed_reason"))
        self.remarks = list(
            Remark.objects.filter(case__in=pks, step__in=(Step.RETURNED, Step.APPEALED)).values_list(
                "case", "step", "at"
            )
        )
        self.follow_ups = list(FollowUp.objects.filter(case__in=pks).only("case", "due_at", "reported_at"))
        self.dissents = list(Dissent.objects.filter(case__in=pks).only("case", "status"))
        self.said = self._said(Instruction.objects.filter(case__in=pks).values_list("level", "at"))

    def _said(self, instructions):
        """{level: moments of its instructions and questions}; a question is of the level where the case was then."""
        said = collections.defaultdict(list)
        for level, moment in instructions:
            said[level].append(moment)
        of_case = collections.defaultdict(list)
        for level in self.levels:
            of_case[level.case_id].append(level)
        for case, step, moment in self.remarks:
            there = [level for level in of_case[case] if level.reached_at <= moment]
            if step == Step.RETURNED and there:
                said[max(there, key=lambda level: level.order).pk].append(moment)
        return said

    def allowed(self, level, case):
        """How long the answer might take, by the parameter of the day on which the level was reached."""
        minutes = self.lines[minutes_parameter(case)].on(clock.local_date(self.centre, level.reached_at))
        return dt.timedelta(minutes=minutes_of(level.kind, minutes))

    def figures(self, pks, kind=""):
        stays = [
            judged(level, case, self.said[level.pk], self.allowed(level, case), self.at)
            for level in self.levels
            if level.case_id in pks and kind in ("", level.kind)
            for case in [self.cases[level.case_id]]
        ]
        return Figures(
            cases=[self.cases[pk] for pk in pks],
            stays=stays,
            follow_ups=[row for row in self.follow_ups if row.case_id in pks],
            dissents=[row for row in self.dissents if row.case_id in pks],
            appeals=sum(case in pks and step == Step.APPEALED for case, step, _at in self.remarks),
        )
