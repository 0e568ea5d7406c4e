"""The problem as arrays. Cells are numbers: 0 is a day off, 1 and up are the problem's shift types in their order."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shifts.solver import shares
from shifts.solver.problem import Problem


@dataclass(frozen=True)
class Row:
    """A Cover with its code as a number."""

    day: int
    kind: int
    need: int
    under: int
    over: int


class Tables:
    def __init__(self, problem: Problem):
        self.problem = problem
        self.days, self.people, self.width = problem.days, len(problem.members), len(problem.kinds) + 1
        self.number = {None: 0} | {code: place for place, code in enumerate(problem.codes, 1)}
        self.codes = (None, *problem.codes)
        self.minutes = np.array([0] + [kind.minutes for kind in problem.kinds])
        self.may_follow = self._may_follow()
        self.allowed = np.stack([self._allowed(member) for member in problem.members])
        self.cost = self._cell_costs()
        self.rows = [
            Row(row.day, self.number[row.code], row.need, row.under, row.over)
            for row in problem.cover
            if row.under or row.over
        ]
        self.weekends = problem.weekends()
        self.weeks = problem.weeks()

    def _may_follow(self):
        may = np.ones((self.width, self.width), bool)
        for place, kind in enumerate(self.problem.kinds, 1):
            for code in kind.not_before:
                may[place, self.number[code]] = False
        return may

    def _allowed(self, member):
        allowed = np.ones((self.days, self.width), bool)
        for place, code in enumerate(self.problem.codes, 1):
            allowed[:, place] = (member.kinds is None or code in member.kinds) and member.max_of.get(code, 1) > 0
        allowed[sorted(member.off), 1:] = False
        for day, code in member.fixed.items():
            allowed[day, np.arange(self.width) != self.number[code]] = False
        if member.before:
            allowed[0] &= self.may_follow[self.number[member.before[-1]]]
        return allowed

    def _cell_costs(self):
        cost = np.zeros((self.people, self.days, self.width), int)
        place = {member.id: index for index, member in enumerate(self.problem.members)}
        for wish in self.problem.wishes:
            cells = cost[place[wish.member], wish.day]
            breaks = np.arange(self.width) == self.number[wish.code]
            breaks = ~breaks if wish.code is None else breaks  # no code: any shift at all
            cells[breaks != wish.on] += wish.weight
        for member, line in (self.problem.start or {}).items():
            changed = self.index(line)[:, None] != np.arange(self.width)
            cost[place[member]] += self.problem.keep_weight * changed
        return cost

    @cached_property
    def night_cost(self):
        """[person, nights worked], or None"""
        return self._fair(0, lambda fairness: fairness.weight, self.days)

    @cached_property
    def weekend_cost(self):
        """[person, weekends worked], or None"""
        return self._fair(1, lambda fairness: fairness.weekend_weight, len(self.weekends))

    def _fair(self, which, weight_of, most):
        fairness = self.problem.fairness
        if not fairness or not weight_of(fairness):
            return None
        targets = shares.targets(self.problem).values()
        return np.array(
            [[shares.penalty(weight_of(fairness), pair[which], n) for n in range(most + 1)] for pair in targets]
        )

    @cached_property
    def is_night(self):
        """[kind]"""
        codes = self.problem.fairness.codes if self.problem.fairness else ()
        return np.array([code in codes for code in self.codes])

    @cached_property
    def cover_cost(self):
        """[day, kind, people on it]"""
        cost = np.zeros((self.days, self.width, self.people + 1), int)
        staffed = np.arange(self.people + 1)
        for row in self.rows:
            missing = row.need - staffed
            cost[row.day, row.kind] += np.where(missing > 0, row.under * missing, -row.over * missing)
        return cost

    def index(self, line):
        return np.array([self.number[code] for code in line])

    def read(self, lines):
        """[person, day] of {id: codes}"""
        return np.stack([self.index(lines[member.id]) for member in self.problem.members])

    def write(self, grid):
        """{id: codes} of [person, day]"""
        members = self.problem.members
        return {m.id: tuple(self.codes[k] for k in line) for m, line in zip(members, grid, strict=True)}

    def staffed(self, grid):
        """[day, kind] people on it"""
        return (grid[:, :, None] == np.arange(self.width)).sum(axis=0)

    def line_costs(self, people, grid):
        """What each line costs by itself: wishes, changes, shares. `people` are the owners of the lines of `grid`."""
        people = np.asarray(people)
        total = self.cost[people[:, None], np.arange(self.days), grid].sum(axis=1)
        if self.night_cost is not None:
            total = total + self.night_cost[people, self.is_night[grid].sum(axis=1)]
        if self.weekend_cost is not None:
            total = total + self.weekend_cost[people, self.worked_weekends(grid)]
        return total

    def worked_weekends(self, grid):
        """[line]"""
        worked = np.zeros(len(grid), int)
        for days in self.weekends:
            worked += (grid[:, list(days)] > 0).any(axis=1)
        return worked

    def total(self, grid):
        days, kinds = np.arange(self.days)[:, None], np.arange(self.width)
        cover = self.cover_cost[days, kinds, self.staffed(grid)].sum()
        return int(cover + self.line_costs(np.arange(self.people), grid).sum())
