"""The start page: what waits for each role, late first, with the buttons on it."""

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from board import views
from duties.models import Duty, Heartbeat
from people.models import Role
from rulebook import actions as rulebook
from rulebook import breaches, pledge
from tests import make, make_duties, make_escalations, make_handover, make_meetings, make_shifts
from tests.make_delivery import announcement, channel, message

pytestmark = pytest.mark.django_db

AT = make.at(10)
breaches.kinds({"tests.late": "late"})


@pytest.fixture
def at(monkeypatch):
    """The page's moment: `at(make.at(17))` moves it."""
    moment = [AT]
    monkeypatch.setattr("callcentre.clock.now", lambda: moment[0])
    return lambda new: moment.__setitem__(0, new)


@pytest.fixture
def day(at):
    """A Monday's day shift with leader, two agents and a director, who have all given their pledge."""
    team, leader, agents = make_shifts.crew()
    shift = make_shifts.shift(team=team, leader=leader, people=agents)
    director = make.person(role=Role.DIRECTOR, number="8001", name="林涛")
    for person in (leader, *agents, director):
        acknowledge(person)
    return {"shift": shift, "leader": leader, "agents": agents, "director": director}


def acknowledge(person):
    rulebook.acknowledge(edition=pledge.edition(), by=person, at=AT)


def items(client):
    return [(item.template, item.row) for item in client.get("/").context["items"]]


def test_a_quiet_start(client_of, day):
    response = client_of(day["agents"][0]).get("/")
    assert response.status_code == 200
    assert response.context["items"] == []
    assert response.context["on_floor"] == [day["shift"]]


def test_the_pledge_waits_for_who_has_not_given_it(client_of, at):
    assert items(client_of(make.person())) == [("board/_pledge.html", 2026)]


def test_a_duty_waits_for_that_days_leader_with_its_button(client_of, day):
    duty = make_duties.duty()
    response = client_of(day["leader"]).get("/")
    item = response.context["items"][0]
    assert (item.row, item.start_url) == (duty, f"/duties/{duty.pk}/start/")
    assert items(client_of(day["agents"][0])) == []
    assert client_of(day["leader"]).post(item.start_url).status_code == 302
    duty.refresh_from_db()
    assert duty.status == Duty.Status.STARTED


def test_what_is_late_comes_first(client_of, day, at):
    at(make.at(15))
    soon = make_duties.duty(rule=make_duties.own_rule(window_minutes=480))
    late = make_duties.duty(rule=make_duties.own_rule(code="lamps", window_minutes=60))
    assert items(client_of(day["leader"])) == [("board/_duty.html", late), ("board/_duty.html", soon)]


def test_the_director_decides_what_the_software_noticed(client_of, day):
    breach = rulebook.notice(
        clause="handover.1",
        person=day["agents"][0],
        kind="tests.late",
        at=AT,
        about=day["shift"],
        leader=day["leader"],
    )
    assert items(client_of(day["leader"])) == [("board/_breach.html", breach)]
    assert items(client_of(day["director"])) == [("board/_breach.html", breach)]
    assert items(client_of(day["agents"][1])) == []


def test_my_next_shift_is_the_nearest_published_one(client_of, day):
    agent = day["agents"][0]
    team = day["shift"].team
    later = make_shifts.shift(on=make.MONDAY + dt.timedelta(days=3), team=team, people=[agent])
    sooner = make_shifts.shift(on=make.MONDAY + dt.timedelta(days=1), team=team, people=[agent])
    make_shifts.shift(on=make.MONDAY + dt.timedelta(days=1), type="M", team=team, people=[agent], published=False)
    assert client_of(agent).get("/").context["mine"] == sooner
    assert later.starts_at > sooner.starts_at
    assert client_of(day["director"]).get("/").context["mine"] is None


def test_the_newest_messages(client_of, day):
    agent = day["agents"][0]
    made = [message(person=agent) for _i in range(views.NEWEST + 1)]
    assert list(client_of(agent).get("/").context["messages_newest"]) == made[:0:-1]


def test_only_the_floor_is_offered_to_write(client_of, day):
    assert client_of(day["agents"][0]).get("/").context["writes"]
    assert not client_of(day["director"]).get("/").context["writes"]


def test_other_centres_are_not_there(client_of, day):
    make_duties.duty()
    elsewhere = make.person(role=Role.DIRECTOR, centre=make.centre(name="别处"))
    context = client_of(elsewhere).get("/").context
    assert (context["on_floor"], list(context["duties"])) == ([], [])


@pytest.mark.parametrize("role", Role)
def test_it_opens_for_every_role(client_of, at, role):
    assert client_of(make.person(role=role)).get("/").status_code == 200


