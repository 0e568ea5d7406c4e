import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.counts import besides_the_journals
from callcentre import clock
from floor import actions, pages
from floor.models import LeaveOfPost
from journal.models import Entry
from people.models import Role
from tests import make, make_floor, make_shifts
from tests.make_floor import TEN, approved, asked, back, out, wanting_more

pytestmark = pytest.mark.django_db
ASK = reverse("floor:ask_leave")
NOW = reverse("floor:show_leaves")
HISTORY = reverse("floor:list_leaves")
MONTH = reverse("floor:show_month")
STEPS = {
    "approve_leave": ("asked", "leader", "post.approved"),
    "refuse_leave": ("asked", "leader", "post.refused"),
    "withdraw_leave": ("asked", "asker", "post.withdrawn"),
    "go_out": ("approved", "asker", "post.out"),
    "come_back": ("out", "asker", "post.back"),
    "ask_more": ("out", "asker", "post.more_asked"),
    "grant_more": ("more", "leader", "post.more_granted"),
    "refuse_more": ("more", "leader", "post.more_refused"),
}
ELSEWHERE = {"approve_leave": "back", "refuse_leave": "back", "withdraw_leave": "back", "go_out": "asked"}


@pytest.fixture(autouse=True)
def ten_past(monkeypatch):
    """Ten o'clock and five minutes."""
    monkeypatch.setattr(clock, "now", lambda: make.at(10, 5).astimezone(dt.UTC))


@pytest.fixture
def floor():
    return make_floor.floor()


def url(step, leave):
    return reverse(f"floor:{step}", args=[leave.pk])


def form_of(floor, step):
    return {"go_out": {"ticked": make_floor.items(floor)}, "ask_more": {"minutes": 5}}.get(step, {})


def post(client, floor, step, leave, **more):
    return client.post(url(step, leave), form_of(floor, step) | more)


# ---- asking


def test_one_tap_asks(client_of, floor):
    response = client_of(floor.agents[0]).post(ASK, {"reason": "water", "back": "floor"})
    leave = LeaveOfPost.objects.get()
    assert (response.status_code, response["Location"]) == (302, NOW)
    assert (leave.person, leave.reason, leave.minutes) == (floor.agents[0], "water", 15)
    assert [entry.verb for entry in Entry.objects.about(leave)] == ["post.asked"]


def test_the_form_asks_for_longer_with_a_reason(client_of, floor):
    client = client_of(floor.agents[0])
    refused = client.post(ASK, {"reason": "water", "minutes": 30})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["words"])
    response = client.post(ASK, {"reason": "water", "minutes": 30, "words": "换药"})
    leave = LeaveOfPost.objects.get()
    assert (response["Location"], leave.words, leave.is_special) == (leave.get_absolute_url(), "换药", True)


@pytest.mark.parametrize("form", [{}, {"reason": "nap"}, {"reason": "water", "minutes": "x"}])
def test_what_is_no_answer_is_asked_again(client_of, floor, form):
    assert client_of(floor.agents[0]).post(ASK, form).status_code == 422
    assert LeaveOfPost.objects.count() == 0


def test_who_is_on_no_shift_is_told(client_of, floor):
    response = client_of(make.person()).post(ASK, {"reason": "water"})
    assert (response.status_code, response["X-Refusal"]) == (409, "post_not_on_shift")


# ---- the steps


@pytest.mark.parametrize("step", STEPS)
def test_the_step_works_and_is_recorded(client_of, floor, step):
    state, who, verb = STEPS[step]
    leave = make_floor.in_state(floor, state)
    by = {"leader": floor.leader, "asker": leave.person}[who]
    response = post(client_of(by), floor, step, leave)
    assert (response.status_code, response["Location"]) == (302, leave.get_absolute_url())
    last = Entry.objects.about(leave).last()
    assert (last.verb, last.actor) == (verb, by)


@pytest.mark.parametrize("step", STEPS)
def test_not_yours_is_told(client_of, floor, step):
    leave = make_floor.in_state(floor, STEPS[step][0])
    before = Entry.objects.count()
    response = post(client_of(make.person(role=Role.LEADER)), floor, step, leave)
    assert (response.status_code, response["X-Refusal"][:14]) == (409, "post_not_yours")
    assert Entry.objects.count() == before


