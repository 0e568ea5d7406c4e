"""The roll call on the start page: first of all, with one button, and late once the shift has begun without it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rulebook import actions as rulebook
from rulebook import pledge
from tests import make, make_duties, make_rollcall
from tests.make_rollcall import closed, opened, roll_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    """The page's moment: `at(make.at(8))` moves it."""
    moment = [make.at(7, 45)]
    monkeypatch.setattr("callcentre.clock.now", lambda: moment[0].astimezone(dt.UTC))
    return lambda new: moment.__setitem__(0, new)


@pytest.fixture
def floor(at):
    made = opened(agents=2)
    for person in (made.leader, *made.agents):
        rulebook.acknowledge(edition=pledge.edition(), by=person, at=make.at(1))
    return made


def test_it_comes_before_what_is_overdue(client_of, floor, at):
    at(make.at(12))
    overdue = make_duties.duty(rule=make_duties.own_rule(window_minutes=60))
    page = client_of(floor.leader).get("/")
    assert [item.row for item in page.context["items"]] == [roll_call(floor), overdue]
    assert page.content.decode().count(f'href="/shifts/roll-calls/{floor.shift.pk}/"') == 2  # the title and the button


@pytest.mark.parametrize(("moment", "late"), [(make.at(8, 14), False), (make.at(8, 15), True)])
def test_it_is_late_a_quarter_of_an_hour_into_the_shift(client_of, floor, at, moment, late):
    at(moment)
    (item,) = client_of(floor.leader).get("/").context["items"]
    assert item.is_late(moment) == late
    page = client_of(floor.leader).get(item.url)
    assert page.context["sheet"].is_overdue == late


def test_it_is_nobody_elses_and_gone_when_closed(client_of, floor):
    assert client_of(floor.agents[0]).get("/").context["items"] == []
    closed(floor, at=make.at(7, 45))
    assert client_of(floor.leader).get("/").context["items"] == []


def test_it_costs_a_statement_only_where_there_is_one(client_of, floor):
    def statements():
        with CaptureQueriesContext(connection) as queries:
            client_of(floor.leader).get("/")
        return len(queries)

    with_it = statements()
    closed(floor, at=make.at(7, 45))
    assert with_it - statements() == 1
    assert make_rollcall.roll_call(floor).status == "closed"
