"""Large-neighbourhood search in the space of lines: some people are freed, the others keep theirs.

Column generation for those who are free tells what they could reach at best; where that is no better, the neighbourhood
is done with. Otherwise branch and bound chooses among the lines whose reduced cost leaves room for a better roster.
"""

import numpy as np

from shifts.solver.columns import generate, is_above
from shifts.solver.dive import dive

FIRST = 8  # people freed at first
FEWEST = 4
QUICK, SLOW = 1.0, 2.5  # seconds: below the one, more are freed; above the other, fewer
KEPT = 60  # lines of each to begin with
MOST_LINES = 1500  # for branch and bound, beyond that a dive
CHOICE_SECONDS = 3


class Neighbours:
    def __init__(self, search):
        self.search = search
        self.size = min(FIRST, search.tables.people)
        self.is_exhausted = False

    def run(self):
        """Until time is up, the bound is reached, or everybody was freed at once."""
        while self.search.board.left and not self.is_exhausted:
            self.step()

    def step(self):
        began = self.search.board.clock()
        people = self._pick()
        is_done = self._improve(people)
        took = self.search.board.clock() - began
        self.is_exhausted = is_done and len(people) == self.search.tables.people
        if took > SLOW:
            self.size = max(FEWEST, self.size - 1)
        elif took < QUICK and self.search.random.random() < 0.3:
            self.size = min(self.search.tables.people, self.size + 1)

    def _pick(self):
        """People to free: rather those whose lines are dear by the duals, but anybody."""
        tables, grid = self.search.tables, self.search.board.grid
        everybody = np.arange(tables.people)
        dear = self.search.dearness(everybody, grid)
        dear = dear - dear.min()
        chances = dear + 0.3 * (dear.max() + 1)
        return np.sort(self.search.random.choice(everybody, self.size, replace=False, p=chances / chances.sum()))

    def _improve(self, people):
        """Whether nothing better is left there as far as known lines go."""
        search, pool = self.search, self.search.pool
        grid, others = search.board.grid, search.others(people)
        cut = self._cost_of(people)
        lines = np.union1d(search.near(people, KEPT), pool.add(people, grid[people]))
        found = generate(search, people, others, lines, cut=cut, centre=search.centre)
        if is_above(found.bound, cut):
            return True
        room = self._room(found, cut)
        if len(room) > MOST_LINES:
            settled = dive(search, found, others, cut=cut)
            self._offer(settled if len(settled) == len(people) else None)
            return False
        chosen, solved = found.master.choose(room, below=cut, seconds=min(CHOICE_SECONDS, search.board.left + 0.05))
        better = None if chosen is None else {int(pool.owners[place]): pool.grid[place] for place in chosen}
        return not self._offer(better) and solved

    def _cost_of(self, people):
        """Of the best roster without the lines of the others."""
        search = self.search
        rest = np.setdiff1d(np.arange(search.tables.people), people)
        return search.board.cost - int(search.tables.line_costs(rest, search.board.grid[rest]).sum())

    def _room(self, found, cut):
        """Lines that may be part of something better, by their reduced costs."""
        places = self.search.pool.of(found.master.people)
        reduced = found.master.reduced(found.optimum.duals, found.optimum.sigma, places)
        return places[reduced <= cut - 1 - found.bound + 1e-6]

    def _offer(self, lines):
        if not lines:
            return False
        changed = self.search.board.grid.copy()
        for person, line in lines.items():
            changed[person] = line
        return self.search.board.offer(changed)
