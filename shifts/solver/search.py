"""The search from outside: who has no legal line, the searchers in their threads, the caller's progress and stop."""

import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np

from shifts.solver import polish
from shifts.solver.board import Board
from shifts.solver.columns import Search, root
from shifts.solver.dive import dive
from shifts.solver.judge import evaluate
from shifts.solver.master import Pool
from shifts.solver.neighbours import Neighbours
from shifts.solver.partner import is_worth_it, partner
from shifts.solver.pricer import Pricer
from shifts.solver.problem import check
from shifts.solver.sweep import sweep
from shifts.solver.tables import Tables

TICK = 0.25  # seconds between two looks at the caller's `stop`


@dataclass(frozen=True)
class Result:
    """`lines` keep every hard rule. They are None when none were found, or when somebody is `impossible`: (member id,
    code of the rule that leaves them no legal line). `bound`: no roster costs less. `stopped`: the caller said so."""

    lines: dict[str, tuple[str | None, ...]] | None
    cost: int | None
    bound: float | None
    seconds: float
    impossible: tuple[tuple[str, str], ...] = ()
    stopped: bool = False


def solve(problem, *, seconds, workers=8, progress=None, stop=None, seed=0, better=None, clock=time.monotonic):
    """The best roster found in `seconds`. BadProblem.

    `progress` and `stop` are called from this thread, `better` with the lines of each better roster from another.
    With one of `workers` it keeps to this process. With time.process_time for a `clock` the seconds are of CPU, of
    each of its two processes: what a machine gives that has nothing else to do.
    """
    check(problem)
    if not problem.members:
        return Result({}, evaluate(problem, {}).cost, None, 0.0)
    tables = Tables(problem)
    board = Board(tables, seconds, better=better, clock=clock)
    search = Search(board, tables, Pricer(tables), Pool(tables), np.random.default_rng(seed))
    lost = _without_line(search)
    reasons = [(tables.problem.members[person].id, polish.reason(tables, person)) for person in lost]
    impossible = tuple((member, reason) for member, reason in reasons if reason)
    if not impossible:
        with partner(board, seed=seed + 1) if is_worth_it(board, workers) else nullcontext():
            _run(board, lambda: _search(search, workers, seed), progress, stop)
    return _result(board, impossible)


def _without_line(search):
    """People for whom pricing finds no legal line: there is none, or their rules are too many for it."""
    priced = search.pricer.price(search.tables.cost.astype(float))
    return sorted(set(range(search.tables.people)) - set(priced.owners.tolist()))


def _search(search, workers, seed):
    board, tables = search.board, search.tables
    sweep(search)
    board.phase = "columns"
    found = root(search)
    if board.left:
        board.phase = "dive"
        _take(search, dive(search, found, np.zeros((tables.days, tables.width), int)))
    if board.left:
        board.phase = "neighbours"
        Neighbours(search).run()
    if board.left:
        board.phase = "polish"
        polish.whole(board, workers=workers, seed=seed, allowed=_worth_a_look(search, found))


def _take(search, lines):
    """Offers the board the roster of these lines; people without one get what is best beside them."""
    grid = np.full((search.tables.people, search.tables.days), -1)
    for person, line in lines.items():
        grid[person] = line
    if len(lines) == len(grid):
        search.board.offer(grid)
    else:
        sweep(search, grid, sweeps=1)


def _worth_a_look(search, found):
    """[person, day, kind] the cells of rosters that cost less than the best (reduced-cost fixing)"""
    prices = search.tables.cost - search.values
    through = search.pricer.through(prices)
    least = through.min(axis=(1, 2))
    bound = found.master.worth(search.centre) + least.sum()
    return through - least[:, None, None] <= search.board.cost - 1 - bound + 1e-6


def _run(board, search, progress, stop):
    """`search` in a thread of its own, so that the caller hears and is heard whatever it is doing."""
    failures: list[BaseException] = []
    thread = threading.Thread(target=_guarded, args=(search, failures), daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(TICK)
            if progress:
                progress(board.progress())
            board.stopped = board.stopped or bool(stop and stop())
    finally:
        board.stopped = board.stopped or thread.is_alive()
        thread.join()
    if failures:
        raise failures[0]


def _guarded(search, failures):
    try:
        search()
    except BaseException as failure:  # noqa: BLE001 -- raised again by the thread that waits
        failures.append(failure)


def _result(board, impossible):
    lines = cost = None
    if board.grid is not None:
        lines = board.tables.write(board.grid)
        judged = evaluate(board.tables.problem, lines)
        if judged.violations:
            raise AssertionError(f"the search broke a hard rule: {judged.violations[0]}")
        cost = judged.cost
    return Result(lines, cost, board.bound, round(board.elapsed, 3), impossible, board.stopped)
