"""The pages of a change of shift: every step's litany, the leader's board, one relief."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handover import relief_actions as steps
from handover.models import Closure, DeskRelief, Turn
from journal.models import Entry as JournalRow
from people.models import Role
from shifts.models import Desk
from tests import make, make_desks, make_notices, make_shifts

pytestmark = pytest.mark.django_db
TIME = make_desks.TIME


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """The pages' moment: `at(make.at(8))` moves it."""
    moment = [TIME]
    monkeypatch.setattr("callcentre.clock.now", lambda: moment[0].astimezone(dt.UTC))
    return lambda new: moment.__setitem__(0, new)


# The steps of the two sides: (address, how far the relief has come, who takes it, where it leads, the journal's verb).
STEPS = [
    ("arrive", "relief", "next_agents", "relief_at_desk", "relief.arrived"),
    ("step_back", "arrived", "next_agents", "waiting", "relief.stepped_back"),
    ("brief", "arrived", "agents", "briefed", "relief.briefed"),
    ("unbrief", "briefed", "agents", "relief_at_desk", "relief.unbriefed"),
    ("assume", "briefed", "next_agents", "assumed", "relief.assumed"),
    ("sign_out", "assumed", "agents", "released", "relief.signed_out"),
]
step_by_step = pytest.mark.parametrize(("name", "reached", "side", "leads_to", "verb"), STEPS)


def scene(reached, **options):
    floor = make_desks.floor(**options)
    getattr(make_desks, reached)(floor)
    return floor, make_desks.relief(floor)


def newest():
    row = JournalRow.objects.order_by("pk").last()
    return row.verb, row.actor


@step_by_step
def test_a_step_works_and_is_recorded(client_of, name, reached, side, leads_to, verb):
    floor, relief = scene(reached)
    person = getattr(floor, side)[0]
    response = client_of(person).post(reverse(f"handover:{name}", args=[relief.pk]))
    relief.refresh_from_db()
    assert (response.status_code, response["Location"], relief.status) == (302, "/desk/", leads_to)
    assert newest() == (verb, person)


@step_by_step
def test_a_step_is_refused_to_the_other_side(client_of, name, reached, side, leads_to, verb):
    floor, relief = scene(reached)
    other = floor.agents[0] if side == "next_agents" else floor.next_agents[0]
    codes = {
        "arrive": "relieves_oneself",
        "step_back": "relief_is_anothers",
        "brief": "relief_not_yours_to_brief",
        "unbrief": "relief_not_yours_to_brief",
        "assume": "relieves_oneself",
        "sign_out": "not_your_desk",
    }
    response = client_of(other).post(reverse(f"handover:{name}", args=[relief.pk]))
    assert (response.status_code, response["X-Refusal"]) == (409, codes[name])


@step_by_step
def test_a_step_is_not_taken_twice(client_of, name, reached, side, leads_to, verb):
    floor, relief = scene(reached)
    client, address = client_of(getattr(floor, side)[0]), reverse(f"handover:{name}", args=[relief.pk])
    client.post(address)
    response = client.post(address)
    assert (response.status_code, response["X-Refusal"]) == (409, "wrong_state")


@step_by_step
def test_a_step_of_another_centre_is_not_found(client_of, name, reached, side, leads_to, verb):
    _floor, relief = scene(reached)
    stranger = make.person(centre=make.centre(name="另一中心"))
    assert client_of(stranger).post(reverse(f"handover:{name}", args=[relief.pk])).status_code == 404


@step_by_step
def test_a_step_is_a_post_of_a_role_that_works_here(client_of, name, reached, side, leads_to, verb):
    floor, relief = scene(reached)
    address = reverse(f"handover:{name}", args=[relief.pk])
    assert client_of(floor.agents[0]).get(address).status_code == 405
    assert client_of(make.person(role=Role.ADMINISTRATOR)).post(address).status_code == 403


@step_by_step
def test_a_step_asks_for_eight_statements_besides_the_journals(client_of, name, reached, side, leads_to, verb):
    floor, relief = scene(reached)
    client = client_of(getattr(floor, side)[0])
    client.get("/desk/poll/?v=")  # the session is warm
    with CaptureQueriesContext(connection) as asked:
        client.post(reverse(f"handover:{name}", args=[relief.pk]))
    own = [one["sql"] for one in asked if not re.search("SAVEPOINT|journal_|advisory", one["sql"])]
    assert len(own) <= 8, own


def test_a_mistaken_tap_has_its_undo(client_of):
    floor, relief = scene("relief")
    client = client_of(floor.next_agents[0])
    client.post(reverse("handover:arrive", args=[relief.pk]))
    page = client.get("/desk/").content.decode()
    assert page.count(reverse("handover:step_back", args=[relief.pk])) == 2  # the bar, and the quiet button


