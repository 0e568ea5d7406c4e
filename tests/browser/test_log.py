"""The shift's log as its people write it: by keyboard, by two taps of a phone, two in one entry, on paper."""

import pytest
from playwright.sync_api import expect

from tests.browser import demo
from tests.browser.desk import Desk, Words
from tests.make_uploads import picture


@pytest.fixture
def at_desk(server, open_page, sign_in, violations):
    """`at_desk("1100", "en")`: a Desk whose pages must be free of faults when the test ends."""
    server.tick(demo.monday(9))
    faults = []

    def at_desk_(number, language="zh-hans", **screen):
        page = sign_in(open_page(**screen), number)
        switch = page.locator(f'form[action$="/language/"] button[value="{language}"]')
        if switch.count():
            with page.expect_navigation():
                switch.click()
        return Desk(page, Words(language), violations, faults)

    yield at_desk_
    assert faults == []


def open_log(desk):
    desk.open("/handover/")
    desk.press(desk.link("Open the log"))


def box(desk, section):
    return desk.page.locator(f"#text-{section}")


def noted(desk, section):
    return desk.page.locator(f"#entries-{section}")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_log_is_written_by_keyboard_alone(at_desk, language):
    desk = at_desk("1100", language)
    open_log(desk)
    desk.look()
    expect(box(desk, "equipment")).to_be_focused()
    desk.page.keyboard.type(f"A07 耳机有杂音 {language}")
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type("#客户 请 @")
    expect(desk.page.locator("#mention-list [role=option]").first).to_be_visible()
    desk.look()
    desk.page.keyboard.type("1101")
    expect(desk.page.locator("#mention-list [role=option]")).to_have_count(1)
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#mention-list")).to_have_count(0)
    desk.page.keyboard.press("Control+Enter")
    expect(noted(desk, "equipment")).to_contain_text(f"A07 耳机有杂音 {language}")
    expect(noted(desk, "customer_voice")).to_contain_text("请 @")
    expect(box(desk, "equipment")).to_be_focused()
    desk.page.keyboard.press("Alt+ArrowDown")
    expect(box(desk, "hard_questions")).to_be_focused()
    desk.page.keyboard.press("Alt+ArrowUp")
    expect(box(desk, "equipment")).to_be_focused()


def test_a_template_fills_the_box_and_a_photograph_goes_along(at_desk):
    desk = at_desk("1100")
    open_log(desk)
    form = desk.page.locator("#write-equipment")
    text = form.locator("[data-phrase]").first.inner_text()
    form.locator("[data-phrase]").first.click()
    expect(box(desk, "equipment")).to_have_value(text)
    form.locator("summary").click()
    photo = {"name": "坏耳机.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    form.locator("input[type=file]").set_input_files(photo)
    form.get_by_role("button", name=desk.word("Note it")).click()
    expect(noted(desk, "equipment")).to_contain_text("坏耳机.jpg")
    desk.look()


def test_two_in_one_entry_see_both_texts(at_desk):
    author, leader = at_desk("1101"), at_desk("1100", width=390, height=844)
    open_log(author)
    box(author, "equipment").fill("耳机坏了")
    author.page.locator("#keep-equipment").click()
    expect(noted(author, "equipment")).to_contain_text("耳机坏了")
    open_log(leader)
    for desk in (author, leader):
        line = noted(desk, "equipment").locator("li").filter(has_text="耳机坏了")
        line.get_by_role("link", name=desk.word("Edit")).first.click()
        expect(desk.page.locator(".log-editing textarea").first).to_be_visible()
    for desk, text in ((author, "耳机修好了"), (leader, "耳机换了")):
        desk.page.locator(".log-editing textarea").first.fill(text)
        desk.page.locator(".log-editing .button-primary").click()
    conflict = leader.page.locator(".log-conflict")
    expect(conflict.locator("del")).to_have_text("修好")
    expect(conflict.locator("ins")).to_have_text("换")
    leader.look()
    leader.button("Keep both").click()
    expect(noted(leader, "equipment")).to_contain_text(["耳机修好了", "耳机换了"][1])


def test_a_phone_takes_two_taps(at_desk):
    desk = at_desk("1101", width=390, height=844, has_touch=True)
    desk.open("/")
    desk.page.locator("main").get_by_role("link", name=desk.word("Write a note")).tap()
    desk.page.locator("#id_text").fill("大屏幕排队数延迟")
    desk.page.locator(".log-choices button").first.tap()
    expect(desk.page.locator("main .rows li.row").first).to_contain_text("大屏幕排队数延迟")
    desk.look()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_search_and_the_paper(at_desk, language):
    desk = at_desk("1100", language)
    desk.open("/handover/search/?q=耳机")
    expect(desk.page.locator("mark").first).to_have_text("耳机")
    desk.open("/handover/phrases/")
    open_log(desk)
    desk.press(desk.link("Print"))
    desk.look()
    assert desk.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
