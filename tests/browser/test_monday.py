"""The floor's first day: one Monday by the rulebook, from the night's log to the sealed log of the day."""

import functools

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import own_centre
from tests.browser.demo import monday
from tests.browser.desk import PHONE, WIDE

SCREENS = {1440: WIDE, 390: PHONE}
NOTE = {"zh-hans": "A07 号席耳机有杂音，已换备用", "en": "Headset of desk A07 crackles, spare one given out"}
BEYOND = {"zh-hans": "客户要求当天开通专线，超出受理时限", "en": "A line is wanted today, outside our time limit"}
HANDLING = {"zh-hans": "先登记，请后台加急", "en": "Take it down and ask the back office to hurry"}
REASON = {"zh-hans": "超出班长权限，请主任定", "en": "Beyond what a shift leader may decide"}
ORDER = {"zh-hans": "同意加急，今日 18 时前回访", "en": "Do hurry it, and call back before 18:00"}
SECOND = {"zh-hans": "来电者反复辱骂，要求转经理", "en": "A caller insults us and wants the manager"}
ADVICE = {"zh-hans": "按规定提醒一次后结束通话", "en": "Warn once by the rules, then end the call"}
server = own_centre(monday(7, 52))


# Each language and each width in every run; the other two pairs when there is time.
DAYS = [
    ("zh-hans", 1440),
    ("en", 390),
    pytest.param("zh-hans", 390, marks=pytest.mark.long),
    pytest.param("en", 1440, marks=pytest.mark.long),
]


@pytest.fixture
def screen(request):
    return SCREENS[request.param]


@pytest.fixture
def sit_down(sit_down, screen):
    """`sit_down("1100")`: on the screen of the test."""
    return functools.partial(sit_down, screen=screen)


@pytest.mark.parametrize(("language", "screen"), DAYS, indirect=True)
def test_a_monday_from_the_start_page_to_the_sealed_log(server, sit_down, language):
    night_leader, leader, director = sit_down("1400"), sit_down("1100"), sit_down("8001")
    night = the_night_is_submitted(night_leader)

    server.tick(monday(8, 1))
    the_night_is_accepted(leader, night)
    the_changing_room_is_cleaned(leader)
    the_clean_is_signed_off(director)

    agent = sit_down("1101")
    on_the_phone = sit_down("1101", screen=PHONE)
    a_note_takes_two_taps(on_the_phone, NOTE[language])
    raised = a_request_is_raised(agent, "beyond_remit", BEYOND[language], HANDLING[language])
    a_request_is_raised(agent, "difficult_caller", SECOND[language], HANDLING[language])
    the_leader_answers(leader, SECOND[language], ADVICE[language])
    the_leader_passes_up(leader, BEYOND[language], REASON[language])
    the_director_answers_in_the_admin(director, BEYOND[language], ORDER[language])
    the_instruction_is_carried_out(agent, raised, ORDER[language])

    server.set_clock(monday(14))
    the_weekly_meeting_is_held(director)

    server.set_clock(monday(15, 50))
    day = the_day_is_submitted(leader, NOTE[language])
    server.tick(monday(16, 1))
    next_leader = sit_down("1200")
    the_day_is_accepted(next_leader, day)
    a_sealed_log_stays(next_leader, leader, day)


def the_night_is_submitted(desk):
    desk.open("/handover/")
    desk.press(desk.link("Open the log"))
    answer_silent_sections(desk)
    return submit(desk)


def answer_silent_sections(desk):
    """无 where nothing was written, and every open item carried on."""
    desk.look()
    nothing = desk.page.locator('.log-entries form[action$="/nothing/"]').get_by_role("button")
    expect(nothing.first).to_contain_text(desk.word("Nothing", "nothing to report"))
    press_all(nothing)
    open_items = desk.page.locator("#log-items li.row").filter(has_text=desk.word("Not yet answered"))
    press_all(open_items.get_by_role("button", name=desk.word("Carry on")))
    desk.look()


def press_all(buttons):
    """Each of them changes the page in its place, and is gone then."""
    for left in range(buttons.count() - 1, -1, -1):
        buttons.first.click()
        expect(buttons).to_have_count(left)


def submit(desk):
    """The address of the log that was submitted."""
    desk.press(desk.button("Submit the log"))
    desk.says("The log is submitted. The leader who takes over has been told.")
    desk.look()
    return desk.page.url


def the_night_is_accepted(desk, log):
    desk.open("/")
    row = desk.waiting(desk.word.pick("夜班", "Night shift")).filter(has_text=desk.word("Handover log"))
    desk.press(row.get_by_role("link", name=desk.word("Accept", "button")))
    assert desk.page.url == log
    accept(desk)


def accept(desk):
    desk.look()
    expect(desk.button("Accept and seal")).to_have_attribute("aria-disabled", "true")
    sections = desk.page.locator('.log-tick[aria-pressed="false"]')
    expect(sections).to_have_count(7)
    press_all(sections)
    desk.press(desk.button("Accept and seal"))
    desk.says("The log is accepted and sealed.")
    desk.look()


def the_changing_room_is_cleaned(desk):
    desk.open("/")
    desk.press(desk.waiting(clean(desk)).locator("a.row-title"))
    desk.look()
    for helper in ("1103", "1104"):
        desk.page.get_by_role("checkbox", name=helper).check()
    desk.press(desk.button("Start"))
    desk.look()
    items = desk.page.locator("#work .check-button")
    assert items.count() >= 6
    press_all(items)
    desk.look()
    desk.press(desk.button("Finish"))
    desk.says("Done.")
    expect(desk.page.locator("main")).to_contain_text("1103")
    desk.look()


