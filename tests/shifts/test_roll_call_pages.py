"""The roll call's page and its steps in a browser: the litany, the fragments, what they cost."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from journal.models import Entry
from people.models import Role
from shifts.models import RollCall
from tests import make, make_rollcall
from tests.make_rollcall import call, closed, here, opened, roll_call

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ABOUT_ONE = ("mark_here", "mark_absent", "mark_on_leave", "unmark", "mark_arrival", "annotate", "set_fault")
ABOUT_ALL = ("mark_rest_here", "close_roll_call", "reopen_roll_call")


@pytest.fixture(autouse=True)
def ten_to_eight(monkeypatch):
    """Pages read the clock once; the clock is the edge of the process."""
    monkeypatch.setattr(clock, "now", lambda: make.at(7, 45).astimezone(dt.UTC))


def at(monkeypatch, hour, minute=0):
    monkeypatch.setattr(clock, "now", lambda: make.at(hour, minute).astimezone(dt.UTC))


def url(name, floor, *more):
    return reverse(f"shifts:{name}", args=[floor.shift.pk, *more])


def step_url(name, floor, person):
    more = [make_rollcall.items(floor)[0].pk] if name == "set_fault" else []
    return url(name, floor, person.pk, *more)


def rows(client, floor):
    return [
        (row.call.person, row.call.outcome) for row in client.get(url("show_roll_call", floor)).context["sheet"].rows
    ]


def test_the_leader_calls_the_roll_in_the_browser(client_of, monkeypatch):
    floor = opened(agents=3)
    client, (first, second, gone) = client_of(floor.leader), floor.agents
    response = client.post(url("mark_here", floor, first.pk))
    assert (response.status_code, response["Location"]) == (302, f"{url('show_roll_call', floor)}#call-{first.pk}")
    client.post(url("mark_absent", floor, gone.pk))
    client.post(step_url("set_fault", floor, first), {"faulty": "1"})
    client.post(url("annotate", floor, gone.pk), {"reason": "", "excuse": "住院", "remark": "已电话确认"})
    client.post(url("mark_rest_here", floor))
    assert rows(client, floor) == [(floor.leader, "early"), (first, "early"), (second, "early"), (gone, "absent")]
    at(monkeypatch, 7, 57)
    closing = {"remarks": "注意雨天话术\r\n少说多听", "before": "", "confirmed": "on"}
    assert client.post(url("close_roll_call", floor), closing).status_code == 302
    made = roll_call(floor)
    assert (made.status, made.closed_at, made.remarks) == ("closed", make.at(7, 57), "注意雨天话术\n少说多听")
    assert [row.verb for row in Entry.objects.about(made)] == [
        "roll_call.opened",
        "roll_call.marked",
        "roll_call.marked",
        "roll_call.fault_noted",
        "roll_call.annotated",
        "roll_call.all_marked",
        "roll_call.remarked",
        "roll_call.closed",
    ]
    client.post(url("reopen_roll_call", floor), {"reason": "点错了人"})
    assert (roll_call(floor).status, roll_call(floor).reopen_reason) == ("open", "点错了人")


def test_the_page_shows_the_crew_before_anybody_opened_it_and_writes_nothing(client_of):
    floor = make_rollcall.floor(agents=2)
    client = client_of(floor.leader)
    assert [outcome for _person, outcome in rows(client, floor)] == ["expected"] * 3
    assert RollCall.objects.count() == 0
    client.post(url("mark_here", floor, floor.agents[1].pk))
    assert [outcome for _person, outcome in rows(client, floor)] == ["early", "expected", "early"]


def test_the_page_says_when_it_opens(client_of, monkeypatch):
    floor = make_rollcall.floor(agents=2)
    at(monkeypatch, 7, 20)
    page = client_of(floor.leader).get(url("show_roll_call", floor))
    assert page.context["sheet"].not_yet.code == "roll_call_not_yet"
    assert page.context["sheet"].not_yet.facts == {"time": "07:30"}
    assert client_of(floor.leader).post(url("mark_rest_here", floor)).status_code == 409


def without_tokens(html):
    return re.sub(r'\s*name="csrfmiddlewaretoken" value="[^"]+"', "", re.sub(r' hx-swap-oob="true"', "", html))


def part(html, start, end):
    return html[html.index(start) : html.index(end, html.index(start)) + len(end)]


def test_a_mark_by_htmx_answers_with_the_lines_of_the_page(client_of):
    """The person's line, the leader's own that the first step marks, and the counts: as a full reload shows them."""
    floor = opened(agents=2)
    client = client_of(floor.leader)
    answer = without_tokens(client.post(url("mark_here", floor, floor.agents[0].pk), headers=HTMX).content.decode())
    page = without_tokens(client.get(url("show_roll_call", floor)).content.decode())
    for person in (floor.agents[0], floor.leader):
        line = f'<li class="call" id="call-{person.pk}"'
        assert part(answer, line, "</li>\n") == part(page, line, "</li>\n")
    assert answer.count('<li class="call"') == 2
    state = '<div id="roll-call-state"'
    assert part(answer, state, "</form>").split() == part(page, state, "</form>").split()


def test_everybody_else_by_htmx_answers_with_the_crew(client_of):
    floor = opened(agents=2)
    client = client_of(floor.leader)
    answer = without_tokens(client.post(url("mark_rest_here", floor), headers=HTMX).content.decode())
    page = without_tokens(client.get(url("show_roll_call", floor)).content.decode())
    assert answer.strip() == part(page, '<section class="card" id="crew"', "</section>")


def test_a_fault_leaves_the_line_unfolded(client_of):
    floor = opened(agents=1)
    client, agent = client_of(floor.leader), floor.agents[0]
    response = client.post(step_url("set_fault", floor, agent), {"faulty": "1"})
    assert response["Location"] == f"{url('show_roll_call', floor)}?open={agent.pk}#call-{agent.pk}"
    answer = client.post(step_url("set_fault", floor, agent), {"faulty": "0"}, headers=HTMX).content.decode()
    assert '<details class="call-more" open>' in answer
    assert call(floor, agent).faults == []


def test_a_person_sees_their_own_line_and_says_why(client_of):
    floor = opened(agents=2)
    late, other = floor.agents
    client = client_of(late)
    page = client.get(url("show_roll_call", floor))
    assert (page.status_code, page.context["sheet"].sees_all) == (200, False)
    assert other.employee_number not in page.content.decode()
    assert client.post(url("state_reason", floor), {"reason": "地铁故障"}).status_code == 302
    assert call(floor, late).reason == "地铁故障"
    assert client.post(url("state_reason", floor), {"reason": " "})["X-Refusal"] == "roll_call_reason_missing"
    assert client.post(url("state_reason", floor), {"reason": "x" * 201})["X-Refusal"] == "roll_call_reason_missing"
    stranger = client_of(make.person())
    assert stranger.post(url("state_reason", floor), {"reason": "x"})["X-Refusal"] == "call_unknown"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.AGENT, 404),
        (Role.LEADER, 200),
        (Role.INSPECTOR, 200),
        (Role.DIRECTOR, 200),
        (Role.CENTRE_DIRECTOR, 200),
        (Role.SECURITY, 404),
        (Role.ADMINISTRATOR, 404),
    ],
)
def test_who_reads_it(client_of, role, status):
    floor = opened()
    page = client_of(make.person(role=role)).get(url("show_roll_call", floor))
    assert page.status_code == status
    if status == 200:
        assert (page.context["sheet"].may_call is None) == (role == Role.DIRECTOR)


def data_of(name):
    return {"reason": "x", "time": "07:40", "faulty": "1", "confirmed": "on", "excuse": "", "remark": ""}


@pytest.mark.parametrize("name", ABOUT_ONE)
def test_a_step_about_one_person_is_closed_to_others(client_of, name):
    floor = opened()
    agent = floor.agents[0]
    address = step_url(name, floor, agent)
    before = Entry.objects.count()
    for person in (agent, floor.agents[1], make.person(role=Role.LEADER), make.person(role=Role.INSPECTOR)):
        response = client_of(person).post(address, data_of(name))
        assert (response.status_code, response["X-Refusal"]) == (409, "roll_call_not_yours")
    stranger = make.person(role=Role.DIRECTOR, centre=make.centre(name="别的中心"))
    assert client_of(stranger).post(address, data_of(name)).status_code == 404
    assert client_of(floor.leader).get(address).status_code == 405
    assert Entry.objects.count() == before


@pytest.mark.parametrize("name", ABOUT_ALL)
def test_a_step_about_everybody_is_closed_to_others(client_of, name):
    floor = opened()
    before = Entry.objects.count()
    for person in (floor.agents[1], make.person(role=Role.LEADER), make.person(role=Role.INSPECTOR)):
        response = client_of(person).post(url(name, floor), data_of(name))
        assert (response.status_code, response["X-Refusal"]) == (409, "roll_call_not_yours")
    stranger = make.person(role=Role.DIRECTOR, centre=make.centre(name="别的中心"))
    assert client_of(stranger).post(url(name, floor), data_of(name)).status_code == 404
    assert client_of(floor.leader).get(url(name, floor)).status_code == 405
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("mark_here", "roll_call_closed"),
        ("mark_absent", "roll_call_closed"),
        ("mark_on_leave", "roll_call_closed"),
        ("unmark", "roll_call_closed"),
        ("mark_arrival", "roll_call_closed"),
        ("annotate", "roll_call_closed"),
        ("set_fault", "roll_call_closed"),
        ("mark_rest_here", "roll_call_closed"),
        ("close_roll_call", "wrong_state"),
    ],
)
def test_a_closed_roll_call_refuses_the_steps(client_of, name, code):
    floor = opened(agents=1)
    closed(floor, at=make.at(7, 45))
    address = step_url(name, floor, floor.agents[0]) if name in ABOUT_ONE else url(name, floor)
    response = client_of(floor.leader).post(address, data_of(name))
    assert (response.status_code, response["X-Refusal"]) == (409, code)


def test_an_open_one_is_not_reopened(client_of):
    floor = opened(agents=1)
    response = client_of(floor.leader).post(url("reopen_roll_call", floor), {"reason": "x"})
    assert (response.status_code, response["X-Refusal"]) == (409, "wrong_state")
    response = client_of(floor.leader).post(url("reopen_roll_call", floor), {"reason": ""})
    assert (response.status_code, response["X-Refusal"]) == (409, "roll_call_reason_missing")


def test_what_cannot_be_closed_yet_keeps_the_remarks(client_of):
    floor = opened(agents=1)
    client = client_of(floor.leader)
    data = {"remarks": "写了一半", "before": ""}
    response = client.post(url("close_roll_call", floor), data)
    assert (response.status_code, response.context["form"]["remarks"].value()) == (422, "写了一半")
    client.post(url("mark_rest_here", floor))
    response = client.post(url("close_roll_call", floor), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["confirmed"]
    response = client.post(url("close_roll_call", floor), {**data, "remarks": "x" * 2001, "confirmed": "on"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["remarks"])
    assert roll_call(floor).status == "open"


def test_remarks_are_saved_alone(client_of):
    floor = opened(agents=1)
    client = client_of(floor.leader)
    data = {"remarks": "注意雨天话术", "before": "", "remarks_only": "1"}
    assert client.post(url("close_roll_call", floor), data).status_code == 302
    assert (roll_call(floor).remarks, roll_call(floor).status) == ("注意雨天话术", "open")
    response = client.post(url("close_roll_call", floor), {**data, "remarks": "另一句"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["remarks"])


@pytest.mark.parametrize(("data", "code"), [({"time": "7"}, "arrival_time_needed"), ({"time": "07:55"}, None)])
def test_a_time_that_cannot_be_read_is_refused(client_of, monkeypatch, data, code):
    floor = opened(agents=1)
    at(monkeypatch, 8, 5)
    response = client_of(floor.leader).post(url("mark_arrival", floor, floor.agents[0].pk), {**data, "reason": "门禁"})
    assert response.get("X-Refusal") == code


def test_words_that_are_too_long_are_refused(client_of):
    floor = opened(agents=1)
    response = client_of(floor.leader).post(url("annotate", floor, floor.agents[0].pk), {"remark": "x" * 201})
    assert (response.status_code, response["X-Refusal"]) == (409, "words_too_long")


def test_an_unpublished_shift_has_no_page(client_of):
    floor = make_rollcall.floor(published=False)
    assert client_of(floor.leader).get(url("show_roll_call", floor)).status_code == 404


# What it costs


def but_the_journals(asked):
    """Without the journal's row and its lock, and without savepoints."""
    return [sql for sql in asked if not re.search("journal_|advisory|SAVEPOINT", sql)]


