"""The roll is called by thumb: a phone's width, both languages, from the start page to the crew's entry."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import own_centre
from tests.browser.demo import monday
from tests.browser.desk import PHONE

EXCUSE = {"zh-hans": "地铁停运，已核实", "en": "The metro stood still, checked"}
REMARKS = {"zh-hans": "雨天话务多，先听完再查", "en": "Rain brings calls: hear them out first"}
SLOW = {"zh-hans": "路上堵车", "en": "Stuck in traffic"}
server = own_centre(monday(7, 45))


def line(desk, number):
    return desk.page.locator("li.call").filter(has_text=number)


def tap(desk, number, message, context="roll call"):
    line(desk, number).get_by_role("button", name=desk.word(message, context)).tap()


def says(desk, number, message, context="roll call"):
    expect(line(desk, number).locator(".call-outcome")).to_contain_text(desk.word(message, context))


def unfold(desk, number):
    line(desk, number).locator("summary").tap()


def test_a_roll_call_by_thumb(server, sit_down, open_page, sign_in, language):
    leader = sit_down("1100", PHONE)
    the_card_comes_first(leader)
    address = leader.page.url
    server.set_clock(monday(7, 46))  # however long it took to come here
    some_are_here_and_one_tap_is_taken_back(leader)
    what_is_not_in_order_is_tapped(leader)
    one_is_absent_and_excused(leader, EXCUSE[language])
    a_browser_without_script_can_do_it_too(sign_in(open_page(java_script_enabled=False), "8001"), address)
    server.set_clock(monday(7, 50))
    the_rest_are_here_in_one_tap(leader)

    agent = sit_down("1103", PHONE)
    agent.open(address)
    expect(agent.page.locator("li.call")).to_have_count(1)
    says(agent, "1103", "early enough")

    the_crew_enters_the_room(leader, REMARKS[language])
    server.set_clock(monday(8, 20))
    a_latecomer_is_added(leader)
    late = sit_down("1106", PHONE)
    late.open(address)
    late.page.get_by_label(late.word("Why you are late or did not come")).fill(SLOW[language])
    late.press(late.button("State it"))
    expect(line(late, "1106")).to_contain_text(SLOW[language])
    late.look()
    the_month_counts_it(leader)


def the_card_comes_first(desk):
    desk.open("/")
    first = desk.page.get_by_role("region", name=desk.word("Waits for me")).locator("li.row").first
    expect(first).to_contain_text(desk.word("Roll call"))
    desk.press(first.get_by_role("link", name=desk.word("Call the roll")))
    desk.look()


def some_are_here_and_one_tap_is_taken_back(desk):
    size = line(desk, "1101").get_by_role("button", name=desk.word("Here", "roll call")).bounding_box()
    assert size["width"] >= 80
    assert size["height"] >= 44
    tap(desk, "1101", "Here")
    says(desk, "1101", "early enough")
    expect(line(desk, "1101").locator("time")).to_have_text(re.compile("^07:4[5-9]$"))
    line(desk, "1101").get_by_role("button", name=desk.word("Undo")).tap()
    tap(desk, "1101", "Here")
    says(desk, "1101", "early enough")
    line(desk, "1104").get_by_role("button", name=desk.word("Here", "roll call")).press("Enter")
    says(desk, "1104", "early enough")
    expect(line(desk, "1104").get_by_role("button", name=desk.word("Undo"))).to_be_focused()


def what_is_not_in_order_is_tapped(desk):
    unfold(desk, "1102")
    item = desk.word.pick("佩戴上岗证，位置统一", "Badge worn, in its uniform place")
    fault = line(desk, "1102").get_by_role("button", name=item)
    fault.tap()
    expect(fault).to_have_attribute("aria-pressed", "true")
    expect(line(desk, "1102").locator(".call-notes")).to_contain_text(item)
    desk.look()
    fault.tap()
    expect(fault).to_have_attribute("aria-pressed", "false")
    unfold(desk, "1102")


def one_is_absent_and_excused(desk, excuse):
    unfold(desk, "1106")
    tap(desk, "1106", "Absent")
    says(desk, "1106", "absent")
    unfold(desk, "1106")
    line(desk, "1106").get_by_label(desk.word("Excused, because")).fill(excuse)
    line(desk, "1106").get_by_role("button", name=desk.word("Save")).tap()
    expect(line(desk, "1106").locator(".call-notes")).to_contain_text(excuse)


def a_browser_without_script_can_do_it_too(page, address):
    page.goto(address)
    row = page.locator("li.call").filter(has_text="1105")
    row.locator(".call-here").click()
    expect(row.locator(".call-outcome time")).to_have_text(re.compile("^07:"))


def the_rest_are_here_in_one_tap(desk):
    desk.button("Everybody else is here").tap()
    says(desk, "1103", "early enough")
    expect(desk.button("Everybody else is here")).to_have_count(0)
    desk.look()


def the_crew_enters_the_room(desk, remarks):
    """Closing is refused until the leader says that everybody was looked at; nothing typed is lost."""
    close = desk.page.locator("form[action$='/close/']")
    close.locator("textarea").fill(remarks)
    desk.press(desk.button("Close the roll call"))
    expect(desk.page.locator(".error-summary")).to_be_focused()
    expect(close.locator("textarea")).to_have_value(remarks)
    desk.look()
    close.get_by_role("checkbox").check()
    desk.press(desk.button("Close the roll call"))
    desk.says("The roll call is closed: the crew enters the room.")
    expect(desk.page.get_by_role("heading", name=desk.word("The crew entered the room"))).to_be_visible()
    expect(desk.page.get_by_text(remarks)).to_be_visible()
    desk.look()


def a_latecomer_is_added(desk):
    tap(desk, "1106", "Here")
    says(desk, "1106", "late for the shift")
    expect(desk.page.get_by_role("heading", name=desk.word("The crew entered the room"))).to_be_visible()


def the_month_counts_it(desk):
    desk.open("/shifts/attendance/")
    desk.press(desk.page.locator("table").get_by_role("link").first)
    desk.look()
    desk.press(desk.page.locator("table tr").filter(has_text="1106").get_by_role("link"))
    expect(desk.page.locator("table")).to_contain_text(desk.word("late for the shift", "roll call"))
    desk.look()
