"""Attendance: totals by person, team and month, who reads them, the Excel file, what they cost."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from callcentre import clock
from people.models import Role
from shifts import actions, attendance
from shifts.attendance import Totals
from shifts.models import Call
from tests import make, make_shifts
from tests.make_rollcall import away, closed, here, opened

pytestmark = pytest.mark.django_db
ALL = reverse("shifts:show_attendance")


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.at(9).astimezone(dt.UTC))


def own(person):
    return reverse("shifts:show_person_attendance", args=[person.pk])


@pytest.fixture
def floor():
    """A day's roll call: one late for it and excused, one late for the shift, one absent, one on leave, one early."""
    made = opened(agents=5)
    early, excused, late, gone, ill = made.agents
    here(made, early, make.at(7, 45))
    here(made, excused, make.at(7, 54))
    words = {"reason": "", "excuse": "地铁停运", "remark": ""}
    actions.annotate(shift=made.shift, person_id=excused.pk, **words, by=made.leader, at=make.at(7, 55))
    here(made, late, make.at(8, 7))
    away(made, gone)
    away(made, ill, Call.Outcome.ON_LEAVE)
    actions.close_roll_call(shift=made.shift, confirmed=True, by=made.leader, at=make.at(8, 10))
    return made


def by_person(floor, month=11):
    people = attendance.people_of(floor.centre, floor.team)
    return dict(attendance.of_people(floor.centre, 2026, month, people))


def test_totals_by_person(floor):
    early, excused, late, gone, ill = floor.agents
    assert by_person(floor) == {
        floor.leader: Totals(planned=1, called=1, present=1, early=1),
        early: Totals(planned=1, called=1, present=1, early=1),
        excused: Totals(planned=1, called=1, present=1, late_for_roll_call=1, minutes_late=4, excused=1),
        late: Totals(planned=1, called=1, present=1, late_for_shift=1, minutes_late=7),
        gone: Totals(planned=1, called=1, absent=1),
        ill: Totals(planned=1, called=1, on_leave=1),
    }


def test_totals_by_team_are_those_of_its_people(floor):
    rows = attendance.of_teams(floor.centre, 2026, 11, [floor.team, make.team(name="乙班")])
    assert rows == [(floor.team, sum(by_person(floor).values(), Totals())), (make.team(name="乙班"), Totals())]
    assert rows[0][1].values == (6, 6, 4, 2, 1, 1, 11, 1, 1, 1, 0)


def test_a_shift_not_called_yet_is_planned_only(floor):
    make_shifts.shift(type="M", on=make.MONDAY + dt.timedelta(days=1), team=floor.team, people=floor.agents[:1])
    assert by_person(floor)[floor.agents[0]] == Totals(planned=2, called=1, present=1, early=1)


def test_a_month_ends_at_the_centres_midnight():
    """The night shift of 1 December begins on 30 November in UTC."""
    team, leader, agents = make_shifts.crew()
    shift = make_shifts.shift(type="N", on=dt.date(2026, 12, 1), team=team, leader=leader, people=agents)
    made = actions.open_roll_call(shift=shift, by=None, at=make.at(23, 40, on=dt.date(2026, 11, 30)))
    assert made.starts_at == dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC)
    people = attendance.people_of(team.centre, team)
    november, december = (
        [totals.called for _person, totals in attendance.of_people(team.centre, 2026, month, people)]
        for month in (11, 12)
    )
    assert (november, december) == ([0, 0, 0], [1, 1, 1])


def test_one_person_sees_each_day_of_theirs(client_of, floor):
    late = floor.agents[2]
    page = client_of(late).get(ALL)
    assert page.context["totals"] == Totals(planned=1, called=1, present=1, late_for_shift=1, minutes_late=7)
    assert [(call.roll_call.shift, call.minutes_late) for call in page.context["calls"]] == [(floor.shift, 7)]
    assert client_of(late).get(own(late)).status_code == 200
    assert client_of(late).get(own(floor.agents[0])).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        (Role.AGENT, False),
        (Role.LEADER, True),
        (Role.INSPECTOR, True),
        (Role.DIRECTOR, True),
        (Role.CENTRE_DIRECTOR, True),
        (Role.SECURITY, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_who_reads_everybodys(client_of, floor, role, reads):
    client = client_of(make.person(role=role))
    assert ("teams" in client.get(ALL).context) == reads
    assert client.get(own(floor.agents[0])).status_code == (200 if reads else 404)
    stranger = client_of(make.person(role=role, centre=make.centre(name="别的中心")))
    assert stranger.get(own(floor.agents[0])).status_code == 404
    assert client.post(ALL).status_code == 405


def test_the_page_of_a_team_and_of_a_month(client_of, floor):
    client = client_of(make_shifts.director())
    rows = client.get(ALL, {"team": floor.team.pk, "month": "2026-11"}).context["rows"]
    assert dict(rows) == by_person(floor)
    rows = client.get(ALL, {"team": floor.team.pk, "month": "2026-10"}).context["rows"]
    assert {totals for _person, totals in rows if any(totals.values)} == set()
    elsewhere = make.team(name="外班", centre=make.centre(name="别的中心"))
    assert client.get(ALL, {"team": elsewhere.pk, "month": "no"}).context["team"] is None


def translated(words):
    with translation.override("zh-hans"):
        return str(words)


def sheet(response):
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(response.content)).active.rows]


def test_excel_holds_what_the_page_shows_and_no_formula(client_of, floor):
    client = client_of(make_shifts.director())
    late, late_for_shift = floor.agents[2], translated(Call.Outcome.LATE_FOR_SHIFT.label)
    late.name = "=1+1"
    late.save()
    response = client.get(ALL, {"team": floor.team.pk, "xlsx": 1})
    heading, *rows = sheet(response)
    assert len(heading) == 13
    assert next(row for row in rows if row[0] == late.employee_number) == [
        late.employee_number, "=1+1", 1, 1, 1, 0, 0, 1, 7, 0, 0, 0, 0,
    ]  # fmt: skip
    cells = load_workbook(io.BytesIO(response.content)).active
    assert {cell.data_type for row in cells.rows for cell in row} == {"s", "n"}
    assert sheet(client.get(ALL, {"xlsx": 1}))[1] == [floor.team.name, 6, 6, 4, 2, 1, 1, 11, 1, 1, 1, 0]
    assert sheet(client.get(own(late), {"xlsx": 1}))[1] == [
        "2026-11-23", "日班", "甲班", late_for_shift, "08:07", 7, None, None, 0,
    ]  # fmt: skip


def test_a_large_team_goes_over_pages(client_of, floor, monkeypatch):
    monkeypatch.setattr(attendance, "ROWS", 4)
    client = client_of(make_shifts.director())
    page = client.get(ALL, {"team": floor.team.pk})
    numbers = sorted(person.employee_number for person in (floor.leader, *floor.agents))
    assert [person.employee_number for person, _totals in page.context["rows"]] == numbers[:4]
    after = client.get(ALL, {"team": floor.team.pk, "after": page.context["after"]})
    assert ([person.employee_number for person, _totals in after.context["rows"]], after.context["after"]) == (
        numbers[4:],
        "",
    )


def statements(client, address, **query):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, query).status_code == 200
    return len(queries)


@pytest.mark.parametrize("agents", [1, 10])
def test_the_pages_ask_the_same_of_any_crew(client_of, agents):
    made = opened(agents=agents)
    closed(made)
    client = client_of(made.leader)
    costs = statements(client, ALL), statements(client, ALL, team=made.team.pk), statements(client, own(made.agents[0]))
    assert costs == (8, 9, 8)
