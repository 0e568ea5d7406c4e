"""`python -m bench.roster INSTANCE... [--seconds 60]`: the roster solver on public shift-scheduling instances.

An instance is a text file in the format of Curtois and Qu (2014); a folder stands for its instances. They are no part
of this project. `--best` is a CSV with the columns instance and best_known, `--checker` a program that is given the
instance and the roster and ends with 0 when no hard rule is broken; both are looked for beside the instances. Of
several instances a table is written to bench/roster.md.
"""

import argparse
import csv
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from shifts.solver import Cover, Kind, Member, Problem, Wish
from shifts.solver.search import solve

RESULTS = Path(__file__).parent / "roster.md"
REQUIRED, AIM = 5.0, 2.0  # per cent: the mean gap to the best known penalty


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.roster", description=__doc__.splitlines()[0])
    parser.add_argument("instances", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--cpu", action="store_true", help="seconds of CPU for each of the two processes")
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="the roster of one instance, or the table of several")
    parser.add_argument("--best", type=Path, help="CSV of the best known penalties")
    parser.add_argument("--checker", type=Path, help="Python program that judges a roster")
    options = parser.parse_args()
    paths = [path for given in options.instances for path in files_of(given)]
    if not paths:
        parser.error("no instances there")
    best = best_known(options.best or beside(paths[0], "best_known.csv"))
    checker = options.checker or beside(paths[0], "check_roster.py")
    several = len(paths) > 1
    with tempfile.TemporaryDirectory(prefix="roster-") as folder:
        rows = [measure(path, options, best, checker, Path(folder), several) for path in paths]
    if several:
        (options.out or RESULTS).write_text(table(rows, options))
        print(table(rows, options))
    return 1 if any(row.violations for row in rows) else 0


def files_of(given):
    return sorted(given.glob("*.txt"), key=natural) if given.is_dir() else [given]


def natural(path):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path.name)]


def beside(path, name):
    found = (folder / name for folder in (path.parent, path.parent.parent) if (folder / name).is_file())
    return next(found, None)


def best_known(path):
    """{instance: penalty}"""
    if path is None:
        return {}
    with path.open(encoding="utf-8") as file:
        return {row["instance"]: int(row["best_known"]) for row in csv.DictReader(file)}


def read(text):
    """The Problem of an instance; day 0 is a Monday. ValueError."""
    parts = sections(text)
    kinds = tuple(Kind(code, int(minutes), names(after)) for code, minutes, after in parts["SHIFTS"])
    away = {row[0]: frozenset(int(day) for day in row[1:] if day) for row in parts.get("DAYS_OFF", ())}
    members = [replace(member(row), off=away.get(row[0], frozenset())) for row in parts["STAFF"]]
    wishes = [wish(row, on=True) for row in parts.get("SHIFT_ON_REQUESTS", ())]
    wishes += [wish(row, on=False) for row in parts.get("SHIFT_OFF_REQUESTS", ())]
    cover = [Cover(int(day), code, *map(int, numbers)) for day, code, *numbers in parts.get("COVER", ())]
    return Problem(int(parts["HORIZON"][0][0]), 0, kinds, tuple(members), tuple(cover), tuple(wishes))


def sections(text):
    """{name: [fields of each line]}"""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("SECTION_"):
            rows = found.setdefault(line.removeprefix("SECTION_"), [])
        elif line and not line.startswith("#"):
            rows.append([part.strip() for part in line.split(",")])
    return found


def names(field):
    return frozenset(name for name in field.split("|") if name)


def member(row):
    id_, limits, most, least, run_most, run_least, off_least, weekends = row
    max_of = {code: int(limit) for code, limit in (part.split("=") for part in limits.split("|"))}
    return Member(
        id_,
        max_of=max_of,
        max_minutes=int(most),
        min_minutes=int(least),
        max_run=int(run_most),
        min_run=int(run_least),
        min_off_run=int(off_least),
        max_weekends=int(weekends),
    )


def wish(row, *, on):
    who, day, code, weight = row
    return Wish(who, int(day), code, on, int(weight))


@dataclass(frozen=True)
class Row:
    name: str
    best: int | None
    cost: int | None
    bound: float | None
    seconds: float
    cpu: float
    violations: bool
    judged: str

    @property
    def gap(self):
        """Per cent above the best known penalty."""
        return None if self.best is None or self.cost is None else 100 * (self.cost - self.best) / self.best


def measure(path, options, best, checker, folder, several):
    problem = read(path.read_text(encoding="utf-8-sig"))
    tell = None if several else lambda found: print(found, file=sys.stderr)
    cpu, began = spent(), time.monotonic()
    clock = time.process_time if options.cpu else time.monotonic
    limits = {"seconds": options.seconds, "clock": clock, "workers": options.workers, "seed": options.seed}
    result = solve(problem, progress=tell, **limits)
    seconds, cpu = time.monotonic() - began, spent() - cpu
    roster = (not several and options.out) or folder / f"{path.stem}.roster"
    roster.write_text("".join(f"{line}\n" for line in written(problem, result)))
    judged, broken = judge(checker, path, roster, result)
    row = Row(path.stem, best.get(path.stem), result.cost, result.bound, seconds, cpu, broken, judged)
    print(f"{' | '.join(cells(row))}", flush=True)
    return row


def spent():
    """CPU seconds of this process and of those it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def written(problem, result):
    lines = result.lines or {}
    return [" ".join([each.id, *(code or "-" for code in lines.get(each.id, ()))]) for each in problem.members]


def judge(checker, instance, roster, result):
    """(its last line, whether a hard rule is broken or the cost is not what was said)"""
    if checker is None:
        return "not judged", result.lines is None
    if result.lines is None:
        return "no roster", True
    command = [sys.executable, checker, instance, roster, "--expect", str(result.cost)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[-1], done.returncode != 0


HEAD = ["instance", "best known", "penalty", "lower bound", "gap %", "seconds", "CPU seconds", "checker"]


def cells(row):
    return [
        row.name,
        "" if row.best is None else f"{row.best}",
        "none" if row.cost is None else f"{row.cost}",
        "" if row.bound is None else f"{row.bound:.1f}",
        "" if row.gap is None else f"{row.gap:.2f}",
        f"{row.seconds:.0f}",
        f"{row.cpu:.0f}",
        row.judged,
    ]


def table(rows, options):
    lines = [HEAD, ["---", *["---:"] * 6, "---"], *map(cells, rows)]
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"# The roster solver on public instances\n\n{machine(options)}\n\n{body}\n\n{verdict(rows)}\n"


def machine(options):
    limit = "of CPU for each of two processes" if options.cpu else "of the clock"
    return (
        f"{options.seconds:.0f} s {limit} each, {os.cpu_count()} cores, {options.workers} workers, "
        f"seed {options.seed}, Python {platform.python_version()}; load average {os.getloadavg()[0]:.1f} at the end.\n"
        "Written by `make bench-roster`."
    )


def verdict(rows):
    gaps = [row.gap for row in rows if row.best is not None]
    if not gaps or None in gaps:
        return "No mean gap: a best known penalty or a roster is missing."
    mean = sum(gaps) / len(gaps)
    reached = [
        f"at most {limit:.0f} % ({what}): {'reached' if mean <= limit else '**missed**'}"
        for what, limit in (("required", REQUIRED), ("the aim", AIM))
    ]
    broken = sum(row.violations for row in rows)
    return f"Mean gap to the best known {mean:.2f} %; {'; '.join(reached)}. Rosters refused by the checker: {broken}."


if __name__ == "__main__":
    sys.exit(main())
