"""CP-SAT on the compact model: the whole problem, or what is free while the rest of a roster stays."""

import threading

from ortools.sat.python import cp_model

from shifts.solver.booleans import RULES, Booleans

LINE_SECONDS = 5  # one person's line is a matter of milliseconds


class Run:
    """One run of CP-SAT that ends by itself, at its time limit, or when the board says stop."""

    def __init__(self, model, *, seconds, workers, seed):
        self.model, self.solver = model, cp_model.CpSolver()
        parameters = self.solver.parameters
        parameters.max_time_in_seconds = max(seconds, 0.01)
        parameters.num_workers = workers
        parameters.random_seed = seed
        parameters.linearization_level = 2
        parameters.symmetry_level = 0

    def solve(self, board, *, found=None):
        """The status. `found(value)` is told every better roster."""
        done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(board, done), daemon=True)
        watcher.start()
        try:
            return self.solver.solve(self.model.model, _Callback(self.model, found) if found else None)
        finally:
            done.set()
            watcher.join()

    def _watch(self, board, done):
        while not done.wait(0.05):
            if not board.left:
                self.solver.stop_search()

    @property
    def lines(self):
        return self.model.lines(self.solver.boolean_value)


class _Callback(cp_model.CpSolverSolutionCallback):
    def __init__(self, model, found):
        super().__init__()
        self.model, self.found = model, found

    def on_solution_callback(self):
        self.found(self.model.lines(self.boolean_value))


def whole(board, *, workers, seed, allowed=None):
    """Search the whole problem from the best roster known.

    `allowed` [person, day, kind]: all cells of rosters that cost less than that one, so that solving the rest to the
    end, or finding that there is none, proves the best.
    """
    tables = board.tables
    model = Booleans(tables, range(tables.people), allowed=allowed)
    model.add_rules()
    model.add_costs()
    if board.grid is not None:
        model.hint(board.grid)
    run = Run(model, seconds=board.left, workers=workers, seed=seed)
    status = run.solve(board, found=board.offer) if model.is_possible else cp_model.INFEASIBLE
    if status == cp_model.INFEASIBLE:
        if board.cost is not None:
            board.raise_bound(board.cost)
        return
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        board.offer(run.lines)
    bound = run.solver.best_objective_bound
    board.raise_bound(bound if board.cost is None else min(bound, board.cost))


def reason(tables, person):
    """Why nobody could give this person a legal line: the rule without which there is one; None if there is one."""
    if line(tables, person) is not None:
        return None
    if not tables.allowed[person].any(axis=1).all():
        return "fixed"
    for rule in RULES:
        if line(tables, person, without=(rule,)) is not None:
            return rule
    return "together"


def line(tables, person, prices=None, *, without=()):
    """[day] a legal line of one person, the cheapest at whole-number prices [day, kind]; None when there is none."""
    model = Booleans(tables, [person])
    if not model.is_possible:
        return None
    model.add_rules(without=without)
    if prices is not None:
        model.add_prices(person, prices)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = LINE_SECONDS
    status = solver.solve(model.model)
    return model.lines(solver.boolean_value)[0] if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
