"""Private servers with their state in a temporary folder: the product and the bare project, served the same way."""

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg2

from bench import load
from callcentre.management.commands.serve import web_command
from tests import services

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60
RUNNING = set()  # what prepares a site at the moment


@dataclasses.dataclass(frozen=True)
class Site:
    """An application with its environment and the pages to ask it for."""

    application: str
    env: dict
    pages: list


@dataclasses.dataclass(frozen=True)
class Server:
    port: int
    roots: tuple  # the processes whose families work for it: the web server, and PostgreSQL where there is one

    def cpu(self):
        """CPU seconds that its processes have used so far. PostgreSQL's are shared: ask one server at a time."""
        return sum(times(pid) for root in self.roots for pid in family(root)) / TICKS


def product(folder, database_url, at, *, agents, years, scene="bench.scene"):
    """The demo centre at the moment `at`, whose clock runs on from there."""
    env = environment(folder, database_url, "callcentre.settings")
    clock = folder / "clock"
    clock.write_text(str(at.timestamp() - time.time()))
    env |= {"DEMO": "1", "CLOCK_FILE": str(clock)}
    for command in (["compile_catalogues"], ["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        python("manage.py", *command, env=env)
    size = ["--agents", str(agents), "--years", str(years)]
    python("manage.py", "load_demo", "--at", at.isoformat(), *size, env=env)
    tidy(database_url)
    clock.write_text(str(at.timestamp() - time.time()))
    return Site("callcentre.wsgi:application", env, json.loads(python("-m", "bench.counts", scene, env=env)))


def bare(folder, database_url):
    env = environment(folder, database_url, "bench.bare.settings")
    pages = json.loads(python("-m", "bench.counts", "bench.bare.scene", env=env))
    tidy(database_url)
    return Site("bench.bare.wsgi:application", env, pages)


def environment(folder, database_url, settings):
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    folder.mkdir()
    return inherited | {
        "STATE_DIR": str(folder),
        "SECRET_KEY": "of a server that lives for minutes, on loopback",
        "DJANGO_SETTINGS_MODULE": settings,
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'db.sqlite3'}",
        "LOG_LEVEL": "WARNING",
    }


def python(*arguments, env):
    """Run Python with the site's environment. Returns what it printed."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with services.kept_alive([sys.executable, *arguments], cwd=ROOT, env=env, **streams) as process:
        RUNNING.add(process)
        output, errors = process.communicate()
        RUNNING.discard(process)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{output}{errors}")
    return output


def stop_preparing():
    for process in list(RUNNING):
        process.terminate()


@contextlib.contextmanager
def databases(engine):
    """Yields a function that gives a new database's URL; "" for SQLite's file in the site's own folder."""
    if engine == "sqlite":
        yield lambda name: ""
        return
    with services.postgres() as url:
        yield lambda name: new_database(url, name)


def new_database(url, name):
    """Another database on the same private server, whose role may create them."""
    execute(url, f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"


def tidy(database_url):
    """What PostgreSQL does by itself within minutes after so many rows."""
    if database_url:
        execute(database_url, "VACUUM ANALYZE")


def execute(url, statement):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)


def postmaster(url):
    """The process id of the PostgreSQL that answers there: the parent of the one that serves us."""
    with contextlib.closing(psycopg2.connect(url)) as connection:
        return parent(Path(f"/proc/{connection.get_backend_pid()}/stat"))


@contextlib.contextmanager
def served(site, log):
    """The site behind the product's own server command, in a process group that ends with this one."""
    port = services.free_port()
    command = [*web_command(str(port))[:-1], site.application]
    with (
        log.open("wb") as output,
        services.kept_alive(command, cwd=ROOT, env=site.env, stdout=output, stderr=output) as process,
    ):
        wait_for(port, site.pages[0], process, log)
        database_url = site.env["DATABASE_URL"]
        yield Server(port, (process.pid, *([] if database_url.startswith("sqlite") else [postmaster(database_url)])))


def wait_for(port, page, process, log):
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            load.closed(port, page, 1)
            return
        time.sleep(0.1)
    raise RuntimeError(f"{page['path']} was not answered:\n{log.read_text(errors='replace')}")


def family(pid):
    """The process and all that descend from it."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            parents[int(entry.parent.name)] = parent(entry)
    found = [pid]
    for known in found:
        found += [child for child, of in parents.items() if of == known]
    return found


def times(pid):
    """Its clock ticks in user and system mode."""
    try:
        spent = fields(Path(f"/proc/{pid}/stat"))
    except OSError:
        return 0
    return int(spent[11]) + int(spent[12])


def parent(stat):
    return int(fields(stat)[1])


def fields(stat):
    """What follows the command's name, which may hold blanks: state, parent, ..."""
    return stat.read_text().rpartition(")")[2].split()
