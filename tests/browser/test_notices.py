"""Notices in the browser: an agent reads and confirms on a phone, a director publishes and sees who has not, and an
answer is found as one types; in both languages."""

from playwright.sync_api import expect

from board.demo import notice_stories as stories
from tests.browser.conftest import own_centre
from tests.browser.demo import monday
from tests.browser.desk import PHONE, WIDE

NEWEST, _text = stories.NEWEST
UNREAD = "1105"
server = own_centre(monday(7, 52))


def test_an_agent_confirms_on_the_phone(server, sit_down):
    agent = sit_down(UNREAD, PHONE)
    agent.open("/")
    expect(agent.waiting(NEWEST)).to_have_count(1)
    agent.press(agent.waiting(NEWEST).get_by_role("link", name=NEWEST))
    agent.look()
    confirm = agent.button("I have read it", "button")
    expect(confirm).to_be_in_viewport()  # at the foot, however long the text is
    assert confirm.bounding_box()["height"] >= 44
    agent.press(confirm)
    agent.says("Confirmed: you have read this notice.")
    agent.look()
    agent.open("/")
    expect(agent.waiting(NEWEST)).to_have_count(0)


def test_one_tap_on_the_start_page_confirms(server, sit_down):
    agent = sit_down(UNREAD, PHONE)
    agent.page.goto("/")
    agent.press(agent.waiting(NEWEST).get_by_role("button", name=agent.word("I have read it", "button")))
    agent.says("Confirmed: you have read this notice.")
    expect(agent.waiting(NEWEST)).to_have_count(0)


def test_a_director_publishes_and_sees_who_has_not_read(server, sit_down):
    director, agent = sit_down("8001", WIDE), sit_down("1101", PHONE)
    director.open("/notices/")
    director.press(director.link("Write a notice", "button"))
    director.look()
    page = director.page
    page.locator("[name=kind][value=offer]").check()
    page.fill("[name=title]", "周末充值优惠")
    page.fill("[name=body]", "周末充值**九五折**。\n\n- 限线上渠道\n- <b>不叠加</b>")
    page.locator("[name=audience][value=teams]").check()
    page.locator(".audience-teams label").first.click()
    page.locator("[name=must_confirm]").check()
    director.press(director.button("Keep and preview", "button"))
    director.look()
    expect(page.locator(".notice-text strong")).to_have_text("九五折")
    expect(page.locator(".notice-text li")).to_have_text(["限线上渠道", "<b>不叠加</b>"])
    director.press(director.button("Publish"))
    director.says("Published. Its audience is told.")
    director.look()
    agent.page.goto("/")
    agent.press(agent.waiting("周末充值优惠").get_by_role("button", name=agent.word("I have read it", "button")))
    director.press(director.link("Who has read it", "button"))
    director.look()
    missing = page.get_by_role("region", name=director.word("Not yet", "reading")).locator("li.row")
    expect(missing).to_have_count(12)  # the leader and eleven agents
    expect(missing.filter(has_text="1101")).to_have_count(0)
    director.press(director.link("Print"))
    director.look()


def test_an_answer_is_found_as_one_types(server, sit_down):
    agent = sit_down("1101", PHONE)
    agent.open("/notices/answers/")
    box, found = agent.page.locator("#ask"), agent.page.locator("#answers .answer h2")
    box.press_sequentially("掉线", delay=30)
    expect(found.first).to_have_text("宽带断网怎么办")  # 掉线 means 断网
    expect(agent.page.locator("#answers mark").first).to_have_text("断网")
    assert agent.page.url.endswith("/notices/answers/?q=%E6%8E%89%E7%BA%BF")
    expect(box).to_be_focused()
    agent.look()
    box.fill("没有这样的词语")
    expect(agent.page.locator("#answers .empty")).to_have_count(1)
    agent.look()


def test_a_director_keeps_answers_and_synonyms(server, sit_down):
    director = sit_down("8001", WIDE)
    director.open("/notices/answers/")
    director.press(director.link("Write an answer", "button"))
    director.look()
    director.page.fill("[name=question]", "副卡怎么办理")
    director.page.fill("[name=text]", "主号可加办四张副卡，每张每月 10 元。")
    director.press(director.button("Keep and preview", "button"))
    director.look()
    director.press(director.button("Publish"))
    director.says("Published. Every agent is asked to confirm it.")
    director.look()
    director.open("/notices/answers/synonyms/")
    director.page.fill("#id_new_words", "副卡 子卡")
    director.press(director.button("Add", "button"))
    director.says("Kept.")
    director.open("/notices/answers/?q=子卡")
    expect(director.page.locator("#answers .answer h2").first).to_have_text("副卡怎么办理")
