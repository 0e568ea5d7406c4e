"""`python -m bench.urgent`: how long an urgent request that skips levels takes to stand on the top level's screen.

Agents raise urgent requests straight to the centre director over HTTP, one after the other, while boards poll, people
open pages and the minute ticks: all processes of `manage.py serve`. The director has pages open whose bell asks as the
page's own markup says, and begins its interval anew when it was drawn anew, as htmx does. Loopback only, over within
minutes.
"""

import argparse
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
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.urls import reverse

from bench import load, results, servers
from bench.__main__ import MONDAY
from bench.counts import Visitor, body
from bench.peak import Watch, whole

CASES, BATCH = 200, 50  # the director reads all that came after each batch, for a bell counts to 99
APART = (0.6, 2.0)  # seconds between two requests
SCREENS, BOARDS = 5, 20
BOARD_POLLS = 2.0
PAGES = 4  # opened a second by others
PROMISE = 5.0  # seconds at the p99
PATIENCE = 30.0
HEADING = "# An urgent request on the top level's screen"
BELL = re.compile(
    r'id="bell".*?data-shown="[0-9]+\.([0-9]+)".*?hx-get="([^"]+)".*?hx-trigger="every ([0-9]+)s"', re.DOTALL
)
AGENTS = [str(number) for number in range(1101, 1113)]


def pages():
    """For bench.counts: who raises, who reads, and what the others do meanwhile."""
    from people.models import Person  # noqa: PLC0415 - in the process that has the site's settings

    people = {person.employee_number: person for person in Person.objects.all()}
    cookies = {number: Visitor(people[number]).cookie for number in ("1100", "8001", "9001", *AGENTS)}

    def page(name, to, cookie, post=None):
        return {"name": name, "path": reverse(to), "body": post, "cookie": cookie}

    for number in AGENTS:
        yield page("raise", "escalations:new_case", cookies[number], body(URGENT))
    yield page("start", "board:start", cookies["9001"])
    yield page("read", "delivery:mark_all_read", cookies["9001"], body({}))
    yield page("poll of a board", "board:poll_live", cookies["1100"])
    for number in ("1100", "8001", *AGENTS):
        for name in ("board:start", "escalations:list_cases", "handover:list_logs", "shifts:show_mine"):
            yield page("ordinary", name, cookies[number])


URGENT = {
    "category": "danger",
    "kind": "request",
    "urgency": "urgent",
    "happened_at": "2026-11-23T10:00",
    "what_happened": "三号机柜冒烟，已断电。",
    "proposed_handling": "请示是否疏散机房。",
    "goes_to": "centre_director",
    "skip_reason": "等不得，烟还在冒。",
}


@dataclasses.dataclass
class Screen:
    """A page of the director's: its bell, and the moments at which its number changed."""

    port: int
    start: dict
    unread: int = 0
    seen: list = dataclasses.field(default_factory=list)  # (moment, number)

    def open(self):
        self.connection = http.client.HTTPConnection(load.HOST, self.port, timeout=PATIENCE)
        self.take(self.ask(self.start["path"]))
        self.seen.clear()

    def ask(self, path):
        self.connection.request("GET", path, headers={"Cookie": self.start["cookie"], "HX-Request": "true"})
        response = self.connection.getresponse()
        html = response.read().decode()
        if response.status not in (200, 204):
            raise RuntimeError(f"{path} answers {response.status}")
        return html

    def take(self, html):
        """Returns whether the bell was drawn anew."""
        if not html:
            return False
        unread, self.address, every = BELL.search(html).groups()
        self.unread, self.every = int(unread), float(every)
        self.seen.append((time.perf_counter(), self.unread))
        return True

    def stay_open(self, over, first):
        due = time.perf_counter() + first
        while not over.is_set():
            over.wait(max(0.0, due - time.perf_counter()))
            due = time.perf_counter() + self.every if self.take(self.ask(self.address)) else due + self.every


