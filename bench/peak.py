"""`python -m bench.peak`: a change of shift of 200 people, ten minutes pressed into two, against the whole product.

Everybody opens the start page and confirms a notice, the leader marks each as here and closes the roll call, and every
desk is relieved step by step by both sides, while boards poll. The server is `manage.py serve`: web, worker, beat and
relay. Arrivals are an open model: a request's time runs from its intended moment, whatever the answers do. Loopback
only; over within minutes.
"""

import argparse
import collections
import contextlib
import json
import os
import random
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import load, results, servers
from bench.__main__ import MONDAY
from tests import services

AT = MONDAY.replace(hour=15, minute=50)
PEOPLE = 200
ARRIVE, CLOSE, RELIEVE, END = 50.0, 55.0, 60.0, 110.0  # seconds: until the last came; closed; first, last relief begins
BETWEEN = 1.2  # seconds from step to step at a desk
POLLS, BOARDS = 2.0, 20
PAGE, WRITE = 300, 400  # milliseconds promised at the p95
HEADING = "# The change of shift"
THREADS = 64


class Watch:
    """Milliseconds of each kind of request, and whatever went wrong."""

    def __init__(self):
        self.times, self.lags, self.wrong = collections.defaultdict(list), [], []

    def ask(self, port, request, due):
        """At its moment, over a connection of its own thread."""
        time.sleep(max(0.0, due - time.perf_counter()))
        self.lags.append(1000 * (time.perf_counter() - due))
        try:
            response = self.answer(port, request)
        except OSError as error:
            self.wrong.append(f"{request['name']}: {error!r}")
            return
        took = 1000 * (time.perf_counter() - due)
        kind = "poll" if "poll" in request["name"] else "write" if request["body"] is not None else "page"
        self.times[kind].append(took)
        if response.status >= 400:
            self.wrong.append(f"{request['name']} answers {response.status} {response.getheader('X-Refusal') or ''}")

    def answer(self, port, request):
        if not hasattr(LOCAL, "connection"):
            LOCAL.connection = load.http.client.HTTPConnection(load.HOST, port, timeout=30)
        headers = {"Cookie": request["cookie"]}
        if request["body"] is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        method = "GET" if request["body"] is None else "POST"
        try:
            return load.answer(LOCAL.connection, method, request, headers)
        except (load.http.client.RemoteDisconnected, ConnectionResetError):  # kept too long: once more
            LOCAL.connection.close()
            return load.answer(LOCAL.connection, method, request, headers)


LOCAL = threading.local()


def plan(scene):
    """[(second, [requests one after the other])]: each chain waits for its own answers, none for another's."""
    rng = random.Random(1)  # noqa: S311 - no secret
    chains = []
    for person in scene["crew"]:
        comes = rng.uniform(0, ARRIVE - 5)
        chains.append((comes, [person["read"], person["confirm"]]))
        chains.append((comes + rng.uniform(1, 4), person["here"]))
    chains.append((CLOSE, [scene["close"]]))
    chains += [(rng.uniform(RELIEVE, END), steps) for steps in scene["reliefs"]]
    for number in range(BOARDS):
        board = scene["boards"][number % len(scene["boards"])]
        first = rng.uniform(0, POLLS)
        chains += [(first + POLLS * turn, [board]) for turn in range(int((END + 10) / POLLS))]
    return sorted(chains, key=lambda chain: chain[0])


def drive(port, scene):
    watch, zero = Watch(), time.perf_counter() + 0.5

    def follow(second, requests):
        for number, request in enumerate(requests):
            watch.ask(port, request, max(zero + second + BETWEEN * number, time.perf_counter() if number else 0))

    with ThreadPoolExecutor(THREADS) as pool:
        for second, requests in plan(scene):
            time.sleep(max(0.0, zero + second - 0.2 - time.perf_counter()))
            pool.submit(follow, second, requests)
    return watch


@contextlib.contextmanager
def whole(site, log):
    """All processes of the product, as `make run` starts them. Yields the port."""
    port = services.free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with (
        log.open("wb") as output,
        services.kept_alive(command, cwd=servers.ROOT, env=site.env, stdout=output, stderr=output) as process,
    ):
        servers.wait_for(port, {"path": "/health/live/", "cookie": "", "body": None}, process, log)
        yield port


def measure(engine, folder, new, people):
    site = servers.product(folder / engine, new("peak"), AT, agents=4 * people, years=0, scene="bench.peak_scene")
    (scene,) = site.pages
    with whole(site, folder / f"{engine}.log") as port:
        (folder / engine / "clock").write_text(str(AT.timestamp() - time.time()))
        watch = drive(port, scene)
    numbers = [str(scene["notice"]), str(scene["shift"])]
    held = json.loads(servers.python("-m", "bench.peak_scene", *numbers, env=site.env))
    servers.python("manage.py", "verify_journal", env=site.env)
    return scene, watch, held


def lines(engine, scene, watch, held, busy):
    desks, crew = len(scene["reliefs"]), len(scene["crew"])
    yield f"{engine}: {crew} people, {desks} desks, {BOARDS} boards; load average {busy:.1f} before the run."
    yield ""
    yield "| requests | number | p50 ms | p95 ms | p99 ms | at most (p95) |"
    yield "| --- | ---: | ---: | ---: | ---: | --- |"
    for kind, most in (("page", PAGE), ("write", WRITE), ("poll", PAGE)):
        times = sorted(watch.times[kind])
        p50, p95, p99 = (times[int(len(times) * share)] for share in (0.5, 0.95, 0.99))
        verdict = "" if p95 <= most else " **over**"
        yield f"| {kind} | {len(times):,} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {most}{verdict} |"
    yield ""
    yield f"Errors: {len(watch.wrong)}{': ' + '; '.join(sorted(set(watch.wrong))[:5]) if watch.wrong else ''}."
    yield (
        f"Confirmed {held['confirmations']} of {crew}, present {held['present']} of {crew}, released "
        f"{held['reliefs'].get('released', 0)} of {desks}, at their desks {held['turns']} of {desks}. "
        "The journal holds."
    )
    yield f"The load set off late by {load.p95(watch.lags):.0f} ms at its p95."
    yield ""


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.peak", description=__doc__.splitlines()[0])
    parser.add_argument("--engines", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    parser.add_argument("--people", type=int, default=PEOPLE)
    options = parser.parse_args()
    section = [HEADING, "", f"{os.cpu_count()} cores (`python -m bench.peak`): ten minutes pressed into two.", ""]
    with tempfile.TemporaryDirectory(prefix="callcentre-bench-") as name:
        for engine in options.engines:
            busy = os.getloadavg()[0]
            with servers.databases(engine) as new:
                found = measure(engine, Path(name), new, options.people)
            section += lines(engine, *found, busy)
            print("\n".join(section), flush=True)
    if options.people == PEOPLE:
        results.keep("\n".join(section))


if __name__ == "__main__":
    main()
