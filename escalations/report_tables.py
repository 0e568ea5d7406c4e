"""The figures of two periods as tables: what the page draws, and what the Excel file holds."""

import dataclasses

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from escalations.models import Dissent, Kind, LevelKind
from escalations.reports import Outcome
from escalations.rules import MINUTES, minutes_of


class Change(int):
    """A difference, with its sign."""

    def __str__(self):
        return f"+{int(self)}" if self > 0 else f"−{-self}" if self < 0 else "±0"


@dataclasses.dataclass(frozen=True)
class Bar:
    look: str  # now, before, limit
    value: int
    share: int  # per cent of the chart's longest


@dataclasses.dataclass(frozen=True)
class Chart:
    """legend: (look, what it stands for); rows: (label, its Bars)."""

    title: str
    legend: list
    rows: list


@dataclasses.dataclass
class Table:
    """The first column names the row; the others are numbers, None where there is nothing to count. total: the last row
    is of all the others together."""

    code: str
    title: str
    headings: list
    rows: list
    note: str = ""
    total: bool = False
    chart: Chart | None = None


def change(now, before):
    return Change(now - before) if now is not None and before is not None else None


def compared(label, now, before):
    return [label, now, before, change(now, before)]


class Tables:
    """Of one answer of reports.read. categories: those that are counted."""

    def __init__(self, now, before, lines, *, period, categories, at):
        self.now, self.before, self.lines = now, before, lines
        self.period, self.categories, self.at = period, categories, at

    @property
    def all(self):
        answers = [self.by_level_answered, self.by_category_answered]
        return [self.by_category, *answers, self.overdue, self.skipped, self.disagreed]

    @property
    def headings(self):
        return [self.this, self.that, pgettext("figures", "Change")]

    @property
    def this(self):
        return _("This month") if self.period.is_month else _("This period")

    @property
    def that(self):
        return _("Month before") if self.period.is_month else _("Period before")

    @property
    def by_category(self):
        names = [pgettext("how many", "Requests"), pgettext("how many", "Reports"), pgettext("how many", "Urgent")]
        rows = [self.raised(capfirst(str(category.label)), category=category) for category in self.categories]
        headings = [_("Category"), *self.headings, *names, pgettext("how many", "Still open")]
        chart = Chart(_("How many"), [("now", self.this), ("before", self.that)], category_bars(rows))
        rows.append(self.raised(_("Together")))
        return Table("category", _("By category"), headings, rows, total=True, chart=chart)

    def raised(self, label, **wanted):
        now = self.now
        return [
            *compared(label, now.count(**wanted), self.before.count(**wanted)),
            now.count(kind=Kind.REQUEST, **wanted),
            now.count(kind=Kind.REPORT, **wanted),
            now.count(urgent=True, **wanted),
            now.count(closed_at=None, **wanted),
        ]

    @property
    def by_level_answered(self):
        rows = [
            self.answered(self.level_label(kind, urgent), self.allowed(kind, urgent), level=kind, urgent=urgent)
            for kind in LevelKind
            for urgent in (False, True)
        ]
        legend = [("now", _("Median")), ("before", _("9 of 10 within")), ("limit", _("Due within"))]
        chart = Chart(_("Minutes until the answer"), legend, answer_bars(rows))
        rows.append(self.answered(_("Together"), None))
        note = _(
            "Until the first answer: an instruction, a question, passing up or closing. Of what came to the level."
        )
        headings = self.answer_headings(_("Level"))
        return Table("level", _("Answer times by level"), headings, rows, note, total=True, chart=chart)

    @property
    def by_category_answered(self):
        rows = [
            self.answered(capfirst(str(category.label)), None, category=category)[:-1] for category in self.categories
        ]
        title, headings = _("Answer times by category"), self.answer_headings(_("Category"))[:-1]
        return Table("answered", title, headings, rows, _("At all levels together."))

    def answer_headings(self, first):
        return [
            first,
            pgettext("how many", "Reached"),
            pgettext("how many", "Answered"),
            _("Median, min"),
            pgettext("figures", "Change"),
            _("9 of 10 within, min"),
            _("Late, %"),
            pgettext("figures", "Change"),
            _("Passed up by the timer"),
            _("Due within, min"),
        ]

    def answered(self, label, allowed, **wanted):
        now, before = self.now.times(**wanted), self.before.times(**wanted)
        late = [now.late_share, change(now.late_share, before.late_share)]
        median = [now.median, change(now.median, before.median)]
        return [label, now.reached, now.answered, *median, now.most, *late, now.risen, allowed]

    def level_label(self, kind, urgent):
        label = capfirst(str(kind.label))
        return _("%(level)s, urgent") % {"level": label} if urgent else label

    def allowed(self, kind, urgent):
        """By the rulebook of the period's last day, or of today where that is still to come."""
        return minutes_of(kind, self.lines[MINUTES[urgent]].on(self.period.last))

    @property
    def overdue(self):
        rows = [
            (_("Answered late"), lambda it: it.stays_that_are(Outcome.LATE)),
            (_("Passed up by the timer"), lambda it: it.stays_that_are(Outcome.RISEN)),
            (_("Not answered, and overdue"), lambda it: it.stays_that_are(Outcome.OVERDUE)),
        ]
        return self.sums("overdue", _("Overdue"), rows)

    @property
    def skipped(self):
        rows = [
            (_("Cases that skipped a level"), lambda it: it.skipped),
            (_("Follow-up reports made in time"), lambda it: it.follow_ups_made(late=False)),
            (_("Follow-up reports made late"), lambda it: it.follow_ups_made(late=True)),
            (_("Follow-up reports owed"), lambda it: it.follow_ups_owed(self.at, late=False)),
            (_("Follow-up reports owed and late"), lambda it: it.follow_ups_owed(self.at, late=True)),
        ]
        return self.sums("skipped", _("Skipped levels and follow-up reports"), rows)

    @property
    def disagreed(self):
        status = Dissent.Status
        rows = [
            (_("Dissents voiced"), lambda it: len(it.dissents)),
            (_("Dissents accepted"), lambda it: it.dissents_that_are(status.ACCEPTED)),
            (_("Instructions upheld"), lambda it: it.dissents_that_are(status.UPHELD)),
            (_("Dissents not answered yet"), lambda it: it.dissents_that_are(status.RAISED)),
            (_("Taken further up after carrying out"), lambda it: it.appeals),
        ]
        return self.sums("dissent", _("Dissent"), rows)

    def sums(self, code, title, rows):
        found = [compared(label, of(self.now), of(self.before)) for label, of in rows]
        return Table(code, title, [pgettext("figures", "What"), *self.headings], found)


def category_bars(rows):
    """[(label, [Bar now, Bar before])] of the table by category."""
    return bars([(row[0], [("now", row[1]), ("before", row[2])]) for row in rows])


def answer_bars(rows):
    """[(label, [Bar median, Bar 9 of 10, Bar limit])] of the levels that have answered anything."""
    answered = [row for row in rows if row[3] is not None]
    return bars([(row[0], [("now", row[3]), ("before", row[5]), ("limit", row[9])]) for row in answered])


def bars(rows):
    longest = max((value for _label, values in rows for _look, value in values), default=0)
    return [
        (label, [Bar(look, value, round(100 * value / longest) if longest else 0) for look, value in values])
        for label, values in rows
    ]


def sheet(tables, title, notes):
    """Rows for an Excel file: one table under the other, each with its title; numbers stay plain numbers."""
    rows = [[title], *([note] for note in notes)]
    for table in tables:
        rows += [[], [table.title], table.headings]
        rows += [[plain(value) for value in row] for row in table.rows]
    return rows


def plain(value):
    return int(value) if isinstance(value, int) else value
