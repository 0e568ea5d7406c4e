"""What every page shares: languages, passwords, search, bell, keyboard, small screens, drafts, no scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.demo import monday
from tests.browser.desk import Words, mixed_words, sideways

zh = Words("zh-hans")
SMALLEST = 320
MAIN_PAGES = {
    "1100": [
        "/",
        "/handover/",
        "/handover/note/",
        "/duties/",
        "/shifts/",
        "/shifts/mine/",
        "/shifts/roster/",
        "/escalations/",
        "/escalations/new/",
        "/hygiene/",
        "/hygiene/plants/",
        "/meetings/",
        "/meetings/dates/",
        "/rulebook/",
        "/rulebook/handover.4/",
        "/notifications/",
        "/search/?q=1100",
        "/accounts/password/",
    ],
    "5001": ["/people/", "/people/import/"],
    "8001": ["/rulebook/breaches/", "/shifts/rosters/", "/escalations/reports/", "/escalations/reports/?month=2025-03"],
}
# The element that has the focus: can it be seen that it has it, and is it in sight rather than under a bar?
FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2);
  const boxed = element.closest(".search") ? getComputedStyle(element.closest(".search")) : style;
  return {
    href: element.getAttribute("href"),
    isPage: element === document.body,
    html: element.outerHTML.slice(0, 120),
    isMarked: boxed.outlineStyle !== "none" && parseFloat(boxed.outlineWidth) >= 2,
    inSight: !!top && (element.contains(top) || top.contains(element)),
  };
}"""


@pytest.fixture
def at_desk(open_page, sign_in):
    """`at_desk("1100")`: a browser in which the person has signed in, in Chinese or the language given."""

    def at_desk_(number, *, language="zh-hans", **screen):
        page = sign_in(open_page(**screen), number)
        choose_language(page, language)
        return page

    return at_desk_


def choose_language(page, language):
    switch = page.locator(f'form[action$="/language/"] button[value="{language}"]')
    if switch.count():
        press(page, switch)


def press(page, button):
    with page.expect_navigation():
        button.click()


# ---- languages


@pytest.mark.parametrize("width", [1280, 390])
def test_the_language_switch_keeps_the_page(at_desk, width):
    page = at_desk("1201", width=width)
    page.goto("/handover/?on=2026-11-22")
    address = page.url
    press(page, page.get_by_role("button", name="English"))
    assert page.url == address
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Handover logs")
    press(page, page.get_by_role("button", name="中文"))
    assert page.url == address
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_have_text(zh("Handover logs"))


# ---- passwords


def test_a_wrong_password_is_said_where_the_eye_is(page, violations):
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "1100")
    page.fill("input[name=password]", "not-the-password")
    press(page, page.get_by_role("button", name=zh("Sign in")))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary li")).to_have_count(1)
    expect(page.locator("input[name=login]")).to_have_value("1100")
    expect(page.locator("input[name=password]")).to_have_value("")
    assert violations(page) == []
    assert list(mixed_words(page, "zh-hans")) == []


def test_an_initial_password_opens_nothing_but_the_choice_of_an_own_one(at_desk, open_page, sign_in, violations):
    initial = new_password(at_desk("5001"), "1312")
    page = sign_in(open_page(), "1312", initial)
    expect(page).to_have_url(re.compile("/accounts/password/$"))
    page.goto("/handover/")
    expect(page).to_have_url(re.compile("/accounts/password/$"))
    expect(page.locator("nav")).to_have_count(0)
    assert violations(page) == []
    page.fill("input[name=oldpassword]", initial)
    page.fill("input[name=password1]", "kettle-lantern-58")
    page.fill("input[name=password2]", "kettle-lantern-58")
    press(page, page.get_by_role("button", name=zh("Change"), exact=True))
    page.goto("/")
    expect(page.get_by_role("region", name=zh("Waits for me"))).to_be_visible()


def new_password(page, number):
    """What the administrator reads off the slip."""
    page.goto(f"/people/?q={number}")
    press(page, page.get_by_role("row", name=number).get_by_role("button", name=zh("Reset")))
    return page.get_by_role("row", name=number).locator("code").inner_text()


# ---- search and bell


def test_search_is_one_key_away_and_finds_a_clause(at_desk, violations):
    page = at_desk("1100")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("更衣室")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main li.row").first).to_contain_text("更衣室")
    assert violations(page) == []
    press(page, page.locator("main a.row-title").first)
    expect(page.locator("main")).to_contain_text("更衣室")


def test_the_bell_rings_while_the_page_stays(at_desk, violations):
    leader = at_desk("1400")
    leader.goto("/notifications/")
    mark_read = leader.get_by_role("button", name=zh("Mark all read"))
    if mark_read.count():
        press(leader, mark_read)
    expect(leader.locator("#bell .count")).to_have_count(0)
    leader.evaluate("window.sameHere = true")
    agent = at_desk("1403", width=390)
    agent.goto("/escalations/new/")
    agent.check("input[name=category][value=beyond_remit]")
    agent.fill("[name=what_happened]", "客户要求补开去年发票，系统无此权限")
    agent.fill("[name=proposed_handling]", "登记后转财务")
    press(agent, agent.get_by_role("button", name=zh("Submit", "button"), exact=True))
    expect(leader.locator("#bell .count")).to_have_count(1)
    assert leader.evaluate("window.sameHere")
    press(leader, leader.locator("#bell"))
    assert violations(leader) == []
    number = agent.url.rstrip("/").rpartition("/")[2]
    told = leader.locator("main button.row-title").filter(has_text=re.compile(rf"\b{number}\b"))
    press(leader, told.first)
    expect(leader).to_have_url(agent.url)


