"""`python -m bench`: the pages of the product beside a bare Django project, as Markdown, also in bench/results.md.

Each page is asked in turn with the bare page (b), batch by batch, so that a busy machine slows both alike; what counts
is the quotient of their CPU times. Speeds and latencies are printed beside it and are this machine's.

`--growth` compares pages in a small centre and in a grown one instead: see bench/growth.py.
"""

import argparse
import contextlib
import dataclasses
import datetime as dt
import importlib.metadata
import os
import platform
import signal
import sqlite3
import statistics
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import growth, load, results, servers

MONDAY = dt.datetime(2026, 11, 23, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
SIZES = {"small": (48, 0), "large": (1000, 3)}
ENGINES = ("sqlite", "postgresql")
PAIRS = 4
BATCH_SECONDS = 0.3
OPEN_SECONDS = 1.5
OPEN_SHARE = 0.5  # of what the closed loop got through
MOST_REQUESTS = 400  # a batch
WARM_UP = 12  # requests: each of the eight threads opens its database connection
# page -> (times the CPU of, which bare page, SQL statements) at most; "w" is one insert
LIMITS = {
    "start page, leader": (3, "b", 8),
    "start page, agent": (3, "b", 8),
    "my month": (3, "b", 8),
    "roster month": (2, "c", 12),
    "roster draft": (2, "c", 12),
    "publish a roster": (2, "c", 12),
    "open swap": (2, "c", 12),
    "open leave": (2, "c", 12),
    "log": (3, "b", 8),
    "case": (3, "b", 8),
    "bell, unchanged": (1, "b", 4),
    "live floor": (5, "b", 12),
    "live floor, unchanged": (1, "b", 4),
    "search answers": (3, "b", 8),
    "write an entry": (2, "w", None),
}


@dataclasses.dataclass(frozen=True)
class Figures:
    rate: float  # requests a second, as fast as they are answered
    cpu: float  # milliseconds a request
    times_b: float
    latencies: load.Latencies


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--quick", action="store_true", help="a fifth of the requests: does it run, not how fast")
    parser.add_argument("--only", default="", help="only pages, or with --growth sections, whose name contains this")
    parser.add_argument("--growth", action="store_true", help="only how pages grow with their centre")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))  # by way of every `with`
    (bench_growth if options.growth else bench_pages)(options)


def bench_pages(options):
    report = Report(kept=not (options.quick or options.only))
    report.write(f"# Speed beside a bare Django page\n\n{machine()} {METHOD}\n")
    with place(options) as (folder, databases, stack):
        sites = prepare(folder, databases, {size: SIZES[size] for size in options.sizes}, beside_bare=True)
        for engine in options.engines:
            floor = stack.enter_context(servers.served(sites[engine, "bare"], folder / f"{engine}-bare.log"))
            bench_engine(engine, floor, sites, options, folder, report)
    report.write(f"The load itself set off late by {report.lag:.1f} ms at the p95 of its worst page.\n")


def bench_growth(options):
    for comparison in growth.COMPARISONS:
        if options.only in comparison.heading:
            report = Report(kept=not options.quick)
            with place(options) as (folder, databases, _stack):
                sites = prepare(folder, databases, comparison.centres, scene=comparison.scene)
                report.write(growth.introduction(comparison, machine()))
                for engine in options.engines:
                    of_engine = {name: sites[engine, name] for name in comparison.centres}
                    rows = growth.measure(of_engine, folder / f"{engine}.log", quick=options.quick)
                    report.rows(title(engine), growth.HEAD, rows)


