"""Half-written input survives a closed tab, a lost connection, an ended session, a change of desk; and is private."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Words

zh = Words("zh-hans")
CASE = "/escalations/new/"
SAVED = re.compile(rf"^{zh('Saved')} \d\d:\d\d:\d\d$")
HERE = re.compile(rf"^{zh('Only in this browser')} \d\d:\d\d:\d\d$")
WORDS = "3 号机断线，10:40 已报修"


@pytest.fixture
def at_case(open_page, sign_in):
    """`at_case("1402")`: the page of a new request, in a browser of its own."""

    def open_(number, **screen):
        page = sign_in(open_page(**screen), number)
        page.goto(CASE)
        return page

    return open_


def text(page):
    return page.locator("[name=what_happened]")


def status(page):
    return page.locator("[data-draft-status]")


def submit(page):
    page.get_by_role("button", name=zh("Submit", "button"), exact=True).click()


def type_and_wait(page, words, where=SAVED):
    text(page).press_sequentially(words)
    expect(status(page)).to_have_text(where)


def discard(page):
    with page.expect_response("**/people/drafts/drop/"):
        status(page).get_by_role("button", name=zh("Discard")).click()


def reopened(page):
    """The same browser, another tab; the first is closed."""
    context = page.context
    page.close()
    fresh = context.new_page()
    fresh.goto(CASE)
    return fresh


def test_it_is_said_where_it_is_kept(at_case):
    page = at_case("1401")
    type_and_wait(page, WORDS, HERE)
    expect(status(page)).to_have_text(SAVED)
    page.reload()
    expect(text(page)).to_have_value(WORDS)
    expect(status(page)).to_contain_text(zh("What you had typed is back."))
    discard(page)
    page.reload()
    expect(text(page)).to_have_value("")


def test_it_survives_a_closed_tab_before_the_server_has_it(at_case):
    page = at_case("1402")
    type_and_wait(page, WORDS, HERE)
    page = reopened(page)
    expect(text(page)).to_have_value(WORDS)
    discard(page)


def test_it_waits_for_the_connection(at_case):
    page = at_case("1403")
    page.context.set_offline(True)
    text(page).press_sequentially(WORDS)
    expect(status(page)).to_have_text(HERE)
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    discard_by_hand(page)


def discard_by_hand(page):
    page.reload()
    discard(page)


def test_a_session_that_ended_gives_it_back_after_the_login(at_case):
    page = at_case("1404")
    page.check("[name=category][value=beyond_remit]")
    page.fill("[name=proposed_handling]", "登记后转技术部")
    type_and_wait(page, WORDS, HERE)
    page.context.clear_cookies(name="sessionid")
    with page.expect_navigation(url=re.compile("/accounts/login/")):
        submit(page)
    fill_login(page, "1404")
    expect(page).to_have_url(re.compile(f"{CASE}$"))
    expect(text(page)).to_have_value(WORDS)
    expect(page.locator("[name=category][value=beyond_remit]")).to_be_checked()
    with page.expect_response("**/people/drafts/drop/"):
        submit(page)
    with page.expect_response("**/people/drafts/?*"):
        page.goto(CASE)
    expect(text(page)).to_have_value("")


def fill_login(page, number):
    from board.demo import DEMO_PASSWORD  # noqa: PLC0415 - models must be ready

    page.fill("input[name=login]", number)
    page.fill("input[name=password]", DEMO_PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")


def test_a_fragment_of_a_session_that_ended_leads_to_the_login(open_page, sign_in):
    page = sign_in(open_page(), "1400")
    page.goto("/handover/")
    with page.expect_navigation():
        page.get_by_role("link", name=zh("Open the log")).click()
    log = page.url
    box = page.locator("#text-instructions")
    box.press_sequentially(WORDS)
    page.context.clear_cookies(name="sessionid")
    with page.expect_navigation(url=re.compile("/accounts/login/")):
        box.press("Control+Enter")
    fill_login(page, "1400")
    expect(page).to_have_url(log)
    expect(page.locator("#text-instructions")).to_have_value(WORDS)
    page.locator("#text-instructions").press("Control+Enter")
    expect(page.locator(".log-entries").filter(has_text=WORDS)).to_have_count(1)
    expect(page.locator("#text-instructions")).to_have_value("")
    page.reload()
    expect(page.locator("#text-instructions")).to_have_value("")


def test_another_person_at_the_same_browser_sees_nothing_of_it(at_case):
    page = at_case("1405")
    type_and_wait(page, WORDS)
    page.context.clear_cookies(name="sessionid")
    page.goto(CASE)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))") == []
    fill_login(page, "1406")
    expect(page).to_have_url(re.compile(f"{CASE}$"))
    expect(text(page)).to_have_value("")
    page.go_back()
    page.go_back()
    page.goto(CASE)
    expect(text(page)).to_have_value("")
    page.context.clear_cookies(name="sessionid")
    page.goto(CASE)
    fill_login(page, "1405")
    expect(text(page)).to_have_value(WORDS)
    discard(page)


def test_it_is_at_the_next_desk_too(at_case):
    first = at_case("1407")
    type_and_wait(first, WORDS)
    second = at_case("1407", width=390)
    expect(text(second)).to_have_value(WORDS)
    text(second).fill(f"{WORDS}，11:00 修好")
    expect(status(second)).to_have_text(SAVED)
    first.reload()
    expect(text(first)).to_have_value(f"{WORDS}，11:00 修好")
    first.check("[name=category][value=beyond_remit]")
    first.fill("[name=proposed_handling]", "登记后转技术部")
    with first.expect_response("**/people/drafts/drop/"):
        submit(first)
    second.reload()
    expect(text(second)).to_have_value("")


def test_of_two_copies_the_newer_comes_back_and_the_other_is_at_hand(at_case):
    first, second = at_case("1408"), at_case("1408")
    first.context.set_offline(True)
    type_and_wait(first, "在一号机上写的", HERE)
    type_and_wait(second, "在二号机上写的")
    desk = first.context
    first.close()
    desk.set_offline(False)
    again = desk.new_page()
    again.goto(CASE)
    expect(text(again)).to_have_value("在二号机上写的")
    other_copy(again).click()
    expect(text(again)).to_have_value("在一号机上写的")
    expect(status(again)).to_contain_text(zh("Saved"))
    other_copy(again).click()
    expect(text(again)).to_have_value("在二号机上写的")
    discard_by_hand(again)


def test_a_desk_that_comes_back_overwrites_nothing(at_case):
    first, second = at_case("1410"), at_case("1410")
    first.context.set_offline(True)
    type_and_wait(first, "在一号机上写的", HERE)
    type_and_wait(second, "在二号机上写的")
    first.context.set_offline(False)
    other_copy(first).click()
    expect(text(first)).to_have_value("在二号机上写的")
    expect(status(first)).to_contain_text(zh("Saved"))
    discard_by_hand(first)


def other_copy(page):
    return status(page).get_by_role("button", name=re.compile(zh("The other copy of")))


def test_an_input_method_at_work_is_left_alone(at_case):
    page = at_case("1409")
    text(page).focus()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Input.imeSetComposition", {"text": "jiao", "selectionStart": 4, "selectionEnd": 4})
    page.wait_for_timeout(1000)
    expect(status(page)).to_have_text("")
    cdp.send("Input.insertText", {"text": "交班"})
    expect(status(page)).to_have_text(HERE)
    page.reload()
    expect(text(page)).to_have_value("交班")
    discard(page)


def test_a_form_that_failed_keeps_what_was_typed(at_case):
    page = at_case("1411")
    type_and_wait(page, WORDS, HERE)
    submit(page)
    expect(page.locator(".error-summary")).to_be_focused()
    expect(text(page)).to_have_value(WORDS)
    page.goto(CASE)
    expect(text(page)).to_have_value(WORDS)
    discard(page)


def test_a_change_of_somebody_else_stands_beside_ones_own(open_page, sign_in):
    author, leader = sign_in(open_page(), "1412"), sign_in(open_page(width=390), "1400")
    author.goto("/handover/")
    with author.expect_navigation():
        author.get_by_role("link", name=zh("Open the log")).click()
    author.locator("#text-equipment").fill("耳机坏了")
    author.locator("#text-equipment").press("Control+Enter")
    line = author.locator("#entries-equipment li").filter(has_text="耳机坏了")
    entry = f"/handover/entries/{line.get_attribute('id').removeprefix('entry-')}/"
    type_over(author, entry, "耳机坏了，已换")
    author.goto("/handover/")
    leader.goto(entry)
    leader.locator("[name=text]").fill("耳机坏了，已报修")
    with leader.expect_navigation():
        leader.get_by_role("button", name=zh("Save"), exact=True).click()
    author.goto(entry)
    expect(author.locator("[name=text]")).to_have_value("耳机坏了，已报修")
    expect(status(author).locator("q")).to_have_text("耳机坏了，已换")
    swap = status(author).get_by_role("button", name=zh("Swap", "texts"))
    swap.click()
    expect(author.locator("[name=text]")).to_have_value("耳机坏了，已换")
    expect(status(author).locator("q")).to_have_text("耳机坏了，已报修")
    author.get_by_role("button", name=zh("Save"), exact=True).click()
    expect(author.locator("#entries-equipment li").filter(has_text="耳机坏了，已换")).to_have_count(1)


def type_over(page, address, words):
    page.goto(address)
    page.locator("[name=text]").fill(words)
    expect(status(page)).to_have_text(SAVED)


def test_a_folded_line_opens_with_what_comes_back(open_page, sign_in):
    page = sign_in(open_page(), "1100")
    page.goto("/")
    page.get_by_role("link", name=zh("Call the roll")).first.click()
    line = page.locator("li.call").filter(has=page.locator("details.call-more")).first
    line.locator("details.call-more > summary").click()
    line.locator("[name=remark]").fill("胸牌补办中")
    expect(line.locator("form:has([name=remark]) [data-draft-status]")).to_have_text(SAVED)
    page.reload()
    expect(line.locator("[name=remark]")).to_be_visible()
    expect(line.locator("[name=remark]")).to_have_value("胸牌补办中")
    with page.expect_response("**/people/drafts/drop/"):
        line.locator("form:has([name=remark]) button:not([type])").click()
    expect(line.locator(".call-notes")).to_contain_text("胸牌补办中")


def test_an_addendum_survives_a_closed_tab_and_is_gone_once_added(open_page, sign_in):
    page = sign_in(open_page(), "1400")
    field, log = page.locator("#addenda textarea"), accepted_log(page)
    field.fill(WORDS)
    expect(page.locator("#addenda [data-draft-status]")).to_have_text(HERE)
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(log)
    field = page.locator("#addenda textarea")
    expect(field).to_have_value(WORDS)
    with page.expect_response("**/people/drafts/drop/"):
        page.get_by_role("button", name=zh("Add it")).click()
    expect(page.locator("#addenda .log-text").filter(has_text=WORDS)).to_have_count(1)
    expect(field).to_have_value("")


def accepted_log(page):
    """The address of a sealed log that the reader may add to; the page is there."""
    page.goto("/handover/")
    links = page.locator("main a").evaluate_all("links => links.map(link => link.pathname)")
    for address in filter(re.compile(r"/handover/\d+/$").match, links):
        page.goto(address)
        if page.locator("#addenda textarea").count():
            return address
    raise AssertionError("no log takes an addendum")
