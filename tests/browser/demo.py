"""A demo centre in a folder of its own, served as `make run` serves it: for the browser tests and the screenshots."""

import contextlib
import datetime as dt
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
BEIJING = dt.timezone(dt.timedelta(hours=8))
MONDAY = dt.datetime(2026, 11, 23, 7, 50, tzinfo=BEIJING)  # ten minutes before 1100's day shift
PATIENCE = 90  # seconds for the centre to open
SHELL_SETTINGS = ("DATABASE_URL", "REDIS_URL", "LOG_LEVEL", "PORT", "DEBUG", "DJANGO_SETTINGS_MODULE")


def monday(hour, minute=0):
    return MONDAY.replace(hour=hour, minute=minute)


@dataclass
class Server:
    """The demo centre. Its clock stands where somebody puts it and runs on from there."""

    state: Path
    url: str = ""

    @property
    def env(self):
        env = {name: value for name, value in os.environ.items() if name not in SHELL_SETTINGS}
        return env | {"DEMO": "1", "STATE_DIR": str(self.state), "CLOCK_FILE": str(self.state / "clock")}

    @property
    def log(self):
        return self.state / "log"

    def set_clock(self, at):
        seconds = (at - dt.datetime.now(dt.UTC)).total_seconds()  # noqa: TID251 - the distance from the real clock
        draft = self.state / "clock.draft"
        draft.write_text(str(seconds))
        draft.replace(self.state / "clock")

    def manage(self, *arguments):
        """A manage.py command in the centre; its output."""
        command = [sys.executable, "manage.py", *arguments]
        ran = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True)
        if ran.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def tick(self, at):
        """Let the clock stand at `at` and do what the minute does."""
        self.set_clock(at)
        return self.manage("tick", "--at", at.isoformat())


def prepared(folder, at):
    """A centre made but not served, as it is at the moment: to serve copies of it."""
    folder.mkdir(exist_ok=True)
    centre = Server(folder)
    centre.set_clock(at)
    centre.manage("prepare")
    return centre


@contextlib.contextmanager
def served(template, folder, at):
    """A copy of the prepared centre, open; its clock starts at `at`."""
    shutil.copytree(template.state, folder, dirs_exist_ok=True)
    port = services.free_port()
    centre = Server(folder, f"http://127.0.0.1:{port}")
    centre.set_clock(at)
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with (
        centre.log.open("wb") as output,
        services.kept_alive(command, cwd=ROOT, env=centre.env, stdout=output, stderr=output) as process,
    ):
        wait_until_open(port, process, centre.log)
        yield centre


def wait_until_open(port, process, log):
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        web = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            web.request("GET", "/health/live/")
            if web.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            web.close()
    raise RuntimeError(f"the demo centre did not open:\n{log.read_text(errors='replace')}")


def chromium(playwright):
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses root
    return playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)


def sign_in(page, number, password):
    """On the login page, whichever language it is in."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", number)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/accounts/login" not in address)
