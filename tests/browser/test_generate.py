"""A roster is generated: somebody wishes, a leader asks for a run, watches it, reads the outcome, applies, undoes."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import own_centre
from tests.browser.demo import monday
from tests.browser.desk import PHONE, WIDE

ENDED = 120_000  # milliseconds: ten seconds of search, on a busy machine
server = own_centre(monday(10, 30))


def test_a_roster_is_generated(server, sit_down):
    agent = sit_down("1102", PHONE)
    somebody_wishes(agent)
    leader = sit_down("1100", WIDE)
    draft = the_draft_is_found(leader)
    a_run_is_cancelled(leader, draft)
    a_run_is_watched(leader, draft)
    the_outcome_is_read(leader)
    it_is_applied_and_undone(leader, draft)


def somebody_wishes(desk):
    desk.open("/shifts/wishes/?month=2027-01")
    day = desk.page.locator("#wish-2027-01-20")
    day.get_by_role("button", name=desk.word("off", "wish"), exact=True).tap()
    expect(day.get_by_role("button", name=desk.word("Take back", "wish"))).to_be_visible()
    day.get_by_role("button", name=desk.word("important", "wish")).tap()
    expect(day.locator(".tag")).to_have_text(desk.word("important", "wish"))
    desk.look()


def the_draft_is_found(desk):
    desk.open("/shifts/rosters/")
    desk.press(desk.row(desk.word("draft", "roster")).locator("a.row-title"))
    draft = desk.page.url
    desk.press(desk.link("Generate", "roster"))
    desk.look()
    return draft


def a_run_is_cancelled(desk, draft):
    desk.page.get_by_label(desk.word("60 seconds")).check()
    desk.press(desk.button("Generate"))
    expect(desk.page.locator("#going")).to_be_visible()
    desk.look()
    desk.press(desk.button("Cancel run"))
    desk.says("Cancelled. The draft is as it was.")


def a_run_is_watched(desk, draft):
    desk.page.get_by_label(desk.word("10 seconds")).check()
    desk.press(desk.button("Generate"))
    bar = desk.page.locator("progress")
    expect(bar).to_have_attribute("value", re.compile(r"[1-9]"))
    expect(desk.page.locator("#quality")).to_be_visible(timeout=ENDED)


def the_outcome_is_read(desk):
    desk.look()
    expect(desk.page.locator("main")).to_contain_text(desk.word("Nothing refuses"))
    wishes = desk.page.locator(".stat").filter(has_text=desk.word("Wishes kept"))
    expect(wishes).to_contain_text(re.compile(r"[1-9]"))
    desk.page.locator("details.details summary").first.click()
    desk.look()


def it_is_applied_and_undone(desk, draft):
    desk.press(desk.button("Apply"))
    expect(desk.page).to_have_url(draft)
    desk.says("Applied to the draft, as one step of editing.")
    with desk.page.expect_navigation():
        desk.page.locator("#messages").get_by_role("button", name=desk.word("Undo")).click()
    desk.says("Undone. The draft is as it was before.")