@contextlib.contextmanager
def place(options):
    """A folder, {engine: what makes a database}, and what is left with them."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callcentre-bench-")))
        yield folder, {name: stack.enter_context(servers.databases(name)) for name in options.engines}, stack


def prepare(folder, databases, sizes, *, beside_bare=False, **more):
    """{(engine, "bare" or size): Site}, the engines side by side."""
    print("Preparing; the large centre takes minutes ...", file=sys.stderr)

    def make(engine):
        new = databases[engine]
        if beside_bare:
            yield (engine, "bare"), servers.bare(folder / f"{engine}-bare", new("bare"))
        for size, (agents, years) in sizes.items():
            where = folder / f"{engine}-{size}"
            yield (engine, size), servers.product(where, new(size), MONDAY, agents=agents, years=years, **more)

    with ThreadPoolExecutor() as pool:
        try:
            return {key: site for found in pool.map(lambda name: list(make(name)), databases) for key, site in found}
        except BaseException:
            servers.stop_preparing()
            raise


def bench_engine(engine, floor, sites, options, folder, report):
    bare = {page["name"].strip("()"): page for page in sites[engine, "bare"].pages}
    pairs = Pairs(floor, bare["b"], quick=options.quick)
    base = {name: pairs.measure(floor, page) for name, page in bare.items()}
    report.table(f"{title(engine)}: the bare project", rows_of_bare(bare, base), base.values())
    for size in options.sizes:
        agents, years = SIZES[size]
        site = sites[engine, size]
        pages = [page for page in site.pages if options.only in page["name"]]
        with servers.served(site, folder / f"{engine}-{size}.log") as server:
            figures = [pairs.measure(server, page) for page in pages]
        rows = [row(page, found, base) for page, found in zip(pages, figures, strict=True)]
        report.table(f"{title(engine)}: {agents:,} agents, {years} years of history", rows, figures)


class Pairs:
    """A page and the bare page (b) in turn."""

    def __init__(self, floor, page_b, *, quick):
        self.floor, self.page_b, self.scale = floor, page_b, 0.2 if quick else 1
        self.pairs = 2 if quick else PAIRS

    def measure(self, server, page):
        count, count_b = self.batch(server, page), self.batch(self.floor, self.page_b)
        rounds = [(self.once(server, page, count), self.once(self.floor, self.page_b, count_b)) for _ in self.rounds]
        rate = statistics.median(rate for (rate, _cpu), _b in rounds)
        cpu = statistics.median(cpu for (_rate, cpu), _b in rounds)
        times_b = statistics.median(cpu / cpu_b for (_rate, cpu), (_rate_b, cpu_b) in rounds)
        latencies = load.open_(server.port, page, rate=rate * OPEN_SHARE, seconds=OPEN_SECONDS * self.scale)
        return Figures(rate, 1000 * cpu, times_b, latencies)

    @property
    def rounds(self):
        return range(self.pairs)

    def batch(self, server, page):
        """How many requests make a batch, after warming up."""
        load.closed(server.port, page, WARM_UP)
        seconds = load.closed(server.port, page, WARM_UP) / WARM_UP
        return max(WARM_UP, min(MOST_REQUESTS, int(BATCH_SECONDS * self.scale / seconds)))

    def once(self, server, page, count):
        """(requests a second, CPU seconds a request) of one batch."""
        before = server.cpu()
        seconds = load.closed(server.port, page, count)
        return count / seconds, max(server.cpu() - before, 0.001) / count


WORDS = ("page", "beside", "grid", "reads")
HEAD = ["page", "requests/s", "p50 ms", "p95 ms", "CPU ms", "× (b)", "beside", "SQL", "at most", "Python calls"]


def rows_of_bare(bare, base):
    names = {"a": "no query", "b": "session, user, one query", "c": "200 rows of three tables", "w": "one insert"}
    pages = [{**page, "name": f"({name}) {names[name]}"} for name, page in bare.items()]
    return [row(page, base[name], base) for page, name in zip(pages, bare, strict=True)]


def row(page, found, base):
    times, beside, statements = LIMITS.get(page["name"], (None, "b", None))
    quotient = found.times_b if beside == "b" else found.times_b / base[beside].times_b
    judged = (
        f"{quotient:.2f} × ({beside}), at most {times}" + (" **over**" if quotient > times else "") if times else ""
    )
    sql = f"{page['statements']}" + (" **over**" if statements and page["statements"] > statements else "")
    return [
        page["name"],
        f"{found.rate:.0f}",
        f"{found.latencies.p50:.1f}",
        f"{found.latencies.p95:.1f}",
        f"{found.cpu:.2f}",
        f"{found.times_b:.2f}",
        judged,
        sql,
        statements or "",
        f"{page['calls']:,}",
    ]


class Report:
    """Prints, and keeps what it prints as it comes: a run that is stopped leaves what it has found."""

    def __init__(self, *, kept):
        self.kept, self.text, self.lag = kept, "", 0.0

    def write(self, text):
        print(text, flush=True)
        self.text += f"{text}\n"
        if self.kept:
            results.keep(self.text)

    def table(self, title, rows, figures):
        self.lag = max(self.lag, *(found.latencies.lag for found in figures))
        self.rows(title, HEAD, rows)

    def rows(self, title, head, rows):
        """Words stand to the left, figures to the right."""
        lines = [head, ["---" if name in WORDS else "---:" for name in head], *rows]
        table = "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
        self.write(f"## {title}\n\n{table}\n")


def title(engine):
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine]


def machine():
    version = importlib.metadata.version
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, Django {version('django')}, granian "
        f"{version('granian')}, SQLite {sqlite3.sqlite_version}; load average {os.getloadavg()[0]:.1f} before the run."
    )


METHOD = (
    "Both projects: 2 processes of 4 threads.\n\n"
    f"Requests a second with {load.CONNECTIONS} connections that never pause. p50 and p95 at half that rate, "
    "arriving at random, from the moment each was due. CPU of the server's processes and of PostgreSQL's, which is "
    "private and runs without fsync. Python calls of one warm request, without the server."
)


if __name__ == "__main__":
    main()
