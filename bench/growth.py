"""Pages in a small centre and in a grown one: `make bench ARGS=--growth`, sections of bench/results.md.

Two things grow. The roster's grids show 60 people by 31 days: the small centre has these 60 and no history; in the
grown one they are the last page of a team's grid, which has 1,000 people in the same four teams, hence sixteen times as
many turns in each month, and 5 years of history. The logs and the unified answers are those of the same 60 people, with
no history, or with ten years of it and 5,000 answers. The two centres are asked in turn, batch by batch, first one and
then the other, so that a busy machine slows both alike: what counts is the quotient of their CPU times, the median over
all pairs. What each database reads and how many statements and Python calls a page takes does not depend on the machine
at all. The latency is the grown centre's, of requests that arrive at random, and is this machine's.
"""

import contextlib
import dataclasses
import statistics

from bench import load, servers


@dataclasses.dataclass(frozen=True)
class Comparison:
    heading: str
    scene: str
    centres: dict  # "small" and "grown": (agents, beside four leaders, and years of history)
    words: str


COMPARISONS = (
    Comparison(
        "# Growth of the roster grid",
        "bench.growth_scene",
        {"small": (56, 0), "grown": (996, 5)},
        "60 people by 31 days in a centre of 60 people without history, and in one of 1,000 people and 5 years of "
        "history, the last page of a team's grid.",
    ),
    Comparison(
        "# Growth of the logs and the unified answers",
        "bench.history_scene",
        {"small": (56, 0), "grown": (56, 10)},
        "A centre of 60 people without history and with the demo centre's few answers, and one with ten years of "
        "history, over 10,000 logs, and 5,000 answers. A search as one types is promised within 100 ms.",
    ),
)
AT_MOST = 1.2
PAIRS = 20
BATCH = 60  # requests: a second or two of CPU, against a clock of 10 ms
RATE = 5  # requests a second, for the latency
SECONDS = 15
HEAD = [
    "page",
    "CPU ms, small",
    "CPU ms, grown",
    "quotient",
    "middle half",
    "at most",
    "p50 ms",
    "p95 ms",
    "SQL",
    "Python calls",
    "reads",
]


def measure(sites, log, *, quick):
    """The rows of an engine's table. `sites` {"small", "grown": Site}."""
    with contextlib.ExitStack() as stack:
        small, grown = (
            stack.enter_context(servers.served(site, log.with_stem(f"{log.stem}-{name}")))
            for name, site in sites.items()
        )
        rows = []
        for pages in zip(sites["small"].pages, sites["grown"].pages, strict=True):
            pairs = compare(small, grown, *pages, quick=quick)
            latencies = load.open_(grown.port, pages[1], rate=RATE, seconds=1 if quick else SECONDS)
            rows.append(row(*pages, pairs, latencies))
    return rows


def compare(small, grown, page_of_small, page_of_grown, *, quick):
    """[(CPU seconds a request of the small centre, of the grown one)]"""
    pairs, sides = [], [(small, page_of_small), (grown, page_of_grown)]
    for side in sides:
        cpu(*side, BATCH)  # warm
    for number in range(4 if quick else PAIRS):
        order = sides if number % 2 else sides[::-1]
        found = {server.port: cpu(server, page, BATCH) for server, page in order}
        pairs.append((found[small.port], found[grown.port]))
    return pairs


def cpu(server, page, count):
    """CPU seconds a request of one batch."""
    before = server.cpu()
    load.closed(server.port, page, count)
    return max(server.cpu() - before, 0.001) / count


def row(small, grown, pairs, latencies):
    quotients = [of_grown / of_small for of_small, of_grown in pairs]
    low, quotient, high = statistics.quantiles(quotients, n=4)
    within = small.get("within_ms")  # the promise of a page that shows more in a grown centre is its latency
    is_over = latencies.p95 > within if within else quotient > AT_MOST
    reads = (f"{what}: {both(count, grown['reads'][what])}" for what, count in small["reads"].items())
    return [
        small["name"],
        *(f"{1000 * statistics.median(side):.1f}" for side in zip(*pairs, strict=True)),
        f"{quotient:.2f}",
        f"{low:.2f}–{high:.2f}",
        (f"p95 {within} ms" if within else f"{AT_MOST}") + (" **over**" if is_over else ""),
        f"{latencies.p50:.0f}",
        f"{latencies.p95:.0f}",
        f"{small['statements']} → {grown['statements']}",
        both(small["calls"], grown["calls"]),
        "; ".join(reads),
    ]


def both(small, grown):
    return f"{small:,} → {grown:,} (× {grown / small:.2f})"


def introduction(comparison, machine):
    return (
        f"{comparison.heading}\n\n{comparison.words}\n\n{machine} "
        f"CPU of the server's processes and of the database's, a request, in {PAIRS} interleaved pairs of batches of "
        f"{BATCH} requests; the quotient is the median of the pairs' own. Latency at {RATE} requests a second. Reads: "
        "instructions of SQLite's virtual machine; blocks that PostgreSQL touches, and rows its scans look at "
        "(EXPLAIN ANALYZE, BUFFERS).\n"
    )
