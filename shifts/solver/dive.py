"""From the linear optimum to whole lines: settle the lines it is surest of, price anew for the rest, and so on.

After each step lines are generated only until the linear optimum is as good as before, mostly at once; where that is
out of reach, to the end. The last few people are left to branch and bound.
"""

import numpy as np

from shifts.solver.columns import generate, is_above

DOUBT = 1.0  # what the weights of the lines settled at a time may lack of one, in all
FEW = 4  # people for branch and bound
KEPT = 40  # of each person's lines, the cheapest
NEAR = 0.5  # cost: a linear optimum this near to the one before is good enough
ROUNDS = 30
CHOICE_SECONDS = 2
WOBBLE = 0.02


def dive(search, found, others, *, cut=np.inf):
    """{person: line} for the people of `found`; not for all when time runs out or it will not be less than `cut`."""
    tables, pool = search.tables, search.pool
    people, others, spent = found.master.people.tolist(), others.copy(), 0
    lines: dict[int, np.ndarray] = {}
    while len(people) > FEW:
        if not search.board.left or is_above(found.bound + spent, cut):
            return lines
        enough = found.optimum.value + spent + NEAR
        for place in _surest(search, found):
            person = int(pool.owners[place])
            lines[person] = pool.grid[place]
            others[np.arange(tables.days), pool.grid[place]] += 1
            spent += int(pool.costs[place])
            people.remove(person)
        if people:
            some = cheapest(pool, found, people, KEPT)
            found = _again(search, found, people, others, some, enough - spent)
    return lines | _last(search, found, people)


def _again(search, found, people, others, lines, enough):
    from_here = {"centre": found.duals, "warm": found.master}
    return generate(search, people, others, lines, rounds=ROUNDS, enough=enough, **from_here)


def _last(search, found, people):
    if not people:
        return {}
    pool, some = search.pool, cheapest(search.pool, found, people, 4 * KEPT)
    chosen, _solved = found.master.choose(some, below=np.inf, seconds=CHOICE_SECONDS)
    return {int(pool.owners[place]): pool.grid[place] for place in chosen}


def _surest(search, found):
    """Places of the lines to settle, heaviest first, one of a person."""
    weights = found.optimum.weights
    order = np.argsort(-(weights + search.random.normal(0, WOBBLE, len(weights)) * (weights > 0)))
    doubt = np.cumsum(1 - weights[order])
    places = found.master.lines[order[: max(1, np.searchsorted(doubt, DOUBT))]]
    _owners, first = np.unique(search.pool.owners[places], return_index=True)
    return places[np.sort(first)]


def cheapest(pool, found, people, count):
    """Places of at most so many lines of each person, by reduced cost."""
    kept = []
    for person in people:
        places = pool.of([person])
        reduced = found.master.reduced(found.optimum.duals, found.optimum.sigma, places)
        kept.append(places[np.argsort(reduced, kind="stable")[:count]])
    return np.concatenate(kept)
