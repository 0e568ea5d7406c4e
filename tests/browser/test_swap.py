"""A swap between two people with a third as leader: on the phone, in both languages, down to the log."""

import datetime as dt

from playwright.sync_api import expect

from board.demo import names
from tests.browser import demo
from tests.browser.conftest import own_centre
from tests.browser.demo import monday
from tests.browser.desk import PHONE, WIDE

# 1101 works the night of Monday week; 1401 has that day off and works the middle shift five days later.
GIVEN, RETURNED = dt.date(2026, 11, 30), dt.date(2026, 12, 5)
REASON = {"zh-hans": "家里有事", "en": "Family matter"}
server = own_centre(monday(7, 52))


def test_an_agent_offers_a_colleague_accepts_and_a_leader_approves(server, sit_down, language):
    giver, taker = sit_down("1101", PHONE), sit_down("1401", PHONE)
    leader, next_leader = sit_down("1100", WIDE), sit_down("1200", PHONE)
    swap = a_shift_is_offered(giver, REASON[language])
    the_offer_is_accepted_with_one_tap(taker)
    a_third_approves_it(leader, swap)
    both_months_have_changed(giver, taker)
    the_log_of_the_night_says_so(server, next_leader)


def a_shift_is_offered(desk, reason):
    desk.open("/shifts/swaps/")
    desk.press(desk.link("Offer a shift"))
    desk.look()
    night = desk.page.locator("li.row a").filter(has_text=said(desk, GIVEN))
    desk.press(night)
    desk.look()
    desk.page.locator("select[name=to]").select_option(label=option(desk, "1401"))
    desk.press(desk.button("Next", "button"))
    desk.look()
    desk.page.locator("label").filter(has_text=said(desk, RETURNED)).click()
    desk.page.fill("textarea[name=reason]", reason)
    desk.press(desk.button("Send offer"))
    desk.says("Offered. You are told of the answer.")
    desk.look()
    return desk.page.url.rstrip("/").rsplit("/", 1)[1]


def said(desk, on):
    return desk.word.pick(f"{on.month}月{on.day}日", f"{on.day} {on:%b}")


def option(desk, number):
    return desk.page.locator("select[name=to] option").filter(has_text=number).text_content()


def the_offer_is_accepted_with_one_tap(desk):
    desk.open("/")
    row = desk.page.locator('li.row:has(form[action*="/accept/"])')
    desk.press(row.get_by_role("button", name=desk.word("Accept", "swap button"), exact=True))
    desk.says("Accepted. It counts once it is approved.")
    desk.open("/shifts/swaps/?tab=mine")


def a_third_approves_it(desk, swap):
    desk.open("/")
    desk.open(f"/shifts/swaps/{swap}/")
    desk.press(desk.button("Approve", "button", exact=True))
    desk.says("Approved. The roster has changed.")
    desk.open("/shifts/swaps/?tab=decided")


def both_months_have_changed(giver, taker):
    for desk, on, off in ((giver, RETURNED, GIVEN), (taker, GIVEN, RETURNED)):
        for day, works in ((on, True), (off, False)):
            desk.page.goto(f"/shifts/mine/?month={day:%Y-%m}")
            cell = desk.page.locator(".my-day").filter(has=desk.page.locator(f'time[datetime="{day}"]'))
            expect(cell.locator("[data-shift]")).to_have_count(1 if works else 0)
    giver.open("/shifts/mine/")


def the_log_of_the_night_says_so(server, desk):
    night = dt.datetime(2026, 11, 30, 0, 1, tzinfo=demo.BEIJING)
    server.tick(night)
    desk.page.goto("/handover/")
    desk.press(desk.link("Open the log"))
    section = desk.page.locator("#section-staff_changes")
    expect(section).to_contain_text(desk.word("filled in by itself"))
    for name in (names.AGENTS[0][0], names.AGENTS[3][0], names.LEADERS[0]):
        expect(section).to_contain_text(name)
    desk.look()