def statements(client):
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    return len(queries)


@pytest.mark.parametrize("role", ["leader", "director"])
def test_the_page_costs_the_same_for_ten_rows(client_of, day, role):
    client = client_of(day[role])
    make_duties.duty(rule=make_duties.own_rule())
    message(person=day[role])
    before = statements(client)
    for number in range(9):
        make_duties.duty(rule=make_duties.own_rule(code=f"more-{number}"))
        message(person=day[role])
    assert statements(client) == before


def test_it_is_read_only(client_of, day):
    assert client_of(day["leader"]).post("/").status_code == 405


# Ready


def test_ready_while_the_database_answers_and_the_clock_ticks(client, at):
    Heartbeat.objects.create(pk=1, ticked_at=AT - dt.timedelta(seconds=170))
    response = client.get("/health/ready/")
    said = {"database": "ok", "tick": "ok", "relay": "ok", "channels": "ok"}
    assert (response.status_code, response.json()) == (200, said)


@pytest.mark.parametrize("age", [None, 181])
def test_not_ready_three_minutes_after_the_last_tick(client, at, age):
    if age:
        Heartbeat.objects.create(pk=1, ticked_at=AT - dt.timedelta(seconds=age))
    response = client.get("/health/ready/")
    assert (response.status_code, response.json()["tick"]) == (503, "none for three minutes")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("age", "status"), [(170, 200), (190, 503)])
def test_not_ready_while_no_relay_sends(client, at, age, status):
    Heartbeat.objects.create(pk=1, ticked_at=AT)
    announcement(to=[make.person()], at=AT - dt.timedelta(seconds=age))
    assert client.get("/health/ready/").status_code == status


def test_ready_though_a_channel_does_not_get_through(client, at):
    Heartbeat.objects.create(pk=1, ticked_at=AT)
    channel(failures=3), channel(failures=3, is_enabled=False), channel()
    response = client.get("/health/ready/")
    assert (response.status_code, response.json()["channels"]) == (200, "1 not getting through")


def test_not_ready_without_a_database(client, monkeypatch):
    def gone(at):
        raise OperationalError

    monkeypatch.setattr(views, "is_alive", gone)
    assert client.get("/health/ready/").status_code == 503


# Signatures, requests and helping hands


def test_the_log_waits_for_the_outgoing_and_then_for_the_incoming_leader(client_of, at):
    floor = make_handover.floor()
    for person in (floor.leader, floor.next_leader):
        acknowledge(person)
    at(make.at(15, 45))
    log = ("board/_log.html", floor.log)
    assert items(client_of(floor.leader)) == [log]
    assert items(client_of(floor.next_leader)) == []
    make_handover.submitted(floor)
    at(make.at(16))
    assert items(client_of(floor.leader)) == []
    assert items(client_of(floor.next_leader)) == [log]


def test_a_request_waits_with_its_button_and_goes_on_by_it(client_of, at):
    people = make_escalations.line()
    acknowledge(people.leader)
    case = make_escalations.case(people)
    client = client_of(people.leader)
    assert items(client) == [("escalations/_waiting.html", case)]
    assert client.post(f"/escalations/{case.pk}/acknowledge/").status_code == 302
    case.refresh_from_db()
    assert case.status == "acknowledged"


def test_an_urgent_request_stands_before_what_is_merely_due(client_of, at):
    people = make_escalations.line()
    acknowledge(people.leader)
    make_duties.duty(rule=make_duties.own_rule(window_minutes=180))
    case = make_escalations.case(people, urgent=True)
    assert [row for _template, row in items(client_of(people.leader))][0] == case


def test_a_done_duty_waits_for_a_second_person(client_of, day):
    rule = make_duties.own_rule(needs_verification=True)
    duty = make_duties.duty(rule=rule, status=Duty.Status.DONE, assignee=day["leader"], done_by=day["leader"])
    assert items(client_of(day["director"])) == [("board/_verify.html", duty)]
    assert items(client_of(day["agents"][0])) == []


def test_a_meeting_waits_once_though_it_is_a_duty_too(client_of, at):
    director = make_meetings.director()
    acknowledge(director)
    meeting = make_meetings.open_meeting(by=director, at=AT)
    response = client_of(director).get("/")
    assert [(item.template, item.row) for item in response.context["items"]] == [("meetings/_waiting.html", meeting)]


def test_asking_costs_one_statement_while_no_app_has_anything(client_of, day, django_assert_num_queries):
    agent = day["agents"][0]
    client = client_of(agent)
    with django_assert_num_queries(6):  # session, person with roles, duties, shifts around, messages, all sources
        client.get("/")
