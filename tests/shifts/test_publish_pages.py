"""The page on which a draft is published, and the versions of what was."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from people.models import Role
from shifts import actions
from shifts.models import Demand, Leave, Roster, Version
from tests import make, make_editing, make_shifts
from tests.make_editing import AT, edit

pytestmark = pytest.mark.django_db
TUESDAY = make.MONDAY + dt.timedelta(days=1)
FRIDAY_BEFORE = make.MONDAY - dt.timedelta(days=3)


@pytest.fixture(autouse=True)
def friday_before(monkeypatch):
    """Pages read the clock once; the clock is the edge of the process."""
    monkeypatch.setattr(clock, "now", lambda: make.at(9, on=FRIDAY_BEFORE).astimezone(dt.UTC))


@pytest.fixture
def director():
    return make_shifts.director()


@pytest.fixture
def draft(director):
    return make_editing.draft(by=director)


def address(name, roster):
    return reverse(f"shifts:{name}", args=[roster.pk])


def lack(roster):
    kind = actions.ensure_shift_type(roster.centre, "D")
    Demand.objects.create(centre=roster.centre, type=kind, heads=3, from_on=make.FIRST_DAY)


def stranger(role=Role.DIRECTOR):
    return make.person(role=role, centre=make.centre(name="别的中心"))


def test_the_page_says_what_the_checks_found_and_who_is_told(client_of, director, draft):
    lack(draft)
    page = client_of(director).get(address("publish_roster", draft))
    proposal = page.context["proposal"]
    assert [(group.count, len(group.lines)) for group in proposal.warnings] == [(7, 7)]
    assert (proposal.refusing, proposal.replaced, proposal.told) == ([], None, 12)
    assert (page.status_code, page.context["may_publish"]) == (200, None)


def test_warnings_are_published_with_a_reason(client_of, director, draft):
    lack(draft)
    client, url = client_of(director), address("publish_roster", draft)
    refused = client.post(url, {"reason": ""})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    answer = client.post(url, {"reason": "下周补人"})
    assert (answer.status_code, answer.url) == (302, address("show_draft", draft))
    assert Version.objects.get(roster=draft).reason == "下周补人"


def test_a_breach_leaves_no_button(client_of, director, draft):
    agent = draft.rotation.teams.get(name="甲班").person_set.order_by("pk")[1]
    days = {"from_on": make.MONDAY, "until_on": make.MONDAY}
    who = {"asked_by": agent, "asked_at": AT, "decided_by": director, "decided_at": AT}
    Leave.objects.create(centre=draft.centre, person=agent, kind="annual", status="approved", **days, **who)
    client, url = client_of(director), address("publish_roster", draft)
    page = client.get(url)
    assert [group.lines[0][0] for group in page.context["proposal"].refusing] == [agent.name]
    assert page.content.decode().count('name="reason"') == 0
    assert (client.post(url, {"reason": "x"}).status_code, Roster.objects.get().status) == (422, "draft")


def test_what_it_replaces_is_named_and_replaced(client_of, director, draft):
    actions.publish_roster(roster=draft, by=director, at=AT)
    second = make_shifts.roster(rotation=draft.rotation, by=director, published=False)
    agent = draft.rotation.teams.get(name="甲班").person_set.order_by("pk")[1]
    edit(second, director, (agent.pk, TUESDAY, ""))
    client, url = client_of(director), address("publish_roster", second)
    proposal = client.get(url).context["proposal"]
    assert (proposal.replaced, proposal.told) == (draft, 1)
    assert client.post(url).status_code == 302
    draft.refresh_from_db()
    assert draft.status == Roster.Status.ARCHIVED


def test_a_published_roster_has_no_such_page(client_of, director, draft):
    actions.publish_roster(roster=draft, by=director, at=AT)
    client, url = client_of(director), address("publish_roster", draft)
    assert client.get(url).url == address("show_draft", draft)
    answer = client.post(url)
    assert (answer.status_code, answer["X-Refusal"]) == (409, "wrong_state")


def test_who_does_not_publish(client_of, draft):
    url = address("publish_roster", draft)
    found = {role: client_of(make.person(role=role)).post(url).status_code for role in (Role.LEADER, Role.AGENT)}
    assert found == {Role.LEADER: 403, Role.AGENT: 403}
    assert [client_of(stranger()).get(url).status_code, client_of(stranger()).post(url).status_code] == [404, 404]
    assert client_of(make_shifts.director()).put(url).status_code == 405


def test_the_page_asks_the_same_of_a_week_and_of_two(client_of, director):
    rotation, counts = make_shifts.rotation(), []
    for days in (6, 13):
        draft = make_shifts.roster(
            rotation=rotation, by=director, until_on=make.MONDAY + dt.timedelta(days=days), published=False
        )
        client = client_of(director)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("publish_roster", draft)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 24


# Versions


def changed(draft, director, steps=2):
    """Published, then its first agent's Tuesday to and fro."""
    actions.publish_roster(roster=draft, by=director, at=AT)
    agent = draft.rotation.teams.get(name="甲班").person_set.order_by("pk")[1]
    for number in range(steps):
        edit(draft, director, (agent.pk, TUESDAY, "D" if number % 2 else "M"), reason=f"第{number + 1}次")
    return agent


