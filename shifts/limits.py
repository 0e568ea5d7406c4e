"""What rosters are judged by, as its page shows it: each check with its dated settings, and the demand."""

import collections
import dataclasses
import datetime as dt

from django.utils.translation import gettext_lazy as _

from shifts.checking import CHECKS, IGNORE, WARN, Check
from shifts.checking.checks import MINUTES, PERIODS
from shifts.checking.findings import said_length
from shifts.models import Demand, Limit, ShiftType

MINUTE = dt.timedelta(minutes=1)
HOURS = ("week_hours", *PERIODS)
LOOKS = {
    "refuse": ("danger", "octagon-x"),
    "warn": ("warn", "triangle-alert"),
    "note": ("info", "info"),
    "ignore": ("muted", "circle-off"),
}


@dataclasses.dataclass(frozen=True)
class System:
    """A working-time system: which of the checks of hours are made."""

    code: str
    label: str
    note: str
    made: tuple

    @property
    def effects(self):
        return {code: WARN if code in self.made else IGNORE for code in HOURS}


SYSTEMS = {
    system.code: system
    for system in (
        System(
            "standard",
            _("Standard hours"),
            _("Eight hours a day, forty a week; overtime counts from there, at most 36 hours a month."),
            ("week_hours", "month_hours"),
        ),
        System(
            "month",
            _("Comprehensive hours, by month"),
            _("Hours count over the month. Needs the approval of the labour authority."),
            ("month_hours",),
        ),
        System(
            "quarter",
            _("Comprehensive hours, by quarter"),
            _("Hours count over the quarter. Needs the approval of the labour authority."),
            ("quarter_hours",),
        ),
        System(
            "year",
            _("Comprehensive hours, by year"),
            _("Hours count over the year. Needs the approval of the labour authority."),
            ("year_hours",),
        ),
    )
}


@dataclasses.dataclass(frozen=True)
class Setting:
    """What a check does from a date on; `from_on` None: where nothing was set."""

    check: Check
    from_on: dt.date | None
    effect: str
    value: int | None

    @property
    def label(self):
        return Limit.Effect(self.effect).label

    @property
    def look(self):
        return LOOKS[self.effect]

    @property
    def number(self):
        """11 h, 6 days; "" where there is none."""
        if self.value is None:
            return ""
        return said_length(self.value * MINUTE) if self.check.unit == MINUTES else f"{self.value} {self.check.unit}"


@dataclasses.dataclass(frozen=True)
class CheckRow:
    """A check with its settings, the newest first; `now` is the one in force."""

    check: Check
    now: Setting
    coming: list
    past: list


def check_rows(centre, today):
    """[CheckRow] of every check: one statement."""
    steps = collections.defaultdict(list)
    rows = Limit.objects.filter(centre=centre).order_by("from_on")
    for code, from_on, effect, value in rows.values_list("check_code", "from_on", "effect", "value"):
        if check := CHECKS.get(code):
            steps[code].append(Setting(check, from_on, effect, check.value if value is None else value))
    return [check_row(check, steps.get(check.code, []), today) for check in CHECKS.values()]


def check_row(check, steps, today):
    begun = [Setting(check, None, check.effect, check.value), *(step for step in steps if step.from_on <= today)]
    coming = [step for step in steps if step.from_on > today]
    return CheckRow(check, begun[-1], coming, begun[-2::-1])


def system_of(rows):
    """The System that the checks of hours stand for now, or None for a mixture of one's own."""
    made = {row.check.code for row in rows if row.check.code in HOURS and row.now.effect != IGNORE}
    return next((system for system in SYSTEMS.values() if made == set(system.made)), None)


@dataclasses.dataclass(frozen=True)
class DemandCell:
    """`now` and the next change of a type's demand on a kind of day, None where nothing is set."""

    day: str
    now: Demand | None
    coming: Demand | None


def demand_rows(centre, today):
    """[(shift type, [DemandCell] in the order of the kinds of day)]: two statements."""
    by_place = collections.defaultdict(list)
    for row in Demand.objects.filter(centre=centre).order_by("from_on"):
        by_place[row.type_id, row.day].append(row)
    types = ShiftType.objects.filter(centre=centre)
    return [(kind, [demand_cell(day, by_place[kind.pk, day], today) for day in Demand.Day.values]) for kind in types]


def demand_cell(day, rows, today):
    begun = [row for row in rows if row.from_on <= today]
    coming = [row for row in rows if row.from_on > today]
    return DemandCell(day, begun[-1] if begun else None, coming[0] if coming else None)