@pytest.mark.parametrize("step", STEPS)
def test_what_is_not_yours_to_see_is_not_found(client_of, floor, step):
    leave = make_floor.in_state(floor, STEPS[step][0])
    far = make.person(role=Role.DIRECTOR, centre=make.centre(name="别处"))
    for stranger in (far, floor.agents[1], make.person(role=Role.INSPECTOR)):
        assert post(client_of(stranger), floor, step, leave).status_code == 404
        assert client_of(stranger).get(leave.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("step", STEPS)
def test_the_wrong_state_is_told(client_of, floor, step):
    leave = make_floor.in_state(floor, ELSEWHERE.get(step, "approved"))
    by = floor.leader if STEPS[step][1] == "leader" else leave.person
    response = post(client_of(by), floor, step, leave)
    assert (response.status_code, response["X-Refusal"]) == (409, "wrong_state")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_a_post(client_of, floor, step):
    assert client_of(floor.leader).get(url(step, asked(floor))).status_code == 405


def test_one_goes_on_where_one_came_from(client_of, floor):
    leave = asked(floor)
    response = client_of(floor.leader).post(url("approve_leave", leave), {"back": "start"})
    assert response["Location"] == "/"
    response = client_of(leave.person).post(url("withdraw_leave", leave), {"back": "//evil.example"})
    assert response["Location"] == leave.get_absolute_url()


def test_where_too_many_are_out_the_leader_is_asked_why(client_of, floor):
    out(floor)
    out(floor, floor.agents[1])
    leave = asked(floor, floor.agents[2])
    client = client_of(floor.leader)
    response = client.post(url("approve_leave", leave), {"back": "start"})
    assert (response.status_code, list(response.context["approve_form"].errors)) == (422, ["override"])
    response = client.post(url("approve_leave", leave), {"override": "检修陪同"})
    leave.refresh_from_db()
    assert (response.status_code, leave.status, leave.override) == (302, "approved", "检修陪同")


def test_a_desk_left_untidy_is_told(client_of, floor):
    leave = approved(floor)
    for ticked in ([], [9999], make_floor.items(floor)[:1]):
        response = client_of(leave.person).post(url("go_out", leave), {"ticked": ticked})
        assert (response.status_code, response["X-Refusal"]) == (409, "post_desk_untidy")


# ---- the pages


def drawn(response):
    return {step for step, refused in response.context["steps"].items() if refused is None}


@pytest.mark.parametrize(
    ("state", "asker", "leader"),
    [
        ("asked", {"withdraw"}, {"approve", "refuse"}),
        ("approved", {"withdraw", "go_out"}, {"refuse", "go_out"}),
        ("out", {"come_back", "ask_more"}, {"come_back"}),
        ("more", {"come_back"}, {"come_back", "decide_more"}),
        ("back", set(), set()),
        ("refused", set(), set()),
    ],
)
def test_the_page_draws_what_may_be_done(client_of, floor, state, asker, leader):
    leave = make_floor.in_state(floor, state)
    address = leave.get_absolute_url()
    assert drawn(client_of(leave.person).get(address)) == asker
    assert drawn(client_of(floor.leader).get(address)) == leader


def test_the_leader_sees_who_is_out_and_an_agent_only_their_own(client_of, floor):
    mine, other = out(floor), asked(floor, floor.agents[1])
    led = client_of(floor.leader).get(NOW).context
    assert (led["out"], led["waiting"], led["latest"]) == ([mine], [other], [other, mine])
    own = client_of(mine.person).get(NOW).context
    assert (own["post"]["leave"], own["out"], own["waiting"], own["latest"]) == (mine, [], [], [mine])
    director = client_of(make_shifts.director()).get(NOW).context
    assert (director["post"], director["out"]) == (None, [mine])


def test_the_start_page_has_the_buttons(client_of, floor):
    leave, wanting = asked(floor), wanting_more(floor, floor.agents[1])
    page = client_of(floor.leader).get("/").content.decode()
    for step, row in (("approve_leave", leave), ("refuse_leave", leave), ("grant_more", wanting)):
        assert f'action="{url(step, row)}"' in page


def test_the_history_by_person_and_day(client_of, floor):
    first, second = back(floor), back(floor, floor.agents[1])
    client = client_of(floor.leader)
    rows = lambda query: client.get(HISTORY, query).context["rows"]  # noqa: E731
    assert rows({}) == [second, first]
    assert rows({"number": floor.agents[0].employee_number}) == [first]
    assert rows({"on": "2026-11-23"}) == [second, first]
    assert rows({"on": "2026-11-24"}) == []
    assert client_of(floor.agents[0]).get(HISTORY, {"number": floor.agents[1].employee_number}).context["rows"] == [
        first
    ]


def test_the_history_goes_on(client_of, floor, monkeypatch):
    monkeypatch.setattr("floor.views.PAGE", 2)
    first, second, third = back(floor), back(floor), back(floor)
    client = client_of(floor.leader)
    page = client.get(HISTORY).context
    assert page["rows"] == [third, second]
    page = client.get(HISTORY + page["older"]).context
    assert (page["rows"], page["older"]) == ([first], "")
    assert client.get(HISTORY, {"before": "x", "on": "nonsense"}).context["rows"] == [third, second]


def test_a_month_by_team_and_by_person(client_of, floor):
    back(floor, back_at=make.at(10, 20))
    back(floor, back_at=make.at(10, 15).replace(second=40))
    out(floor, floor.agents[2])
    client = client_of(floor.leader)
    rows = client.get(MONTH, {"month": "2026-11"}).context["rows"]
    assert [(row.key, row.count, row.minutes, row.over) for row in rows] == [(floor.team.pk, 2, 35, 1)]
    rows = client.get(MONTH, {"month": "2026-11", "team": floor.team.pk}).context["rows"]
    assert [(row.key, row.count) for row in rows] == [(floor.agents[0].employee_number, 2)]
    assert client.get(MONTH, {"month": "2026-10"}).context["rows"] == []
    assert client_of(floor.agents[0]).get(MONTH).status_code == 403


def asks(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", [NOW, HISTORY, MONTH])
def test_ten_rows_cost_what_one_does(client_of, floor, address):
    client = client_of(floor.leader)
    back(floor)
    asked(floor)
    out(floor, floor.agents[1])
    one = asks(client, address)
    for _more in range(9):
        agent = make_agent(floor)
        back(floor, agent, override="演练")
        out(floor, agent, override="演练")
        asked(floor, make_agent(floor))
    assert (asks(client, address), one <= 12) == (one, True)


def make_agent(floor):
    agent = make.person(team=floor.team)
    span = {"starts_at": floor.shift.starts_at, "ends_at": floor.shift.ends_at, "plan": floor.shift.plan}
    floor.shift.assignments.create(person=agent, **span)
    return agent


@pytest.mark.parametrize("state", [None, "asked", "approved", "out"])
def test_my_post_costs_two_statements(floor, django_assert_max_num_queries, state):
    if state:
        make_floor.in_state(floor, state)
    with django_assert_max_num_queries(2):
        found = pages.my_post(floor.agents[0], TEN)
    assert (found["leave"].status if state else found["limit"]) == (state or 15)


@pytest.mark.parametrize("step", ["approve_leave", "go_out", "come_back"])
def test_a_tap_costs_eight_statements_besides_the_journals(client_of, floor, step):
    state, who, _verb = STEPS[step]
    leave = make_floor.in_state(floor, state)
    client = client_of({"leader": floor.leader, "asker": leave.person}[who])
    form = form_of(floor, step)
    with CaptureQueriesContext(connection) as queries:
        client.post(url(step, leave), form)
    own = besides_the_journals(query["sql"] for query in queries)
    assert len(own) <= 8, own


def test_the_fragment_of_the_live_floor(floor, django_assert_max_num_queries):
    """Overdue ones say so; the buttons are drawn for who may press them."""
    leave = out(floor)
    late = make.at(10, 16)
    deputy, director = floor.agents[1], make_shifts.director()
    make_shifts.deputy(absent=floor.leader, deputy=deputy)
    readers = [floor.leader, deputy, director, leave.person, make.person(role=Role.LEADER)]
    for person, decides in zip(readers, [True, True, True, False, False], strict=True):
        assert person.roles
        with django_assert_max_num_queries(2):  # of a signed-in person nobody asks whether they stand in for others
            (row,) = pages.out_now(person, late)
        assert (row, row.overdue, row.decides) == (leave, True, decides)
    actions.come_back(leave=leave, by=leave.person, at=late)
    assert pages.out_now(floor.leader, late) == []
