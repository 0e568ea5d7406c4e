"""The compact model for CP-SAT: one Boolean for each person, day and shift type.

Some people may be free and the others fixed, and cells of the free ones may be fixed too, so the same model is the
whole problem, one person's feasibility, or a neighbourhood of a roster.
"""

from functools import cached_property

import numpy as np
from ortools.sat.python import cp_model


class Booleans:
    """`allowed` [person, day, kind] narrows the problem's own; `others` [day, kind] are the people not in `people`."""

    def __init__(self, tables, people, *, allowed=None, others=None):
        self.tables, self.people = tables, list(people)
        self.allowed = tables.allowed if allowed is None else allowed & tables.allowed
        self.others = np.zeros((tables.days, tables.width), int) if others is None else others
        self.model, self.costs = cp_model.CpModel(), []
        self.cells = {person: self._cells(person) for person in self.people}

    def _cells(self, person):
        """[day][kind]: a Boolean, or 0 or 1 where there is nothing to decide"""
        return [self._cell(kinds) for kinds in self.allowed[person]]

    def _cell(self, kinds):
        choices = np.flatnonzero(kinds)
        if len(choices) == 1:
            return [int(kind) for kind in kinds]
        cells = [self.model.new_bool_var("") if kind else 0 for kind in kinds]
        self.model.add_exactly_one(cells[kind] for kind in choices)
        return cells

    @cached_property
    def is_possible(self):
        """No day is left without a choice."""
        return bool(self.allowed[self.people].any(axis=2).all())

    def add_rules(self, *, without=()):
        for person in self.people:
            for rule in RULES:
                if rule not in without:
                    RULES[rule](self, person, self.tables.problem.members[person])

    def _succession(self, person, _member):
        for before, after in zip(self.cells[person], self.cells[person][1:], strict=False):
            for first, second in np.argwhere(~self.tables.may_follow):
                self._forbid(before[first], after[second])

    def _forbid(self, *literals):
        """Not all of them. Numbers are known: 1 is dropped, 0 settles it."""
        if any(isinstance(literal, int) and literal == 0 for literal in literals):
            return
        unknown = [literal for literal in literals if not isinstance(literal, int)]
        self.model.add_bool_or([~literal for literal in unknown])

    def _minutes(self, person, days):
        return _sum(
            int(self.tables.minutes[kind]) * cell
            for day in days
            for kind, cell in enumerate(self.cells[person][day])
            if kind
        )

    def _max_minutes(self, person, member):
        if member.max_minutes is not None:
            self._at_most(self._minutes(person, range(self.tables.days)), member.max_minutes)

    def _min_minutes(self, person, member):
        if member.min_minutes > 0:
            self._at_most(-self._minutes(person, range(self.tables.days)), -member.min_minutes)

    def _week_minutes(self, person, member):
        if member.week_minutes is None:
            return
        already = member.first_week_minutes
        for week in self.tables.weeks:
            self._at_most(self._minutes(person, week), member.week_minutes - already)
            already = 0

    def _at_most(self, total, limit):
        if not isinstance(total, int):
            self.model.add(total <= limit)
        elif total > limit:
            self.model.add_bool_or([])

    def _max_of(self, person, member):
        for code, limit in member.max_of.items():
            kind = self.tables.number[code]
            self._at_most(_sum(day[kind] for day in self.cells[person]), limit)

    def _timeline(self, person, member):
        """Rest as literals or numbers, the days before first; and how many those are."""
        before = [int(code is None) for code in member.before]
        return before + [day[0] for day in self.cells[person]], len(before)

    def _max_run(self, person, member):
        if member.max_run is None:
            return
        rest, known = self._timeline(person, member)
        for first in range(max(0, known - member.max_run), len(rest) - member.max_run):
            self._forbid(*[_negation(day) for day in rest[first : first + member.max_run + 1]])

    def _min_run(self, person, member):
        self._no_short_run(person, member, member.min_run, lambda rest: _negation(rest))

    def _min_off_run(self, person, member):
        self._no_short_run(person, member, member.min_off_run, lambda rest: rest)

    def _no_short_run(self, person, member, least, inside):
        """Forbids each pattern of fewer than `least` days between two of the other sort."""
        rest, known = self._timeline(person, member)
        within = [inside(day) for day in rest]
        outside = [_negation(day) for day in within]
        for length in range(1, least):
            for first in range(max(0, known - length - 1), len(rest) - length - 1):
                last = first + length + 1
                self._forbid(outside[first], *within[first + 1 : last], outside[last])

    @cached_property
    def _weekends(self):
        """{person: [worked as a Boolean or number for each weekend]}"""
        return {person: [self._any_work(person, days) for days in self.tables.weekends] for person in self.people}

    def _any_work(self, person, days):
        rests = [self.cells[person][day][0] for day in days]
        if any(isinstance(rest, int) and rest == 0 for rest in rests):
            return 1
        unknown = [rest for rest in rests if not isinstance(rest, int)]
        if len(unknown) < 2:
            return 1 - unknown[0] if unknown else 0
        worked = self.model.new_bool_var("")
        for rest in unknown:
            self.model.add_bool_or(rest, worked)
        self.model.add_bool_or(*[~rest for rest in unknown], ~worked)
        return worked

    def _max_weekends(self, person, member):
        if member.max_weekends is not None:
            self._at_most(_sum(self._weekends[person]), member.max_weekends)

    def add_costs(self):
        for person in self.people:
            self._add_cells(person, self.tables.cost[person])
            self._add_shares(person)
        for row in self.tables.rows:
            self._add_cover(row)
        self.model.minimize(_sum(self.costs))

    def add_prices(self, person, prices):
        """Minimise prices [day, kind] of one person's cells alone."""
        self._add_cells(person, prices)
        self.model.minimize(_sum(self.costs))

    def _add_cells(self, person, prices):
        for cells, weights in zip(self.cells[person], prices, strict=True):
            self.costs += [int(weight) * cell for weight, cell in zip(weights, cells, strict=True) if weight]

    def _add_shares(self, person):
        tables = self.tables
        if tables.night_cost is not None:
            cells = self.cells[person]
            nights = _sum(day[kind] for day in cells for kind in np.flatnonzero(tables.is_night))
            self._add_convex(nights, tables.night_cost[person])
        if tables.weekend_cost is not None:
            self._add_convex(_sum(self._weekends[person]), tables.weekend_cost[person])

    def _add_convex(self, count, cost):
        """A variable above every line through two neighbouring points: the cost, as it is convex and made small."""
        if isinstance(count, int):
            self.costs.append(int(cost[count]))
            return
        value = self.model.new_int_var(0, int(cost.max()), "")
        for slope in sorted({int(step) for step in np.diff(cost)} - {0}):
            place = int(np.flatnonzero(np.diff(cost) == slope)[0])
            self.model.add(value >= int(cost[place]) + slope * (count - place))
        self.costs.append(value)

    def _add_cover(self, row):
        cells = [self.cells[person][row.day][row.kind] for person in self.people]
        staffed = _sum(cells) + int(self.others[row.day, row.kind])
        if isinstance(staffed, int):
            self.costs.append(max(row.under * (row.need - staffed), row.over * (staffed - row.need)))
            return
        if row.under and row.need > 0:
            missing = self.model.new_int_var(0, row.need, "")
            self.model.add(staffed + missing >= row.need)
            self.costs.append(row.under * missing)
        if row.over:
            surplus = self.model.new_int_var(0, self.tables.people, "")
            self.model.add(staffed - surplus <= row.need)
            self.costs.append(row.over * surplus)

    def hint(self, grid):
        """Start from the lines of `grid` [person, day]."""
        for person in self.people:
            for day, cells in enumerate(self.cells[person]):
                for kind, cell in enumerate(cells):
                    if not isinstance(cell, int):
                        self.model.add_hint(cell, int(grid[person, day] == kind))

    def lines(self, value):
        """[person of `people`, day] from a function that gives a Boolean's value"""
        return np.array([[_choice(cells, value) for cells in self.cells[person]] for person in self.people])


RULES = {
    "succession": Booleans._succession,
    "max_minutes": Booleans._max_minutes,
    "min_minutes": Booleans._min_minutes,
    "week_minutes": Booleans._week_minutes,
    "max_of": Booleans._max_of,
    "max_run": Booleans._max_run,
    "min_run": Booleans._min_run,
    "min_off_run": Booleans._min_off_run,
    "max_weekends": Booleans._max_weekends,
}


def _negation(literal):
    return 1 - literal if isinstance(literal, int) else ~literal


def _sum(terms):
    terms = list(terms)
    known = sum(term for term in terms if isinstance(term, int))
    unknown = [term for term in terms if not isinstance(term, int)]
    return cp_model.LinearExpr.sum(unknown) + known if unknown else known


def _choice(cells, value):
    return next(kind for kind, cell in enumerate(cells) if (cell if isinstance(cell, int) else value(cell)))
