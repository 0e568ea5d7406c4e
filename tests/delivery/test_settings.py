"""What reaches a person besides the bell: their own choice."""

import datetime as dt

import pytest

from delivery.models import MailChoice
from journal.models import Entry
from people.models import Role
from tests import make
from tests.make_delivery import channel

pytestmark = pytest.mark.django_db
PAGE = "/notifications/settings/"


SENT = {"email": "li@example.cn", "topics": ["requests", "notices"], "quiet_from": "22:00", "quiet_until": "07:00"}


def sent(**changes):
    return SENT | changes


@pytest.mark.parametrize("role", Role)
def test_everybody_has_their_own(client_of, role):
    assert client_of(make.person(role=role)).get(PAGE).status_code == 200


def test_a_choice_is_kept(client_of):
    person = make.person()
    response = client_of(person).post(PAGE, sent())
    assert (response.status_code, response["Location"]) == (302, PAGE)
    person.refresh_from_db()
    choice = person.mail_choice
    assert (person.email, choice.topics) == ("li@example.cn", ["requests", "notices"])
    assert (choice.quiet_from, choice.quiet_until) == (dt.time(22), dt.time(7))
    (row,) = Entry.objects.all()
    assert (row.verb, row.actor, row.facts) == ("person.email_changed", person, {})


def test_changing_it_again_changes_the_one_row(client_of):
    person = make.person()
    client = client_of(person)
    client.post(PAGE, sent())
    client.post(PAGE, sent(topics=[], quiet_from="", quiet_until=""))
    choice = MailChoice.objects.get()
    assert (choice.topics, choice.quiet_from, Entry.objects.count()) == ([], None, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "li@example.cn\r\nBcc: x@example.cn"}, "email"),
        ({"email": "l" * 200 + "@example.cn"}, "email"),
        ({"topics": ["x"]}, "topics"),
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"quiet_from": ""}, "quiet_from"),
        ({"quiet_until": ""}, "quiet_until"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client_of, changes, field):
    person = make.person()
    response = client_of(person).post(PAGE, sent(**changes))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert MailChoice.objects.count() == 0


def test_what_is_chosen_without_a_choice(client_of):
    form = client_of(make.person()).get(PAGE).context["form"]
    assert list(form["topics"].value()) == ["requests", "duties"]


def test_a_centre_without_e_mail_says_so(client_of):
    client = client_of(make.person(language="en"))
    note = "This centre sends no e-mail yet."
    assert note in client.get(PAGE).content.decode()
    channel("mail")
    assert note not in client.get(PAGE).content.decode()


def test_it_costs_little(client_of, django_assert_num_queries):
    client = client_of(make.person())
    with django_assert_num_queries(4):  # session, person, choice, channel
        client.get(PAGE)


def test_other_methods(client_of):
    assert client_of(make.person()).put(PAGE).status_code == 405


@pytest.mark.parametrize(("language", "heading"), [("zh-hans", "消息设置"), ("en", "What reaches me")])
def test_in_both_languages(client_of, language, heading):
    assert f"<h1>{heading}" in client_of(make.person(language=language)).get(PAGE).content.decode()
