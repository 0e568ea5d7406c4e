"""One request from the desk to its end: raised on a phone, answered, disputed, upheld, carried out with a picture,
taken further up, and decided at the supervision desk."""

from playwright.sync_api import expect

from tests.browser.conftest import own_centre
from tests.browser.demo import monday
from tests.browser.desk import PHONE, WIDE
from tests.make_uploads import picture

QUEUE = "/admin/escalations/case/"

HAPPENED = {
    "zh-hans": "客户要求当晚上门检修，超出派单时限",
    "en": "A visit is wanted tonight, outside the hours for it",
}
HANDLING = {"zh-hans": "登记后请值班维护加急", "en": "Take it down and ask the night crew to hurry"}
ORDER = {"zh-hans": "按白天派单处理，先致歉", "en": "Send it with the day's visits, and apologise first"}
AGAINST = {"zh-hans": "该户有老人独居，建议今晚去", "en": "An old person lives there alone; better tonight"}
STANDS = {"zh-hans": "夜间无维护人员，维持原指示", "en": "No crew works at night, so it stands"}
DONE = {"zh-hans": "已致歉并登记明早第一单", "en": "Apologised, and booked as the first visit"}
FURTHER = {"zh-hans": "仍建议设夜间应急维护", "en": "A night crew for emergencies is still needed"}
DECIDED = {"zh-hans": "今晚由维护组长上门，此后设应急值班", "en": "The crew's head goes tonight; a stand-by follows"}
# Whoever sits at a desk of the night shift.
SEATED = """
from handover.models import Turn
turn = Turn.objects.filter(until_at=None).select_related("desk", "person").order_by("pk").first()
print("who", turn.person.employee_number, turn.desk.code)
"""
server = own_centre(monday(7, 40))


def test_a_request_from_the_desk_to_the_decision_above(server, sit_down, language):
    said = server.manage("shell", "-c", SEATED)
    _who, number, code = next(line for line in said.splitlines() if line.startswith("who ")).split()
    agent, leader, director = sit_down(number, PHONE), sit_down("1400", WIDE), sit_down("8001", WIDE)

    case = it_is_raised_from_my_desk(agent, code, HAPPENED[language], HANDLING[language])
    the_leader_answers(leader, HAPPENED[language], ORDER[language])
    the_agent_disagrees(agent, case, AGAINST[language])
    the_director_sees_it_among_the_dissents(director, HAPPENED[language])
    the_leader_upholds(leader, case, STANDS[language])
    it_is_carried_out_with_a_picture(agent, case, DONE[language])
    it_is_taken_further_up(agent, case, FURTHER[language])
    several_are_acknowledged_at_once(director, HAPPENED[language])
    the_director_decides_by_keyboard(director, HAPPENED[language], DECIDED[language])
    agent.page.goto(case)
    expect(agent.page.locator("#case")).to_contain_text(DECIDED[language])
    agent.look()


def step(desk, slug):
    return desk.page.locator(f'#case form[action$="/{slug}/"]')


def take(desk, slug, text, files=()):
    """A step by its form on the case's page, opened where it is closed."""
    form = step(desk, slug)
    if not form.locator("textarea").is_visible():
        form.locator("xpath=ancestor::details").locator("summary").click()
    form.locator("textarea").fill(text)
    if files:
        form.locator("input[type=file]").set_input_files(files)
    form.locator(".case-send button").click()
    expect(desk.page.locator("#case")).to_contain_text(text)


def it_is_raised_from_my_desk(desk, code, happened, handling):
    """The address of the case. The form knows the desk; the case leads back to it."""
    desk.open("/desk/")
    desk.press(desk.button("Raise a request", "button"))
    text = desk.page.locator("[name=what_happened]")
    with_desk = text.input_value()
    assert code in with_desk
    desk.look()
    desk.page.check("input[name=category][value=beyond_remit]")
    text.fill(with_desk + happened)
    desk.page.locator("[name=proposed_handling]").fill(handling)
    desk.press(desk.button("Submit", "button"))
    desk.says("Submitted.")
    expect(desk.page.locator("#case .facts").get_by_role("link", name=code)).to_have_attribute("href", "/desk/")
    desk.look()
    return desk.page.url


def the_leader_answers(desk, happened, order):
    desk.open("/")
    desk.press(desk.waiting(happened[:12]).locator("a.row-title"))
    take(desk, "instruct", order)
    desk.look()


def the_agent_disagrees(desk, case, against):
    desk.page.goto(case)
    take(desk, "dissent", against)
    desk.look()


def the_director_sees_it_among_the_dissents(desk, happened):
    """To oversee is not to answer: the page has no step for the director."""
    desk.open(f"{QUEUE}?queue=dissent")
    desk.press(row(desk, happened).get_by_role("link"))
    desk.look()
    expect(desk.page.locator("#case .case-step")).to_have_count(0)


def row(desk, happened):
    return desk.page.locator("#result_list tbody tr").filter(has_text=happened[:12])


def the_leader_upholds(desk, case, stands):
    desk.page.goto(case)
    take(desk, "uphold", stands)
    desk.look()


def it_is_carried_out_with_a_picture(desk, case, done):
    desk.page.goto(case)
    photo = {"name": "20261123.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(640, 480))}
    take(desk, "carry-out", done, [photo])
    expect(desk.page.locator("#case .attachment-preview").first).to_have_js_property("complete", True)
    desk.look()


def it_is_taken_further_up(desk, case, further):
    desk.page.goto(case)
    take(desk, "appeal", further)
    desk.look()


def several_are_acknowledged_at_once(desk, happened):
    """All that are open are chosen; the page says which of them are not the director's to acknowledge."""
    desk.open(QUEUE)
    for box in desk.page.locator("#result_list .action-select").all():
        box.check()
    desk.press(desk.button("Acknowledge the chosen ones"))
    expect(desk.page.locator(".queue-bulk form tr").filter(has_text=happened[:12])).to_have_count(1)
    desk.look()
    desk.press(desk.button("Acknowledge", "button"))
    expect(row(desk, happened)).to_contain_text(desk.word("acknowledged", "case"))


def the_director_decides_by_keyboard(desk, happened, decided):
    """Without the mouse: down to the row, Enter, the step's key, the words, Ctrl+Enter. An empty one is refused."""
    desk.open(f"{QUEUE}?queue=mine")
    link = row(desk, happened).get_by_role("link")
    for _press in range(10):
        desk.page.keyboard.press("j")
        if link.evaluate("element => element === document.activeElement"):
            break
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#case .attachment-preview")).not_to_have_count(0)
    desk.look()
    desk.page.keyboard.press("r")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Control+Enter")
    expect(step(desk, "return-for-more").locator(".field-error")).to_contain_text(desk.word("Write what is missing."))
    desk.look()
    desk.page.locator("h1").click()
    desk.page.keyboard.press("i")
    desk.page.keyboard.type(decided)
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("#case .verbatim").filter(has_text=decided)).to_have_count(1)
    desk.look()
