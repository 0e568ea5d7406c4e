"""What happened at desks, and what is not finished, in the admin: read by directors, changed by nobody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handover import actions
from handover import relief_actions as steps
from handover.models import Closure, DeskRelief, Log, OpenItem, Turn
from people.models import Role
from rulebook.models import ChecklistItem
from tests import make, make_desks, make_handover

pytestmark = pytest.mark.django_db


def address(model, page="changelist", *args):
    return reverse(f"admin:handover_{model._meta.model_name}_{page}", args=args)


def listed(client, model, **query):
    return list(client.get(address(model), query).context["cl"].result_list)


def test_reliefs_are_found_by_state_day_room_desk_and_person(client_of):
    floor = make_desks.floor(count=2)
    first, second = make_desks.released(floor), make_desks.relief(floor, 1)
    client = client_of(floor.director)
    assert listed(client, DeskRelief) == [second, first]
    assert listed(client, DeskRelief, status__exact="released") == [first]
    assert listed(client, DeskRelief, waiting_since__gte="2026-11-24 00:00:00+08:00") == []
    assert listed(client, DeskRelief, desk__room__id__exact=floor.desks[0].room_id) == [second, first]
    assert listed(client, DeskRelief, q="a02") == [second]
    assert listed(client, DeskRelief, q=floor.next_agents[0].employee_number) == [first]
    assert listed(client, Turn, q=floor.next_agents[0].employee_number) == [
        Turn.objects.get(until_at=None, relief=None)
    ]


def test_a_relief_says_its_steps_and_what_was_not_in_order(client_of):
    floor = make_desks.floor()
    item = ChecklistItem.objects.get(pk=steps.items_of(floor.centre)[0])
    relief = make_desks.assumed(floor, faults=[item.pk], remark="耳机有杂音")
    page = client_of(floor.director).get(address(DeskRelief, "change", relief.pk)).content.decode()
    assert [item.text in page, "耳机有杂音" in page, f'href="{relief.get_absolute_url()}"' in page] == [True] * 3


def rows(floor):
    """One of each kind."""
    closed = Closure.objects.create(centre=floor.centre, desk=floor.desks[1], from_at=make.at(9), by=floor.leader)
    return [make_desks.released(floor), floor.turns[0], closed]


def test_directors_read_and_nobody_changes(client_of):
    found = rows(make_desks.floor(count=2))
    for role, status in [(Role.DIRECTOR, 200), (Role.CENTRE_DIRECTOR, 200), (Role.ADMINISTRATOR, 403)]:
        client = client_of(make.person(role=role))
        for row in found:
            change = address(type(row), "change", row.pk)
            assert (client.get(address(type(row))).status_code, client.get(change).status_code) == (status, status)
            assert client.get(address(type(row), "add")).status_code == 403
            assert client.post(change, {"reason": "x"}).status_code == 403
            assert client.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403


def test_another_centres_rows_are_not_there(client_of):
    found = rows(make_desks.floor(count=2))
    client = client_of(make.person(role=Role.DIRECTOR, centre=make.centre(name="远山客服中心")))
    for row in found:
        assert listed(client, type(row)) == []
        assert client.get(address(type(row), "change", row.pk)).status_code == 302


def statements(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("count", [1, 10])
def test_the_lists_cost_the_same_for_any_floor(client_of, count):
    floor = make_desks.floor(count=count)
    for number in range(count):
        make_desks.released(floor, number)
    client = client_of(floor.director)
    assert [statements(client, address(model)) for model in (DeskRelief, Turn)] == [5, 5]


@pytest.mark.parametrize("count", [1, 10])
def test_open_items_are_found_by_state_and_owner(client_of, count):
    floor = make_handover.floor()
    items = []
    for number in range(count):
        entry = make_handover.entry(floor, text=f"第 {number} 号席报修")
        owner = floor.agents[number % 2]
        items.append(actions.follow_up(entry=entry, owner=owner, by=floor.leader, at=make_handover.MORNING))
    client = client_of(make.person(role=Role.DIRECTOR))
    assert statements(client, address(OpenItem)) == 4
    assert listed(client, OpenItem, status__exact="closed") == []
    assert listed(client, OpenItem, q=floor.agents[0].employee_number) == items[::2][::-1]
    assert client.get(address(Log)).status_code == 200
