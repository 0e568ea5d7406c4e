import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from journal.models import Entry
from people.models import CalendarDay, Deputy, Role
from shifts import actions, grid, painting
from shifts.models import Roster, Shift
from tests import make, make_shifts

pytestmark = pytest.mark.django_db
NOW, MINE, GRID = (reverse(f"shifts:{name}") for name in ("show_now", "show_mine", "show_roster"))
ROSTERS = reverse("shifts:list_rosters")
MAKE = reverse("shifts:make_roster")
DECEMBER = {"from_on": "2026-12-01", "until_on": "2026-12-31"}


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch):
    """Pages read the clock once; the clock is the edge of the process."""
    monkeypatch.setattr(clock, "now", lambda: make.at(9).astimezone(dt.UTC))


def address(name, roster):
    return reverse(f"shifts:{name}", args=[roster.pk])


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def stranger(role=Role.DIRECTOR):
    return make.person(role=role, centre=make.centre(name="别的中心"))


# Who is on duty now


def test_now_shows_the_shift_its_leader_and_desks_and_the_next(client_of):
    rotation = make_shifts.rotation()
    make_shifts.desks(count=2)
    make_shifts.roster(rotation=rotation)
    page = client_of(make.person()).get(NOW)
    floor = page.context["floor"]
    assert [(manned.shift.type.code, manned.holder.person.name, len(manned.people)) for manned in floor.now] == [
        ("D", "甲班长", 2)
    ]
    assert [desk for _pk, _name, _number, desk in floor.now[0].people] == ["A01", "A02"]
    assert [(manned.shift.type.code, manned.holder.person.name) for manned in floor.next] == [("M", "乙班长")]


def test_now_says_who_acts_for_an_absent_leader(client_of):
    leader, deputy = make.person(role=Role.LEADER), make.person(role=Role.LEADER, name="王强")
    make_shifts.shift(leader=leader)
    Deputy.objects.create(absent=leader, deputy=deputy, from_on=make.MONDAY, until_on=make.MONDAY)
    holder = client_of(make.person()).get(NOW).context["floor"].now[0].holder
    assert (holder.person, holder.acting_for) == (deputy, leader)


def test_now_without_a_roster_says_so(client_of):
    page = client_of(make.person()).get(NOW)
    assert (page.context["floor"].now, page.context["floor"].next) == ([], [])
    assert page.status_code == 200


def test_now_shows_nothing_of_another_centre(client_of):
    make_shifts.shift()
    assert client_of(stranger(Role.AGENT)).get(NOW).context["floor"].now == []


@pytest.mark.parametrize("people", [1, 10])
def test_now_asks_the_same_of_any_crew(client_of, people):
    team, leader, agents = make_shifts.crew(agents=people)
    make_shifts.shift(team=team, leader=leader, people=agents)
    make_shifts.shift(type="M", team=team, leader=leader, people=agents)
    base = queries_of(client_of(make.person(centre=make.centre(name="别的中心"))), NOW)
    assert queries_of(client_of(agents[0]), NOW) - base == 3  # the next shifts, everybody's desks, deputies


# The month grid


def cells(page, number):
    row = next(row for row in page.context["grid"].rows if row.member.number == number)
    return [re.sub("<[^>]*>", "", cell) for cell in re.findall("<td.*?</td>", row.cells)], row


def test_the_grid_shows_each_persons_days_and_totals(client_of):
    rotation = make_shifts.rotation(agents=1)
    make_shifts.roster(rotation=rotation)
    leader = Shift.objects.of_day(rotation.centre, make.MONDAY).get(type__code="D").leader
    page = client_of(leader).get(GRID, {"month": "2026-11"})
    letters, row = cells(page, leader.employee_number)
    assert letters[:22] == [""] * 22
    assert letters[22:] == ["日", "日", "中", "中", "–", "–", "夜", ""]
    assert (row.member.leads, row.is_reader) == (True, True)
    assert re.findall("<td.*?>(.*?)</td>", row.totals) == ["5", "40", "1", "1", "0"]
    assert len(page.context["grid"].rows) == 8
    feet = {kind.code: re.findall("<td.*?>(.*?)</td>", drawn) for kind, drawn in page.context["grid"].feet}
    assert feet == {code: [""] * 22 + ["1"] * 7 + [""] for code in "DMN"}