def clean(desk):
    return desk.word.pick("更衣室清洁", "Changing-room clean")


def the_clean_is_signed_off(desk):
    desk.open("/")
    desk.press(desk.waiting(clean(desk)).get_by_role("link", name=desk.word("Look", "button")))
    desk.press(desk.button("Sign off"))
    desk.says("Signed off.")
    desk.look()


def a_note_takes_two_taps(desk, text):
    """One to the form, one on the section, which keeps it."""
    desk.open("/")
    with desk.page.expect_navigation():
        desk.link("Write a note").tap()
    desk.look()
    desk.page.locator("#id_text").fill(text)
    with desk.page.expect_navigation():
        desk.button("Equipment", "log section").tap()
    expect(desk.row(text)).to_have_count(1)
    desk.look()


def a_request_is_raised(desk, category, text, handling):
    """The address of the case."""
    desk.open("/")
    desk.press(desk.link("New request"))
    desk.look()
    desk.page.check(f"input[name=category][value={category}]")
    desk.page.locator("[name=what_happened]").fill(text)
    desk.page.locator("[name=proposed_handling]").fill(handling)
    desk.press(desk.button("Submit", "button"))
    desk.says("Submitted.")
    desk.look()
    return desk.page.url


def open_from_start(desk, text):
    desk.open("/")
    desk.press(desk.waiting(text).locator("a.row-title"))
    desk.look()


def the_leader_answers(desk, text, advice):
    open_from_start(desk, text)
    step(desk, "instruct").locator("textarea").fill(advice)
    step(desk, "instruct").get_by_role("button").click()
    expect(desk.page.locator(".verbatim")).to_have_text(advice)
    desk.look()


def step(desk, slug):
    return desk.page.locator(f'#case form[action$="/{slug}/"]')


def the_leader_passes_up(desk, text, reason):
    open_from_start(desk, text)
    desk.page.locator("summary").filter(has_text=desk.word("Pass up", "button")).click()
    step(desk, "pass-up").locator("textarea").fill(reason)
    step(desk, "pass-up").get_by_role("button").click()
    desk.says("Passed up to the next level.")
    expect(desk.page.locator(".history")).to_contain_text(reason)
    desk.look()


def the_director_answers_in_the_admin(desk, text, instruction):
    desk.open("/admin/")
    desk.open("/admin/escalations/case/")
    desk.press(desk.page.locator("#result_list tr").filter(has_text=text[:20]).get_by_role("link").first)
    desk.look()
    step(desk, "instruct").locator("textarea").fill(instruction)
    desk.press(step(desk, "instruct").get_by_role("button"))
    expect(desk.page.locator(".verbatim")).to_have_text(instruction)
    desk.look()


def the_instruction_is_carried_out(desk, case, instruction):
    desk.open("/")
    desk.page.goto(case)
    expect(desk.page.locator(".verbatim")).to_have_text(instruction)
    step(desk, "carry-out").locator("textarea").fill(instruction)
    step(desk, "carry-out").locator(".case-send button").click()
    desk.says("Marked as carried out.")
    desk.look()


def the_weekly_meeting_is_held(desk):
    desk.open("/meetings/")
    desk.open("/")
    today = desk.waiting(desk.word.pick("11月23日 周一", "Mon 23 Nov"))
    desk.press(today.get_by_role("link", name=desk.word.pick("班务会", "Weekly meeting")))
    desk.look()
    desk.press(desk.button("Open", "meeting"))
    desk.look()
    desk.press(desk.button("All present"))
    answer_agenda(desk)
    desk.press(desk.button("End", "meeting", exact=True))
    desk.look()
    desk.press(desk.button("Make final"))
    desk.says("The minutes are final.")
    desk.look()


def answer_agenda(desk):
    """Minutes for the first point, nothing for the others."""
    points = desk.page.locator("li.point")
    first = points.first
    first.locator("textarea").fill(NOTE[desk.word.language])
    first.get_by_role("button", name=desk.word("Save")).click()
    expect(first.locator(".badge")).to_have_text(desk.word("written"))
    unanswered = points.filter(has=desk.page.locator(".badge").get_by_text(desk.word("not yet answered")))
    press_all(unanswered.locator("button[name=nothing]"))
    desk.look()


def the_day_is_submitted(desk, note):
    desk.open("/handover/")
    desk.press(desk.link("Open the log"))
    expect(desk.page.locator("#section-equipment")).to_contain_text(note)
    answer_silent_sections(desk)
    return submit(desk)


def the_day_is_accepted(desk, log):
    desk.open("/")
    row = desk.waiting(desk.word.pick("日班", "Day shift")).filter(has_text=desk.word("Handover log"))
    desk.press(row.get_by_role("link", name=desk.word("Accept", "button")))
    assert desk.page.url == log
    accept(desk)
    expect(desk.page.locator("main")).to_contain_text(desk.word("Seal"))


def a_sealed_log_stays(incoming, outgoing, log):
    """No page offers to change it, and a request that tries is refused."""
    for desk in (outgoing, incoming):
        desk.page.goto(log)
        expect(desk.page.locator(".log-sections form")).to_have_count(0)
        assert refused(desk.page, f"{log}entries/", section="equipment", text=NOTE["en"]) == "log_not_open"
    assert refused(outgoing.page, f"{log}submit/") == "wrong_state"
    assert refused(incoming.page, f"{log}send-back/", remark=NOTE["en"]) == "wrong_state"


def refused(page, address, **data):
    """The code with which a POST from this page is refused."""
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    headers = {"X-CSRFToken": token, "Referer": page.url, "HX-Request": "true"}
    answer = page.request.post(address, form=data, headers=headers)
    assert answer.status == 409
    return answer.headers["x-refusal"]
