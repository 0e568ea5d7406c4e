"""A roster on paper, in a sheet and in a calendar, as somebody at a browser gets at them."""

import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from tests import make_files
from tests.browser.desk import Desk, Words

POINTS = {"a4": (842, 595), "a3": (1191, 842)}
PRINTED = "/shifts/roster/print/?month=2026-11"


@pytest.fixture
def at_desk(open_page, sign_in, violations):
    """`at_desk("1100", "en")`: a Desk whose pages must be free of faults when the test ends."""
    faults = []

    def at_desk_(number, language, **screen):
        page = sign_in(open_page(**screen), number)
        switch = page.locator(f'form[action$="/language/"] button[value="{language}"]')
        if switch.count():
            with page.expect_navigation():
                switch.click()
        return Desk(page, Words(language), violations, faults)

    yield at_desk_
    assert faults == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_team_fills_one_sheet_of_the_paper_chosen(at_desk, language):
    desk = at_desk("1201", language)
    for paper, points in POINTS.items():
        desk.open(f"{PRINTED}&paper={paper}")
        content = desk.page.pdf(prefer_css_page_size=True)
        boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", content)
        assert [(round(float(width)), round(float(height))) for width, height in boxes] == [points] * 4


def test_a_calendar_address_is_made_on_a_phone_and_read_by_a_stranger(at_desk):
    desk = at_desk("1201", "zh-hans", width=390, height=844)
    desk.open("/shifts/mine/")
    desk.press(desk.link("My calendar"))
    desk.look()
    desk.press(desk.button("Make an address"))
    desk.look()
    address = desk.page.get_by_label(desk.word("Calendar address")).input_value()
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - the address that our own page showed
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.read().startswith(b"BEGIN:VCALENDAR\r\n")
    desk.open("/shifts/calendar/")
    desk.press(desk.button("Switch off"))
    desk.says("The address is switched off. Calendars that used it hear nothing more.")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address)  # noqa: S310


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_sheet_is_downloaded_changed_checked_and_read(at_desk, language, tmp_path):
    desk = at_desk("8001", language)
    draft = make_draft(desk, {"zh-hans": "2027-03", "en": "2027-04"}[language])
    desk.open(draft)
    with desk.page.expect_download() as download:
        desk.page.locator("main").get_by_role("link", name="Excel", exact=True).click()
    path = tmp_path / "roster.xlsx"
    download.value.save_as(path)
    book = make_files.opened(path.read_bytes())
    cell = next(cell for cell in book.worksheets[0][5][4:] if cell.value)
    code, cell.value = cell.value, "X"
    path.write_bytes(make_files.saved(book))
    check(desk, draft, path)
    expect(desk.page.get_by_role("row", name=cell.coordinate)).to_contain_text("X")
    desk.look()
    cell.value = None
    path.write_bytes(make_files.saved(book))
    check(desk, draft, path)
    expect(desk.page.get_by_role("row", name=f"{code} →")).to_have_count(1)
    desk.look()
    desk.press(desk.page.locator("main .page-head form button"))
    expect(desk.page).to_have_url(re.compile(f"{draft}$"))


def make_draft(desk, month):
    """A draft of the month: its address."""
    desk.open("/shifts/rosters/")
    desk.page.fill("input[name=from_on]", f"{month}-01")
    desk.page.fill("input[name=until_on]", f"{month}-28")
    desk.press(desk.button("Make draft"))
    return "/" + desk.page.url.split("/", 3)[3]


def check(desk, draft, path):
    desk.open(f"{draft}upload/")
    desk.page.set_input_files("input[type=file]", path)
    desk.press(desk.button("Check", exact=True))
