"""A real browser against a real demo centre: web, worker, beat, relay and broker, as `make run` starts them.

These tests never touch the database of the test process: they see what a person sees.
"""

import datetime as dt
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests import services

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
MONDAY = dt.datetime(2026, 11, 23, 7, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # before 1100's day shift
PATIENCE = 60  # seconds for the centre to open
SHELL_SETTINGS = ("DATABASE_URL", "REDIS_URL", "LOG_LEVEL", "PORT")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Server:
    """The demo centre under test. Its clock stands where a test puts it and runs on from there."""

    url: str
    env: dict
    log: Path

    def set_clock(self, at):
        seconds = (at - dt.datetime.now(dt.UTC)).total_seconds()  # noqa: TID251 - the distance from the real clock
        clock = Path(self.env["CLOCK_FILE"])
        draft = clock.with_suffix(".draft")
        draft.write_text(str(seconds))
        draft.replace(clock)

    def manage(self, *arguments):
        """A manage.py command in the centre; its output."""
        command = [sys.executable, "manage.py", *arguments]
        ran = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert ran.returncode == 0, f"manage.py {' '.join(arguments)}:\n{ran.stdout}{ran.stderr}"
        return ran.stdout

    def tick(self, at):
        """Let the clock stand at `at` and do what the minute does."""
        self.set_clock(at)
        return self.manage("tick", "--at", at.isoformat())


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    state, port = tmp_path_factory.mktemp("centre"), services.free_port()
    env = {name: value for name, value in os.environ.items() if name not in SHELL_SETTINGS}
    env |= {"DEMO": "1", "STATE_DIR": str(state), "CLOCK_FILE": str(state / "clock")}
    centre = Server(f"http://127.0.0.1:{port}", env, state / "log")
    centre.set_clock(MONDAY)
    centre.manage("migrate", "--verbosity=0")
    centre.manage("load_demo", "--at", MONDAY.isoformat())
    command = [sys.executable, "manage.py", "serve", "--prepare", "--port", str(port)]
    with (
        centre.log.open("wb") as output,
        services.kept_alive(command, cwd=ROOT, env=env, stdout=output, stderr=output) as process,
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


@pytest.fixture(scope="session")
def browser():
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield running
        running.close()


@pytest.fixture
def open_page(server, browser):
    """`open_page(width=390)` is a new browser session; after the test none of them may have complained."""
    contexts, complaints = [], []

    def open_(*, width=1280, height=900, **options):
        options = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = browser.new_context(base_url=server.url, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        listen(page, server.url, complaints)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints, "\n".join([*complaints, "The server's last lines:", centre_log(server)])


def centre_log(server):
    return "\n".join(server.log.read_text(errors="replace").splitlines()[-40:])


@pytest.fixture
def page(open_page):
    return open_page()


def listen(page, url, complaints):
    """Note errors in the console (those of the content security policy are there too), in scripts, in answers, and
    requests to other hosts. An answer with a 4xx to a page or a fragment is a refusal, for the test to judge.
    """

    def console(message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"console at {page.url}: {message.text}")

    def request(asked):
        if not asked.url.startswith((f"{url}/", "data:", "blob:")):
            complaints.append(f"other host from {page.url}: {asked.url}")

    def response(answer):
        refusal = answer.request.resource_type in ("document", "fetch", "xhr") and answer.status < 500
        if answer.status >= 400 and not refusal:
            complaints.append(f"{answer.status} from {answer.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"script at {page.url}: {error}"))
    page.on("request", request)
    page.on("response", response)


@pytest.fixture
def sign_in():
    """`sign_in(page, "1100")`, as a person does."""
    from board.demo import DEMO_PASSWORD  # noqa: PLC0415 - with the fixture that needs it

    def sign_in_(page, number):
        page.goto("/accounts/login/")
        page.fill("input[name=login]", number)
        page.fill("input[name=password]", DEMO_PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/accounts/login" not in address)
        return page

    return sign_in_


@pytest.fixture(scope="session")
def violations():
    """`violations(page)`: what axe finds on the page as it is, one line per rule and place."""
    axe = Axe()

    def find(page):
        found = axe.run(page).response["violations"]
        return [f"{rule['id']}: {node['target']}: {rule['help']}" for rule in found for node in rule["nodes"]]

    return find
