"""A second search in a process of its own, for the second core: the same problem from another seed.

It tells of every better roster, and the first search goes on from there. It ends with the process that started it.
"""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from shifts.solver.problem import to_json

ROOT = Path(__file__).parents[2]
LARGE = 400  # cells
LONG = 10  # seconds


@contextmanager
def partner(board, *, seed):
    """While the block runs, what the partner finds is offered to the board."""
    options = ["--seconds", f"{board.left:.1f}", "--workers", "1", "--seed", f"{seed}", "--lines"]
    options += ["--cpu"] if board.clock is time.process_time else []
    command = [sys.executable, "-m", "shifts.solver", *options]
    pipe, none = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=none, text=True) as process:
        listener = threading.Thread(target=_listen, args=(board, process), daemon=True)
        listener.start()
        try:
            yield
        finally:
            process.kill()
            listener.join()


def _listen(board, process):
    tables = board.tables
    try:
        process.stdin.write(to_json(tables.problem))
        process.stdin.close()
        for line in process.stdout:
            found = json.loads(line).get("lines")
            if found:
                board.offer(tables.read(found))
    except (OSError, ValueError):
        return  # it was ended, or ended by itself: there is one search less


def is_worth_it(board, workers):
    """There is a second core, and the search takes much longer than a process takes to begin."""
    tables = board.tables
    is_large = tables.people * tables.days >= LARGE and board.left >= LONG
    return workers > 1 and (os.cpu_count() or 1) > 1 and is_large