def test_the_grid_is_in_the_readers_language(client_of):
    rotation = make_shifts.rotation(agents=1)
    make_shifts.roster(rotation=rotation)
    reader = make.person(team=make.team(), language="en")
    letters, _row = cells(client_of(reader).get(GRID), rotation.teams.first().person_set.first().employee_number)
    assert letters[22:24] == ["D", "D"]


def test_the_grid_marks_holidays_and_make_up_workdays(client_of):
    make_shifts.shift()
    centre = make.centre()
    CalendarDay.objects.create(centre=centre, on=dt.date(2026, 11, 25), kind="holiday", name="节日")
    CalendarDay.objects.create(centre=centre, on=dt.date(2026, 11, 28), kind="workday", name="调休")
    days = {day.on.day: day for day in client_of(make.person()).get(GRID).context["grid"].days}
    assert {number: days[number].is_rest for number in (23, 25, 28, 29)} == {23: False, 25: True, 28: False, 29: True}
    assert (days[23].is_today, days[25].name, days[25].is_predicted) == (True, "节日", True)


@pytest.mark.parametrize("month", ["2026-13", "26-1", "x", "2026-11-01", "9999-12", "０００１-01"])
def test_a_month_that_is_none_is_this_one(client_of, month):
    assert client_of(make.person()).get(GRID, {"month": month}).context["window"].from_on == dt.date(2026, 11, 1)


def test_the_grid_keeps_to_a_team(client_of):
    rotation = make_shifts.rotation(agents=1)
    make_shifts.roster(rotation=rotation)
    team = rotation.teams.get(name="丙班")
    page = client_of(make.person()).get(GRID, {"team": team.pk})
    assert (page.context["chosen"].team, len(page.context["grid"].rows)) == (team, 2)
    foreign = make.team(name="外班", centre=make.centre(name="别的中心"))
    assert client_of(make.person()).get(GRID, {"team": foreign.pk}).context["chosen"].team is None


def test_who_left_stays_in_the_months_of_their_shifts(client_of):
    gone = make.person(team=make.team(), name="离职")
    make_shifts.shift(people=[gone])
    gone.is_active = False
    gone.save()
    reader = client_of(make.person(team=make.team()))
    rows = [
        [row.member.name for row in reader.get(GRID, {"month": month}).context["grid"].rows]
        for month in ("2026-11", "2026-12")
    ]
    assert rows == [["离职", "李娜"], ["李娜"]]


def test_a_centre_too_large_for_a_page_opens_with_the_readers_team_and_pages_it(client_of, monkeypatch):
    monkeypatch.setattr(grid, "ROWS", 3)
    monkeypatch.setattr(painting, "ROWS", 3)
    make_shifts.roster(rotation=make_shifts.rotation(agents=3))
    team = make.team(name="丁班")
    reader = client_of(team.person_set.first())
    first = reader.get(GRID).context
    assert (first["chosen"].team, first["chosen"].all_fit, len(first["grid"].rows)) == (team, False, 3)
    second = reader.get(GRID, {"team": team.pk, "after": first["grid"].after}).context
    assert (len(second["grid"].rows), second["grid"].after) == (1, "")


def test_the_grid_asks_the_same_of_one_person_and_ten_and_of_any_history(client_of):
    counts = []
    for agents in (1, 9):
        centre = make.centre(name=f"中心{agents}")
        rotation = make_shifts.rotation(centre=centre, agents=agents)
        director = make_shifts.director(centre=centre)
        for weeks in range(0, agents * 3, 3):
            make_shifts.roster(rotation=rotation, from_on=make.MONDAY - dt.timedelta(weeks=weeks), by=director)
        counts.append(queries_of(client_of(director), GRID))
    assert counts[0] == counts[1] <= 12


# One's own month


