import contextlib
import os
import shlex
import signal
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from honcho.manager import Manager
from honcho.printer import Printer

from callcentre import broker, lifeline, port

ROOT_WARNING = "ignore:You're running the worker with superuser privileges"
STOPPED_BY_US = (128 + signal.SIGINT, 128 + signal.SIGTERM)


class Command(BaseCommand):
    help = "Run everything in this terminal: broker, web, worker, beat and relay. Ctrl-C stops them all."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
        parser.add_argument("--prepare", action="store_true", help="run `prepare` first")

    def handle(self, *, prepare, **options):
        if complaint := port.complaint(options["port"]):
            raise CommandError(complaint)
        if prepare:
            call_command("prepare", stdout=self.stdout)
        with tempfile.TemporaryDirectory(prefix="callcentre-") as folder:
            code = supervise(Path(folder), options["port"])
        if code:
            raise CommandError("A process could not start, so all were stopped; its last lines are above.")
        self.stdout.write("Stopped.")


def children(port_number, folder):
    """{name: command line} of the processes, and the environment they share; `folder` is theirs and ends with them."""
    python = [sys.executable, "-W", ROOT_WARNING]
    celery = [*python, "-m", "celery", "--quiet", "--app", "callcentre"]
    quiet = ["--loglevel", "WARNING"]
    lone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    env = {"PYTHONUNBUFFERED": "1", "LOG_LEVEL": "WARNING"} | dict(os.environ)
    commands = {
        "web": web_command(port_number),
        "worker": [*celery, "worker", "--pool", "threads", "--concurrency", "4", *lone, *quiet],
        "beat": [*celery, "beat", "--schedule", str(folder / "beat"), "--pidfile", "", *quiet],
        "relay": [*python, "manage.py", "relay"],
    }
    if "REDIS_URL" not in env and (server := broker.find_server()):
        commands = {"broker": broker.command(server, folder)} | commands
        env["REDIS_URL"] = broker.url(folder)
    elif "REDIS_URL" not in env:
        (settings.STATE_DIR / "broker").mkdir(parents=True, exist_ok=True)  # celery's filesystem transport
    return commands, env


def web_command(port_number):
    where = ["--host", port.HOST, "--port", port_number]
    workers = ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"]
    patience = ["--workers-kill-timeout", "2"]  # one that still starts hears no request to stop
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    return [*granian, *where, *workers, *patience, "callcentre.wsgi:application"]


def supervise(folder, port_number):
    """Run until a signal comes. One that ends is begun again, but where one cannot start all are stopped.

    Returns 0 when it was a signal that ended it.
    """
    commands, env = children(port_number, folder)
    manager = Manager(Console(int(port_number)))
    with lifeline.owned(folder / "owner") as owner:
        for name, command in commands.items():
            line = f"exec {shlex.join(lifeline.command(owner, command, again=True))}"
            quiet = name == "broker"  # its lines are advice on the kernel's settings
            manager.add_process(name, line, quiet=quiet, env=env, cwd=settings.BASE_DIR)
        stop_on_hangup()
        manager.loop()
    return 0 if manager.returncode in STOPPED_BY_US else 1


def stop_on_hangup():
    """A closed terminal stops everything too. The children of this process inherit the handler and ignore it."""
    parent = os.getpid()
    signal.signal(signal.SIGHUP, lambda *_: os.kill(parent, signal.SIGTERM) if os.getpid() == parent else None)


class Console(Printer):
    """The children's lines in one terminal, and the address once the web answers."""

    def __init__(self, port_number):
        super().__init__(sys.stdout)
        self.port_number = port_number
        self.lock = threading.Lock()
        self.waiter = threading.Thread(target=self.announce, daemon=True)

    def write(self, message):
        if not self.waiter.ident:
            self.waiter.start()  # at the first line all children are forked, so a thread disturbs none
        try:
            with self.lock:
                super().write(message)
        except OSError:
            pass  # the terminal is gone; stopping must go on without it

    def announce(self):
        if answers(self.port_number, seconds=60):
            with self.lock:
                print(greeting(self.port_number), file=self.output, flush=True)


def answers(port_number, *, seconds):
    """Wait until the web says that it is alive; False where it does not within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), contextlib.closing(HTTPConnection(port.HOST, port_number, timeout=5)) as web:
            web.request("GET", "/health/live/")
            return web.getresponse().status == 200
        time.sleep(0.1)
    return False


def greeting(port_number):
    lines = ["", f"    The call centre is open: http://{port.HOST}:{port_number}"]
    if settings.DEMO:
        password = import_string("board.demo.DEMO_PASSWORD")  # by name: nothing here imports an app
        lines.append(f"    Log in as shift leader with employee number 1100, password {password}")
    return "\n".join([*lines, "    Ctrl-C stops it.", ""])
