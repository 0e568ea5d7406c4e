"""From values back to lines: for many lines at once, day by day, the state that each one came from."""

import numpy as np

from shifts.solver.lines import INFINITE


class Trace:
    def __init__(self, block):
        self.block = block
        runs, classes = block.runs, len(block.classes)
        self.cut = classes * runs
        self.cls = np.minimum(np.arange(block.states) // runs, max(classes - 1, 0))
        self.is_rest = np.arange(block.states) >= self.cut
        self.reach = np.full((block.states, block.states), INFINITE)
        self.known_steps = {}
        self._connect_work(runs)
        self._connect_rest()
        self.switch = self.is_rest[:, None] != self.is_rest[None, :]
        self.strides = [_strides(block.sizes(day)) for day in range(block.days)]

    def _connect_work(self, runs):
        """reach[state, state of the day before] is 0 where one may follow the other."""
        for state in range(self.cut):
            run = state % runs
            if run == 0:
                self.reach[state, self.cut :] = 0
            before = [cls * runs for cls in self.block.follows[self.cls[state]]]
            for first in before:
                if run:
                    self.reach[state, first + run - 1] = 0
                if run == runs - 1 and self.block.endless:
                    self.reach[state, first + run] = 0

    def _connect_rest(self):
        self.reach[self.cut, : self.cut] = 0
        for rest in range(self.cut + 1, self.block.states):
            self.reach[rest, rest - 1] = 0
        self.reach[-1, -1] = 0

    def lines(self, people, finals):
        """[line, day] kinds of the lines that end in these places of `Block.finals`; people as places in the block"""
        block = self.block
        last = block.days - 1
        state, flat = np.divmod(np.asarray(finals), int(np.prod(block.sizes(last))))
        counts = flat[:, None] // self.strides[last] % np.array(block.sizes(last), int) + np.array(
            block.lows(last), int
        )
        grid = np.zeros((len(people), block.days), int)
        for day in range(block.days - 1, -1, -1):
            if self.cut:
                kinds = block.kinds[day, people, self.cls[state]]
                grid[:, day] = np.where(self.is_rest[state], 0, kinds)
            if day:
                state, counts = self._before(day, people, state, counts)
        return grid

    def _before(self, day, people, state, counts):
        """State and counts of the day before."""
        block = self.block
        monday = block.mondays.get(day)
        values = (monday.values if monday else block.slabs[day - 1]).reshape(block.count, block.states, -1)
        after_run, after_rest = (counts - self._steps(day, rested)[state] for rested in (False, True))
        run_place, rest_place = self._place(day - 1, after_run), self._place(day - 1, after_rest)
        came = np.where(self.is_rest, rest_place[:, None], run_place[:, None])
        found = values[people[:, None], np.arange(block.states), np.maximum(came, 0)] + self.reach[state]
        found = found + np.where(self.switch[state], block.may_end[day][people], 0.0)
        found[came < 0] = INFINITE
        before = found.argmin(axis=1)
        counts = np.where(self.is_rest[before][:, None], after_rest, after_run)
        if monday:
            counts = self._last_week(day, people, before, counts)
        return before, counts

    def _place(self, day, counts):
        """Where these counts are in the day's array; negative: nowhere"""
        moved = counts - np.array(self.block.lows(day), int)
        inside = ((moved >= 0) & (moved < np.array(self.block.sizes(day), int))).all(axis=1)
        return np.where(inside, moved @ self.strides[day], -1)

    def _steps(self, day, rested):
        """[state, count]"""
        if (day, rested) in self.known_steps:
            return self.known_steps[day, rested]
        steps = np.zeros((self.block.states, len(self.block.axes[0])), int)
        for state in range(self.cut):
            steps[state] = self.block.steps_on(day, self.cls[state], rested=rested)
        self.known_steps[day, rested] = steps
        return steps

    def _last_week(self, day, people, state, counts):
        """The week's count of the Sunday before: the others stay."""
        place = self.block.weekly
        moved = counts - np.array(self.block.lows(day - 1), int)
        others = tuple(moved[:, other] for other in range(moved.shape[1]) if other != place)
        counts = counts.copy()
        counts[:, place] = self.block.mondays[day].came_from[(people, state, *others)]
        return counts


def _strides(sizes):
    return np.array([int(np.prod(sizes[place + 1 :])) for place in range(len(sizes))], int)