def test_an_unread_notice_keeps_from_taking_over(client_of):
    floor, relief = scene("briefed")
    make_notices.notice(by=floor.director, at=make.at(9))
    response = client_of(floor.next_agents[0]).post(reverse("handover:assume", args=[relief.pk]))
    assert (response.status_code, response["X-Refusal"]) == (409, "notice_unread")


def test_a_missing_remark_is_asked_for_with_the_ticks_kept(client_of):
    floor, relief = scene("briefed")
    client, item = client_of(floor.next_agents[0]), steps.items_of(floor.centre.pk)[1]
    address = reverse("handover:assume", args=[relief.pk])
    response = client.post(address, {"faults": [item], "remark": ""})
    assert (response.status_code, response["Location"]) == (302, f"/desk/?fault={item}")
    assert f'value="{item}" checked' in client.get(response["Location"]).content.decode()
    client.post(address, {"faults": [item], "remark": "座椅升降失灵"})
    relief.refresh_from_db()
    assert (relief.status, relief.faults, relief.remark) == ("assumed", [item], "座椅升降失灵")


def test_the_leader_names_a_substitute(client_of):
    floor, relief = scene("relief", count=2)
    spare = make.person(name="机动组员")
    make_desks.plan(floor.next_shift, [spare], [make_shifts.desks(count=3)[2]])
    client, address = client_of(floor.next_leader), reverse("handover:substitute", args=[relief.pk])
    assert client.get(address).status_code == 405
    assert client.post(address, {"person": floor.agents[1].pk}).status_code == 422
    assert client.post(address, {"person": spare.pk})["Location"] == "/handover/reliefs/"
    relief.refresh_from_db()
    assert (relief.incoming, newest()) == (spare, ("relief.substituted", floor.next_leader))
    refused = client_of(floor.agents[1]).post(address, {"person": floor.next_agents[0].pk})
    assert (refused.status_code, refused.headers.get("X-Refusal")) in [(422, None), (409, "desk_leader_only")]


def test_a_substitute_from_outside_is_named_by_number(client_of):
    floor, relief = scene("relief")
    outsider = make.person(name="支援组员")
    client, address = client_of(floor.leader), reverse("handover:substitute", args=[relief.pk])
    assert client.post(address, {"number": "0000"}).context["form"].errors.keys() == {"number"}
    assert client.post(address, {}).context["form"].errors.keys() == {"person"}
    refused = client.post(address, {"number": floor.director.employee_number})
    assert (refused.status_code, refused.context["form"].errors.keys()) == (422, {"number"})
    client.post(address, {"number": outsider.employee_number})
    relief.refresh_from_db()
    assert (relief.incoming, relief.named_by) == (outsider, floor.leader)


def test_the_leader_releases_with_a_reason(client_of):
    floor, relief = scene("relief")
    client, address = client_of(floor.leader), reverse("handover:release", args=[relief.turn_id])
    assert client.post(address, {"reason": ""}).status_code == 422
    agent = client_of(floor.agents[1]).post(address, {"reason": "我先走了"})
    assert (agent.status_code, agent["X-Refusal"]) == (409, "desk_leader_only")
    stranger = make.person(role=Role.LEADER, centre=make.centre(name="另一中心"))
    assert client_of(stranger).post(address, {"reason": "有事"}).status_code == 404
    assert client.post(address, {"reason": "身体不适"})["Location"] == "/handover/reliefs/"
    relief.refresh_from_db()
    assert (relief.status, relief.reason, newest()) == ("let_go", "身体不适", ("relief.released", floor.leader))
    assert client.post(address, {"reason": "再一次"}).status_code == 404  # nobody sits there any more
    assert client.get(address).status_code == 405


def test_the_leader_notes_that_nobody_was_there(client_of):
    floor, relief = scene("relief")
    address = reverse("handover:release", args=[relief.turn_id])
    client_of(floor.next_leader).post(address, {"reason": "未签退先走", "nobody_there": "1"})
    relief.refresh_from_db()
    assert (relief.status, newest()) == ("cancelled", ("relief.nobody_there", floor.next_leader))


def desk_of(floor, number=0):
    Turn.objects.filter(desk=floor.desks[number]).update(until_at=make.at(15, 20))
    DeskRelief.objects.filter(desk=floor.desks[number]).delete()
    return floor.desks[number]


def test_an_agent_takes_a_free_desk(client_of):
    floor = make_desks.floor()
    address = reverse("handover:take_desk", args=[desk_of(floor).pk])
    client = client_of(floor.next_agents[0])
    assert client.get(address).status_code == 405
    assert client.post(address)["Location"] == "/desk/"
    assert newest() == ("desk.taken", floor.next_agents[0])
    refused = client_of(floor.next_agents[1]).post(address)
    assert (refused.status_code, refused["X-Refusal"]) == (409, "desk_taken")
    assert client_of(make.person(centre=make.centre(name="另一中心"))).post(address).status_code == 404


