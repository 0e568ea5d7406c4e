"""What the searchers share while they run: the best roster so far, the bound, and whether to go on."""

import threading
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Progress:
    """`best` and `bound` are costs (None: none yet); `phase` is a code: lines, columns, dive, neighbours, polish."""

    seconds: float
    best: int | None
    bound: float | None
    phase: str


class Board:
    """`clock` gives seconds: time.monotonic, or time.process_time where others keep the machine busy."""

    def __init__(self, tables, seconds, *, better=None, clock=time.monotonic):
        self.better, self.clock = better, clock
        self.tables, self.began = tables, clock()
        self.deadline = self.began + seconds
        self.grid: Any = None  # [person, day]
        self.cost: int | None = None
        self.bound: float | None = None
        self.phase = "lines"
        self.stopped = False
        self._lock = threading.Lock()

    @property
    def elapsed(self):
        return self.clock() - self.began

    @property
    def left(self):
        """Seconds to go on for; 0 when told to stop or nothing is left to find."""
        if self.stopped or self.is_proven:
            return 0.0
        return max(0.0, self.deadline - self.clock())

    @property
    def is_proven(self):
        """Costs are whole numbers, so a bound just under the cost proves it."""
        return self.cost is not None and self.bound is not None and self.cost - self.bound < 1 - 1e-6

    def offer(self, grid):
        """Keep a legal roster if it costs less than the best. True if it does."""
        cost = self.tables.total(grid)
        with self._lock:
            if self.cost is not None and cost >= self.cost:
                return False
            self.grid, self.cost = grid.copy(), cost
            if self.better:
                self.better(self.tables.write(grid))
            return True

    def raise_bound(self, bound):
        with self._lock:
            self.bound = float(bound) if self.bound is None else max(self.bound, float(bound))

    def progress(self):
        return Progress(round(self.elapsed, 2), self.cost, self.bound, self.phase)
