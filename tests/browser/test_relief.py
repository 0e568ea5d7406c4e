"""A change of shift in three browsers at once: who leaves, who comes, and the leader; until the old shift is off."""

from playwright.sync_api import expect

from board.demo import notice_stories
from tests.browser.conftest import own_centre
from tests.browser.demo import monday
from tests.browser.desk import PHONE, WIDE
from tests.browser.test_monday import accept, answer_silent_sections, submit

REASON = {"zh-hans": "身体不适，准予离台", "en": "Unwell, may leave the desk"}
NOTICE = notice_stories.NOTICES[0][6]

# Who sits at the desk that 1101 is to take over, and a notice that everybody must read.
BEFORE = f"""
import datetime as dt
from callcentre import clock
from handover.models import DeskRelief, Turn
from handover.tending import prepare
from notices import actions
from people.models import Person
at, director = clock.now(), Person.objects.get(employee_number="8001")
prepare(centre=director.centre, at=at)
terms = dict(kind="business", audience="all", must_confirm=True, teams=(), roles=(), shift_types=())
terms |= dict(in_force_from=at, in_force_until=at + dt.timedelta(days=9))
notice = actions.write(title="{NOTICE}", body="请先登记再转接。", **terms, by=director, at=at)
actions.publish(notice=notice, by=director, at=at)
print("who", DeskRelief.objects.get(incoming__employee_number="1101", ended_at=None).outgoing.employee_number)
"""
# The desks that the test does not watch change hands as well, or are released where the planned one is on leave;
# 1103's is left to the leader.
OTHERS = """
from callcentre import clock
from handover import desk_actions, relief_actions as steps
from handover.models import DeskRelief
from notices import actions
from notices.reading import required_unread
from people.models import Person
from shifts.attendance import is_present
at, leader = clock.now(), Person.objects.get(employee_number="1100")
for relief in DeskRelief.objects.filter(ended_at=None).exclude(incoming__employee_number__in=["1101", "1103"]):
    incoming = relief.incoming
    if not is_present(relief.next_shift, incoming):
        desk_actions.release(turn=relief.turn_id, reason="休假", by=leader, at=at)
        continue
    for version in required_unread(incoming, at):
        actions.confirm(notice=version.notice, version=version.number, by=incoming, at=at)
    steps.arrive(relief=relief.pk, by=incoming, at=at)
    steps.brief(relief=relief.pk, by=relief.outgoing, at=at)
    steps.assume(relief=relief.pk, by=incoming, at=at)
    steps.sign_out(relief=relief.pk, by=relief.outgoing, at=at)
"""
server = own_centre(monday(7, 50))


def test_a_change_of_shift_in_three_browsers(server, sit_down, language):
    said = server.manage("shell", "-c", BEFORE)
    outgoing = next(line.split()[1] for line in said.splitlines() if line.startswith("who "))
    leaver, comer, leader = sit_down(outgoing, PHONE), sit_down("1101", PHONE), sit_down("1100", WIDE)

    nobody_leaves_before_relief(leaver)
    the_relief_comes(comer)
    both_see_each_other(leaver, comer)
    the_roll_call_is_asked_for(comer)
    the_crew_enters_the_room(leader)
    the_notice_is_asked_for_and_read(comer)
    what_is_half_written_comes_back(comer)
    the_desk_changes_hands(comer, leaver)

    server.set_clock(monday(8, 2))
    server.manage("shell", "-c", OTHERS)
    the_leader_releases_with_a_reason(leader, REASON[language])

    night_leader = sit_down("1400", WIDE)
    log = the_log_is_refused_while_a_section_is_silent(night_leader)
    who_submitted_does_not_accept(night_leader)
    leader.page.goto(log)
    accept(leader)
    leader.open("/handover/reliefs/")
    expect(leader.page.locator("#reliefs")).to_contain_text(
        leader.word("The old shift is off: every desk is relieved, closed or released.")
    )


def clause(desk, number, zh):
    return desk.word.pick(f"交接班·{zh}", f"Handover {number}")


def card(desk, name):
    return desk.page.locator(f'section[aria-labelledby="{name}"]')


def nobody_leaves_before_relief(desk):
    desk.open("/desk/")
    out = desk.button("Sign out", "desk button")
    expect(out).to_have_attribute("aria-disabled", "true")
    expect(card(desk, "leaving")).to_contain_text(clause(desk, 4, "四"))


