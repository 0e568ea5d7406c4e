"""`python -m bench.live`: a hundred live floors open at once, and how long a change takes to stand on each of them.

The boards poll as the page's script does: every two seconds, each from a moment of its own, with what they show. Beside
it the cost of a poll that finds nothing, in turn with the bare page (b). Loopback only, over within minutes.
"""

import argparse
import contextlib
import dataclasses
import http.client
import json
import os
import random
import re
import statistics
import tempfile
import threading
import time
from pathlib import Path

from django.urls import reverse

from bench import load, results, servers
from bench.__main__ import MONDAY, Pairs, title
from bench.counts import Visitor, body

EVERY = 2.0  # seconds between a board's polls
APART = 4.0  # seconds between two changes: each has come everywhere before the next
PROMISE = 3.0  # seconds within which a change stands on a board, at the p95
MOST_ROUNDS = 30
QUIET = 10.0  # seconds of polls that find nothing
PART = re.compile(r'data-part="(\w+)" data-digest="(\w+)"')
HEADING = "# The live floor, open on many screens"


def pages():
    """For bench.counts: whose live floor, and the steps that change it, each of a duty of its own."""
    from people.models import Person  # noqa: PLC0415 - in the process that has the site's settings
    from tests import make_duties  # noqa: PLC0415

    leader, director = (Person.objects.get(employee_number=number) for number in ("1100", "8001"))
    yield {"name": "live", "path": reverse("board:show_live"), "body": None, "cookie": Visitor(leader).cookie}
    yield {"name": "poll", "path": reverse("board:poll_live"), "body": None, "cookie": Visitor(leader).cookie}
    for number in range(MOST_ROUNDS):
        duty = make_duties.duty(rule=make_duties.own_rule(centre=leader.centre, code=f"shelf-{number}"))
        path = reverse("duties:start_duty", args=[duty.pk])
        yield {"name": "start", "path": path, "body": body({}), "cookie": Visitor(director).cookie}


@dataclasses.dataclass
class Board:
    """One screen: what it shows, and when its duties last changed."""

    port: int
    page: dict
    version: str = ""
    digests: dict = dataclasses.field(default_factory=dict)
    seen: list = dataclasses.field(default_factory=list)
    polls: int = 0

    def open(self, live):
        self.take(self.ask(live["path"]))
        self.seen.clear()

    def poll(self):
        asked = "&".join(f"{code}={digest}" for code, digest in self.digests.items())
        self.take(self.ask(f"{self.page['path']}?v={self.version}&{asked}"))
        self.polls += 1

    def ask(self, path):
        if not hasattr(self, "connection"):
            self.connection = http.client.HTTPConnection(load.HOST, self.port, timeout=10)
        self.connection.request("GET", path, headers={"Cookie": self.page["cookie"]})
        return self.connection.getresponse()

    def take(self, answer):
        html = answer.read().decode()
        if answer.status not in (200, 204):
            raise RuntimeError(f"the live floor answers {answer.status}")
        self.version = answer.headers["X-Live-Version"]
        found = dict(PART.findall(html))
        self.digests |= found
        if "duties" in found:
            self.seen.append(time.perf_counter())

    def stay_open(self, until, first):
        time.sleep(first)
        while (started := time.perf_counter()) < until:
            self.poll()
            time.sleep(max(0.0, EVERY - (time.perf_counter() - started)))


def watch(boards, seconds, meanwhile):
    """All boards poll for so long; `meanwhile` runs beside them. The first failure is raised at the end."""
    failures, until = [], time.perf_counter() + seconds
    rng = random.Random(1)  # noqa: S311 - no secret

    def stay(board, first):
        try:
            board.stay_open(until, first)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=stay, args=(board, rng.uniform(0, EVERY))) for board in boards]
    for thread in threads:
        thread.start()
    try:
        return meanwhile()
    finally:
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]


def change(server, steps):
    """Take the steps one after the other. [the moment at which each request for it set out]"""
    moments = []
    for step in steps:
        time.sleep(APART)
        moments.append(time.perf_counter())
        load.closed(server.port, step, 1)
    time.sleep(APART)
    return moments


