import pytest
from django.urls import reverse

from delivery.bell import Bell
from delivery.models import Message
from tests import make
from tests.make_delivery import message

pytestmark = pytest.mark.django_db

LIST = "/notifications/"


def test_the_list_shows_ones_own_newest_first(client_of):
    person = make.person(language="en")
    older, newer = message(person=person), message(person=person, urgent=True)
    message(person=make.person())
    response = client_of(person).get(LIST)
    assert response.context["rows"] == [newer, older]


def test_the_list_pages_by_the_last_message_shown(client_of, monkeypatch):
    monkeypatch.setattr("delivery.views.PAGE", 2)
    person = make.person()
    first, second, third = (message(person=person) for _i in range(3))
    client = client_of(person)
    page = client.get(LIST)
    assert page.context["rows"] == [third, second]
    assert page.context["older"] == f"?before={second.pk}"
    page = client.get(LIST + page.context["older"])
    assert (page.context["rows"], page.context["older"], page.context["newer"]) == ([first], "", LIST)


@pytest.mark.parametrize("before", ["x", "-1", "１２", "9" * 40, "%00"])
def test_a_nonsense_page_is_the_first_page(client_of, before):
    person = make.person()
    made = message(person=person)
    assert client_of(person).get(LIST, {"before": before}).context["rows"] == [made]


def test_the_list_costs_the_same_for_ten_rows(client_of, django_assert_num_queries):
    person = make.person()
    client = client_of(person)
    for rows in (1, 9):
        for _i in range(rows):
            message(person=person)
        with django_assert_num_queries(3):  # session, person with roles and unread, messages
            client.get(LIST)


def test_opening_marks_it_read_and_goes_where_it_leads(client_of):
    person = make.person()
    made = message(person=person, link="/duties/3/")
    response = client_of(person).post(reverse("delivery:open_message", args=[made.pk]))
    assert (response.status_code, response["Location"]) == (302, "/duties/3/")
    assert Message.objects.unread_count(person) == 0


def test_marking_one_leaves_the_others(client_of):
    person = make.person()
    made, other = message(person=person), message(person=person)
    response = client_of(person).post(reverse("delivery:mark_read", args=[made.pk]))
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert list(Message.objects.unread(person)) == [other]


def test_marking_all(client_of):
    person, other = make.person(), make.person()
    message(person=person), message(person=person), message(person=other)
    client_of(person).post(reverse("delivery:mark_all_read"))
    assert (Message.objects.unread_count(person), Message.objects.unread_count(other)) == (0, 1)


@pytest.mark.parametrize("name", ["delivery:open_message", "delivery:mark_read"])
def test_somebody_elses_message_is_not_there(client_of, name):
    made = message(person=make.person())
    assert client_of(make.person()).post(reverse(name, args=[made.pk])).status_code == 404
    assert Message.objects.get().read_at is None


@pytest.mark.parametrize("name", ["open_message", "mark_read", "mark_all_read"])
def test_reading_is_posted(client_of, name):
    person = make.person()
    args = [] if name == "mark_all_read" else [message(person=person).pk]
    assert client_of(person).get(reverse(f"delivery:{name}", args=args)).status_code == 405


def test_the_bell_answers_only_when_its_count_changed(client_of, django_assert_num_queries):
    person = make.person()
    client = client_of(person)
    message(person=person)
    url = reverse("delivery:poll_bell")
    assert client.get(url, {"shown": "0.0"}).context["bell"] == Bell(1, 0)
    with django_assert_num_queries(2):
        assert client.get(url, {"shown": "1.0"}).status_code == 204


def test_one_more_that_is_urgent_is_seen_beyond_99(client_of):
    person = make.person()
    client, url = client_of(person), reverse("delivery:poll_bell")
    for _number in range(120):
        message(person=person)
    shown = client.get(url)
    assert ("99+" in shown.text, 'data-kind="urgent"' in shown.text) == (True, False)
    message(person=person)
    assert client.get(url, {"shown": str(shown.context["bell"])}).status_code == 204
    for number in (1, 2):
        message(person=person, urgent=True)
        shown = client.get(url, {"shown": str(shown.context["bell"])})
        assert f'data-kind="urgent"><span aria-hidden="true">!</span>{number}<' in shown.text


def test_the_login_page_comes_before_the_bell(client):
    assert client.get(LIST)["Location"] == f"/accounts/login/?next={LIST}"