def the_relief_comes(desk):
    """Two taps from the start page."""
    desk.open("/")
    desk.press(desk.waiting(desk.word.pick("机台", "desk")).get_by_role("link", name=desk.word("My desk")))
    desk.look()
    desk.press(desk.button("I am at the desk", "button"))
    expect(card(desk, "taking")).to_contain_text(desk.word("relief at the desk", "relief"))


def both_see_each_other(leaver, comer):
    """The page of who leaves changes by itself; then that of who comes."""
    brief = leaver.button("Briefing given", "button")
    expect(brief).not_to_have_attribute("aria-disabled", "true")
    leaver.look()
    leaver.press(brief)
    expect(card(comer, "taking")).to_contain_text(comer.word("briefed", "relief"))


def the_roll_call_is_asked_for(desk):
    expect(desk.button("Take over", "button", exact=True)).to_have_attribute("aria-disabled", "true")
    expect(card(desk, "taking")).to_contain_text(clause(desk, 1, "一"))
    desk.look()


def the_crew_enters_the_room(desk):
    desk.open("/")
    desk.press(desk.waiting(desk.word("Roll call")).get_by_role("link", name=desk.word("Call the roll")))
    desk.button("Everybody else is here").click()
    expect(desk.button("Everybody else is here")).to_have_count(0)
    desk.page.locator("input[name=confirmed]").check()
    desk.press(desk.button("Close the roll call"))
    desk.says("The roll call is closed: the crew enters the room.")


def the_notice_is_asked_for_and_read(desk):
    """The roll call's sentence goes by itself; the notice's stays until it is confirmed."""
    taking = card(desk, "taking")
    expect(taking).not_to_contain_text(clause(desk, 1, "一"))
    expect(taking).to_contain_text(clause(desk, 5, "五"))
    expect(desk.button("Take over", "button", exact=True)).to_have_attribute("aria-disabled", "true")
    reading = card(desk, "to-read")
    while reading.count():
        desk.press(reading.get_by_role("button", name=desk.word("I have read it", "button")).first)
    desk.look()


def what_is_half_written_comes_back(desk):
    """A tick and a remark, after the page was closed."""
    fault, remark = desk.page.locator("input[name=faults]").first, desk.page.locator("input[name=remark]")
    said = desk.word.pick("耳机有杂音", "The headset crackles")
    fault.check()
    remark.fill(said)
    expect(card(desk, "taking").locator("[data-draft-status]")).to_contain_text(desk.word("Only in this browser"))
    desk.page.reload()
    expect(fault).to_be_checked()
    expect(remark).to_have_value(said)
    desk.look()


def the_desk_changes_hands(comer, leaver):
    comer.press(comer.button("Looked at, take over", "button"))
    expect(card(comer, "turn")).to_be_visible()
    comer.look()
    out = leaver.button("Sign out", "desk button")
    expect(out).not_to_have_attribute("aria-disabled", "true")
    leaver.press(out)
    leaver.look()


def the_leader_releases_with_a_reason(desk, reason):
    desk.open("/handover/reliefs/")
    waiting = desk.page.locator("#reliefs li.row[data-kind=warn]")
    expect(waiting).to_have_count(1)
    desk.press(waiting.locator("a.row-title"))
    desk.look()
    desk.press(desk.button("Release", "button", exact=True))
    expect(desk.page.locator("main")).to_contain_text(
        desk.word("Say why the desk is left without relief: it stays on the record.")
    )
    desk.page.locator("input[name=reason]").fill(reason)
    desk.press(desk.button("Release", "button", exact=True))
    expect(desk.page.locator("#reliefs li.row[data-kind=warn]")).to_have_count(0)


def the_log_is_refused_while_a_section_is_silent(desk):
    desk.open("/handover/")
    rows = desk.page.locator("main li.row").filter(has_text=desk.word.pick("夜班", "Night shift"))
    desk.press(rows.first.locator("a.row-title"))
    expect(desk.button("Submit the log")).to_have_attribute("aria-disabled", "true")
    expect(desk.page.locator("#log-progress")).to_contain_text(clause(desk, 6, "六"))
    answer_silent_sections(desk)
    return submit(desk)


def who_submitted_does_not_accept(desk):
    expect(desk.button("Accept and seal")).to_have_attribute("aria-disabled", "true")
    expect(desk.page.locator("#log-progress")).to_contain_text(
        desk.word("Who submitted the log cannot accept it as well: it takes two people.")
    )
