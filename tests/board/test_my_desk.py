"""My desk: what each side sees at each step, what it may press, and that it hears of the other's step at once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handover import desk_actions, tending
from handover import relief_actions as steps
from handover.models import DeskRelief, Turn
from rulebook import actions as rulebook
from rulebook import pledge
from shifts.models import Assignment
from tests import make, make_desks, make_notices

pytestmark = pytest.mark.django_db
TIME = make_desks.TIME


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """The page's moment: `at(make.at(8))` moves it."""
    moment = [TIME]
    monkeypatch.setattr("callcentre.clock.now", lambda: moment[0].astimezone(dt.UTC))
    return lambda new: moment.__setitem__(0, new)


def page_of(client_of, person):
    return client_of(person).get("/desk/")


def doors(page, relief):
    """The steps of a relief that the page lets the reader take."""
    html = page.content.decode()
    return [
        name
        for name in ("arrive", "step_back", "brief", "unbrief", "assume", "sign_out")
        if f'action="{reverse(f"handover:{name}", args=[relief.pk])}"' in html
    ]


@pytest.mark.parametrize(
    ("reached", "outgoing", "incoming"),
    [
        ("relief", [], ["arrive"]),
        ("arrived", ["brief"], ["step_back"]),
        ("briefed", ["unbrief"], ["assume"]),
        ("assumed", ["sign_out"], []),
        ("released", [], []),
    ],
)
def test_each_side_sees_its_own_step(client_of, reached, outgoing, incoming):
    floor = make_desks.floor()
    getattr(make_desks, reached)(floor)
    relief = make_desks.relief(floor)
    assert doors(page_of(client_of, floor.agents[0]), relief) == outgoing
    assert doors(page_of(client_of, floor.next_agents[0]), relief) == incoming


def test_a_button_that_may_not_be_pressed_says_why(client_of):
    floor = make_desks.floor(called=False)
    desk = page_of(client_of, floor.agents[0]).context["desk"]
    assert (desk.may_sign_out.code, desk.may_brief.code) == ("not_relieved", "not_at_desk_yet")
    make_notices.notice(by=floor.director, at=make.at(9))
    page = page_of(client_of, floor.next_agents[0])
    assert [refused.code for refused in page.context["desk"].missing] == ["desk_needs_roll_call", "notice_unread"]
    assert page.content.decode().count("/rulebook/handover.5/") == 2


def test_a_notice_is_read_and_confirmed_in_place(client_of):
    floor = make_desks.floor()
    make_desks.briefed(floor)
    notice = make_notices.notice(by=floor.director, at=make.at(9))
    client = client_of(floor.next_agents[0])
    assert [version.notice for version in client.get("/desk/").context["desk"].unread] == [notice]
    back = client.post(reverse("notices:confirm_notice", args=[notice.pk]), {"version": 1, "back": "desk"})
    page = client.get(back["Location"])
    assert (page.context["desk"].unread, page.context["desk"].may_assume) == ([], None)


def test_the_poll_brings_the_other_side_step(client_of):
    floor = make_desks.floor()
    client = client_of(floor.agents[0])
    version = client.get("/desk/")["X-Live-Version"]
    assert client.get(f"/desk/poll/?v={version}").status_code == 204
    relief = make_desks.arrived(floor)
    changed = client.get(f"/desk/poll/?v={version}")
    assert (changed.status_code, doors(changed, relief)) == (200, ["brief"])


@pytest.mark.parametrize(("reached", "every"), [("relief", 10), ("arrived", 3), ("briefed", 3)])
def test_it_looks_more_often_while_the_other_side_is_at_the_desk(client_of, reached, every):
    floor = make_desks.floor()
    getattr(make_desks, reached)(floor)
    for person in (floor.agents[0], floor.next_agents[0]):
        client = client_of(person)
        assert client.get("/desk/").context["every"] == every
        assert client.get("/desk/poll/?v=1.1.")["X-Live-Every"] == str(every)


def test_an_unchanged_poll_asks_four_statements(client_of):
    floor = make_desks.floor()
    client = client_of(floor.agents[0])
    version = client.get("/desk/")["X-Live-Version"]
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/desk/poll/?v={version}")
    assert len(asked) <= 4


