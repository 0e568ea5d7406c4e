"""Column generation: the linear optimum over all lines there are, and Lagrange's bound, for everybody or for some.

Prices are smoothed towards those of the best bound (P. Wentges, "Weighted Dantzig-Wolfe decomposition for linear
mixed-integer programming", 1997), or the linear master would swing from one extreme to the other.
"""

from dataclasses import dataclass, field

import numpy as np

from shifts.solver.board import Board
from shifts.solver.master import Master, Optimum, Pool
from shifts.solver.pricer import Pricer
from shifts.solver.tables import Tables

EACH = 5  # lines of a person in one round ...
EACH_OF_ALL = 2  # ... and when everybody is in the master, where more would make it slow
SMOOTHING = 0.5
CLOSE = 1e-3  # value and bound are one
NEGATIVE = -1e-6  # reduced cost of a line that helps


def _none_yet():
    return np.zeros(0)


@dataclass
class Search:
    """What the parts of the search work on."""

    board: Board
    tables: Tables
    pricer: Pricer
    pool: Pool
    random: np.random.Generator
    centre: np.ndarray | None = field(default=None)  # duals of everybody's master ...
    values: np.ndarray = field(default_factory=_none_yet)  # ... as prices [day, kind]
    sigma: np.ndarray = field(default_factory=_none_yet)  # and the price of each person's line

    def others(self, people):
        """[day, kind] of the best roster without these people"""
        rest = np.setdiff1d(np.arange(self.tables.people), people)
        return self.tables.staffed(self.board.grid[rest])

    def dearness(self, owners, grid):
        """By how much these lines cost more than their owners' best, at everybody's prices."""
        days = np.arange(self.tables.days)
        return self.tables.line_costs(owners, grid) - self.values[days, grid].sum(axis=1) - self.sigma[owners]

    def near(self, people, count):
        """Places of so many lines of each person that cost least at everybody's prices."""
        kept = []
        for person in people:
            places = self.pool.of([person])
            reduced = self.pool.reduced(self.values, self.sigma, places)
            kept.append(places[np.argsort(reduced, kind="stable")[:count]])
        return np.concatenate(kept)


@dataclass(frozen=True)
class Generated:
    """`duals` are those of `bound`, as far as it was calculated."""

    master: Master
    optimum: Optimum
    bound: float
    duals: np.ndarray


def generate(
    search, people, others, lines, *, cut=None, enough=None, rounds=None, centre=None, warm=None, each=EACH, tell=None
):
    """Lines for `people`, from those at the places `lines`, until none helps.

    Ends early after so many `rounds`, when the value is `enough`, or when by the bound no whole choice costs less than
    `cut`.
    """
    master = Master(search.tables, search.pool, people, others)
    master.add(lines)
    if warm:
        master.begin_from(warm)
    bound, exact, optimum = -np.inf, False, master.solve()
    while True:
        duals = optimum.duals if centre is None else SMOOTHING * centre + (1 - SMOOTHING) * optimum.duals
        priced = search.pricer.price(search.tables.cost - master.prices(duals), people, count=each, exact=exact)
        reached = master.worth(duals) + priced.least[master.people].sum()
        if reached > bound:
            bound, centre = reached, duals
            if tell:
                tell(bound)
        rounds = None if rounds is None else rounds - 1
        if enough is not None and optimum.value <= enough:
            break
        if optimum.value - bound < CLOSE or is_above(bound, cut) or rounds == 0 or not search.board.left:
            break
        places = search.pool.add(priced.owners, priced.grid)
        helps = master.reduced(optimum.duals, optimum.sigma, places) < NEGATIVE
        if not master.add(places[helps]):
            if exact and duals is optimum.duals:
                break
            exact, centre = exact or np.allclose(duals, optimum.duals), None
            continue
        optimum = master.solve()
    return Generated(master, optimum, bound, duals if centre is None else centre)


def is_above(bound, cut):
    """Costs are whole numbers: none is left between the bound and the cut."""
    return cut is not None and bound > cut - 1 + 1e-6


def first_lines(search):
    """Everybody's own cheapest lines, to begin with, and those of the best roster."""
    priced = search.pricer.price(search.tables.cost.astype(float), count=2)
    places = [search.pool.add(priced.owners, priced.grid)]
    if search.board.grid is not None:
        places.append(search.pool.add(np.arange(search.tables.people), search.board.grid))
    return np.concatenate(places)


def root(search):
    """Everybody's master to its optimum or until time is up. Raises the board's bound."""
    everybody = range(search.tables.people)
    nobody = np.zeros((search.tables.days, search.tables.width), int)
    found = generate(search, everybody, nobody, first_lines(search), each=EACH_OF_ALL, tell=search.board.raise_bound)
    search.centre, search.values = found.duals, found.master.prices(found.duals)
    search.sigma = found.optimum.sigma
    return found
