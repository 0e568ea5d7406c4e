import pytest
from django.urls import reverse

from journal.models import Entry
from people.models import Person, Role
from tests import make

pytestmark = pytest.mark.django_db

LIST = "/people/"


@pytest.fixture
def keeper(client_of):
    person = make.person(role=Role.ADMINISTRATOR, number="5001", name="赵敏", language="en")
    client = client_of(person)
    client.person = person
    return client


def numbers(response):
    return [line["person"].employee_number for line in response.context["rows"]]


def reset_url(person):
    return reverse("people:reset_password", args=[person.pk])


def test_the_people_of_ones_centre_by_number(keeper):
    make.person(number="1102")
    make.person(number="1101")
    make.person(number="2001", centre=make.centre(name="别处"))
    assert numbers(keeper.get(LIST)) == ["1101", "1102", "5001"]


@pytest.mark.parametrize(("query", "found"), [("110", ["1101", "1102"]), ("王", ["1102"]), ("nobody", [])])
def test_it_finds_parts_of_numbers_and_names(keeper, query, found):
    make.person(number="1101", name="李娜")
    make.person(number="1102", name="王芳")
    assert numbers(keeper.get(LIST, {"q": query})) == found


def test_pages_go_on_behind_the_last_number(keeper, monkeypatch):
    monkeypatch.setattr("people.views.PAGE", 2)
    for number in ("1101", "1102", "1103"):
        make.person(number=number)
    page = keeper.get(LIST, {"q": "110"})
    assert (numbers(page), page.context["older"]) == (["1101", "1102"], "?q=110&after=1102")
    page = keeper.get(LIST + page.context["older"])
    assert (numbers(page), page.context["older"], page.context["newer"]) == (["1103"], "", "?q=110")


def test_the_list_costs_the_same_for_ten_rows(keeper, django_assert_num_queries):
    for rows in (1, 9):
        for _i in range(rows):
            make.person(team=make.team())
        with django_assert_num_queries(4):  # session, person with roles and unread, people, their roles
            keeper.get(LIST)


def test_only_roles_of_today_are_named(keeper):
    person = make.person(number="1101")
    person.role_assignments.update(until_on=make.FIRST_DAY)
    assert keeper.get(LIST).context["rows"][0]["roles"] == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_see_the_list(client_of, role):
    client = client_of(make.person(role=role))
    assert client.get(LIST).status_code == 403
    assert client.post("/people/passwords/").status_code == 403
    assert client.post(reset_url(make.person())).status_code == 403


def test_a_reset_shows_the_password_once_and_signs_out(keeper, client_of):
    person = make.person(number="1101")
    signed_in = client_of(person)
    response = keeper.post(reset_url(person))
    shown, password = response.context["passwords"][0]
    person.refresh_from_db()
    assert (shown, person.check_password(password), person.must_change_password) == (person, True, True)
    assert "no-store" in response["Cache-Control"]
    assert signed_in.get("/notifications/").status_code == 302
    row = Entry.objects.get()
    assert (row.verb, row.actor, row.object_id, row.facts) == ("person.password_reset", keeper.person, person.pk, {})


def test_nobody_resets_their_own(keeper):
    response = keeper.post(reset_url(keeper.person))
    assert (response.status_code, response["X-Refusal"]) == (409, "own_reset")


def test_nobody_resets_for_somebody_who_left(keeper):
    person = make.person()
    Person.objects.filter(pk=person.pk).update(is_active=False)
    response = keeper.post(reset_url(person))
    assert (response.status_code, response["X-Refusal"]) == (409, "person_left")


def test_people_elsewhere_are_not_there(keeper):
    assert keeper.post(reset_url(make.person(centre=make.centre(name="别处")))).status_code == 404


def test_a_reset_is_posted(keeper):
    assert keeper.get(reset_url(make.person())).status_code == 405


def test_new_slips_only_for_those_who_never_signed_in(keeper):
    make.person()
    never, elsewhere = make.person(number="1101"), make.person(centre=make.centre(name="别处"))
    Person.objects.filter(pk__in=[never.pk, elsewhere.pk]).update(must_change_password=True)
    response = keeper.post("/people/passwords/")
    assert [person for person, _password in response.context["passwords"]] == [never]
    never.refresh_from_db()
    assert never.check_password(response.context["passwords"][0][1])
    assert list(Entry.objects.values_list("verb", "object_id")) == [("person.password_reset", never.pk)]
