"""`python -m shifts.solver --seconds N`: a problem as JSON on standard input, JSON lines on standard output.

Lines {"progress": ...} come while it runs, {"result": ...} last. SIGTERM ends it with the best so far. It dies with the
process that started it: the kernel tells it on Linux, and elsewhere it sees that nobody reads any more.
"""

import argparse
import ctypes
import dataclasses
import json
import os
import signal
import sys
import time

from shifts.solver.problem import BadProblem, from_json
from shifts.solver.search import solve

PR_SET_PDEATHSIG = 1
BAD_INPUT = 2


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m shifts.solver", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cpu", action="store_true", help="seconds of CPU, not of the clock")
    parser.add_argument("--lines", action="store_true", help='a line {"lines": ...} for each better roster too')
    options = parser.parse_args(argv)
    parent = os.getppid()
    die_with_parent()
    say = teller()
    told = []
    signal.signal(signal.SIGTERM, lambda *_: told.append(True))
    try:
        problem = from_json(sys.stdin.read())
    except (BadProblem, UnicodeDecodeError) as error:
        print(f"bad input: {error}".splitlines()[0], file=sys.stderr)
        return BAD_INPUT
    result = solve(
        problem,
        seconds=options.seconds,
        workers=options.workers,
        seed=options.seed,
        clock=time.process_time if options.cpu else time.monotonic,
        progress=lambda found: say({"progress": dataclasses.asdict(found)}),
        better=(lambda lines: say({"lines": lines})) if options.lines else None,
        stop=lambda: bool(told) or os.getppid() != parent,
    )
    say({"result": dataclasses.asdict(result)})
    return 0


def die_with_parent():
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def teller():
    """The function that writes one line. What the libraries print to standard output goes to standard error instead."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(what):
        try:
            out.write(json.dumps(what, ensure_ascii=False) + "\n")
            out.flush()
        except BrokenPipeError:
            os._exit(1)  # nobody reads any more: end at once, threads and all

    return say


if __name__ == "__main__":
    sys.exit(main())
