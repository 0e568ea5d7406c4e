"""The pledge and the breaches as pages."""

import pytest
from django.urls import reverse

from callcentre import clock
from journal.models import Entry
from rulebook import actions, breaches, pledge
from rulebook.models import Acknowledgement, Breach
from tests import make, make_rulebook

pytestmark = pytest.mark.django_db

PLEDGE = "/rulebook/pledge/"
PEOPLE = "/rulebook/pledge/people/"
BREACHES = "/rulebook/breaches/"


@pytest.fixture(autouse=True)
def kinds():
    with make_rulebook.registries():
        breaches.kinds({"test_late": "%(minutes)s minutes late"})
        yield


def far(role="leader"):
    return make.person(role=role, centre=make.centre(name="远山客服中心"))


def this_year(person):
    return pledge.year_of(person.centre, clock.now())


def test_the_pledge_lists_the_clauses_of_conduct(client_of):
    agent = make.person()
    page = client_of(agent).get(PLEDGE)
    assert page.status_code == 200
    assert [clause.id for clause in page.context["clauses"]] == [clause.id for clause in pledge.CLAUSES_OF_CONDUCT]
    text = page.content.decode()
    for clause in pledge.CLAUSES_OF_CONDUCT:
        assert text.count(clause.zh) == 1
    assert text.count(f'name="edition" value="{pledge.edition()}"') == 1


def test_the_pledge_in_english(client_of):
    page = client_of(make.person(language="en")).get(PLEDGE)
    text = page.content.decode()
    assert text.count("<h1>Clauses of conduct</h1>") == 1
    assert text.count("Communications are secret; no customer") == 1
    assert text.count("客户资料") == 0


def test_acknowledging_is_recorded(client_of):
    agent = make.person()
    client = client_of(agent)
    answer = client.post(PLEDGE, {"edition": pledge.edition()})
    assert (answer.status_code, answer.url) == (302, PLEDGE)
    row = Acknowledgement.objects.get()
    assert (row.person, row.year, row.edition) == (agent, this_year(agent), pledge.edition())
    assert Entry.objects.get().verb == "pledge.acknowledged"
    assert client.get(PLEDGE).content.decode().count('name="edition"') == 0


def test_acknowledging_twice_or_another_edition_is_refused(client_of):
    agent = make.person()
    client = client_of(agent)
    assert client.post(PLEDGE, {"edition": "old"}).headers["X-Refusal"] == "pledge_changed_meanwhile"
    assert client.post(PLEDGE).headers["X-Refusal"] == "pledge_changed_meanwhile"
    client.post(PLEDGE, {"edition": pledge.edition()})
    answer = client.post(PLEDGE, {"edition": pledge.edition()})
    assert (answer.status_code, answer.headers["X-Refusal"]) == (409, "already_acknowledged")
    assert Acknowledgement.objects.count() == 1


def test_the_pledge_refuses_other_methods(client_of):
    assert client_of(make.person()).delete(PLEDGE).status_code == 405


def test_who_has_yet_to_acknowledge_by_team(client_of):
    director = make_rulebook.director()
    first, second = make.team(name="甲班"), make.team(name="乙班")
    done = make.person(team=first)
    late = [make.person(team=first), make.person(team=second)]
    actions.acknowledge(edition=pledge.edition(), by=done, at=clock.now())
    page = client_of(director).get(PEOPLE)
    teams = [(str(row["team"]), row["missing"], row["done"], row["of"]) for row in page.context["teams"]]
    assert sorted(teams) == sorted([("None", [director], 0, 1), ("甲班", [late[0]], 1, 2), ("乙班", [late[1]], 0, 1)])
    assert (page.context["missing"], page.context["of"]) == (3, 4)


def test_nobody_left_to_acknowledge(client_of):
    director = make_rulebook.director(language="en")
    actions.acknowledge(edition=pledge.edition(), by=director, at=clock.now())
    assert client_of(director).get(PEOPLE).content.decode().count("Everybody has acknowledged") == 1


def test_the_list_of_people_costs_the_same_for_ten(client_of, django_assert_num_queries, django_assert_max_num_queries):
    director = make_rulebook.director()
    client = client_of(director)
    make.person(team=make.team())
    with django_assert_max_num_queries(8) as first:
        client.get(PEOPLE)
    for number in range(9):
        make.person(team=make.team(name=f"{number}班"))
    with django_assert_num_queries(len(first)):
        client.get(PEOPLE)


@pytest.mark.parametrize("role", ["agent", "leader", "inspector", "administrator"])
def test_the_list_of_people_is_the_directors(client_of, role):
    assert client_of(make.person(role=role)).get(PEOPLE).status_code == 403