def test_the_versions_and_what_differs_between_two(client_of, director, draft):
    agent = changed(draft, director, 3)
    client, url = client_of(director), address("list_versions", draft)
    page = client.get(url)
    rows = [(row.number, row.reason, row.people) for row in page.context["versions"]]
    assert rows == [(4, "第3次", 1), (3, "第2次", 1), (2, "第1次", 1), (1, "", 0)]
    assert (page.context["old"], page.context["new"]) == (3, 4)
    table = page.context["table"]
    codes = [[type.code for type in types] for types in table["rows"][0][1][0]]
    assert (table["days"], table["rows"][0][0], codes) == ([TUESDAY], agent, [["D"], ["M"]])
    assert client.get(url, {"from": 1, "to": 3}).context["table"]["rows"] == []


@pytest.mark.parametrize("asked", [{"from": "x", "to": "-1"}, {"from": "99", "to": "99"}, {"before": "١"}, {"to": "0"}])
def test_versions_that_do_not_exist_are_the_nearest(client_of, director, draft, asked):
    changed(draft, director, 1)
    page = client_of(director).get(address("list_versions", draft), asked)
    assert page.status_code == 200
    assert {page.context["old"], page.context["new"]} <= {1, 2}


def test_a_draft_has_no_versions_yet(client_of, director, draft):
    page = client_of(director).get(address("list_versions", draft))
    assert (page.status_code, page.context["versions"], page.context["table"]) == (200, [], None)


def test_long_lists_of_versions_come_in_pages(client_of, director, draft, monkeypatch):
    monkeypatch.setattr("shifts.views.versions.PAGE", 2)
    changed(draft, director, 3)
    client, url = client_of(director), address("list_versions", draft)
    first = client.get(url)
    second = client.get(url + first.context["older"])
    assert [row.number for row in second.context["versions"]] == [2, 1]
    assert (second.context["older"], second.context["old"], second.context["new"]) == ("", 3, 4)


def test_who_reads_versions(client_of, director, draft):
    changed(draft, director, 1)
    url = address("list_versions", draft)
    roles = (Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR, Role.AGENT, Role.INSPECTOR)
    found = [client_of(make.person(role=role)).get(url).status_code for role in roles]
    assert found == [200, 200, 200, 403, 403]
    assert client_of(stranger()).get(url).status_code == 404
    assert client_of(director).post(url).status_code == 405


def test_versions_ask_the_same_of_one_change_and_ten(client_of, director, draft):
    client, url, counts = client_of(director), address("list_versions", draft), []
    changed(draft, director, 1)
    for steps in (0, 9):
        agent = draft.rotation.teams.get(name="甲班").person_set.order_by("pk")[2]
        for number in range(steps):
            edit(draft, director, (agent.pk, TUESDAY, "D" if number % 2 else "M"), reason="又")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url, {"from": 1}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