def test_my_month_lists_my_days_and_totals(client_of):
    team, leader, (agent, _other) = make_shifts.crew()
    desk = make_shifts.desks(count=1)[0]
    night = make_shifts.shift(type="N", team=team, leader=leader, people=[agent])
    night.assignments.update(desk=desk)
    make_shifts.shift(type="NL", on=dt.date(2026, 11, 30), team=team, leader=leader)
    page = client_of(agent).get(MINE)
    worked = [(day.on.day, own.shift, own.desk, own.leads) for day, owns in page.context["days"] for own in owns]
    assert worked == [(23, night, "A01", False)]
    assert [page.context[name] for name in ("shifts", "hours", "nights", "next")] == [1, 8, 1, None]
    page = client_of(leader).get(MINE)
    assert [(own.leads, own.desk) for _day, owns in page.context["days"] for own in owns] == [(True, ""), (True, "")]
    assert [page.context[name] for name in ("shifts", "hours", "nights")] == [2, 20, 2]
    assert page.context["next"].shift.on == dt.date(2026, 11, 30)


def test_my_month_asks_the_same_of_one_shift_and_ten(client_of):
    team, leader, agents = make_shifts.crew(agents=2)
    make_shifts.shift(team=team, people=agents[:1])
    for day in range(1, 11):
        make_shifts.shift(on=dt.date(2026, 11, day), team=team, people=agents[1:])
    counts = [queries_of(client_of(agent), MINE) for agent in agents]
    assert counts[0] == counts[1] <= 12


# The director's rosters


def test_the_list_proposes_the_days_after_the_last_publication(client_of):
    rotation, director = make_shifts.rotation(), make_shifts.director()
    make_shifts.roster(rotation=rotation, by=director)
    form = client_of(director).get(ROSTERS).context["form"]
    assert form.initial == {"from_on": dt.date(2026, 11, 30), "until_on": dt.date(2026, 12, 31)}


def test_the_list_goes_by_pages_with_the_same_queries(client_of):
    rotation, director = make_shifts.rotation(), make_shifts.director()
    client = client_of(director)
    counts = []
    for total in (1, 10, 21):
        while Roster.objects.count() < total:
            make_shifts.roster(rotation=rotation, by=director, until_on=make.MONDAY, published=False)
        counts.append(queries_of(client, ROSTERS))
    assert counts == [counts[0]] * 3
    page = client.get(ROSTERS).context
    assert [len(page["rosters"]), len(client.get(ROSTERS + page["older"]).context["rosters"])] == [20, 1]


def test_making_a_draft_works_and_is_recorded(client_of):
    rotation, director = make_shifts.rotation(), make_shifts.director()
    answer = client_of(director).post(MAKE, {"rotation": rotation.pk, **DECEMBER})
    roster = Roster.objects.get()
    assert (answer.status_code, answer.url) == (302, address("show_draft", roster))
    assert Entry.objects.about(roster).get().verb == "roster.made"


@pytest.mark.parametrize(
    "data, field",
    [
        ({"until_on": "2026-11-30"}, "until_on"),
        ({"until_on": "2027-12-31"}, "until_on"),
        ({"until_on": ""}, "until_on"),
        ({"rotation": "0"}, "rotation"),
    ],
)
def test_a_wrong_draft_comes_back_with_what_was_typed(client_of, data, field):
    rotation = make_shifts.rotation()
    answer = client_of(make_shifts.director()).post(MAKE, {"rotation": rotation.pk, **DECEMBER, **data})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Roster.objects.count() == 0


def test_a_rotation_of_another_centre_makes_no_draft(client_of):
    rotation = make_shifts.rotation()
    answer = client_of(stranger()).post(MAKE, {"rotation": rotation.pk, **DECEMBER})
    assert (answer.status_code, Roster.objects.count()) == (422, 0)


def test_a_draft_shows_its_days_and_what_it_lacks(client_of):
    team = make.team()
    rotation = make_shifts.rotation(teams=[team], preset="weekdays")
    director = make_shifts.director()
    roster = make_shifts.roster(rotation=rotation, by=director, published=False)
    page = client_of(director).get(address("show_draft", roster))
    assert page.context["board"].counts == {"warn": 5, "note": 1}  # nobody on any shift; a year without a calendar
    assert [page.context["may_publish"], page.context["may_archive"]] == [None, None]
    assert len(page.context["board"].grid.days) == 7


def test_a_draft_that_cannot_be_published_says_why(client_of):
    rotation, director = make_shifts.rotation(), make_shifts.director()
    make_shifts.roster(rotation=rotation, by=director)
    draft = make_shifts.roster(rotation=rotation, by=director, published=False)
    page = client_of(director).get(address("show_draft", draft))
    assert page.context["may_publish"].code == "replaced_begun"


