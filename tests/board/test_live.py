"""The live floor: who reads it, what each role sees, what a poll answers, and what it costs."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from board import live
from board.look import Look
from journal.actions import entry, record_all
from journal.marks import mark_of
from journal.models import Entry
from people.models import Role
from tests import make, make_desks, make_duties, make_escalations, make_rollcall
from tests.make_delivery import message

pytestmark = pytest.mark.django_db

AT = make.at(10, 30)
POLL = "/live/poll/"
PAGE = 12  # statements of the page
SHARED_STATEMENTS = 7  # of these: shifts, three of the desks, roll calls, duties, unread notices


@pytest.fixture
def at(monkeypatch):
    """`at(moment)` sets the clock; it stands at half past ten."""

    def set_(moment):
        monkeypatch.setattr("callcentre.clock.now", lambda: moment)

    set_(AT)
    return set_


def parts_of(response):
    return {part.code: part for part in response.context["parts"]}


class Screen:
    """The live floor open in somebody's browser, polling."""

    def __init__(self, client):
        self.client = client
        page = client.get("/live/")
        assert page.status_code == 200
        self.parts, self.version = parts_of(page), page["X-Live-Version"]

    def poll(self, **also):
        asked = {code: part.digest for code, part in self.parts.items()}
        response = self.client.get(POLL, {"v": self.version, **asked, **also})
        self.version = response["X-Live-Version"]
        if response.status_code == 200:
            self.parts |= parts_of(response)
        return response


def changed(response):
    return sorted(parts_of(response)) if response.status_code == 200 else response.status_code


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("address", ["/live/", POLL])
def test_leaders_directors_and_inspectors_read_it(client_of, role, address):
    expected = 200 if role in live.READERS else 403
    assert client_of(make.person(role=role)).get(address).status_code == expected


def test_it_is_only_read(client_of):
    client = client_of(make.person(role=Role.LEADER))
    assert [client.post(address).status_code for address in ("/live/", POLL)] == [405, 405]


def test_a_poll_of_what_has_not_changed_is_empty_and_kept_by_nobody(client_of, at):
    screen = Screen(client_of(make_escalations.line().leader))
    response = screen.poll(bell="0.0")
    assert (response.status_code, response.content, response["Cache-Control"]) == (204, b"", "no-store")


def test_only_what_changed_is_sent(client_of, at):
    people = make_escalations.line()
    screen = Screen(client_of(people.leader))
    make_escalations.case(people, at=AT)
    assert changed(screen.poll()) == ["requests"]
    assert changed(screen.poll()) == 204


def test_what_is_sent_is_what_a_reload_shows(client_of, at):
    people = make_escalations.line()
    client = client_of(people.leader)
    screen = Screen(client)
    make_escalations.case(people, at=AT)
    screen.poll()
    assert {code: part.digest for code, part in screen.parts.items()} == {
        code: part.digest for code, part in Screen(client).parts.items()
    }


# ---- what each role sees


def shown(client, code):
    return parts_of(client.get("/live/"))[code].html


def test_requests_are_shown_to_whom_they_concern(client_of, at):
    people = make_escalations.line()
    case = make_escalations.case(people, urgent=True, category="danger", at=AT)
    leaders = shown(client_of(people.leader), "requests")
    assert case.what_happened in leaders
    assert f"/escalations/{case.pk}/acknowledge/" in leaders
    overseen = shown(client_of(people.director), "requests")
    assert case.what_happened not in overseen
    assert case.get_category_display() in overseen
    assert case.get_category_display() not in shown(client_of(people.inspector), "requests")


def test_a_confidential_case_is_not_even_counted_for_others(client_of, at):
    people = make_escalations.line()
    case = make_escalations.case(people, urgent=True, category="confidential", at=AT)
    counts = {
        name: live.Requests(getattr(people, name), AT).count
        for name in ("leader", "director", "centre_director", "inspector")
    }
    assert case.level.kind == "leader"
    assert counts == {"leader": 1, "director": 0, "centre_director": 1, "inspector": 0}
    html = shown(client_of(people.director), "requests")
    assert case.get_category_display() not in html


def test_the_roll_call_says_how_many_are_here_and_who_is_not(client_of, at):
    floor = make_rollcall.opened()
    at(make.at(7, 56))
    first, second, third = floor.agents
    make_rollcall.here(floor, first, make.at(7, 40))
    make_rollcall.here(floor, second, make.at(7, 55))
    make_rollcall.away(floor, third)
    (call,) = Look(floor.centre, make.at(7, 56)).roll_calls
    assert (call.present, call.crew, call.expected) == (3, 4, 0)  # the leader who calls is here
    assert call.late == [(second.pk, second.name)]
    assert call.absent == [(third.pk, third.name)]


def test_a_duty_becomes_overdue_by_the_clock_alone(client_of, at):
    people = make_escalations.line()
    duty = make_duties.duty(rule=make_duties.own_rule(window_minutes=180))  # from 08:00
    screen = Screen(client_of(people.leader))
    at(duty.due_at - dt.timedelta(seconds=1))
    screen.poll()
    assert changed(screen.poll()) == 204
    at(duty.due_at)
    assert changed(screen.poll()) == ["duties", "figures"]