@pytest.mark.parametrize("role", ["agent", "inspector", "security", "administrator"])
def test_breaches_are_decided_by_leaders_and_directors(client_of, role):
    made = make_rulebook.breach()
    client = client_of(make.person(role=role))
    assert client.get(BREACHES).status_code == 403
    for name in ("confirm_breach", "excuse_breach", "take_back_breach"):
        assert client.post(reverse(f"rulebook:{name}", args=[made.pk]), {"reason": "x"}).status_code == 403
    assert Breach.objects.noticed().count() == 1


def test_a_leader_sees_what_waits_and_what_was_decided(client_of):
    leader = make_rulebook.leader(language="en")
    waits, done = make_rulebook.breach(leader=leader), make_rulebook.confirmed(by=leader, leader=leader)
    make_rulebook.breach()
    page = client_of(leader).get(BREACHES)
    assert list(page.context["waiting"]) == [waits]
    assert page.context["decided"] == [(done, None)]
    text = page.content.decode()
    assert text.count("7 minutes late") == 2
    assert text.count("Under Handover 1") == 2


def test_nothing_waits(client_of):
    page = client_of(make_rulebook.leader(language="en")).get(BREACHES)
    assert page.content.decode().count("Nothing waits for you") == 1


def test_the_list_of_breaches_costs_the_same_for_ten(
    client_of, django_assert_num_queries, django_assert_max_num_queries
):
    leader = make_rulebook.leader()
    client = client_of(leader)
    for count in (1, 9):
        for _number in range(count):
            make_rulebook.breach(leader=leader)
            make_rulebook.confirmed(by=leader, leader=leader)
        if count == 1:
            with django_assert_max_num_queries(8) as first:
                client.get(BREACHES)
    with django_assert_num_queries(len(first)):
        client.get(BREACHES)


def test_confirming_works_and_can_be_undone(client_of):
    leader = make_rulebook.leader()
    made = make_rulebook.breach(leader=leader)
    client = client_of(leader)
    answer = client.post(reverse("rulebook:confirm_breach", args=[made.pk]))
    assert (answer.status_code, answer.url) == (302, BREACHES)
    undo = reverse("rulebook:take_back_breach", args=[made.pk])
    assert client.get(BREACHES).content.decode().count(f'action="{undo}"') == 2  # in the bar and in the row
    assert client.post(undo).status_code == 302
    made.refresh_from_db()
    assert made.status == "noticed"
    assert [entry.verb for entry in Entry.objects.about(made)] == [
        "breach.noticed",
        "breach.confirmed",
        "breach.taken_back",
    ]


def test_excusing_asks_for_the_reason_on_a_page(client_of):
    leader = make_rulebook.leader(language="en")
    made = make_rulebook.breach(leader=leader)
    client, url = client_of(leader), reverse("rulebook:excuse_breach", args=[made.pk])
    assert client.get(url).status_code == 200
    empty = client.post(url, {"reason": "  "})
    assert empty.status_code == 422
    assert empty.context["form"].errors["reason"]
    assert client.post(url, {"reason": "班车晚点。"}).url == BREACHES
    made.refresh_from_db()
    assert (made.status, made.reason, made.decided_by) == ("excused", "班车晚点。", leader)


def test_excusing_what_another_has_decided_keeps_the_reason_typed(client_of):
    leader = make_rulebook.leader(language="en")
    made = make_rulebook.confirmed(by=make_rulebook.director(), leader=leader)
    answer = client_of(leader).post(reverse("rulebook:excuse_breach", args=[made.pk]), {"reason": "班车晚点。"})
    assert answer.status_code == 422
    assert list(answer.context["form"].non_field_errors()) == ["This step is not open now: its state is “confirmed”."]
    assert answer.context["form"]["reason"].value() == "班车晚点。"


@pytest.mark.parametrize("name", ["confirm_breach", "excuse_breach", "take_back_breach"])
def test_the_litany_of_breaches(client_of, name):
    made = make_rulebook.breach(leader=make_rulebook.leader())
    url = reverse(f"rulebook:{name}", args=[made.pk])
    assert client_of(far()).post(url, {"reason": "x"}).status_code == 404
    assert client_of(far("director")).post(url, {"reason": "x"}).status_code == 404
    assert client_of(make_rulebook.leader()).put(url).status_code == 405
    assert Breach.objects.noticed().get() == made


def test_wrong_states_and_other_leaders_are_refused_with_their_code(client_of):
    leader = make_rulebook.leader()
    made = make_rulebook.confirmed(by=leader, leader=leader)
    answer = client_of(leader).post(reverse("rulebook:confirm_breach", args=[made.pk]))
    assert (answer.status_code, answer.headers["X-Refusal"]) == (409, "wrong_state")
    other = client_of(make_rulebook.leader()).post(reverse("rulebook:take_back_breach", args=[made.pk]))
    assert (other.status_code, other.headers["X-Refusal"]) == (409, "not_your_breach_to_decide")
    for name in ("confirm_breach", "take_back_breach"):
        assert client_of(leader).get(reverse(f"rulebook:{name}", args=[made.pk])).status_code == 405