def delays(boards, moments):
    """Seconds from each change to the first answer that shows it, on each board."""
    return [min(seen - moment for seen in board.seen if seen > moment) for board in boards for moment in moments]


def check_same(boards, live):
    """Raises RuntimeError where a board does not show at last what a new page shows."""
    fresh = Board(boards[0].port, boards[0].page)
    fresh.open(live)
    if any(board.digests["duties"] != fresh.digests["duties"] for board in boards):
        raise RuntimeError("a board missed a change")


def measure(server, floor, bare_b, found, steps, *, screens):
    """The section's lines."""
    boards = [Board(server.port, found["poll"]) for _number in range(screens)]
    for board in boards:
        board.open(found["live"])
    quiet, quiet_polls = server.cpu(), sum(board.polls for board in boards)
    watch(boards, QUIET, lambda: time.sleep(QUIET))
    quiet_cpu = server.cpu() - quiet
    quiet_polls = sum(board.polls for board in boards) - quiet_polls
    busy, started = server.cpu(), time.perf_counter()
    moments = watch(boards, APART * (len(steps) + 1), lambda: change(server, steps))
    took, busy_cpu = time.perf_counter() - started, server.cpu() - busy
    check_same(boards, found["live"])
    late = delays(boards, moments)
    pairs = Pairs(floor, bare_b, quick=False)
    poll = {**found["poll"], "path": f"{found['poll']['path']}?v={boards[0].version}"}
    single = pairs.measure(server, poll)
    yield f"{screens} live floors polling every {EVERY:.0f} s, {len(steps)} changes by HTTP, {APART:.0f} s apart."
    yield ""
    yield "| what | figure |"
    yield "| --- | ---: |"
    yield f"| a change is on a screen after, p50 | {statistics.median(late):.2f} s |"
    verdict = "" if load.p95(late) <= PROMISE else " **over**"
    yield f"| p95, at most {PROMISE:.0f} s | {load.p95(late):.2f} s{verdict} |"
    yield f"| the last screen of all changes | {max(late):.2f} s |"
    yield f"| CPU of the server while nothing changes | {100 * quiet_cpu / QUIET:.0f} % of a core |"
    yield f"| CPU a poll that finds nothing, with these | {1000 * quiet_cpu / quiet_polls:.2f} ms |"
    yield f"| CPU of the server while a change comes every {APART:.0f} s | {100 * busy_cpu / took:.0f} % of a core |"
    yield f"| CPU of an unchanged poll beside (b), in turn; at most 1 | {single.times_b:.2f} × (b) |"


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--screens", type=int, default=100)
    parser.add_argument("--rounds", type=int, choices=range(1, MOST_ROUNDS + 1), default=15, metavar="N")
    options = parser.parse_args()
    busy = os.getloadavg()[0]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callcentre-bench-")))
        new = stack.enter_context(servers.databases(options.engine))
        bare = servers.bare(folder / "bare", new("bare"))
        site = servers.product(folder / "live", new("live"), MONDAY, agents=48, years=0)
        listed = json.loads(servers.python("-m", "bench.counts", "bench.live", env=site.env))
        found = {page["name"]: page for page in listed}
        steps = [page for page in listed if page["name"] == "start"][: options.rounds]
        floor = stack.enter_context(servers.served(bare, folder / "bare.log"))
        server = stack.enter_context(servers.served(site, folder / "live.log"))
        bare_b = next(page for page in bare.pages if page["name"] == "(b)")
        lines = list(measure(server, floor, bare_b, found, steps, screens=options.screens))
    write(options.engine, busy, lines)


def write(engine, busy, lines):
    """Print, and keep; each database has its section."""
    machine = f"{os.cpu_count()} cores, load average {busy:.1f} before the run"
    head = f"{HEADING}: {title(engine)}\n\n{machine} (`python -m bench.live --engine {engine}`).\n"
    section = "\n".join([head, *lines, ""])
    print(section)
    results.keep(section)


if __name__ == "__main__":
    main()
