"""A first legal roster: one person after the other gets the best line beside what the others have.

From the rotation or the draft, which may be illegal: it counts for those whose turn has not come. A line's price is
exact, as the cost of cover is known once the others are settled; so a sweep never makes a roster worse.
"""

import numpy as np

from shifts.solver import polish


def sweep(search, grid=None, *, sweeps=4):
    """Offers the board a legal roster after each sweep, until none helps. `grid` is -1 for those without a line."""
    tables, board = search.tables, search.board
    grid = _begin(tables) if grid is None else grid.copy()
    is_there = (grid >= 0).all(axis=1)
    staffed = tables.staffed(grid[is_there])
    for number in range(sweeps):
        before = board.cost
        order = search.random.permutation(tables.people)
        for person in order[np.argsort(is_there[order], kind="stable")]:
            if number and not board.left:
                return
            others = staffed - _one(tables, grid[person])
            grid[person] = _best_line(search, person, others, grid[person], is_legal=number > 0)
            staffed = others + _one(tables, grid[person])
        board.offer(grid)
        if number and board.cost == before:
            return


def _begin(tables):
    """[person, day], -1 for those without a line"""
    grid = np.full((tables.people, tables.days), -1)
    for person, member in enumerate(tables.problem.members):
        line = (tables.problem.start or {}).get(member.id)
        if line is not None:
            grid[person] = tables.index(line)
    return grid


def _one(tables, line):
    return (line[:, None] == np.arange(tables.width)).astype(int)


def _best_line(search, person, others, old, *, is_legal):
    """The cheapest; `old`, if pricing finds no legal one among rules too many for it, or any that CP-SAT finds."""
    tables = search.tables
    days, kinds = np.arange(tables.days)[:, None], np.arange(tables.width)
    more = tables.cover_cost[days, kinds, others + 1] - tables.cover_cost[days, kinds, others]
    prices = tables.cost.astype(float)
    prices[person] += more
    priced = search.pricer.price(prices, [person])
    if len(priced.grid):
        return priced.grid[priced.prices.argmin()]
    return old if is_legal else polish.line(tables, person, prices[person].astype(int))