class Run:
    """The whole of it against one server."""

    def __init__(self, port, found):
        self.port, self.found = port, found
        self.over, self.failures, self.watch = threading.Event(), [], Watch()
        self.rng = random.Random(1)  # noqa: S311 - no secret
        self.screens = [Screen(port, found["start"][0]) for _number in range(SCREENS)]
        self.delays, self.answers = [], []

    def go(self, cases):
        for screen in self.screens:
            screen.open()
        threads = [
            self.thread(screen.stay_open, self.over, self.rng.uniform(0, screen.every)) for screen in self.screens
        ]
        threads += [self.thread(self.poll, self.rng.uniform(0, BOARD_POLLS)) for _number in range(BOARDS)]
        threads.append(self.thread(self.open_pages))
        try:
            for first in range(0, cases, BATCH):
                self.raise_some(min(BATCH, cases - first))
        finally:
            self.over.set()
            for thread in threads:
                thread.join()
        if self.failures:
            raise self.failures[0]

    def thread(self, target, *arguments):
        def work():
            try:
                target(*arguments)
            except Exception as failure:
                self.failures.append(failure)

        made = threading.Thread(target=work)
        made.start()
        return made

    def poll(self, first):
        page, due = self.found["poll of a board"][0], time.perf_counter() + first
        while not self.over.is_set():
            self.watch.ask(self.port, page, due)
            due += BOARD_POLLS

    def open_pages(self):
        """Pages that others open, each at its moment whatever the answers do."""
        due = time.perf_counter()
        with ThreadPoolExecutor(16) as pool:
            while not self.over.is_set():
                due += self.rng.expovariate(PAGES)
                self.over.wait(max(0.0, due - time.perf_counter()))
                pool.submit(self.watch.ask, self.port, self.rng.choice(self.found["ordinary"]), due)

    def raise_some(self, count):
        """One after the other, until each is on each screen; then the director reads them all."""
        before, moments = self.screens[0].unread, []
        for _number in range(count):
            time.sleep(self.rng.uniform(*APART))
            page = self.rng.choice(self.found["raise"])
            moments.append(time.perf_counter())
            load.closed(self.port, {**page, "body": f"{page['body']}&form_key={uuid.uuid4()}"}, 1)
            self.answers.append(time.perf_counter() - moments[-1])
        self.wait_for(before + count)
        for number, moment in enumerate(moments, 1):
            self.delays += [first(screen, before + number, moment) - moment for screen in self.screens]
        load.closed(self.port, self.found["read"][0], 1)
        self.wait_for(0)

    def wait_for(self, unread):
        deadline = time.perf_counter() + PATIENCE
        while any(screen.unread != unread for screen in self.screens):
            if time.perf_counter() > deadline or self.failures:
                raise RuntimeError(f"the screens show {[screen.unread for screen in self.screens]}, not {unread}")
            time.sleep(0.1)


def first(screen, number, moment):
    """When the screen first showed so many, after the moment."""
    return min(seen for seen, unread in screen.seen if unread >= number and seen > moment)


def measure(engine, folder, new, cases):
    site = servers.product(folder / engine, new("urgent"), MONDAY, agents=48, years=0, scene="bench.urgent")
    found = {}
    for page in site.pages:
        found.setdefault(page["name"], []).append(page)
    site.pages[:] = [{"path": "/health/live/", "cookie": "", "body": None}]
    with whole(site, folder / f"{engine}.log") as port:
        load.closed(port, found["read"][0], 1)
        run = Run(port, found)
        run.go(cases)
    held = json.loads(servers.python("-m", "bench.urgent", "--held", env=site.env))
    if held != {"cases": cases, "bells": cases}:
        raise RuntimeError(f"of {cases} cases the centre holds {held}")
    return run


def held():
    from delivery.models import Message  # noqa: PLC0415
    from escalations.models import Case  # noqa: PLC0415

    cases = set(Case.objects.filter(skip_reason=URGENT["skip_reason"]).values_list("pk", flat=True))
    told = Message.objects.filter(kind="escalation.waits.danger", person__employee_number="9001")
    return {"cases": len(cases), "bells": sum(facts["case"] in cases for facts in told.values_list("facts", flat=True))}


def lines(engine, run, busy):
    delays, pages = sorted(run.delays), sorted(run.watch.times["page"])
    p50, p95, p99 = (delays[int(len(delays) * share)] for share in (0.5, 0.95, 0.99))
    asking = f"{SCREENS} screens that ask every {run.screens[0].every:.0f} s"
    yield f"{engine}: {len(run.answers)} requests, {asking}; load average {busy:.1f} before the run."
    yield ""
    yield "| from the moment the agent presses to | figure |"
    yield "| --- | ---: |"
    yield f"| the number on the screen, p50 | {p50:.2f} s |"
    yield f"| p95 | {p95:.2f} s |"
    yield f"| p99, at most {PROMISE:.0f} s | {p99:.2f} s{'' if p99 <= PROMISE else ' **over**'} |"
    yield f"| the latest of all | {delays[-1]:.2f} s |"
    own = f"{statistics.median(run.answers):.2f}, {load.p95(run.answers):.2f} s"
    yield f"| the agent's own answer, p50 and p95 | {own} |"
    yield ""
    yield (
        f"Beside it {BOARDS} boards, every {BOARD_POLLS:.0f} s, and {len(pages):,} pages of others, "
        f"{load.p95(pages):.0f} ms at their p95; {len(run.watch.wrong)} errors."
    )
    yield ""


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.urgent", description=__doc__.splitlines()[0])
    parser.add_argument("--engines", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--held", action="store_true", help="only say what the centre holds")
    options = parser.parse_args()
    if options.held:
        django.setup()
        print(json.dumps(held()))
        return
    section = [
        HEADING,
        "",
        f"{os.cpu_count()} cores (`python -m bench.urgent`): how long until the director's bell says so.",
        "",
    ]
    with tempfile.TemporaryDirectory(prefix="callcentre-bench-") as name:
        for engine in options.engines:
            busy = os.getloadavg()[0]
            with servers.databases(engine) as new:
                run = measure(engine, Path(name), new, options.cases)
            section += lines(engine, run, busy)
            print("\n".join(section), *sorted(set(run.watch.wrong))[:5], sep="\n", flush=True)
    if options.cases == CASES:
        results.keep("\n".join(section))


if __name__ == "__main__":
    main()
