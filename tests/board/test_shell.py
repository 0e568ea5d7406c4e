"""The frame around every page: the ways through, by role."""

import pytest
from django.test import RequestFactory
from django.urls import resolve

from board import navigation
from board.context import Shell
from delivery.bell import Bell
from people.models import Role
from tests import make
from tests.make_delivery import message

pytestmark = pytest.mark.django_db


def shell_of(person, path="/"):
    request = RequestFactory().get(path)
    request.user = person
    return Shell(request)


@pytest.mark.parametrize("place", navigation.PLACES, ids=lambda place: place.code)
def test_every_place_is_there(place):
    assert resolve(place.address)


@pytest.mark.parametrize("role", Role)
def test_every_place_of_the_role_opens(client_of, role):
    client = client_of(make.person(role=role))
    for place in navigation.places_for(frozenset({role})):
        assert (place.code, client.get(place.address).status_code) == (place.code, 200)


@pytest.mark.parametrize("role", Role)
def test_the_bottom_bar_has_four_of_the_roles_own_places(role):
    primary = navigation.primary_for(frozenset({role}))
    assert len(primary) == 4
    assert set(primary) <= set(navigation.places_for(frozenset({role})))


def test_somebody_without_a_role_finds_what_everybody_sees():
    shell = shell_of(make.person(role=None))
    codes = ["start", "notices", "duties", "shifts", "escalations", "floor", "hygiene", "meetings", "rulebook"]
    assert [place["code"] for place in shell.navigation] == codes
    assert [place["code"] for place in shell.primary] == ["start", "duties", "shifts", "rulebook"]
    assert shell.role == ""


def test_of_several_roles_the_one_that_decides_most_counts():
    assert navigation.primary_for(frozenset({"agent", "leader"})) == navigation.primary_for(frozenset({"leader"}))


@pytest.mark.parametrize(
    ("path", "current"), [("/", ["start"]), ("/duties/3/", ["duties"]), ("/people/", []), ("/search/", [])]
)
def test_the_place_that_holds_the_page_is_current(path, current):
    shell = shell_of(make.person(), path)
    assert [place["code"] for place in shell.navigation if place["current"]] == current


def test_a_stranger_has_no_frame(client):
    response = client.get("/accounts/login/")
    shell = response.context["shell"]
    assert (shell.person, shell.navigation, shell.primary, shell.bell, shell.role) == (None, [], [], Bell(), "")


def test_the_initial_password_comes_before_the_frame():
    person = make.person()
    person.must_change_password = True
    assert shell_of(person).person is None


def test_unread_messages_are_counted():
    person = make.person()
    message(person=person)
    message(person=person, urgent=True)
    assert shell_of(person).bell == Bell(2, 1)


@pytest.mark.parametrize(("role", "seconds"), [(Role.LEADER, 3), (Role.AGENT, 30)])
def test_who_answers_requests_hears_at_once(role, seconds):
    assert shell_of(make.person(role=role)).bell_seconds == seconds


def test_a_frame_that_nobody_asks_for_costs_nothing(django_assert_num_queries):
    person = make.person()
    with django_assert_num_queries(0):
        shell_of(person)
