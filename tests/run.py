"""All tests: on SQLite, in a browser, on a private PostgreSQL with Redis. `make test` calls it.

tests/run.py [--long | --faults] [pytest's own arguments, for each of the runs]
"""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import debian, services  # noqa: E402

NO_TESTS = 5  # pytest's exit code: the arguments left none for this run
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "CLOCK_FILE", "DEMO", "DEBUG", "BEHIND_TLS", "DJANGO_SETTINGS_MODULE", "PORT")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--long", action="store_true", help="500 rounds instead of 50, and the slow tests")
    which.add_argument("--faults", action="store_true", help="only the tests that kill, hang and restart processes")
    options, arguments = parser.parse_known_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))  # by way of every `with`
    debian.install_missing("chromium", "fonts-liberation", "fonts-noto-cjk", "libreoffice-calc-nogui", *debian.PDF)
    with tempfile.TemporaryDirectory(prefix="callcentre-tests-") as state:
        env = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        env |= {"STATE_DIR": state, "ROUNDS": "500" if options.long else "50"}
        sys.exit(run_all(options, arguments, env))


def run_all(options, arguments, env):
    """Each run's failures do not keep the others from running. Returns the exit code."""
    patience = "" if options.long else " and not long"
    if options.long:  # 500 rounds take more than the minutes after which a test is thought to hang
        arguments = ["-o", "faulthandler_timeout=3600", *arguments]
    chosen = "faults" if options.faults else "not browser" + patience
    failed = run("on SQLite", [*parallel(), "-m", chosen, *arguments], env)
    if not options.faults:
        by_file = ["--dist", "loadfile"]  # the tests of one file may share a centre
        failed += run("in a browser", [*parallel(), *by_file, "-m", "browser" + patience, *arguments], env)
    with private_servers(env) as env_with_servers:
        selection = f"({chosen}) and not once"
        failed += run("on PostgreSQL and Redis", [*parallel(), "-m", selection, *arguments], env_with_servers)
    if failed:
        print(f"\nTests failed {' and '.join(failed)}: see above.", file=sys.stderr)
    return 1 if failed else 0


def parallel():
    """Tests of a group share what was costly to make, so one worker has them all."""
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadgroup"]


@contextlib.contextmanager
def private_servers(env):
    with services.postgres() as database_url, services.broker_server() as redis_url:
        yield env | {"DATABASE_URL": database_url, "REDIS_URL": redis_url}


def run(where, arguments, env):
    """One run of pytest, in a process group that ends with it. Returns [where] if it failed, else []."""
    print(f"\n=== Tests {where} ===", flush=True)
    pytest = [sys.executable, "-m", "pytest", *arguments]
    with services.kept_alive(pytest, cwd=ROOT, env=env) as process:
        code = process.wait()
    return [] if code in (0, NO_TESTS) else [where]


if __name__ == "__main__":
    main()
