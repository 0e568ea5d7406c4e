"""The whole product, as `manage.py serve` runs it, while its broker hangs, is killed and comes back, and people go on.

On PostgreSQL with a Redis of the test's own, and on the embedded default, where the product itself begins its broker
again. An effect is counted where it is kept: the cases and the texts in them, their rows in the journal, the bells of
whoever must answer, the dispatches of a group's channel and the messages that the group's endpoint has taken.
"""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
import redis as client

from bench import peak, servers
from bench.counts import FORM, TOKEN
from callcentre import broker, lifeline
from tests import endpoints, make, services
from tests.fault_scene import TEXT

pytestmark = [pytest.mark.faults, pytest.mark.once]
TIMES = 10
HANGS, DOWN, UP = 3.0, 2.0, 5.0  # seconds each time
LONGEST = 2.0  # seconds that a request may take
THREADS = 8
TO_SETTLE = 180  # seconds until all is sent, a group's robot takes 20 messages a minute, and until the minute is heard
SERVERS = ("redis-server", "valkey-server")


class Redis:
    """A server of the test's own, to be hung, killed and begun again."""

    def __init__(self, folder):
        self.folder, self.port, self.process = folder, services.free_port(), None

    def start(self):
        command = broker.command(broker.find_server(), self.folder, port=self.port)
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)

    def send(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def come_back(self):
        time.sleep(DOWN)
        self.start()


class Embedded:
    """The broker that the product has started for itself and begins again by itself."""

    def start(self):
        self.pid = None

    def find(self):
        names = {pid: Path(f"/proc/{pid}/comm") for pid in servers.family(os.getpid())}
        found = [pid for pid, path in names.items() if path.exists() and path.read_text().strip() in SERVERS]
        return found[0] if found else None

    def send(self, number):
        if self.pid is None:
            time.sleep(lifeline.STARTED)  # one that dies before is taken to be unable to start
            self.pid = self.find()
        os.kill(self.pid, number)

    def kill(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)

    def come_back(self):
        while (pid := self.find()) in (None, self.pid):
            time.sleep(0.1)
        self.pid = pid


def disturb(server):
    """Hang, go on, be killed, come back with nothing."""
    server.send(signal.SIGSTOP)
    time.sleep(HANGS)
    server.send(signal.SIGCONT)
    server.kill()
    server.come_back()
    time.sleep(UP)


@contextlib.contextmanager
def redis():
    with services.folder() as folder:
        server = Redis(folder)
        server.start()
        try:
            with client.Redis(port=server.port) as ours:
                services.wait_for(ours.ping, server.process, folder / "log")
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def brokers(engine):
    """Yields the broker to be disturbed and the variables that name it."""
    if engine == "sqlite":
        server = Embedded()
        server.start()
        yield server, {}
    else:
        with redis() as server:
            yield server, {"REDIS_URL": f"redis://127.0.0.1:{server.port}/0"}


class Browsers:
    """People who raise a request each at its appointed moment, over connections that are kept."""

    def __init__(self, port, raising):
        self.port, self.raising, self.local = port, raising, threading.local()
        self.connections, self.times, self.wrong = [], [], []

    def post(self, number, due):
        time.sleep(max(0.0, due - time.monotonic()))
        fields = {
            "form_key": str(uuid.uuid4()),
            "category": "beyond_remit",
            "kind": "request",
            "urgency": "",
            "happened_at": "2026-11-23T10:00",
            "what_happened": TEXT % number,
            "proposed_handling": "请班长定。",
            "csrfmiddlewaretoken": TOKEN,
        }
        cookies = self.raising["cookies"]
        headers = {"Cookie": cookies[number % len(cookies)], "Content-Type": FORM}
        started = time.monotonic()
        try:
            status = self.ask("POST", self.raising["path"], urlencode(fields), headers)
        except OSError as error:
            status = repr(error)
        self.times.append(time.monotonic() - started)
        if status != 302:
            self.wrong.append((number, status))

    def ask(self, *request):
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self.connections.append(self.local.connection)
        self.local.connection.request(*request)
        response = self.local.connection.getresponse()
        response.read()
        return response.status

    def go_home(self):
        for connection in self.connections:
            connection.close()


@pytest.mark.long
@pytest.mark.parametrize(("engine", "count"), [("postgresql", 1000), ("sqlite", 300)])  # one floor on the default
def test_people_raise_requests_while_the_broker_hangs_and_dies_ten_times(tmp_path, engine, count):
    with contextlib.ExitStack() as stack:
        new = stack.enter_context(servers.databases(engine))
        server, named = stack.enter_context(brokers(engine))
        group = stack.enter_context(endpoints.group())
        pool = stack.enter_context(ThreadPoolExecutor(THREADS))
        folder, at = tmp_path / "site", make.at(10, 30)
        site = servers.product(folder, new("faults"), at, agents=48, years=0, scene="tests.fault_scene")
        site.env.update(named, ROBOT_HOSTS=group.host)
        servers.python("-m", "tests.fault_scene", group.address(), env=site.env)
        port = stack.enter_context(peak.whole(site, tmp_path / "log"))
        browsers = Browsers(port, site.pages[0])
        stack.callback(browsers.go_home)
        zero, pace = time.monotonic() + 1, TIMES * (HANGS + DOWN + UP) / count
        answers = [pool.submit(browsers.post, number, zero + number * pace) for number in range(count)]
        for _number in range(TIMES):
            disturb(server)
        over = time.monotonic()
        for answer in answers:
            answer.result()
        held = settled(site, over)
        servers.python("manage.py", "verify_journal", env=site.env)
    times = sorted(browsers.times)
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"\n{engine}, {count} requests: p50 {p50:.3f} s, p99 {p99:.3f} s, longest {times[-1]:.3f} s; {held}")
    assert browsers.wrong == []
    assert held.pop("tick") < TO_SETTLE  # worker and beat are back at work
    sent = group.told  # of other requests of the centre too
    assert sent >= count
    assert held == {
        "cases": count,
        "texts": count,
        "queued": 0,
        "journal rows a case": {"1": count},
        "bells of its addressee": {"1": count},
        "bells": count,
        "dispatches a case": {"1": count},
        "dispatches": {"sent": sent},
    }
    assert times[-1] < LONGEST


def settled(site, over):
    """What the centre holds once all is sent, and a minute was heard after the last disturbance was over."""
    deadline = over + TO_SETTLE
    while True:
        asked, held = time.monotonic(), json.loads(servers.python("-m", "tests.fault_scene", env=site.env))
        unsent = held["queued"] or set(held["dispatches"]) != {"sent"}
        if not unsent and held["tick"] < asked - over or time.monotonic() > deadline:
            return held
        time.sleep(2)


PUBLISHES = """
import time, django
django.setup()
from callcentre.tasks import tick
began = time.monotonic()
try:
    tick.delay()
except Exception as error:
    pass
print(time.monotonic() - began)
"""


def test_a_request_that_published_by_itself_would_wait_too_long(tmp_path):
    """The same broker, hung: what the outbox spares the requests is more than they may take."""
    env = servers.environment(tmp_path / "site", "", "callcentre.settings")
    with redis() as server:
        server.send(signal.SIGSTOP)
        env["REDIS_URL"] = f"redis://127.0.0.1:{server.port}/0"
        took = float(servers.python("-c", PUBLISHES, env=env))
    assert took > LONGEST
