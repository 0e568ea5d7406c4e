"""The live floor and the wall in a real browser: what one does the others see, and nobody is disturbed by it."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk, Words

SEEN_WITHIN = 3_000  # milliseconds: the promise
TYPED = "三号机房 A05 席"
KEY_FIGURES = (".wall-clock", ".wall-figure", ".wall-on")
HEIGHT_OF = """selector => Math.min(...[...document.querySelectorAll(selector)].map(
  (element) => parseFloat(getComputedStyle(element).fontSize)))"""
zh, en = Words("zh-hans"), Words("en")
ROWS = """(names) => names.map((name) => `<li data-key="${name}"><a href="#">${name}</a>
  <details><summary>${name}</summary><form><textarea name="${name}"></textarea></form></details></li>`).join("")"""


@pytest.fixture
def screen(open_page, sign_in):
    """`screen("8001")`: the live floor in that person's browser."""

    def open_(number, language="zh-hans", **size):
        page = sign_in(open_page(**size), number)
        switch = page.locator(f'form[action$="/language/"] button[value="{language}"]')
        if switch.count():
            with page.expect_navigation():
                switch.click()
        page.goto("/live/")
        return page

    return open_


def call_one(page):
    """On the roll call that the leader has open: the next one is here."""
    page.locator("button.call-here").first.click()


def open_roll_call(page):
    with page.expect_navigation():
        page.locator("#live-calls a.button-primary").first.click()
    expect(page.locator("button.call-here").first).to_be_visible()


def present(page):
    return page.locator("#live-calls .row-end strong").first


def wall_address(page, lang="zh", theme="auto"):
    """Made by the director or leader who is signed in on the page, where there is none yet."""
    page.goto("/wall/")
    if not page.locator("#wall-url").count():
        with page.expect_navigation():
            page.locator('main form[action$="/renew/"] button').click()
    page.goto(f"/wall/?lang={lang}&theme={theme}")
    return page.locator("#wall-url").input_value()


def test_what_one_does_the_others_see_while_somebody_types(screen):
    leader, director = screen("1100"), screen("8001")
    before = present(director).inner_text()
    open_roll_call(leader)
    director.locator("#search").press_sequentially(TYPED)
    director.evaluate("scrollTo(0, 120)")
    scrolled = director.evaluate("scrollY")
    call_one(leader)
    expect(present(director)).not_to_have_text(before, timeout=SEEN_WITHIN)
    assert director.evaluate("document.activeElement.id") == "search"
    assert director.locator("#search").input_value() == TYPED
    assert director.evaluate("document.querySelector('#search').selectionStart") == len(TYPED)
    assert director.evaluate("scrollY") == scrolled
    expect(director.locator("#live-said")).to_contain_text(present(director).inner_text().split()[-1])


def test_a_change_leaves_alone_what_somebody_is_at_work_on(screen):
    page = screen("8001")
    page.evaluate(f"""() => {{
      const list = document.createElement("ul");
      list.id = "trial";
      list.innerHTML = ({ROWS})(["a", "b", "c"]);
      document.querySelector("main").append(list);
      window.change = (names) => {{
        const fresh = document.createElement("ul");
        fresh.id = "trial";
        fresh.innerHTML = ({ROWS})(names);
        Morph.morph(list, fresh, "gone");
      }};
    }}""")
    b = page.locator("#trial li[data-key=b]")
    b.locator("summary").click()
    b.locator("textarea").press_sequentially(TYPED)
    page.evaluate("change(['d', 'c', 'b', 'a'])")
    expect(page.locator("#trial a")).to_have_text(["d", "c", "b", "a"])
    expect(b.locator("textarea")).to_be_focused()
    expect(b.locator("textarea")).to_have_value(TYPED)
    page.evaluate("change(['a', 'c'])")
    expect(page.locator("#trial li[data-key=d]")).to_have_count(0)
    expect(b).to_have_attribute("data-gone", "gone")
    expect(b.locator("textarea")).to_have_value(TYPED)
    page.evaluate("change(['a', 'b', 'c'])")
    expect(page.locator("#trial li[data-gone]")).to_have_count(0)
    expect(b.locator("textarea")).to_have_value(TYPED)