def test_what_is_owed_from_days_before_stands_first(at):
    rule = make_duties.own_rule()
    today = make_duties.duty(rule=rule)
    owed = make_duties.duty(rule=rule, on=make.MONDAY - dt.timedelta(days=7), status="missed")
    make_duties.duty(rule=rule, on=make.MONDAY - dt.timedelta(days=14), status="waived", reason="停电")
    assert Look(rule.centre, AT).duties == [owed, today]


# ---- desks


def test_every_desk_says_who_sits_there_and_who_relieves(at):
    floor = make_desks.floor(count=3)
    make_desks.briefed(floor, 1)
    look = Look(floor.centre, make.at(16, 3))
    assert [(row.code, row.state) for row in look.reliefs] == [
        ("A01", "waiting"),
        ("A03", "waiting"),
        ("A02", "briefed"),
    ]
    html = look.relief_tiles
    assert f"{floor.agents[1].name} → {floor.next_agents[1].name}" in html
    assert html.count("<li") == 3
    assert [tiles.count("<li") for _pk, _room, tiles in look.rooms] == []


def test_a_name_is_escaped_on_its_tile(at):
    floor = make_desks.floor(count=1, prepared=False)
    floor.agents[0].name = "<b>李娜"
    floor.agents[0].save()
    ((_pk, _room, tiles),) = Look(floor.centre, AT).rooms
    assert "&lt;b&gt;李娜" in tiles
    assert "<b>" not in tiles


def test_a_step_of_a_relief_is_on_every_floor_at_the_next_poll(client_of, at):
    floor = make_desks.floor()
    at(make_desks.TIME)
    boards = [Screen(client_of(person)) for person in (floor.next_leader, floor.director)]
    make_desks.arrived(floor)
    assert [changed(board.poll()) for board in boards] == [["desks"], ["desks"]]
    assert [changed(board.poll()) for board in boards] == [204, 204]


def test_what_is_short_of_the_roster_is_counted(at):
    floor = make_desks.floor(count=4, prepared=False)
    floor.turns[0].delete()
    look = Look(floor.centre, AT)
    assert (look.manned, look.planned, look.closed, look.short) == (3, 4, 0, 1)


# ---- what it costs


@pytest.mark.parametrize("desks", [10, 200])
def test_the_page_asks_the_same_however_many_desks(client_of, at, desks, django_assert_num_queries):
    floor = make_desks.floor(count=desks)
    at(make_desks.TIME)
    client = client_of(floor.leader)
    client.get("/live/")
    live.KEPT.forget()
    with django_assert_num_queries(PAGE):
        client.get("/live/")


def test_what_another_has_drawn_is_not_asked_for_again(client_of, at, django_assert_num_queries):
    floor = make_desks.floor()
    at(make_desks.TIME)
    client_of(floor.director).get("/live/")
    client = client_of(floor.leader)
    with django_assert_num_queries(PAGE - SHARED_STATEMENTS):
        client.get("/live/")


def test_an_unchanged_poll_asks_three_statements_with_the_bell(client_of, at):
    floor = make_desks.floor(count=10, called=False)
    screen = Screen(client_of(floor.leader))
    with CaptureQueriesContext(connection) as asked:
        response = screen.poll(bell="0.0")
    assert response.status_code == 204
    assert len(asked) == 3  # session, person with roles and unread messages, the journal's mark


def test_a_row_that_commits_late_moves_the_mark(at):
    """On PostgreSQL a lower number may appear after a higher one."""
    centre = make.centre()
    rows = [entry("duty.opened", centre, centre=centre, by=None, at=AT) for _number in range(3)]
    with transaction.atomic():
        record_all(rows[:1])
        record_all(rows[1:2])
    late, newest = Entry.objects.order_by("pk")
    with_both = mark_of(centre.pk)
    assert with_both == late.pk + newest.pk > newest.pk


# ---- the bell


def test_the_bell_comes_with_the_poll_when_its_number_changed(client_of, at):
    people = make_escalations.line()
    screen = Screen(client_of(people.leader))
    assert 'hx-get="/notifications/bell/' not in screen.client.get("/live/").content.decode()
    assert screen.poll(bell="0.0").status_code == 204
    message(person=people.leader)
    response = screen.poll(bell="0.0")
    assert (response.status_code, parts_of(response)) == (200, {})
    assert 'id="bell"' in response.content.decode()
    assert screen.poll(bell="1.0").status_code == 204


def test_after_a_step_on_the_page_the_poll_says_what_came_of_it(client_of, at):
    people = make_escalations.line()
    case = make_escalations.case(people, at=AT)
    screen = Screen(client_of(people.leader))
    screen.client.post(f"/escalations/{case.pk}/acknowledge/")
    response = screen.poll(said=1)
    assert changed(response) == ["requests"]
    assert 'id="messages"' in response.content.decode()
    assert [str(one) for one in response.context["messages"]] != []
    assert screen.poll().status_code == 204
