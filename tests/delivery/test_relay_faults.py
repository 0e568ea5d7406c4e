"""A real relay, killed outright in the middle of its work, and begun again.

What is counted: bells, for each announcement and person; the outbox rows that still wait; the dispatches of a channel
and the messages that its group's endpoint has taken, each of which says of how many announcements it tells.
"""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from bench import servers
from tests import endpoints

pytestmark = [pytest.mark.faults, pytest.mark.once]
COUNT, KILLS = 150, 3
PEOPLE = 3
PATIENCE = 60
RELAY = ("manage.py", "relay")
MINUTE = 60  # seconds
OUTSIDE = 30  # announcements: more than the robot takes in a minute
WITH_WORK = """
    SELECT count(*) FROM delivery_dispatch JOIN delivery_channel ON channel_id = delivery_channel.id
    WHERE status IN ('waiting', 'sending') AND (retry_at IS NULL OR retry_at <= datetime('now', '+%d seconds'))
"""


class Site:
    """A centre in a SQLite file of its own, with an outbox to empty."""

    def __init__(self, folder, group=None):
        self.env = servers.environment(folder, "", "callcentre.settings")
        self.clock, self.path = folder / "clock", folder / "db.sqlite3"
        self.env |= {"ROBOT_HOSTS": group.host if group else "", "DEMO": "1", "CLOCK_FILE": str(self.clock)}
        self.clock.write_text("0")

    def scene(self, *arguments):
        return servers.python("-m", "tests.relay_scene", *map(str, arguments), env=self.env)

    def held(self):
        return json.loads(self.scene("held"))

    def count(self, query):
        with contextlib.closing(sqlite3.connect(self.path, timeout=20)) as connection:
            return connection.execute(query).fetchone()[0]

    @property
    def bells(self):
        return self.count("SELECT count(*) FROM delivery_message")

    @property
    def queued(self):
        return self.count("SELECT count(*) FROM delivery_announcement WHERE status = 'queued'")

    @contextlib.contextmanager
    def relay(self, *command):
        command = [sys.executable, *(command or RELAY)]
        process = subprocess.Popen(command, cwd=servers.ROOT, env=self.env, stdout=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def group():
    with endpoints.group() as made:
        yield made


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """The folder of a centre without anybody, made once."""
    folder = tmp_path_factory.mktemp("migrated") / "site"
    servers.python("manage.py", "migrate", "-v0", env=Site(folder).env)
    return folder


@pytest.fixture
def site(tmp_path, group, migrated):
    made = Site(tmp_path / "site", group)
    shutil.copytree(migrated, tmp_path / "site", dirs_exist_ok=True)
    return made


def until(holds, process=None):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        assert process is None or process.poll() is None
        time.sleep(0.01)


def kill_often(site, *command):
    """Each relay is killed once it has sent some of what waits. Returns how many were queued at each death."""
    left = []
    for number in range(1, KILLS + 1):
        with site.relay(*command) as process:
            until(lambda number=number: site.bells >= number * PEOPLE * COUNT // (2 * KILLS), process)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        left.append(site.queued)
    return left


def test_killed_in_the_middle_it_loses_no_bell_and_doubles_none(site, group):
    site.scene("prepare", group.address(), COUNT)
    assert min(kill_often(site)) > 0  # each of them died with work left
    with site.relay() as process:
        until(lambda: site.queued == 0, process)
    held = site.held()
    assert held["bells of a case and person"] == {"1": PEOPLE * COUNT}
    assert held["different bells"] == PEOPLE * COUNT


def test_a_relay_that_claims_in_one_transaction_and_sends_in_another_is_seen_to_lose(site, group):
    """The guard removed: the same count must see it, else it proves nothing."""
    site.scene("prepare", group.address(), COUNT)
    kill_often(site, "-m", "tests.relay_scene", "careless")
    with site.relay() as process:
        until(lambda: site.queued == 0, process)
    assert site.held()["different bells"] < PEOPLE * COUNT


def go_out(site, group, sent):
    """Let relays work as the centre's clock goes on, for a robot takes 20 a minute and what was lost waits two."""
    for minute in range(15, 45, 3):
        site.clock.write_text(str(minute * MINUTE))
        work = WITH_WORK % (minute * MINUTE)
        with site.relay() as process:
            until(lambda work=work: not site.queued and not site.count(work), process)
        if site.held()["dispatches"] == {"sent": sent}:
            return
    raise AssertionError(site.held())


def test_killed_before_the_endpoint_has_answered_it_sends_that_one_again(site, group):
    """Outside it is at least once: nobody but the endpoint knows whether it took what was never answered."""
    site.scene("prepare", group.address(), 1)
    group.hangs = True
    with site.relay() as process:
        assert group.taken.wait(PATIENCE)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert site.held()["dispatches"] == {"sending": 1}
    group.hangs = False
    group.go_on.set()
    with site.relay() as process:
        until(lambda: site.queued == 0, process)
        time.sleep(2)  # several rounds: what another relay may still have in hand is not touched
    assert group.told == 1
    go_out(site, group, 1)
    assert (group.told, site.held()["bells of a case and person"]) == (2, {"1": PEOPLE})


def test_killed_among_many_messages_it_sends_each_at_least_once(site, group):
    site.scene("prepare", group.address(), OUTSIDE)
    for number in range(1, 4):
        before = len(group.posted)
        with site.relay() as process:
            until(lambda before=before: len(group.posted) > before, process)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        site.clock.write_text(str(3 * MINUTE * number))
    assert site.held()["dispatches"] != {"sent": OUTSIDE}
    go_out(site, group, OUTSIDE)
    held = site.held()
    assert (held["cases sent outside"], held["bells of a case and person"]) == (OUTSIDE, {"1": PEOPLE * OUTSIDE})
    assert group.told >= OUTSIDE
