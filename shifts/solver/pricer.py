"""Prices lines for everybody: which axes each person needs, people of one form in one block, and legal lines only."""

from dataclasses import dataclass

import numpy as np

from shifts.solver.axes import axes_of
from shifts.solver.lines import Block, longest
from shifts.solver.through import through
from shifts.solver.trace import Trace

BLOCK_CELLS = 120_000  # values of a day that are calculated together: about what a core's cache holds
MOST_CELLS = 400_000  # of one person; axes beyond that are left out, and lines that break them dropped


@dataclass(frozen=True)
class Priced:
    """`least` [person]: no legal line of this person has a lower price, infinite when there is none. Lines are legal:
    `owners` [line], `grid` [line, day], `prices` [line] with everything that a line costs by itself."""

    least: np.ndarray
    owners: np.ndarray
    grid: np.ndarray
    prices: np.ndarray


class Pricer:
    def __init__(self, tables):
        self.tables = tables
        self.axes = [axes_of(tables, person) for person in range(tables.people)]
        self.used: list[frozenset] = [frozenset() for _ in self.axes]
        self.dropped: list[frozenset] = [frozenset() for _ in self.axes]
        self.blocks = {}

    def price(self, prices, people=None, *, count=1, exact=True):
        """The `count` cheapest ends of lines for each of `people`; `prices` [person, day, kind] are those of cells.

        `exact`: use more axes until the cheapest line of each is legal; otherwise until one of its lines is.
        """
        people = list(range(self.tables.people)) if people is None else list(people)
        least, found = np.full(self.tables.people, np.inf), []
        while people:
            again = []
            for block, trace in self._blocks(people):
                for person, lines, lowest in self._block_lines(block, trace, prices, count):
                    least[person] = lowest
                    legal, true = self._judge(person, lines, prices)
                    found.append((person, lines[legal], true))
                    if self._use_more(person, lines, hard=exact or not legal.any()):
                        again.append(person)
                        found.pop()
            people = again
        return self._collect(least, found)

    def through(self, prices):
        """[person, day, kind]: the lowest price of a line with this cell, by the axes in use; infinite: none."""
        found = np.full(self.tables.allowed.shape, np.inf)
        for block, _trace in self._blocks(range(self.tables.people)):
            found[block.people] = through(block.values(prices[block.people]))
            block.slabs = block.mondays = None
        return found

    def _collect(self, least, found):
        days = self.tables.days
        owners = [np.full(len(lines), person) for person, lines, _ in found]
        return Priced(
            least,
            np.concatenate([np.zeros(0, int), *owners]),
            np.concatenate([np.zeros((0, days), int), *(lines for _, lines, _ in found)]),
            np.concatenate([np.zeros(0), *(prices for *_, prices in found)]),
        )

    def _blocks(self, people):
        """Blocks and their traces that hold these people."""
        groups: dict[tuple, list[int]] = {}
        for person in people:
            groups.setdefault(self._form(person), []).append(person)
        for form, members in groups.items():
            size = self._block_size(form, members)
            for first in range(0, len(members), size):
                yield self._block(form, tuple(members[first : first + size]))

    def _form(self, person):
        names = tuple(sorted(self.used[person]))
        units = tuple(self.axes[person][name].unit for name in names)
        return names, units, longest(self.tables, self.tables.problem.members[person]) is None

    def _block_size(self, form, members):
        return max(1, BLOCK_CELLS // max(self._cells(person, form[0]) for person in members))

    def _cells(self, person, names):
        member = self.tables.problem.members[person]
        kinds = int(self.tables.allowed[person].any(axis=0).sum())
        states = kinds * (longest(self.tables, member) or member.min_run) + member.min_off_run
        return states * int(np.prod([1 + self.axes[person][name].most for name in names]))

    def _block(self, form, members):
        key = (form, members)
        if key not in self.blocks:
            axes = [[self.axes[person][name] for name in form[0]] for person in members]
            block = Block(self.tables, members, axes)
            self.blocks[key] = (block, Trace(block))
        return self.blocks[key]

    def _block_lines(self, block, trace, prices, count):
        """(person, lines with the cheapest first, the lowest value) of each person"""
        finals = block.values(prices[block.people]).finals()
        picks = _smallest(finals, min(count, finals.shape[1]))
        values = np.take_along_axis(finals, picks, axis=1)
        rows, columns = np.nonzero(np.isfinite(values))
        grid = trace.lines(rows, picks[rows, columns])
        block.slabs = block.mondays = None
        for place, person in enumerate(block.people):
            yield int(person), grid[rows == place], values[place, 0]

    def _use_more(self, person, lines, *, hard):
        """Whether an axis is added because the cheapest line costs more by it or, if `hard`, breaks its limits."""
        if not len(lines):
            return False
        for name, axis in self.axes[person].items():
            if name in self.used[person] or name in self.dropped[person]:
                continue
            counts = self._counts(axis, lines[:1])
            broken = not _keeps(axis, counts).all()
            if (hard and broken) or (not broken and _end_costs(axis, counts).any()):
                return self._use(person, name)
        return False

    def _use(self, person, name):
        if self._cells(person, self.used[person] | {name}) > MOST_CELLS:
            self.dropped[person] |= {name}
            return False
        self.used[person] |= {name}
        return True

    def _judge(self, person, lines, prices):
        """(which lines keep every limit, what those cost by these prices)"""
        legal = np.ones(len(lines), bool)
        total = prices[person, np.arange(self.tables.days), lines].sum(axis=1)
        for axis in self.axes[person].values():
            counts = self._counts(axis, lines)
            legal &= _keeps(axis, counts).all(axis=1)
            total += _end_costs(axis, counts).sum(axis=1)
        return legal, total[legal]

    def _counts(self, axis, lines):
        """[line, period]: the whole, or every week"""
        if axis.by_weekend:
            return self.tables.worked_weekends(lines)[:, None]
        steps = axis.step[lines]
        if not axis.weekly:
            return axis.begin + steps.sum(axis=1, keepdims=True)
        weeks = np.stack([steps[:, list(days)].sum(axis=1) for days in self.tables.weeks], axis=1)
        weeks[:, 0] += axis.begin
        return weeks


def _smallest(values, count):
    """Places of the `count` smallest of each row, in order."""
    if count == 1:
        return values.argmin(axis=1)[:, None]
    found = np.argpartition(values, count - 1, axis=1)[:, :count]
    order = np.take_along_axis(values, found, axis=1).argsort(axis=1)
    return np.take_along_axis(found, order, axis=1)


def _keeps(axis, counts):
    return (counts <= axis.most) & (counts >= axis.least)


def _end_costs(axis, counts):
    if axis.ends is None:
        return np.zeros(counts.shape)
    return axis.ends[np.minimum(counts, len(axis.ends) - 1)]
