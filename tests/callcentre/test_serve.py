"""`manage.py serve` as a person meets it: real processes, a free port, a folder of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from bench import servers
from callcentre import lifeline, port
from callcentre.management.commands.serve import answers
from tests import services

pytestmark = pytest.mark.once

NOT_OURS = ("DATABASE_URL", "REDIS_URL", "DEMO", "PORT")
NAMES = {"broker", "web", "worker", "beat", "relay"}
REST = sorted(NAMES - {"broker", "web"})
TO_OPEN, TO_STOP = 60, 8  # seconds, on a busy machine


def environment(state):
    return {name: value for name, value in os.environ.items() if name not in NOT_OURS} | {"STATE_DIR": str(state)}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The folder of a centre that is ready to start."""
    state = tmp_path_factory.mktemp("prepared")
    command = [sys.executable, "manage.py", "prepare"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment(state), check=True, capture_output=True)
    return state


@pytest.fixture
def serve(prepared, tmp_path):
    """A running centre: its process, its port and its log."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    number, log, env = services.free_port(), tmp_path / "log", environment(tmp_path)
    command = [sys.executable, "manage.py", "serve", "--port", str(number)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=env, stdout=output, stderr=output, start_new_session=True
        )
        wait_until(lambda: "The call centre is open" in log.read_text(), TO_OPEN, log)
        yield process, number, log
        process.kill()  # the rest follows it
        process.wait()
        wait_until(lambda: port.is_free(number), TO_STOP, log)


def wait_until(holds, seconds, log):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, log.read_text(errors="replace")
        time.sleep(0.05)


def pids(log):
    """{name: process id} of what was started."""
    return {name: int(pid) for name, pid in re.findall(r"(\w+) started \(pid=([0-9]+)\)", log.read_text())}


def are_gone(processes):
    return not any(Path(f"/proc/{pid}").exists() for pid in processes)


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_a_signal_stops_everything(serve, number):
    process, port_number, log = serve
    started = pids(log)
    assert set(started) == NAMES
    process.send_signal(number)
    assert process.wait(TO_STOP) == 0
    assert are_gone(started.values())
    assert port.is_free(port_number)


@pytest.mark.faults
@pytest.mark.parametrize("name", ["broker", "web", *(pytest.param(name, marks=pytest.mark.long) for name in REST)])
def test_when_one_dies_all_stop(serve, name):
    process, port_number, log = serve
    started = pids(log)
    os.kill(started[name], signal.SIGKILL)
    assert process.wait(TO_STOP) == 1
    assert are_gone(started.values())
    wait_until(lambda: port.is_free(port_number), TO_STOP, log)


@pytest.mark.faults
def test_what_is_killed_is_begun_again(serve):
    """The processes themselves: what was killed above are those that look after them."""
    process, port_number, log = serve
    time.sleep(lifeline.STARTED)
    kept = pids(log)
    for name, keeper in kept.items():
        (before,) = child(keeper)
        os.kill(before, signal.SIGKILL)
        wait_until(lambda keeper=keeper, before=before: child(keeper) not in ([], [before]), TO_OPEN, log)
        if name != "broker":  # whose lines are not shown
            assert f"ended with -{signal.SIGKILL.value}: begun again" in log.read_text()
    wait_until(lambda: answers(port_number, seconds=1), TO_OPEN, log)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(TO_STOP) == 0
    assert are_gone(kept.values())


def child(keeper):
    """[the process that it looks after], [] while there is none."""
    return servers.family(keeper)[1:2]


def test_what_cannot_start_is_not_begun_again(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    with lifeline.owned(tmp_path / "owner") as owner:
        ran = subprocess.run(lifeline.command(owner, command, again=True), capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (3, "")


@pytest.mark.faults
def test_nothing_outlives_the_parent(serve):
    process, port_number, log = serve
    started = pids(log)
    process.kill()
    process.wait()
    wait_until(lambda: port.is_free(port_number) and are_gone(started.values()), TO_STOP, log)


def test_a_taken_port_is_said_before_anything_starts(tmp_path):
    with services.socket.socket() as taken:
        taken.bind((port.HOST, 0))
        taken.listen()
        number = taken.getsockname()[1]
        command = [sys.executable, "manage.py", "serve", "--port", str(number)]
        env = os.environ | {"STATE_DIR": str(tmp_path)}
        ran = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert f"Port {number} is taken" in ran.stderr
    assert re.search(r"make run PORT=[0-9]+", ran.stderr)


@pytest.mark.parametrize("text", ["", "x", "80", "70000", "-1", "٨٠٠٠", "8000.0"])
def test_what_is_no_port(text):
    assert port.complaint(text) == f"PORT={text} is no port: it is a number from 1024 to 65535."


def test_a_free_port_is_no_complaint():
    assert port.complaint(str(services.free_port())) is None


def test_what_a_command_leaves_behind_ends_with_it(tmp_path):
    note = tmp_path / "pid"
    with services.kept_alive(["sh", "-c", f"sleep 600 & echo $! > {note}"]) as process:
        assert process.wait(TO_STOP) == 0
    wait_until(lambda: are_gone([int(note.read_text())]), TO_STOP, note)
