"""The solver as a program: JSON lines, SIGTERM, bad input, and an end together with whoever started it."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from shifts.solver import Kind, Member, Problem, evaluate, to_json
from tests.shifts.solver import problems

COMMAND = [sys.executable, "-m", "shifts.solver", "--workers", "2"]
TINY = Problem(3, 0, (Kind("D", 480),), (Member("a", min_minutes=960),))


def run(text, *options):
    return subprocess.run([*COMMAND, *options], input=text, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def started(asked, *options):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    process = subprocess.Popen([*COMMAND, *options], **pipes)
    try:
        process.stdin.write(to_json(asked))
        process.stdin.close()
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_the_last_line_is_the_result_and_all_are_json():
    done = run(to_json(TINY), "--seconds", "5")
    assert done.returncode == 0
    *told, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert {next(iter(line)) for line in told} <= {"progress"}
    assert sorted(last["result"]) == ["bound", "cost", "impossible", "lines", "seconds", "stopped"]
    assert (last["result"]["cost"], last["result"]["impossible"]) == (0, [])


def test_who_is_impossible_is_said():
    done = run(to_json(Problem(3, 0, (Kind("D", 480),), (Member("a", min_minutes=2000),))))
    assert json.loads(done.stdout)["result"]["impossible"] == [["a", "min_minutes"]]


@pytest.mark.parametrize("text", ["", "{}", "[1]", "no JSON", to_json(TINY).replace('"days": 3', '"days": 0')])
def test_bad_input_ends_with_2_and_one_line(text):
    done = run(text)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith("bad input: ")


def test_sigterm_ends_it_with_the_best_so_far():
    asked = problems.floor(people=24)
    with started(asked, "--seconds", "100") as process:
        for line in process.stdout:
            if json.loads(line)["progress"]["best"] is not None:
                break
        process.send_signal(signal.SIGTERM)
        result = json.loads(process.stdout.readlines()[-1])["result"]
        assert process.wait(timeout=20) == 0
    assert result["stopped"]
    assert not evaluate(asked, {member: tuple(line) for member, line in result["lines"].items()}).violations


def test_it_ends_when_nobody_reads_any_more():
    with started(problems.floor(people=24), "--seconds", "100") as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=20) == 1


PARENT = """
import subprocess, sys, time
child = subprocess.Popen([*sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
child.stdin.write(sys.stdin.buffer.read())
child.stdin.close()
print(child.pid, flush=True)
time.sleep(100)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels do not tell a child of its parent's end")
def test_it_dies_with_a_killed_parent():
    command = [sys.executable, "-c", PARENT, *COMMAND, "--seconds", "100"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        parent.stdin.write(to_json(problems.floor(people=24)))
        parent.stdin.close()
        child = int(parent.stdout.readline())
        partner = child_of(child)
        parent.kill()
    assert ended(child)
    assert ended(partner)


def child_of(pid, seconds=20):
    """The second process of the search, once it is there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                    return int(path.parent.name)
        time.sleep(0.05)
    raise AssertionError("no second process")


def ended(pid, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    return False


def test_no_process_of_the_product_loads_the_solvers():
    product = "import django; django.setup(); import callcentre.celery, callcentre.urls, shifts.tasks"
    loaded = "import sys; print({'ortools', 'highspy', 'pandas'} & set(sys.modules))"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "callcentre.settings"}
    done = subprocess.run([sys.executable, "-c", f"{product}; {loaded}"], env=env, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")
