"""A roster's pages for paper: one for each team, letters and lines in place of colours."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from people.models import Role
from tests import make, make_files, make_shifts

pytestmark = pytest.mark.django_db
MONTH = reverse("shifts:print_month")


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.at(9).astimezone(dt.UTC))


def told(page):
    """{team: [(name, how many shifts, nights)]}"""
    return {
        each.team: [(row.worker.name, row.shifts, row.nights) for row in each.rows] for each in page.context["pages"]
    }


def test_each_team_has_a_page_with_who_leads_marked(client_of):
    make_shifts.roster()
    page = client_of(make.person()).get(MONTH, {"month": "2026-11"})
    assert list(told(page)) == ["甲班", "乙班", "丙班", "丁班"]
    assert told(page)["甲班"][0] == ("甲班长", 5, 1)
    cells = re.findall(
        r'<span class="shift( leads)?" data-shift="(\w)">(\S+)</span>', page.context["pages"][0].rows[0].cells
    )
    assert cells[0] == (" leads", "D", "日*")
    assert page.content.decode().count('<section class="paper" data-paper="a4"') == 4
    assert [(kind.code, counts[22]) for kind, counts in page.context["pages"][0].heads] == [
        ("N", 0),
        ("D", 3),
        ("M", 0),
    ]


def test_the_paper_and_the_team_are_chosen(client_of):
    make_shifts.roster()
    agent = make.person(team=make.team(name="乙班"))
    page = client_of(agent).get(MONTH, {"month": "2026-11", "team": agent.team_id, "paper": "a3"})
    assert list(told(page)) == ["乙班"]
    assert page.content.decode().count('<section class="paper" data-paper="a3"') == 1
    assert page.context["papers"] == [
        ("A4", f"?from=2026-11-01&days=month&team={agent.team_id}&paper=a4", False),
        ("A3", f"?from=2026-11-01&days=month&team={agent.team_id}&paper=a3", True),
    ]
    assert "/shifts/roster/download/?month=2026-11&amp;team=" in page.content.decode()
    assert page.context["beside"][1] == ("2026年12月", f"?from=2026-12-01&days=month&team={agent.team_id}&paper=a3")


@pytest.mark.parametrize("query", [{"paper": "a0"}, {"team": "x"}, {"month": "2026-13"}, {"from": "x", "days": "14"}])
def test_what_the_address_cannot_mean_is_left_out(client_of, query):
    make_shifts.roster()
    assert len(told(client_of(make.person()).get(MONTH, query))) == 4


def test_a_draft_is_printed_month_by_month_within_its_days(client_of):
    by = make_shifts.director()
    roster = make_shifts.roster(by=by, published=False, until_on=dt.date(2027, 1, 4))
    address, client = reverse("shifts:print_roster", args=[roster.pk]), client_of(by)

    def days(month):
        context = client.get(address, {"month": month}).context
        return context["from"], context["until"], [each and each[0] for each in context["beside"]]

    assert days("2026-11") == (make.MONDAY, dt.date(2026, 11, 30), [None, "2026年12月"])
    assert days("2027-01") == (dt.date(2027, 1, 1), dt.date(2027, 1, 4), ["2026年12月", None])
    assert days("2030-01") == days("2026-11")


def test_it_says_who_printed_it_and_when(client_of):
    make_shifts.roster()
    page = client_of(make.person(name="李娜")).get(MONTH)
    assert "打印：李娜，11月23日 09:00" in page.content.decode()


def test_a_draft_is_for_leaders_and_the_director_of_the_centre(client_of):
    roster = make_shifts.roster(published=False)
    address = reverse("shifts:print_roster", args=[roster.pk])
    stranger = make.person(role=Role.DIRECTOR, centre=make.centre(name="别的中心"))
    statuses = [client_of(person).get(address).status_code for person in (make.person(), stranger)]
    assert statuses == [403, 404]
    assert client_of(make.person(role=Role.LEADER)).get(address).status_code == 200


def test_it_asks_as_much_for_one_person_as_for_many(client_of):
    client = client_of(make.person())
    team = make.team(name="戊班")

    def add():
        make_files.shift(team=team, people=[make.person(team=team)])

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(MONTH).status_code == 200
        return len(queries)

    add()
    before = count()
    for _number in range(10):
        add()
    assert count() == before <= 12