# ---- the keyboard


def test_the_keyboard_leads_from_the_login_to_the_first_action(page):
    page.goto("/accounts/login/")
    reach(page, 'input[name="login"]')
    page.keyboard.type("1400")
    reach(page, 'input[name="password"]')
    page.keyboard.type("shift-change-2026")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/$"))
    first = page.get_by_role("region", name=zh("Waits for me")).locator("li.row a.row-title").first
    address = first.get_attribute("href")
    reach(page, f'main a.row-title[href="{address}"]')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(address)


def reach(page, selector):
    """Tab until it has the focus; whatever has it on the way shows that it has, in sight."""
    wanted = page.locator(selector).first
    expect(wanted).to_be_visible()
    for _tab in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["isPage"] or (focus["isMarked"] and focus["inSight"]), focus["html"]
    expect(wanted).to_be_focused()


def test_the_first_tab_skips_to_the_content(at_desk):
    page = at_desk("1201")
    page.goto("/handover/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=zh("Skip to the content"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


# ---- small screens


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("number", list(MAIN_PAGES))
def test_no_main_page_scrolls_sideways_or_mixes_languages_at_320_px(at_desk, violations, number, language):
    page = at_desk(number, language=language, width=SMALLEST, height=640)
    faults = []
    for address in MAIN_PAGES[number]:
        assert page.goto(address).ok, address
        found = [*sideways(page), *mixed_words(page, language), *violations(page)]
        faults += [f"{address}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


# ---- drafts


def test_a_draft_survives_a_reload_until_it_is_kept(at_desk):
    text = "三号席显示器闪屏，已报修，工单 2231"
    page = at_desk("1404")
    page.goto("/handover/note/")
    page.locator("#id_text").press_sequentially(text)
    expect(page.locator("[data-draft-status]")).to_contain_text(zh("Saved"))
    page.reload()
    expect(page.locator("#id_text")).to_have_value(text)
    expect(page.locator("[data-draft-status]")).to_contain_text(zh("What you had typed is back."))
    press(page, page.get_by_role("button", name=zh("Equipment", "log section")))
    expect(page.locator("li.row").filter(has_text=text)).to_have_count(1)
    expect(page.locator("#id_text")).to_have_value("")
    page.reload()
    expect(page.locator("#id_text")).to_have_value("")


def test_a_draft_in_the_log_survives_a_reload(at_desk):
    page = at_desk("1400")
    page.goto("/handover/")
    press(page, page.get_by_role("link", name=zh("Open the log")))
    page.locator("#text-instructions").press_sequentially("主任批示：本周内完成耳机更换")
    expect(page.locator("#write-instructions [data-draft-status]")).to_contain_text(zh("Saved"))
    page.reload()
    expect(page.locator("#text-instructions")).to_have_value("主任批示：本周内完成耳机更换")
    page.locator("#write-instructions").get_by_role("button", name=zh("Discard")).click()
    expect(page.locator("#text-instructions")).to_have_value("")


# ---- without scripts; the last test here, because it hands the night over


def test_without_scripts_a_note_is_kept_and_a_log_handed_over(server, at_desk):
    agent = at_desk("1402", width=390, java_script_enabled=False)
    press(agent, agent.get_by_role("link", name=zh("Write a note")))
    agent.locator("#id_text").fill("凌晨系统短时卡顿，已恢复")
    press(agent, agent.locator("button[name=section][value=equipment]"))
    expect(agent.locator("li.row").filter(has_text="凌晨系统短时卡顿")).to_have_count(1)

    outgoing = at_desk("1400", java_script_enabled=False)
    outgoing.goto("/handover/")
    press(outgoing, outgoing.get_by_role("link", name=zh("Open the log")))
    press_all(outgoing, outgoing.locator('.log-entries form[action$="/nothing/"] button'))
    unanswered = outgoing.locator("#log-items li.row").filter(has_text=zh("Not yet answered"))
    press_all(outgoing, unanswered.get_by_role("button", name=zh("Carry on")))
    press(outgoing, outgoing.get_by_role("button", name=zh("Submit the log")))

    server.tick(monday(8, 1))
    incoming = at_desk("1100", java_script_enabled=False)
    incoming.goto(outgoing.url)
    press_all(incoming, incoming.locator('.log-tick[aria-pressed="false"]'))
    press(incoming, incoming.get_by_role("button", name=zh("Accept and seal")))
    expect(incoming.locator("#messages")).to_contain_text(zh("The log is accepted and sealed."))


def press_all(page, buttons):
    """Each leads to the page without it."""
    for left in range(buttons.count() - 1, -1, -1):
        press(page, buttons.first)
        expect(buttons).to_have_count(left)
