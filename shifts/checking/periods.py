"""What the checks look at: the turns of some days and what holds for them, in memory, and with some changed."""

import bisect
import collections
import copy
import dataclasses
import datetime as dt
from functools import cached_property

from people.models import CalendarDay, Role
from shifts.checking.checks import CHECKS, IGNORE
from shifts.models import Colour, Demand
from shifts.rotations import dates

DAY = dt.timedelta(days=1)
SATURDAY = 5
HOLIDAY, WORKDAY, REST = Demand.Day.HOLIDAY, Demand.Day.WORKDAY, Demand.Day.REST

# The rows of demand that are looked for on each kind of day, the most special first.
FALLBACKS = {
    HOLIDAY: (HOLIDAY, REST, Demand.Day.EVERY),
    REST: (REST, Demand.Day.EVERY),
    WORKDAY: (WORKDAY, Demand.Day.EVERY),
}


@dataclasses.dataclass(frozen=True)
class Slot:
    """A shift as the checks need it. `is_own`: part of the plan that is judged, on one of the days that are."""

    id: int
    on: dt.date
    code: str
    names: tuple
    team: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_night: bool
    is_own: bool = True
    leader_id: int | None = None

    @cached_property
    def minutes(self):
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @cached_property
    def week(self):
        return self.on - dt.timedelta(days=self.on.weekday())

    @cached_property
    def month(self):
        return self.on.replace(day=1)

    @cached_property
    def seat(self):
        """The Turn of everybody who is assigned to it."""
        return Turn.of(self)

    @cached_property
    def lead(self):
        """The Turn of who leads it."""
        return Turn.of(self, leads=True)


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """A part in a shift, the same for all who have it. `week` and `month` are their first days."""

    shift_id: int
    on: dt.date
    code: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    leads: bool
    is_night: bool
    minutes: int
    week: dt.date
    month: dt.date
    is_own: bool = True

    @classmethod
    def of(cls, slot, leads=False):
        return cls(
            slot.id,
            slot.on,
            slot.code,
            slot.starts_at,
            slot.ends_at,
            leads,
            slot.is_night,
            slot.minutes,
            slot.week,
            slot.month,
            slot.is_own,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """What a check does on a date."""

    effect: str
    value: int | None


class Limits:
    """Every check's Rule on a date: of the newest row that has begun, else its default. `rows`: (code, from_on, effect,
    value), where no value means the default's."""

    def __init__(self, rows=()):
        self.steps = collections.defaultdict(list)
        for code, from_on, effect, value in sorted(rows, key=lambda row: row[:2]):
            check = CHECKS.get(code)
            if check and not check.is_fixed:
                self.steps[code].append((from_on, Rule(effect, check.value if value is None else value)))

    def on(self, code, date):
        for from_on, rule in reversed(self.steps.get(code, ())):
            if from_on <= date:
                return rule
        return Rule(CHECKS[code].effect, CHECKS[code].value)

    def by_day(self, code, days):
        """{date: Rule}, or {} where the check is made on none of the days."""
        rules = {on: self.on(code, on) for on in days}
        return {} if all(rule.effect == IGNORE for rule in rules.values()) else rules

    def greatest(self, code, days):
        return max(self.on(code, on).value for on in days)


class Calendar:
    """The kind of each day. `days`: {date: (kind, names)} of CalendarDay, `years`: {year: whether it is announced},
    `predicted`: the dates of `days` that are not announced."""

    def __init__(self, days=None, years=None, predicted=()):
        self.days, self.years, self.predicted = days or {}, years or {}, predicted

    def kind(self, on):
        kind, _names = self.days.get(on, ("", ()))
        if kind == CalendarDay.Kind.HOLIDAY:
            return HOLIDAY
        return REST if on.weekday() >= SATURDAY and kind != CalendarDay.Kind.WORKDAY else WORKDAY


class Demands:
    """How many people a turn needs. `rows`: (code, kind of day, from_on, heads)."""

    def __init__(self, rows=()):
        self.steps = collections.defaultdict(list)
        for code, kind, from_on, heads in sorted(rows):
            self.steps[code, kind].append((from_on, heads))
        self.codes = {code for code, _kind in self.steps}

    def heads(self, code, kind, on):
        """None where nothing is said about it."""
        for row in FALLBACKS[kind]:
            for from_on, heads in reversed(self.steps.get((code, row), ())):
                if from_on <= on:
                    return heads
        return None


@dataclasses.dataclass(frozen=True)
class Scope:
    """A roster of the judged plan: between its days it is to cover the demand for its types."""

    from_on: dt.date
    until_on: dt.date
    codes: frozenset


class Period:
    """The days from `from_on` to `until_on` of a plan, with a margin of days on either side.

    turns: {person id: [Turn]} in the order of their starts; slots: {shift id: Slot}; names: {code: (zh, en)}.
    others: {shift id: people assigned who are not in `turns`}, for a period of some people only.
    minutes_outside: {(person id, first of month): minutes} of turns outside the margin; leaves: {person id: [(from_on,
    until_on)]}; roles: {person id: [(role, from_on, until_on or None)]}, None where roles are not looked at.
    """

    @classmethod
    def load(cls, centre, from_on, until_on, *, plan=0, people=None):
        """From the database, in a number of statements that does not depend on the rows.

        plan: PUBLISHED_PLAN, or a draft: its pk, or the Roster with its rotation. A draft is judged together with what
        is published beside it. people: ids of those whose turns are wanted, all by default.
        """
        from shifts.checking.loading import load  # noqa: PLC0415 - which makes Periods

        return load(centre, from_on, until_on, plan, people)

    def __init__(self, from_on, until_on, **facts):
        self.from_on, self.until_on = from_on, until_on
        self.turns = facts.get("turns", {})
        self.slots = facts.get("slots", {})
        self.others = facts.get("others", {})
        self.names = facts.get("names", {})
        self.scopes = facts.get("scopes", [])
        self.leaves = facts.get("leaves", {})
        self.roles = facts.get("roles")
        self.minutes_outside = facts.get("minutes_outside", {})
        self.calendar = facts.get("calendar") or Calendar()
        self.limits = facts.get("limits") or Limits()
        self.demands = facts.get("demands") or Demands()

    @property
    def days(self):
        return dates(self.from_on, self.until_on)

    def is_in(self, on):
        return self.from_on <= on <= self.until_on

    @cached_property
    def heads(self):
        """{(date, code): how many people are assigned}, of every plan's turns on the days.

        Leaders are not counted, nor who is on leave.
        """
        found = collections.Counter()
        for shift_id, count in self.others.items():
            slot = self.slots[shift_id]
            found[slot.on, slot.code] += count
        for person_id, turns in self.turns.items():
            away = self.days_away(person_id) if person_id in self.leaves else ()
            for turn in turns:
                if not turn.leads and turn.on not in away:
                    found[turn.on, turn.code] += 1
        return found

    def days_away(self, person_id):
        """The dates on which the person is on approved leave."""
        return {on for span in self.leaves[person_id] for on in dates(*span)}

    @cached_property
    def own_slots(self):
        return [slot for slot in self.slots.values() if slot.is_own]

    @cached_property
    def manned(self):
        """Ids of the shifts that somebody leads or is assigned to."""
        led = {slot.id for slot in self.slots.values() if slot.leader_id}
        return led.union(self.others, {turn.shift_id for turns in self.turns.values() for turn in turns})

    def demand(self, on, code):
        """How many people the centre wants on the turns of the type that begin on the date, or None."""
        return self.demands.heads(code, self.calendar.kind(on), on)

    def steady_roles(self, person_id):
        """The roles that the person holds on all of the days; where roles are not looked at, every one."""
        if self.roles is None:
            return list(Role)
        return self._held(person_id, self.from_on, self.until_on)

    def roles_on(self, person_id, on):
        return list(Role) if self.roles is None else self._held(person_id, on, on)

    def _held(self, person_id, first, last):
        held = self.roles.get(person_id, ())
        return [role for role, from_on, until_on in held if from_on <= first and (until_on is None or last <= until_on)]

    def leads_on(self, person_id, on):
        return Role.LEADER in self.roles_on(person_id, on)

    def with_changes(self, removed=(), added=()):
        """The same with turns taken away and given: pairs of person id and shift (a Shift, or a Slot).

        Who is added leads the shift when it has no leader and they are one on that day; a third item of the pair, True
        or False, decides it. Shifts that are not saved are told apart by the object.
        """
        changed = copy.copy(self)
        for name in ("heads", "own_slots", "manned"):
            changed.__dict__.pop(name, None)
        changed.turns, changed.slots = dict(self.turns), dict(self.slots)
        for person_id, shift in removed:
            changed._remove(person_id, _id_of(shift))
        for person_id, shift, *leads in added:
            changed._add(person_id, changed._slot(shift), *leads)
        return changed

    def _remove(self, person_id, shift_id):
        kept = [turn for turn in self.turns.get(person_id, ()) if turn.shift_id != shift_id]
        self.turns[person_id] = kept
        slot = self.slots.get(shift_id)
        if slot and slot.leader_id == person_id:
            self.slots[shift_id] = dataclasses.replace(slot, leader_id=None)

    def _add(self, person_id, slot, leads=None):
        if leads is None:
            leads = slot.leader_id is None and self.leads_on(person_id, slot.on)
        if leads:
            slot = dataclasses.replace(slot, leader_id=person_id)
        self.slots[slot.id] = slot
        turns = [turn for turn in self.turns.get(person_id, ()) if turn.shift_id != slot.id]
        bisect.insort(turns, slot.lead if leads else slot.seat, key=lambda turn: turn.starts_at)
        self.turns[person_id] = turns

    def _slot(self, shift):
        known = self.slots.get(_id_of(shift))
        if known or isinstance(shift, Slot):
            return known or shift
        kind = shift.type
        self.names.setdefault(kind.code, (kind.name_zh, kind.name_en))
        return Slot(
            _id_of(shift),
            shift.on,
            kind.code,
            (kind.name_zh, kind.name_en),
            shift.team.name,
            shift.starts_at,
            shift.ends_at,
            kind.colour == Colour.NIGHT,
            self.is_in(shift.on),
            shift.leader_id,
        )


def _id_of(shift):
    """A shift's id; a negative one of its own for a shift that is not saved yet."""
    if isinstance(shift, Slot):
        return shift.id
    return shift.pk or -id(shift)
