"""The worker's side of a run: the solver in processes of its own, what they tell, and how they are stopped.

The task holds no transaction while it waits: it writes one row at most once a second. The solver's processes have a low
priority and a process group of their own; should the worker be killed outright, the kernel ends them.
"""

import contextlib
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time

from django.conf import settings

from callcentre.refusals import Refused
from shifts import actions, outcomes
from shifts.models import Run
from shifts.solver import to_json
from shifts.solving import AGENTS, GROUPS, LEADERS, Draft

logger = logging.getLogger(__name__)

COMMAND = [sys.executable, "-m", "shifts.solver"]
NICENESS = 10
WORKERS = {AGENTS: 8, LEADERS: 2}
EVERY = 1.0  # seconds between two lines to the database
GRACE = 20  # seconds beyond those asked for, to start, to read and to end
TO_STOP = 3  # seconds from the request to stop until it is made to
ATTEMPTS = 2 * len(GROUPS)  # of each: without the fair hours of those whom they leave nothing, then without these


class Stopped(Exception):
    """The run is no longer ours: it was cancelled, or given up for lost."""


class Broken(Exception):
    """The solver has no answer; the message is a key of rules.FAILURES."""


def work(pk, now):
    """Do the run, once, whoever else is told to do it: the claim decides. `now` is called for the present moment."""
    run = Run.objects.select_related("centre", "roster__centre", "roster__rotation").filter(pk=pk).first()
    with contextlib.suppress(Refused, Stopped):
        if run:
            actions.start_run(run=run, at=now())
            try:
                outcome = solve(run, now)
            except Broken as broken:
                actions.fail_run(run=run, failure=str(broken), at=now())
            except Stopped:
                raise
            except Exception:
                logger.exception("run %s failed", pk)
                actions.fail_run(run=run, failure="broke", at=now())
            else:
                actions.finish_run(run=run, outcome=outcome, at=now())


def solve(run, now):
    """The outcome. People without any legal line first lose their fair hours, then stay as the draft has them."""
    draft = Draft(run, now())
    impossible: dict[int, str] = {}
    problems, answers = ask_all(run, draft, now)
    for _attempt in range(ATTEMPTS):
        stuck = {int(member): rule for answer in answers.values() for member, rule in answer["impossible"]}
        if not stuck:
            break
        lost = stuck.keys() & draft.unbound
        draft.frozen.update(lost)
        impossible |= {member: stuck[member] for member in lost}
        draft.unbound.update(stuck)
        problems, answers = ask_all(run, draft, now)
    if not answers or not all(group in answers and answers[group]["lines"] for group in problems):
        raise Broken("nothing_found")
    outcome = outcomes.outcome_of(draft, {group: (problems[group], answers[group]) for group in answers}, impossible)
    run.outcome = outcome
    outcome["refusals"] = outcomes.refusals(run.roster, outcomes.cells_to_change(run, now()))
    return outcome


def ask_all(run, draft, now):
    problems = {group: problem for group in GROUPS if (problem := draft.problem(group))}
    return problems, ask(run, problems, now)


def ask(run, problems, now):
    """{group: result}, from a process for each problem. Raises Stopped, Broken."""
    heard: queue.Queue = queue.Queue()
    with contextlib.ExitStack() as stack:
        for group, problem in problems.items():
            stack.enter_context(child(group, problem, run.seconds, heard))
        return listen(run, set(problems), heard, now)


@contextlib.contextmanager
def child(group, problem, seconds, heard):
    """A solver whose lines come to the queue `heard` as (group, what it said), None at its end."""
    process = subprocess.Popen(
        [*COMMAND, "--seconds", str(seconds), "--workers", str(WORKERS[group])],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    reader = threading.Thread(target=read, args=(group, process, heard), daemon=True)
    try:
        with contextlib.suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PGRP, process.pid, NICENESS)
        reader.start()
        with contextlib.suppress(BrokenPipeError), process.stdin as stdin:  # type: ignore[union-attr]
            stdin.write(to_json(problem))
        yield process
    finally:
        end(process)
        reader.join(TO_STOP)
        process.stdout.close()  # type: ignore[union-attr]


def read(group, process, heard):
    """Lines that are not the solver's own, such as a library's greeting, are passed over."""
    with contextlib.suppress(ValueError):  # the pipe was closed under it
        for line in process.stdout:
            with contextlib.suppress(json.JSONDecodeError):
                heard.put((group, json.loads(line)))
    heard.put((group, None))


def end(process):
    """Ask, then make: nothing of the group is left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(TO_STOP)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def listen(run, waiting, heard, now):
    """Keep the progress until every problem of `waiting` has its result, or one says that somebody is impossible."""
    progress: dict[str, dict] = {}
    results: dict[str, dict] = {}
    deadline, told = time.monotonic() + run.seconds + GRACE, 0.0
    while waiting - results.keys():
        with contextlib.suppress(queue.Empty):
            group, said = heard.get(timeout=EVERY / 4)
            if said is None and group not in results:
                raise Broken("solver_died")
            keep(said, group, progress, results)
        if any(result["impossible"] for result in results.values()):
            break
        if time.monotonic() - told >= EVERY:
            told = time.monotonic()
            if not actions.keep_progress(run=run, progress=together(progress, waiting), at=now()):
                raise Stopped
        if time.monotonic() > deadline:
            raise Broken("timed_out")
    return results


def keep(said, group, progress, results):
    if said and "progress" in said:
        progress[group] = said["progress"]
    elif said:
        results[group] = result = said["result"]
        progress[group] = {"seconds": result["seconds"], "best": result["cost"], "bound": result["bound"]}


def together(progress, waiting):
    """What a page shows of both: the best value of a whole roster, and what no roster can be under; None as yet."""
    parts = list(progress.values())
    told = parts if len(parts) == len(waiting) else [*parts, {"seconds": 0, "best": None, "bound": None}]
    best = [part["best"] for part in told]
    return {
        "seconds": max(part["seconds"] for part in told),
        "best": None if None in best else sum(best),
        "bound": outcomes.together(part["bound"] for part in told),
    }
