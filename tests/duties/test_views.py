import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from duties.models import Duty, Who
from journal.models import Entry
from people.models import Person, Role
from tests import make, make_duties, make_shifts

pytestmark = pytest.mark.django_db
STEPS = ("start", "finish", "verify", "undo", "waive")


@pytest.fixture
def leader():
    team, leader, _agents = make_shifts.crew()
    make_shifts.shift(team=team, leader=leader)
    return leader


@pytest.fixture
def director(leader):
    return Person.objects.with_role(Role.DIRECTOR, make.MONDAY).first()


def url(name, duty):
    return reverse(f"duties:{name}_duty", args=[duty.pk])


def verbs(duty):
    return [row.verb for row in Entry.objects.about(duty)]


def test_the_leader_starts_finishes_and_a_second_person_verifies(client_of, leader, director):
    duty = make_duties.duty(rule=make_duties.own_rule(needs_verification=True))
    for step, person, status in (
        ("start", leader, Duty.Status.STARTED),
        ("finish", leader, Duty.Status.DONE),
        ("verify", director, Duty.Status.VERIFIED),
    ):
        response = client_of(person).post(url(step, duty))
        assert (response.status_code, response["Location"]) == (302, url("show", duty))
        duty.refresh_from_db()
        assert duty.status == status
    assert verbs(duty)[0] == "duty.started"
    assert verbs(duty)[-1] == "duty.verified"


def test_it_follows_the_roster_until_it_is_started(client_of, leader):
    duty = make_duties.duty()
    other = make.person(role=Role.LEADER, name="赵敏")
    response = client_of(other).post(url("start", duty))
    assert (response.status_code, response["X-Refusal"]) == (409, "duty_not_yours")


def test_a_crews_duty_is_anybodys_on_the_crew(client_of):
    team, leader, agents = make_shifts.crew()
    make_shifts.shift(team=team, leader=leader, people=agents)
    duty = make_duties.duty(rule=make_duties.own_rule(who=Who.DAY_CREW))
    assert client_of(agents[0]).post(url("start", duty)).status_code == 302


def test_who_did_it_does_not_verify_it(client_of, leader):
    duty = make_duties.duty(
        rule=make_duties.own_rule(needs_verification=True), status=Duty.Status.DONE, assignee=leader, done_by=leader
    )
    response = client_of(leader).post(url("verify", duty))
    assert (response.status_code, response["X-Refusal"]) == (409, "duty_verified_by_second")


def test_undo_takes_back_the_last_step(client_of, leader):
    duty = make_duties.duty()
    client = client_of(leader)
    client.post(url("start", duty))
    client.post(url("undo", duty))
    duty.refresh_from_db()
    assert (duty.status, duty.assignee, duty.started_at) == (Duty.Status.OPEN, None, None)
    assert verbs(duty) == ["duty.started", "duty.undone"]


def test_the_director_waives_with_a_reason(client_of, leader, director):
    duty = make_duties.duty()
    response = client_of(director).post(url("waive", duty), {"reason": "更衣室装修"})
    assert response.status_code == 302
    duty.refresh_from_db()
    assert (duty.status, duty.reason) == (Duty.Status.WAIVED, "更衣室装修")
    assert verbs(duty) == ["duty.waived"]


def test_waiving_without_a_reason_keeps_the_page(client_of, director):
    duty = make_duties.duty()
    response = client_of(director).post(url("waive", duty), {"reason": " "})
    assert response.status_code == 422
    duty.refresh_from_db()
    assert duty.status == Duty.Status.OPEN


@pytest.mark.parametrize("step", ["verify", "waive"])
def test_an_agent_neither_verifies_nor_waives(client_of, step):
    assert client_of(make.person()).post(url(step, make_duties.duty())).status_code == 403


@pytest.mark.parametrize("step", STEPS)
def test_another_centres_duty_is_not_there(client_of, step):
    stranger = make.person(role=Role.DIRECTOR, centre=make.centre(name="别处"))
    assert client_of(stranger).post(url(step, make_duties.duty()), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_a_post(client_of, director, step):
    assert client_of(director).get(url(step, make_duties.duty())).status_code == 405


@pytest.mark.parametrize(
    ("step", "status"),
    [("start", "done"), ("start", "verified"), ("finish", "open"), ("verify", "started"), ("undo", "open")],
)
def test_a_step_out_of_turn_is_refused(client_of, director, step, status):
    rule = make_duties.own_rule(needs_verification=True)
    other = make.person(role=Role.LEADER)
    done = {"done_by": other} if status in ("done", "verified") else {}
    second = {"verified_by": director, "verified_at": make.at(15)} if status == "verified" else {}
    duty = make_duties.duty(rule=rule, status=status, **done, **second)
    response = client_of(director).post(url(step, duty))
    assert (response.status_code, response["X-Refusal"]) == (409, "wrong_state")


def test_the_page_of_a_day_asks_the_same_with_one_duty_and_with_ten(client_of, leader):
    client = client_of(leader)
    address = f"{reverse('duties:index')}?on={make.MONDAY.isoformat()}"
    make_duties.duty(rule=make_duties.own_rule(code="one"))
    client.get(address)
    with CaptureQueriesContext(connection) as with_one:
        client.get(address)
    for number in range(9):
        make_duties.duty(rule=make_duties.own_rule(code=f"more-{number}"))
    with CaptureQueriesContext(connection) as with_ten:
        client.get(address)
    assert len(with_ten) == len(with_one)


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "2026年11月23日 周一"), ("en", "Mon 23 Nov 2026")])
def test_a_duty_in_both_languages(client_of, leader, language, said):
    leader.language = language
    leader.save()
    duty = make_duties.duty()
    page = client_of(leader).get(url("show", duty)).content.decode()
    assert said in page
    assert duty.rule.name_zh in page if language == "zh-hans" else duty.rule.name_en in page


def test_a_late_duty_says_so(client_of, leader):
    duty = make_duties.duty(status=Duty.Status.MISSED)
    client_of(leader).post(url("finish", duty))
    duty.refresh_from_db()
    assert duty.status == Duty.Status.DONE
    assert duty.is_late
    assert verbs(duty) == ["duty.done_late"]
    assert duty.due_at == make.at(8) + dt.timedelta(hours=8)
