"""A real browser against a real demo centre: web, worker, beat, relay and broker, as `make run` starts them.

These tests never touch the database of the test process: they see what a person sees.
"""

import fcntl
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from tests.browser import demo
from tests.browser.desk import WIDE, Desk, Words

PATIENCE = 60_000  # milliseconds for the page to come to what is expected; it is waited for, not slept through


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, worker_id):
    """The demo centre on Monday at 07:50, made once: of several workers by the first."""
    run = tmp_path_factory.getbasetemp()
    made = (run if worker_id == "master" else run.parent) / "prepared"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            draft = tmp_path_factory.mktemp("draft") / "centre"
            demo.prepared(draft, demo.MONDAY)
            draft.rename(made)
    return demo.Server(made)


@pytest.fixture(scope="module")
def centre(prepared, tmp_path_factory):
    """One centre for the tests of a module: each leaves it so that the others can work."""
    with demo.served(prepared, tmp_path_factory.mktemp("centre"), demo.MONDAY) as served:
        yield served


def own_centre(at):
    """A `server` fixture: a day is lived once, so each test has a centre of its own, where it is `at`."""

    @pytest.fixture
    def server(prepared, tmp_path):
        with demo.served(prepared, tmp_path / "centre", at) as centre:
            yield centre

    return server


@pytest.fixture
def server(centre):
    """The module's centre at 07:50, however long the tests before took: at 08:00 other people come on."""
    centre.set_clock(demo.MONDAY)
    return centre


@pytest.fixture(scope="session")
def browser():
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = demo.chromium(playwright)
        yield running
        running.close()


@pytest.fixture
def open_page(server, browser):
    """`open_page(width=390)` is a new browser session; after the test none of them may have complained."""
    contexts, complaints = [], []

    def open_(*, width=1280, height=900, **options):
        options = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = browser.new_context(base_url=server.url, viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
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

    def sign_in_(page, number, password=DEMO_PASSWORD):
        demo.sign_in(page, number, password)
        return page

    return sign_in_


@pytest.fixture(scope="session")
def violations():
    """`violations(page)`: what axe finds on the page as it is, one line per rule and place."""
    axe = Axe()
    options = {"preload": False}  # it would read the admin's imported styles by a <style>, which the policy refuses

    def find(page):
        found = axe.run(page, options=options).response["violations"]
        return [f"{rule['id']}: {node['target']}: {rule['help']}" for rule in found for node in rule["nodes"]]

    return find


@pytest.fixture(params=["zh-hans", "en"])
def language(request):
    return request.param


@pytest.fixture
def sit_down(open_page, sign_in, violations, language):
    """`sit_down("1100", PHONE)`: a Desk of that person, signed in, in the language of the test.

    What is wrong with a page that one of them looked at fails the test at its end.
    """
    faults, word = [], Words(language)

    def sit_down_(number, screen=WIDE, *, kind=Desk):
        desk = kind(open_page(**screen), word, violations, faults)
        desk.page.goto("/accounts/login/")
        desk.choose(language)
        sign_in(desk.page, number)
        desk.choose(language)
        return desk

    yield sit_down_
    assert not faults, "\n".join(dict.fromkeys(faults))