def test_it_says_that_it_is_out_of_date_and_goes_on_by_itself(screen):
    page = screen("8001")
    expect(page.locator("#live-stale")).to_be_hidden()
    page.context.set_offline(True)
    expect(page.locator("#live-stale")).to_be_visible(timeout=20_000)
    page.context.set_offline(False)
    expect(page.locator("#live-stale")).to_be_hidden()


def test_an_expired_session_is_said_and_no_login_page_swapped_in(screen, sign_in):
    page = screen("8001")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    expect(page.locator("#live-login")).to_be_visible()
    expect(page.locator("#live-desks")).to_be_visible()
    page.context.add_cookies(cookies)  # signed in again in another tab
    expect(page.locator("#live-login")).to_be_hidden()


def test_the_bell_is_asked_for_with_the_floor(screen):
    page = screen("1100")
    asked = []
    page.on("request", lambda request: asked.append((request.resource_type, urlsplit(request.url).path)))
    page.wait_for_timeout(5_000)
    assert {path for kind, path in asked if kind in ("xhr", "fetch")} == {"/live/poll/"}


def test_the_ring_for_urgent_requests_is_the_readers_choice(screen):
    page = screen("1100")
    page.get_by_label(zh("Ring for urgent requests")).check()
    page.goto("/live/")
    expect(page.get_by_label(zh("Ring for urgent requests"))).to_be_checked()
    expect(page.locator("#live-mute")).to_be_visible()
    page.locator("h1").click()
    expect(page.locator("#live-mute")).to_be_hidden()


@pytest.mark.parametrize(("word", "width"), [(zh, 1440), (zh, 390), (en, 1440), (en, 390), (zh, 320)])
def test_the_live_floor_is_accessible_in_both_languages_and_on_phones(screen, violations, word, width):
    page, faults = screen("1100", word.language, width=width), []
    Desk(page, word, violations, faults).look()
    page.emulate_media(color_scheme="dark")
    Desk(page, word, violations, faults).look()
    assert faults == []


@pytest.mark.parametrize(("word", "lang", "theme"), [(zh, "zh", "dark"), (zh, "zh", "light"), (en, "en", "dark")])
def test_the_wall_is_read_from_eight_metres(screen, open_page, violations, word, lang, theme):
    address = wall_address(screen("8001"), lang, theme)
    wall, faults = open_page(width=1920, height=1080), []
    wall.goto(address)
    Desk(wall, word, violations, faults).look()
    assert faults == []
    assert wall.evaluate("document.documentElement.scrollHeight") <= 1080
    for selector in KEY_FIGURES:
        assert (selector, wall.evaluate(HEIGHT_OF, selector) >= 1080 / 20) == (selector, True)
    assert wall.evaluate("getComputedStyle(document.body).colorScheme") == theme


def test_the_wall_says_that_it_is_out_of_date_and_goes_on_by_itself(screen, open_page):
    wall = open_page(width=1920, height=1080)
    wall.goto(wall_address(screen("8001")))
    wall.context.set_offline(True)
    expect(wall.locator("#live-stale")).to_be_visible(timeout=45_000)
    wall.context.set_offline(False)
    expect(wall.locator("#live-stale")).to_be_hidden(timeout=45_000)


def test_the_wall_shows_a_change_and_loads_itself_anew_after_an_upgrade(screen, open_page):
    director = screen("8001")
    wall = open_page(width=1920, height=1080)
    wall.goto(wall_address(director))
    wall.evaluate("document.querySelector('#wall').dataset.seen = 'before'")
    wall.route("**/poll/**", lambda route: route.fulfill(status=204, headers=upgraded(route)))
    expect(wall.locator("#wall[data-seen]")).to_have_count(0)


def upgraded(route):
    return {**route.fetch().headers, "x-live-build": "another"}


def test_a_revoked_address_shows_nothing_any_more(screen, open_page):
    director = screen("8001")
    wall = open_page(width=1920, height=1080)
    wall.goto(wall_address(director))
    director.goto("/wall/")
    with director.expect_navigation():
        director.locator('main form[action$="/renew/"] button').click()
    expect(wall.locator("#live-gone")).to_be_visible()
    expect(wall.locator("#live-coverage")).to_be_hidden()
