"""The master problem of column generation: which of the known lines, one for each person, cover the demand best.

Each person's lines add up to one; each cover is met or its slacks pay for it, so a dual price lies between -over and
under. Linear by the simplex of HiGHS, whole numbers by its branch and bound.
"""

from dataclasses import dataclass

import highspy
import numpy as np

DUAL, PRIMAL = 1, 4  # simplex_strategy; primal: what was best stays feasible when columns come in


class Pool:
    """Lines that are known, without doubles: `owners` [line], `grid` [line, day], `costs` [line] of each by itself."""

    def __init__(self, tables):
        self.tables, self.places = tables, {}
        self.owners = np.zeros(0, int)
        self.grid = np.zeros((0, tables.days), int)
        self.costs = np.zeros(0, int)

    def add(self, owners, grid):
        """Places of these lines in the pool."""
        first = len(self.owners)
        keys = [(int(owner), line.tobytes()) for owner, line in zip(owners, grid.astype(np.uint8), strict=True)]
        places = np.array([self.places.setdefault(key, len(self.places)) for key in keys], int)
        new, index = np.unique(places, return_index=True)
        index = index[new >= first]
        if len(index):
            self.owners = np.concatenate([self.owners, owners[index]])
            self.grid = np.concatenate([self.grid, grid[index]])
            self.costs = np.concatenate([self.costs, self.tables.line_costs(owners[index], grid[index])])
        return places

    def reduced(self, prices, sigma, places):
        """Reduced costs of lines: `prices` [day, kind] are those of cover, `sigma` [person] of having a line."""
        covered = prices[np.arange(self.tables.days), self.grid[places]].sum(axis=1)
        return self.costs[places] - covered - sigma[self.owners[places]]

    def of(self, people):
        """Places of these people's lines."""
        return np.flatnonzero(np.isin(self.owners, people))


@dataclass(frozen=True)
class Optimum:
    """Of the linear master: `duals` [cover], `sigma` [person], `weights` [line of the master]."""

    value: float
    duals: np.ndarray
    sigma: np.ndarray
    weights: np.ndarray


class Master:
    """For some people; `others` [day, kind] are those whose lines are settled. `lines`: places in the pool."""

    def __init__(self, tables, pool, people, others):
        self.tables, self.pool, self.people = tables, pool, np.array(people)
        self.row_of = {int(person): row for row, person in enumerate(people)}
        self.days = np.array([row.day for row in tables.rows], int)
        self.kinds = np.array([row.kind for row in tables.rows], int)
        self.needs = np.array([row.need for row in tables.rows], float) - others[self.days, self.kinds]
        self.at: dict[tuple[int, int], list[int]] = {}
        for place, row in enumerate(tables.rows):
            self.at.setdefault((row.day, row.kind), []).append(len(people) + place)
        self.slacks = 2 * len(tables.rows)
        self._begin()

    def _begin(self):
        self.highs, self.lines, self.known = _quiet(), np.zeros(0, int), set()
        bounds = np.concatenate([np.ones(len(self.people)), self.needs])
        nothing = np.zeros(0, np.int32)
        self.highs.addRows(len(bounds), bounds, bounds, 0, np.zeros(len(bounds), np.int32), nothing, np.zeros(0))
        rows = self.tables.rows
        costs = np.array([weight for row in rows for weight in (row.under, row.over)], float)
        places = np.repeat(np.arange(len(rows)), 2) + len(self.people)
        self._add_columns(costs, np.arange(len(costs)), places, np.tile([1.0, -1.0], len(rows)))

    def _add_columns(self, costs, starts, rows, values):
        if not len(costs):
            return
        none, most = np.zeros(len(costs)), np.full(len(costs), highspy.kHighsInf)
        starts, rows = np.array(starts, np.int32), np.array(rows, np.int32)
        self.highs.addCols(len(costs), costs, none, most, len(rows), starts, rows, values)

    def add(self, places):
        """Brings in lines of the pool; the number of those that are new here."""
        new = [place for place in dict.fromkeys(places.tolist()) if place not in self.known]
        if new:
            self.known.update(new)
            self.lines = np.concatenate([self.lines, np.array(new)])
            starts: list[int] = []
            rows: list[int] = []
            for place in new:
                starts.append(len(rows))
                rows += self._rows(place)
            self._add_columns(self.pool.costs[new].astype(float), starts, rows, np.ones(len(rows)))
        return len(new)

    def _rows(self, place):
        cells = enumerate(self.pool.grid[place].tolist())
        return [self.row_of[int(self.pool.owners[place])], *(row for cell in cells for row in self.at.get(cell, ()))]

    def begin_from(self, other):
        """Start from the optimum of a master of more people: prices of the rest fit, whatever else does not.

        So the first run is by the dual simplex.
        """
        basis, old = highspy.HighsBasis(), other.highs.getBasis()
        lines = dict(zip(other.lines.tolist(), old.col_status[other.slacks :], strict=True))
        outside = highspy.HighsBasisStatus.kLower
        basis.col_status = [*old.col_status[: self.slacks], *(lines.get(line, outside) for line in self.lines.tolist())]
        rows, count = old.row_status, len(other.people)
        basis.row_status = [*(rows[other.row_of[person]] for person in self.people.tolist()), *rows[count:]]
        basis.alien = True
        self.highs.setBasis(basis)
        self.highs.setOptionValue("simplex_strategy", DUAL)
        self.highs.run()
        self.highs.setOptionValue("simplex_strategy", PRIMAL)

    def solve(self):
        self.highs.run()
        solution, count = self.highs.getSolution(), len(self.people)
        duals = np.array(solution.row_dual)
        sigma = np.zeros(self.tables.people)
        sigma[self.people] = duals[:count]
        value = self.highs.getInfo().objective_function_value
        return Optimum(value, self._clipped(duals[count:]), sigma, np.array(solution.col_value)[self.slacks :])

    def _clipped(self, duals):
        """Within what the slacks allow, whatever the rounding: the bound has to hold."""
        return np.clip(duals, [-row.over for row in self.tables.rows], [row.under for row in self.tables.rows])

    def prices(self, duals):
        """[day, kind]"""
        prices = np.zeros((self.tables.days, self.tables.width))
        np.add.at(prices, (self.days, self.kinds), duals)
        return prices

    def reduced(self, duals, sigma, places):
        return self.pool.reduced(self.prices(duals), sigma, places)

    def worth(self, duals):
        """To this Lagrange's bound adds everybody's cheapest line."""
        return float(duals @ self.needs)

    def choose(self, places, *, below, seconds):
        """([person] places of the best lines among these, if they cost less than `below`, else None; whether solved)"""
        self._begin()
        self.add(places)
        count = len(self.lines)
        columns = np.arange(count, dtype=np.int32) + self.slacks
        self.highs.changeColsIntegrality(count, columns, np.full(count, highspy.HighsVarType.kInteger))
        for name, value in (("time_limit", seconds), ("objective_bound", below - 0.5), ("mip_abs_gap", 0.99)):
            self.highs.setOptionValue(name, float(value))
        self.highs.run()
        solved = self.highs.getModelStatus() != highspy.HighsModelStatus.kTimeLimit
        if self.highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None, solved
        taken = self.lines[np.array(self.highs.getSolution().col_value)[self.slacks :] > 0.5]
        return taken[np.argsort([self.row_of[int(owner)] for owner in self.pool.owners[taken]])], solved


def _quiet():
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("simplex_strategy", PRIMAL)
    return highs
