"""The roster's grids in a small centre and in a grown one: `make bench ARGS=--growth`, a section of bench/results.md.

Both show 60 people by 31 days. The small centre has these 60 and no history. In the grown one they are the last page of
a team's grid: it has 1,000 people in the same four teams, hence sixteen times as many turns in each month, and 5 years
of history. The two are asked in turn, batch by batch, first one and then the other, so that a busy machine slows both
alike: what counts is the quotient of their CPU times, the median over all pairs. What each database reads and how many
statements and Python calls a page takes does not depend on the machine at all.
"""

import contextlib
import statistics

from bench import load, servers

CENTRES = {"small": (56, 0), "grown": (996, 5)}  # agents, beside four leaders, and years of history
SCENE = "bench.growth_scene"
HEADING = "# Growth of the roster grid"
AT_MOST = 1.2
PAIRS = 20
BATCH = 60  # requests: a second or two of CPU, against a clock of 10 ms
HEAD = ["grid", "CPU ms, small", "CPU ms, grown", "quotient", "middle half", "at most", "SQL", "Python calls", "reads"]


def measure(sites, folder, *, quick):
    """The rows of an engine's table. `sites` {"small", "grown": Site}."""
    with contextlib.ExitStack() as stack:
        small, grown = (stack.enter_context(servers.served(sites[name], folder / f"{name}.log")) for name in CENTRES)
        pairs = zip(sites["small"].pages, sites["grown"].pages, strict=True)
        return [row(*pages, compare(small, grown, *pages, quick=quick)) for pages in pairs]


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


def row(small, grown, pairs):
    quotients = [of_grown / of_small for of_small, of_grown in pairs]
    low, quotient, high = statistics.quantiles(quotients, n=4)
    reads = (f"{what}: {both(count, grown['reads'][what])}" for what, count in small["reads"].items())
    return [
        small["name"],
        *(f"{1000 * statistics.median(side):.1f}" for side in zip(*pairs, strict=True)),
        f"{quotient:.2f}" + (" **over**" if quotient > AT_MOST else ""),
        f"{low:.2f}–{high:.2f}",
        f"{AT_MOST}",
        f"{small['statements']} → {grown['statements']}",
        both(small["calls"], grown["calls"]),
        "; ".join(reads),
    ]


def both(small, grown):
    return f"{small:,} → {grown:,} (× {grown / small:.2f})"


def introduction(machine):
    (agents, _none), (many, years) = CENTRES.values()
    return (
        f"{HEADING}\n\n60 people by 31 days in a centre of {agents + 4} people without history, and in one of "
        f"{many + 4:,} people and {years} years of history, the last page of a team's grid.\n\n{machine} "
        f"CPU of the server's processes and of the database's, a request, in {PAIRS} interleaved pairs of batches of "
        f"{BATCH} requests; the quotient is the median of the pairs' own. Reads: instructions of SQLite's virtual "
        "machine; blocks that PostgreSQL touches, and rows its scans look at (EXPLAIN ANALYZE, BUFFERS).\n"
    )
