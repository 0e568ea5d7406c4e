"""A run in words for its page: how far it is, and what it found."""

import collections
import dataclasses
import datetime as dt
import functools
import math

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from people.models import Person
from shifts.checking import CHECKS
from shifts.models import Run, ShiftType
from shifts.outcomes import found_cells

MOST_GAP = 50  # per cent; beyond it a bound says nothing

# Why somebody has no legal line: the rule without which there is one.
REASONS = {
    "fixed": gettext_lazy("a day that is decided already is one of leave, or has a shift that follows too soon"),
    "succession": gettext_lazy("the rest between two shifts is too short"),
    "max_minutes": gettext_lazy("the hours of the period are too many already"),
    "week_minutes": gettext_lazy("the hours of a week are too many already"),
    "max_run": gettext_lazy("too many days in a row are decided already"),
    "together": gettext_lazy("several limits together leave nothing"),
}


def gap_of(best, bound):
    """Per cent by which the best possible roster could be better, None when nothing useful is known."""
    if best is None or bound is None:
        return None
    if best - bound < 1:
        return 0
    gap = math.ceil(100 * (best - bound) / best)
    return gap if gap <= MOST_GAP else None


def gap_text(best, bound):
    if best is None:
        return _("No complete roster yet.")
    gap = gap_of(best, bound)
    if gap is None:
        return _("How much better the best possible one is, is not known yet.")
    if gap == 0:
        return _("This is the best possible roster for what was weighed.")
    return _("At most %(gap)s %% from the best possible.") % {"gap": gap}


@dataclasses.dataclass(frozen=True)
class Going:
    """A run that waits or is under way."""

    run: Run
    at: dt.datetime

    @property
    def key(self):
        """Changes whenever the page has something new to show."""
        return f"{self.run.status}-{self.run.progress.get('seconds', 0)}"

    @property
    def elapsed(self):
        return min(int(self.run.progress.get("seconds", 0)), self.run.seconds)

    @property
    def best(self):
        return self.run.progress.get("best")

    @property
    def text(self):
        if self.run.status == self.run.Status.QUEUED:
            return _("Waiting for a worker.")
        return gap_text(self.best, self.run.progress.get("bound"))


@dataclasses.dataclass(frozen=True)
class Share:
    """One person's part of the nights and weekends, before and after. Bars go up to 100."""

    person: Person
    leads: bool
    nights: list
    weekends: list
    shifts: list
    most: dict

    def bar(self, name):
        return round(100 * getattr(self, name)[1] / max(1, self.most[name]))

    @property
    def nights_bar(self):
        return self.bar("nights")

    @property
    def weekends_bar(self):
        return self.bar("weekends")


class Told:
    """An outcome with names and words. `refusals`: what would refuse publication, as shifts.outcomes gives it."""

    def __init__(self, run, refusals):
        self.run, self.outcome = run, run.outcome
        ids = {int(member) for member in self.outcome["lines"]} | {
            person for person, _rule in self.outcome["impossible"]
        }
        ids |= {person for _code, person, _on in refusals if person}
        self.people = Person.objects.filter(centre=run.centre_id).select_related("team").in_bulk(ids)
        self.types = {row.code: row for row in ShiftType.objects.filter(centre=run.centre_id)}
        self.refusals = [(CHECKS[code].label, self.people.get(person), day(on)) for code, person, on in refusals]

    @property
    def gap(self):
        return gap_text(self.outcome["cost"], self.outcome["bound"])

    @property
    def covered(self):
        return self.outcome["needed"] - self.outcome["missing"]

    @property
    def kept(self):
        return self.outcome["wishes"] - len(self.outcome["broken"])

    @property
    def lacking(self):
        """[(date, type, how many people are missing, whether it is the leader)] by date."""
        rows = [(day(on), self.types[code], missing, False) for on, code, missing in self.outcome["uncovered"]]
        rows += [(day(on), self.types[code], missing, True) for on, code, missing in self.outcome["leaderless"]]
        return sorted(rows, key=lambda row: (row[0], row[1].starts, row[3]))

    @property
    def broken(self):
        """[(person, [(date, what was wished, whether it was important)])] by employee number."""
        found = collections.defaultdict(list)
        for person, on, kind, code, weight in sorted(self.outcome["broken"], key=lambda row: row[1]):
            found[person].append((day(on), self.wish(kind, code), weight))
        return self.by_number(found)

    def wish(self, kind, code):
        if code and code in self.types:
            name = self.types[code].name
            return name if kind == "on" else _("not %(shift)s") % {"shift": name}
        return pgettext("wish", "work") if kind == "on" else pgettext("wish", "day off")

    @functools.cached_property
    def shares(self):
        shares, leaders = self.outcome["shares"], set(self.outcome["leaders"])
        most = {
            name: max((pair for own in shares.values() for pair in own[name]), default=0)
            for name in ("nights", "weekends")
        }
        found = {int(person): own for person, own in shares.items()}
        return [Share(person, person.pk in leaders, most=most, **own) for person, own in self.by_number(found)]

    @property
    def spread(self):
        """{nights, weekends: ((least, most) before, (least, most) after)} among those who do not lead."""
        shares = [share for share in self.shares if not share.leads] or self.shares
        return {name: [extremes(shares, name, side) for side in (0, 1)] for name in ("nights", "weekends")}

    @property
    def impossible(self):
        return self.by_number(
            {person: REASONS.get(rule, REASONS["together"]) for person, rule in self.outcome["impossible"]}
        )

    @property
    def changes(self):
        """[(person, [(date, type or None before, after)])] of the days found otherwise than in the draft."""
        found = collections.defaultdict(list)
        for person, on, code, old in found_cells(self.run):
            if code != old:
                found[person].append((on, self.types.get(old), self.types.get(code)))
        return self.by_number(found)

    @functools.cached_property
    def changed(self):
        return sum(len(days) for _person, days in self.changes)

    def by_number(self, found):
        rows = [(self.people[person], value) for person, value in found.items() if person in self.people]
        return sorted(rows, key=lambda row: row[0].employee_number)


def extremes(shares, name, side):
    counts = [getattr(share, name)[side] for share in shares]
    return (min(counts), max(counts)) if counts else (0, 0)


def day(text):
    return dt.date.fromisoformat(text)