@pytest.mark.parametrize("reached", ["relief", "arrived", "briefed", "assumed", "released"])
def test_my_desk_asks_eight_statements(client_of, reached):
    floor = make_desks.floor()
    getattr(make_desks, reached)(floor)
    for person in (floor.agents[0], floor.next_agents[0]):
        client = client_of(person)
        client.get("/desk/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/")
        assert len(asked) <= 8, [one["sql"] for one in asked]


def test_my_desk_by_the_roster_is_taken_where_nobody_sits(client_of):
    floor = make_desks.floor(prepared=False)
    Turn.objects.all().update(until_at=make.at(15, 20))
    person = floor.next_agents[0]
    page = page_of(client_of, person)
    assert page.context["desk"].free_desk == floor.desks[0]
    client_of(person).post(reverse("handover:take_desk", args=[floor.desks[0].pk]))
    assert page_of(client_of, person).context["desk"].turn.desk == floor.desks[0]


def test_other_free_desks_are_those_planned_for_nobody(client_of):
    floor = make_desks.floor(prepared=False)
    Turn.objects.all().update(until_at=make.at(15, 20))
    Assignment.objects.filter(shift=floor.next_shift, person=floor.next_agents[0]).update(desk=None)
    page = client_of(floor.next_agents[0]).get("/desk/choose/")
    assert page.context["found"] == [floor.desks[0]]
    assert client_of(make.person()).get("/desk/choose/").context["found"] == []


def test_the_last_of_the_day_closes_the_desk(client_of):
    floor = make_desks.floor(following=False)
    page = page_of(client_of, floor.agents[0])
    assert page.context["desk"].may_close
    client_of(floor.agents[0]).post(reverse("handover:close_desk", args=[floor.desks[0].pk]))
    assert make_desks.relief(floor).status == "closed"


def test_the_page_makes_the_relief_that_the_minute_has_not_made(client_of, at):
    floor = make_desks.floor(prepared=False)
    at(make.at(15, 20))
    assert page_of(client_of, floor.agents[0]).context["desk"].leaving is None
    at(make.at(15, 40))
    assert page_of(client_of, floor.agents[0]).context["desk"].leaving.incoming == floor.next_agents[0]


def test_who_has_no_shift_is_told_when_to_come(client_of):
    desk = page_of(client_of, make.person()).context["desk"]
    assert (desk.turn, desk.taking, desk.planned) == (None, None, None)


def rows_of(client_of, person):
    rulebook.acknowledge(edition=pledge.edition(), by=person, at=make.at(1))
    page = client_of(person).get("/")
    kinds = (DeskRelief, type(person.centre))
    return [item.row for item in page.context["items"] if isinstance(item.row, kinds)]


def test_the_start_page_has_my_next_step(client_of):
    floor = make_desks.floor(count=1)
    relief = make_desks.relief(floor)
    assert rows_of(client_of, floor.next_agents[0]) == [relief]
    assert rows_of(client_of, floor.agents[0]) == []
    make_desks.arrived(floor)
    assert client_of(floor.agents[0]).get("/").context["items"][0].url == "/desk/"


def test_the_start_page_of_both_leaders_has_the_desks_that_wait(client_of, at):
    floor = make_desks.floor()
    for leader in (floor.leader, floor.next_leader):
        items = client_of(leader).get("/").context["items"]
        assert [item.row for item in items if item.url == "/handover/reliefs/"] == [floor.shift]
    make_desks.assumed(floor, 0)
    desk_actions.release(turn=floor.turns[1].pk, reason="有事", by=floor.leader, at=TIME)
    items = client_of(floor.leader).get("/").context["items"]
    assert [item.row for item in items if item.url == "/handover/reliefs/"] == []


def test_a_named_substitute_finds_the_desk(client_of):
    floor = make_desks.floor()
    person = make.person(name="替班组员")
    steps.substitute(relief=make_desks.relief(floor).pk, person=person, by=floor.leader, at=TIME)
    tending.follow_roster(centre=floor.centre, at=TIME)
    assert page_of(client_of, person).context["desk"].taking == make_desks.relief(floor)
