"""Messages outside, in the browser: an administrator sets a group's robot up and tries it, somebody chooses what comes
to them by e-mail; in both languages."""

import pytest
from playwright.sync_api import expect

from tests import endpoints
from tests.browser import demo
from tests.browser import desk as desks
from tests.browser.desk import PHONE, WIDE

CHANNELS = "/admin/delivery/channel/"
NAME = "夜班群"


@pytest.fixture(scope="module")
def group():
    with endpoints.group() as made:
        yield made


@pytest.fixture(scope="module")
def centre(prepared, tmp_path_factory, group):
    """The module's centre, which may reach the group on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROBOT_HOSTS", group.host)
        with demo.served(prepared, tmp_path_factory.mktemp("centre"), demo.MONDAY) as served:
            yield served


def test_a_robot_is_set_up_and_tried_and_somebody_chooses(sit_down, group, monkeypatch):
    monkeypatch.setattr(desks, "DATA", [*desks.DATA, NAME])  # the group of the run in Chinese is there in the other
    keeper = sit_down("5001", WIDE)
    the_keeper_adds_a_robot(keeper, group.address())
    the_keeper_tries_it(keeper, group)
    keeper.open("/admin/delivery/dispatch/")
    agent = sit_down("1101", PHONE)
    the_agent_chooses(agent)


def the_keeper_adds_a_robot(desk, address):
    desk.open(CHANNELS)
    desk.open(f"{CHANNELS}add/")
    page = desk.page
    page.select_option("[name=kind]", "wecom")
    page.fill("[name=name]", name_of(desk))
    page.fill("[name=new_address]", "https://127.0.0.1/robot")
    page.locator("[name=topics][value=requests]").check()
    desk.press(page.locator("[name=_save]"))
    expect(page.locator(".errorlist")).not_to_have_count(0)  # an address that is no robot's
    desk.look()
    page.fill("[name=new_address]", address)
    desk.press(page.locator("[name=_save]"))
    expect(row(desk)).to_have_count(1)
    desk.look()


def the_keeper_tries_it(desk, group):
    desk.press(row(desk).get_by_role("link").first)
    expect(desk.page.locator("[name=new_address]")).to_have_value("")  # kept, never shown again
    desk.look()
    before = len(group.posted)
    desk.press(desk.page.get_by_role("button", name=desk.word("Send a test message")))
    desk.look()
    desk.press(desk.page.locator(".submit-row input[type=submit]"))
    desk.look()
    assert group.taken.wait(60)
    desk.page.reload()
    expect(row(desk)).to_contain_text(desk.word("In order"))
    assert len(group.posted) == before + 1
    group.taken.clear()


def the_agent_chooses(desk):
    desk.open("/notifications/settings/")
    desk.page.fill("[name=email]", "lina@example.cn")
    desk.page.fill("[name=quiet_from]", "22:00")
    desk.page.fill("[name=quiet_until]", "")
    desk.press(desk.button("Keep"))
    expect(desk.page.locator("[name=quiet_until]")).to_have_attribute("aria-invalid", "true")
    desk.look()
    desk.page.fill("[name=quiet_until]", "07:00")
    desk.press(desk.button("Keep"))
    desk.says("Saved.")
    desk.look()


def row(desk):
    return desk.page.locator("#result_list tbody tr").filter(has_text=name_of(desk))


def name_of(desk):
    return desk.word.pick(NAME, "Night group")