def statements(client, address, post=None, **options):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address) if post is None else client.post(address, post, **options)
        assert response.status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("agents", [3, 30])
def test_the_page_asks_the_same_of_any_crew(client_of, agents):
    floor = opened(agents=agents)
    here(floor, floor.agents[0], make.at(7, 44))
    asked = statements(client_of(floor.leader), url("show_roll_call", floor))
    assert len(asked) == 10, asked


@pytest.mark.parametrize("agents", [3, 30])
def test_marking_one_person_asks_for_eight_statements_besides_the_journals(client_of, agents):
    floor = opened(agents=agents)
    here(floor, floor.agents[0], make.at(7, 44))  # the leader's own first step
    client = client_of(floor.leader)
    asked = statements(client, url("mark_here", floor, floor.agents[1].pk), {}, headers=HTMX)
    assert len(but_the_journals(asked)) <= 8, asked


@pytest.mark.parametrize("agents", [3, 30])
def test_everybody_else_and_closing_ask_the_same_of_any_crew(client_of, agents):
    floor = opened(agents=agents)
    client = client_of(floor.leader)
    asked = statements(client, url("mark_rest_here", floor), {}, headers=HTMX)
    with CaptureQueriesContext(connection) as queries:
        client.post(url("close_roll_call", floor), {"confirmed": "on"})
    closes = but_the_journals(query["sql"] for query in queries)
    assert (len(but_the_journals(asked)), len(closes)) == (10, 11), closes