def test_the_leader_closes_and_opens_a_desk(client_of):
    floor = make_desks.floor()
    desk = desk_of(floor)
    client = client_of(floor.leader)
    for name, verb, now in (("close_desk", "desk.closed", 1), ("open_desk", "desk.opened", 0)):
        address = reverse(f"handover:{name}", args=[desk.pk])
        assert client.get(address).status_code == 405
        refused = client_of(floor.agents[1]).post(address)
        assert (refused.status_code, refused["X-Refusal"]) == (409, "desk_leader_only")
        assert client.post(address)["Location"] == "/handover/reliefs/"
        assert (newest(), Closure.objects.now(floor.centre).count()) == ((verb, floor.leader), now)
    assert client.post(reverse("handover:open_desk", args=[desk.pk]))["X-Refusal"] == "desk_not_closed"
    other = make.person(role=Role.LEADER, centre=make.centre(name="另一中心"))
    assert client_of(other).post(reverse("handover:close_desk", args=[desk.pk])).status_code == 404


def test_the_leader_seats_somebody(client_of):
    floor = make_desks.floor()
    desk = desk_of(floor)
    values, address = {"desk": desk.pk, "person": floor.next_agents[0].pk}, reverse("handover:give_desk")
    client = client_of(floor.next_leader)
    assert client.get(address).status_code == 405
    assert client_of(floor.agents[1]).post(address, values)["X-Refusal"] == "desk_leader_only"
    assert client.post(address, values)["Location"] == "/handover/reliefs/"
    assert newest() == ("desk.given", floor.next_leader)
    assert client.post(address, values)["X-Refusal"] == "desk_choice_gone"


def test_the_board_has_those_first_that_wait(client_of):
    floor = make_desks.floor(count=3)
    make_desks.released(floor, 0)
    make_desks.arrived(floor, 1)
    page = client_of(floor.leader).get("/handover/reliefs/")
    shown = [relief.desk.code for relief, *_rest in page.context["board"].rows]
    assert (shown, page.context["board"].counts) == (["A02", "A03", "A01"], {"all": 3, "over": 1, "open": 2})
    assert not page.context["board"].is_off
    assert page.context["free"].may_decide is None


def test_the_old_shift_is_off(client_of):
    floor = make_desks.floor(count=2)
    for number in range(2):
        make_desks.released(floor, number)
    page = client_of(floor.leader).get("/handover/reliefs/")
    assert page.context["board"].is_off


def test_the_board_makes_what_the_minute_has_not_made(client_of):
    floor = make_desks.floor(prepared=False)
    client_of(floor.leader).get("/handover/reliefs/")
    assert DeskRelief.objects.count() == 2


def test_the_board_is_asked_for_again_only_when_it_has_changed(client_of):
    floor = make_desks.floor()
    client = client_of(floor.leader)
    version = client.get("/handover/reliefs/").context["version"]
    address = f"/handover/reliefs/poll/?v={version}"
    assert client.get(address).status_code == 204
    make_desks.arrived(floor)
    changed = client.get(address)
    assert (changed.status_code, changed.context["version"] != version) == (200, True)


def test_the_board_costs_the_same_for_one_relief_and_for_ten(client_of):
    floor = make_desks.floor(count=1)
    client = client_of(floor.leader)
    client.get("/handover/reliefs/")
    with CaptureQueriesContext(connection) as few:
        client.get("/handover/reliefs/")
    for number in range(2, 12):
        desk = Desk.objects.create(room=floor.desks[0].room, code=f"A{number:02}")
        make_desks.sit(floor, make.person(), desk)
    client.get("/handover/reliefs/")
    with CaptureQueriesContext(connection) as many:
        client.get("/handover/reliefs/")
    assert (len(few) == len(many), len(many) <= 14) == (True, True), [one["sql"] for one in many]


def test_one_relief_shows_its_way_and_what_was_not_in_order(client_of):
    floor, relief = scene("briefed")
    item = steps.items_of(floor.centre.pk)[2]
    steps.assume(relief=relief.pk, by=floor.next_agents[0], at=TIME, faults=[item], remark="耳机左侧无声")
    page = client_of(floor.leader).get(reverse("handover:show_relief", args=[relief.pk]))
    sheet = page.context["sheet"]
    assert [step["state"] for step in sheet.steps] == ["done", "done", "done", "done", "current"]
    assert [in_order for _item, in_order in sheet.items] == [True, True, False, True, True]
    assert "耳机左侧无声" in page.content.decode()
    stranger = make.person(role=Role.LEADER, centre=make.centre(name="另一中心"))
    assert client_of(stranger).get(reverse("handover:show_relief", args=[relief.pk])).status_code == 404