def test_publishing_works_and_is_recorded(client_of):
    director = make_shifts.director()
    roster = make_shifts.roster(by=director, published=False)
    answer = client_of(director).post(address("publish_roster", roster))
    roster.refresh_from_db()
    assert (answer.status_code, roster.status) == (302, Roster.Status.PUBLISHED)
    assert [entry.verb for entry in Entry.objects.about(roster)] == ["roster.made", "roster.published"]


def test_archiving_works_and_is_recorded(client_of):
    director = make_shifts.director()
    roster = make_shifts.roster(by=director, published=False)
    answer = client_of(director).post(address("archive_roster", roster))
    roster.refresh_from_db()
    assert (answer.status_code, roster.status) == (302, Roster.Status.ARCHIVED)
    assert [entry.verb for entry in Entry.objects.about(roster)] == ["roster.made", "roster.archived"]


@pytest.mark.parametrize("step, code", [("publish_roster", "wrong_state"), ("archive_roster", "roster_begun")])
def test_the_wrong_state_is_refused_with_its_code(client_of, step, code):
    director = make_shifts.director()
    roster = make_shifts.roster(by=director)
    answer = client_of(director).post(address(step, roster))
    assert (answer.status_code, answer["X-Refusal"]) == (409, code)


def test_leaders_make_drafts_and_only_the_director_publishes_them(client_of):
    rotation = make_shifts.rotation()
    client = client_of(make.person(role=Role.LEADER))
    assert client.post(MAKE, {"rotation": rotation.pk, **DECEMBER}).status_code == 302
    roster = Roster.objects.get()
    assert [client.get(url).status_code for url in (ROSTERS, address("show_draft", roster))] == [200] * 2
    assert [client.post(address(f"{step}_roster", roster)).status_code for step in ("publish", "archive")] == [403] * 2
    assert Roster.objects.get().status == Roster.Status.DRAFT


@pytest.mark.parametrize("role", [Role.AGENT, Role.CENTRE_DIRECTOR, Role.ADMINISTRATOR])
def test_nobody_else_plans(client_of, role):
    roster = make_shifts.roster(published=False)
    client = client_of(make.person(role=role))
    steps = [MAKE, address("publish_roster", roster), address("archive_roster", roster)]
    assert [client.post(url).status_code for url in steps] == [403] * 3
    assert [client.get(url).status_code for url in (ROSTERS, address("show_draft", roster))] == [403] * 2
    assert Roster.objects.get().status == Roster.Status.DRAFT


def test_another_centres_roster_is_not_found(client_of):
    roster = make_shifts.roster(published=False)
    client = client_of(stranger())
    steps = [address("publish_roster", roster), address("archive_roster", roster)]
    assert [client.post(url).status_code for url in steps] == [404] * 2
    assert client.get(address("show_draft", roster)).status_code == 404


def test_wrong_methods_are_refused(client_of):
    director = make_shifts.director()
    roster = make_shifts.roster(by=director, published=False)
    client = client_of(director)
    assert [client.get(url).status_code for url in (MAKE, address("archive_roster", roster))] == [405] * 2
    pages = (NOW, MINE, GRID, ROSTERS, address("show_draft", roster))
    assert [client.post(url).status_code for url in pages] == [405] * 5


def test_pages_in_english_hold_no_chinese_of_their_own(client_of):
    rotation = make_shifts.rotation()
    make_shifts.roster(rotation=rotation)
    reader = make.person(role=Role.DIRECTOR, language="en", name="Zhou")
    for url in (NOW, MINE, GRID, ROSTERS):
        page = client_of(reader).get(url).content.decode()
        assert page.count("班次") + page.count("排班") == 0


def test_actions_are_the_only_way_that_the_pages_have(client_of):
    """The page's button and the action agree: what the page locks, the action refuses."""
    director = make_shifts.director()
    roster = make_shifts.roster(by=director)
    page = client_of(director).get(address("show_draft", roster))
    locked = page.context["may_archive"]
    with pytest.raises(type(locked)) as refused:
        actions.archive_roster(roster=roster, by=director, at=make.at(9))
    assert str(refused.value) == str(locked)
