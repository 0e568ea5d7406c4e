"""An agent leaves their post: asked on a phone, approved with one tap, out, more time, back; in both languages."""

from playwright.sync_api import expect

from board.demo import names
from tests.browser.conftest import own_centre
from tests.browser.demo import monday
from tests.browser.desk import PHONE, WIDE

AGENT = names.AGENTS[0][2]  # 1103
server = own_centre(monday(9, 30))


def test_an_agent_goes_out_and_comes_back(server, sit_down):
    agent, leader = sit_down("1103", PHONE), sit_down("1100", WIDE)
    agent.open("/floor/")
    agent.press(agent.button("water or toilet", "leave of post"))
    agent.says("Asked. Your leader answers.")
    agent.look()
    one_tap_approves(leader)
    agent.open("/floor/")
    agent.press(agent.button("Done, I go"))
    agent.says("You are out. Tap when you are back.")
    agent.look()
    agent.press(agent.page.locator('form[action$="/more/"] button'))
    agent.says("Asked. Your leader answers.")
    agent.look()
    one_tap_grants_more(leader)
    agent.open("/floor/")
    agent.press(agent.button("I am back"))
    agent.says("Back at the post.")
    agent.look()
    the_leader_finds_it_again(leader)
    agent.open("/floor/leave/ask/")


def one_tap_approves(leader):
    leader.open("/")
    leader.look()
    leader.press(leader.waiting(AGENT).get_by_role("button", name=leader.word("Approve", "button"), exact=True))
    leader.says("Approved.")
    leader.open("/floor/")


def one_tap_grants_more(leader):
    leader.page.goto("/floor/")
    leader.look()
    leader.press(leader.page.locator('main form[action$="/more/grant/"] button').first)
    leader.says("More time granted.")
    leader.look()


def the_leader_finds_it_again(leader):
    leader.open("/floor/leave/?number=1103")
    expect(leader.row(AGENT).first).to_contain_text(leader.word("back", "leave of post"))
    leader.press(leader.page.locator("main li.row a.row-title").first)
    leader.look()
    leader.open("/floor/leave/month/?month=2026-11")
    expect(leader.page.locator("main table tbody tr").first).to_be_visible()
