"""Signing in and out, the initial password, the language."""

import pytest
from django.core.cache import cache

from journal.models import Entry
from people import actions
from people.models import Person
from tests import make

pytestmark = pytest.mark.django_db

LOGIN, LOGOUT, CHANGE = "/accounts/login/", "/accounts/logout/", "/accounts/password/"
OWN = "seven green lamps"


@pytest.fixture(autouse=True)
def _no_earlier_attempts():
    cache.clear()


def sign_in(client, number, password, **extra):
    return client.post(LOGIN, {"login": number, "password": password, **extra})


@pytest.fixture
def person():
    made = make.person(number="1101")
    made.set_password(OWN)
    made.save()
    return made


@pytest.fixture
def newcomer():
    made = make.person(number="1102")
    made.initial = actions.initial_password()
    made.password = actions.initial_hash(made.initial)
    made.must_change_password = True
    made.save()
    return made


def test_an_employee_number_and_password_sign_in(client, person):
    response = sign_in(client, "1101", OWN)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/notifications/").wsgi_request.user == person


def test_where_one_wanted_to_go_is_remembered_if_it_is_ours(client, person):
    assert sign_in(client, "1101", OWN, next="/notifications/")["Location"] == "/notifications/"
    client.post(LOGOUT)
    assert sign_in(client, "1101", OWN, next="https://example.com/")["Location"] == "/"


@pytest.mark.parametrize(
    ("number", "password"), [("1101", "wrong"), ("9999", OWN), ("", ""), ("１１０１", OWN), ("1101\x00", OWN)]
)
def test_a_wrong_pair_says_the_same_whatever_is_wrong(client, person, number, password):
    response = sign_in(client, number, password)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not response.wsgi_request.user.is_authenticated


def test_five_wrong_passwords_lock_the_number_for_a_while(client, person):
    for _i in range(5):
        sign_in(client, "1101", "wrong")
    response = sign_in(client, "1101", OWN)
    assert [error.code for error in response.context["form"].errors["__all__"].data] == ["too_many_login_attempts"]


def test_the_first_login_leads_to_the_change_of_password_and_nowhere_else(client, newcomer):
    sign_in(client, "1102", newcomer.initial)
    for url in ("/", "/notifications/", "/people/"):
        assert client.get(url)["Location"] == CHANGE
    assert client.get(CHANGE).status_code == 200


def test_the_first_login_makes_the_full_hash(client, newcomer):
    assert newcomer.password.startswith("pbkdf2_sha256$1000$")
    sign_in(client, "1102", newcomer.initial)
    newcomer.refresh_from_db()
    assert newcomer.password.startswith("argon2$")


def test_ones_own_password_opens_the_rest(client, newcomer):
    sign_in(client, "1102", newcomer.initial)
    response = client.post(CHANGE, {"oldpassword": newcomer.initial, "password1": OWN, "password2": OWN})
    assert (response.status_code, response["Location"]) == (302, "/")
    newcomer.refresh_from_db()
    assert (newcomer.must_change_password, newcomer.check_password(OWN)) == (False, True)
    assert client.get("/notifications/").status_code == 200
    row = Entry.objects.get()
    assert (row.verb, row.actor, row.object_id) == ("person.password_changed", newcomer, newcomer.pk)


@pytest.mark.parametrize("chosen", ["short", "1qaz2wsx3edc", "1102 1102 1102", "my 星海客服中心 word"])
def test_an_easy_password_is_refused(client, newcomer, chosen):
    sign_in(client, "1102", newcomer.initial)
    response = client.post(CHANGE, {"oldpassword": newcomer.initial, "password1": chosen, "password2": chosen})
    assert response.status_code in (200, 422)
    newcomer.refresh_from_db()
    assert newcomer.must_change_password


def test_somebody_who_left_cannot_sign_in_and_is_signed_out(client, person, client_of):
    signed_in = client_of(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert sign_in(client, "1101", OWN)["Location"] == "/accounts/inactive/"
    assert client.get("/accounts/inactive/").status_code == 200
    assert signed_in.get("/notifications/").status_code == 302


def test_signing_out_is_posted(client_of, person):
    client = client_of(person)
    assert client.get(LOGOUT).wsgi_request.user.is_authenticated
    assert client.post(LOGOUT)["Location"] == LOGIN
    assert client.get("/notifications/").status_code == 302


@pytest.mark.parametrize(("url", "status"), [("/accounts/signup/", 404), ("/accounts/password/forgotten/", 200)])
def test_pages_that_only_explain(client, url, status):
    assert client.get(url).status_code == status


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_language_is_the_persons(client_of, person, language):
    client = client_of(person)
    response = client.post("/people/language/", {"language": language, "next": "/notifications/"})
    assert (response.status_code, response["Location"]) == (302, "/notifications/")
    person.refresh_from_db()
    assert person.language == language
    assert client.get("/notifications/")["Content-Language"] == language


def test_a_strangers_language_is_kept_in_a_cookie(client):
    client.post("/people/language/", {"language": "en"})
    assert client.get(LOGIN)["Content-Language"] == "en"
    client.post("/people/language/", {"language": "../../etc"})
    assert client.get(LOGIN)["Content-Language"] == "zh-hans"


def test_the_language_never_leads_elsewhere(client):
    assert client.post("/people/language/", {"language": "en", "next": "//example.com"})["Location"] == "/"
    assert client.get("/people/language/").status_code == 405
