"""Minutes waited after a shift, in attendance: by person, by team and by month."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from callcentre import clock
from handover.models import Turn
from shifts import attendance
from shifts.attendance import Totals
from shifts.models import Assignment
from tests import make, make_desks, make_shifts

pytestmark = pytest.mark.django_db
ALL = reverse("shifts:show_attendance")


@pytest.fixture(autouse=True)
def evening(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.at(18).astimezone(dt.UTC))


def own(person):
    return reverse("shifts:show_person_attendance", args=[person.pk])


def minutes(floor, month=11):
    """{person: minutes} of the day shift's team."""
    rows = attendance.of_people(floor.centre, 2026, month, [floor.leader, *floor.agents])
    return {person: totals.overtime for person, totals in rows}


def test_waiting_past_the_end_is_overtime_once_the_desk_is_taken_over():
    floor = make_desks.floor(count=2)
    assert minutes(floor) == {floor.leader: 0, floor.agents[0]: 0, floor.agents[1]: 0}
    make_desks.released(floor, at=make.at(16, 20))
    make_desks.assumed(floor, 1, at=make.at(16, 5))
    assert minutes(floor) == {floor.leader: 0, floor.agents[0]: 20, floor.agents[1]: 5}
    assert minutes(floor, month=10) == minutes(floor, month=12) == dict.fromkeys(minutes(floor), 0)


def test_a_team_has_that_of_its_people_and_another_centre_nothing():
    floor = make_desks.floor(count=2)
    make_desks.released(floor, at=make.at(16, 20))
    make_desks.released(floor, 1, at=make.at(16, 5))
    team, other = floor.agents[0].team, floor.next_agents[0].team
    rows = attendance.of_teams(floor.centre, 2026, 11, [team, other])
    assert [totals.overtime for _team, totals in rows] == [25, 0]
    elsewhere = make.team(name="外班", centre=make.centre(name="远山客服中心"))
    assert attendance.of_teams(elsewhere.centre, 2026, 11, [elsewhere]) == [(elsewhere, Totals())]


def test_a_turn_counts_in_the_month_in_which_its_shift_begins():
    """A night shift of 1 December: it begins on 30 November in UTC, and its desk was taken before midnight."""
    team, leader, (agent, _other) = make_shifts.crew()
    on = dt.date(2026, 12, 1)
    shift = make_shifts.shift(type="N", on=on, team=team, leader=leader)
    desk = make_shifts.desks(count=1)[0]
    Assignment.objects.bulk_create([Assignment.to(shift, agent.pk, desk.pk)])
    times = {"from_at": make.at(23, 50, on=on - dt.timedelta(days=1)), "until_at": make.at(8, 30, on=on)}
    Turn.objects.create(centre=team.centre, desk=desk, person=agent, shift=shift, overtime_minutes=30, **times)
    found = [attendance.of_people(team.centre, 2026, month, [agent]) for month in (11, 12)]
    assert [rows[0][1].overtime for rows in found] == [0, 30]


def sheet(response):
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(response.content)).active.rows]


def test_the_pages_and_their_excel_show_it(client_of):
    floor = make_desks.floor(count=2)
    make_desks.released(floor, at=make.at(16, 20))
    leader, waited = client_of(floor.leader), floor.agents[0]
    page = leader.get(ALL, {"team": waited.team_id})
    assert {person: totals.overtime for person, totals in page.context["rows"]}[waited] == 20
    assert page.context["whole"].overtime == 20
    rows = sheet(leader.get(ALL, {"team": waited.team_id, "xlsx": 1}))
    assert [(row[0], row[-1]) for row in rows if row[-1] == 20] == [(waited.employee_number, 20)]
    assert client_of(waited).get(own(waited)).context["totals"].overtime == 20


def test_a_day_says_how_long_somebody_waited(client_of):
    floor = make_desks.floor()
    person = floor.next_agents[0]
    make_desks.released(floor)
    turn = Turn.objects.get(person=person)
    Turn.objects.filter(pk=turn.pk).update(overtime_minutes=12, handed_over_at=make.at(23, 59))
    page = client_of(person).get(own(person))
    assert [(call.roll_call.shift, call.overtime) for call in page.context["calls"]] == [(floor.next_shift, 12)]
    assert sheet(client_of(person).get(own(person), {"xlsx": 1}))[1][-1] == 12


@pytest.mark.parametrize("count", [1, 10])
def test_it_costs_one_statement(count):
    floor = make_desks.floor(count=count)
    for number in range(count):
        make_desks.released(floor, number, at=make.at(16, 20))
    with CaptureQueriesContext(connection) as queries:
        assert sum(attendance.overtime(floor.centre, 2026, 11, "person").values()) == 20 * count
        assert len(attendance.overtime(floor.centre, 2026, 11, "person", [floor.agents[0].pk])) == 1
    assert len(queries) == 2
