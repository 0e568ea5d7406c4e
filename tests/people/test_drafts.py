"""Half-written input on the server: kept, given back to its person alone, and gone in time."""

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callcentre import signals
from callcentre.refusals import Refused
from journal.models import Entry
from people import actions, drafts
from people.models import Draft, Role
from tests import make

pytestmark = pytest.mark.django_db

LOAD, KEEP, DROP = "/people/drafts/", "/people/drafts/keep/", "/people/drafts/drop/"
FORM = "handover-12-equipment"
TYPED = {"text": "3 号机断线，已报修", "told=yes": True}


@pytest.fixture(autouse=True)
def _no_earlier_drafts():
    cache.clear()


@pytest.fixture
def person():
    return make.person()


def said(person, *, form=FORM, values=TYPED, **more):
    return {"person": person.pk, "form": form, "values": values, **more}


def post(client, address, body):
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(address, content, content_type="application/json")


def draft(person, *, form=FORM, values=TYPED, at=None, base=None):
    kept = drafts.pack(values)
    return actions.keep_draft(person=person, form=form, values=kept, at=at or make.at(9), base=base)


def loaded(client, *forms):
    return client.get(LOAD, {"form": forms}).json()["drafts"]


def test_what_was_kept_comes_back(client_of, person):
    client = client_of(person)
    version = post(client, KEEP, said(person)).json()["version"]
    assert loaded(client, FORM, "other") == {FORM: {"version": version, "values": TYPED}}


def test_it_comes_back_at_another_desk(client_of, person):
    post(client_of(person), KEEP, said(person))
    assert loaded(client_of(person), FORM)[FORM]["values"] == TYPED


def test_only_the_forms_asked_for_are_loaded(client_of, person):
    draft(person, form="case-new")
    assert loaded(client_of(person), FORM) == {}


def test_a_page_of_many_forms_asks_for_all_of_ones_own(client_of, person):
    draft(person)
    draft(person, form="case-new")
    assert sorted(loaded(client_of(person))) == ["case-new", FORM]
    assert loaded(client_of(make.person())) == {}


def test_the_newest_stands_in_place_of_the_one_before(client_of, person):
    client = client_of(person)
    first = post(client, KEEP, said(person)).json()["version"]
    response = post(client, KEEP, said(person, values={"text": "3 号机已修好"}, base=first))
    assert (response.status_code, Draft.objects.count()) == (200, 1)
    assert loaded(client, FORM)[FORM]["values"] == {"text": "3 号机已修好"}


@pytest.mark.parametrize("base", [None, 17, "?"])
def test_what_another_desk_kept_meanwhile_is_not_overwritten(client_of, person, base):
    standing = draft(person)
    response = post(client_of(person), KEEP, said(person, values={"text": "另写的"}, base=base))
    assert (response.status_code, response.json()) == (409, {"version": standing.version, "values": TYPED})
    assert Draft.objects.get().values == drafts.pack(TYPED)


def test_the_same_again_is_kept_whatever_it_continues(client_of, person):
    draft(person)
    assert post(client_of(person), KEEP, said(person)).status_code == 200


def test_what_was_submitted_is_dropped(client_of, person):
    client = client_of(person)
    draft(person)
    draft(person, form="case-new")
    for _again in range(2):
        assert post(client, DROP, {"person": person.pk, "form": FORM}).status_code == 200
    assert list(Draft.objects.values_list("form", flat=True)) == ["case-new"]


@pytest.mark.parametrize("role", [Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR, Role.ADMINISTRATOR])
def test_nobody_else_sees_or_drops_it(client_of, person, role):
    draft(person)
    other = make.person(role=role)
    client = client_of(other)
    assert loaded(client, FORM) == {}
    assert post(client, DROP, {"person": other.pk, "form": FORM}).status_code == 200
    assert Draft.objects.get().person == person


def test_a_page_drawn_for_somebody_else_keeps_and_drops_nothing(client_of, person):
    """Another tab of the same browser: the person has changed, the page has not."""
    other = make.person()
    client = client_of(other)
    draft(other)
    for address in (KEEP, DROP):
        response = post(client, address, said(person, values={"text": "机密"}))
        assert (response.status_code, response.json()["code"]) == (422, "draft_of_another")
    assert Draft.objects.get().values == drafts.pack(TYPED)
    assert client.get(LOAD).json()["person"] == other.pk


def test_it_leaves_no_trace_in_journal_and_log(client_of, person, caplog):
    caplog.set_level("DEBUG", logger="people")
    client = client_of(person)
    post(client, KEEP, said(person))
    post(client, KEEP, said(person, values={"text": 5}))
    post(client, DROP, said(person))
    assert Entry.objects.count() == 0
    assert "断线" not in caplog.text


def test_a_password_is_not_kept(person):
    values = {"text": "x", "old_password": "y", "csrfmiddlewaretoken": "z"}
    assert drafts.pack(values) == '{"text":"x"}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"3",
        b"\xff",
        b"[" * 100_000,
        {"form": FORM},
        {"person": 1, "form": "../x"},
        {"person": 1, "form": "x" * 81},
        {"person": 1, "form": 7},
        {"person": 1, "form": "x\n"},
    ],
)
def test_what_no_page_says_is_refused(client_of, person, body):
    client = client_of(person)
    if isinstance(body, dict):
        body |= {"person": person.pk} if "person" in body else {}
    for address in (KEEP, DROP):
        response = post(client, address, body)
        assert (response.status_code, response.json()["code"]) == (422, "draft_unreadable")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (None, "draft_unreadable"),
        ([], "draft_unreadable"),
        ({"text": None}, "draft_unreadable"),
        ({"text": {"a": "b"}}, "draft_unreadable"),
        ({"text": 1.5}, "draft_unreadable"),
        ({"text": "a\x00b"}, "draft_unreadable"),
        ({"text": "\ud800"}, "draft_unreadable"),
        ({f"field{number}": "" for number in range(201)}, "draft_unreadable"),
        ({"text": "长" * 20_000}, "draft_too_long"),
    ],
)
def test_what_cannot_be_stored_is_refused(client_of, person, values, code):
    response = post(client_of(person), KEEP, said(person, values=values))
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert Draft.objects.count() == 0


def test_the_longest_draft_is_kept(client_of, person):
    values = {"text": "长" * (20_000 - len('{"text":""}'))}
    assert post(client_of(person), KEEP, said(person, values=values)).status_code == 200


def test_more_than_a_page_ever_sends_is_refused_until_the_next_minute(person):
    for _time in range(drafts.MOST_A_MINUTE):
        drafts.check_pace(person, make.at(9))
    with pytest.raises(Refused, match="Too much at once|过于频繁") as refused:
        drafts.check_pace(person, make.at(9))
    assert refused.value.code == "drafts_too_often"
    drafts.check_pace(person, make.at(9, 1))
    drafts.check_pace(make.person(), make.at(9))


def test_too_often_is_said_by_its_status(client_of, person, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_A_MINUTE", 0)
    assert post(client_of(person), KEEP, said(person)).status_code == 429


def test_beyond_fifty_forms_the_oldest_go(person):
    for minute in range(Draft.MOST + 2):
        draft(person, form=f"case-{minute}", at=make.at(9) + dt.timedelta(minutes=minute))
    kept = set(Draft.objects.values_list("form", flat=True))
    assert kept == {f"case-{minute}" for minute in range(2, Draft.MOST + 2)}


def test_a_week_later_it_is_gone(person):
    draft(person, form="old", at=make.at(9))
    draft(person, form="new", at=make.at(9, 1))
    assert signals.tick(make.at(9) + Draft.LASTS) == []
    assert Draft.objects.count() == 2
    actions.purge_drafts(at=make.at(9, 1) + Draft.LASTS)
    assert [row.form for row in Draft.objects.all()] == ["new"]


def test_each_request_is_cheap(client_of, person):
    client = client_of(person)
    draft(person)
    for ask in (
        lambda: client.get(LOAD, {"form": [FORM, "a", "b"]}),
        lambda: post(client, KEEP, said(person)),
        lambda: post(client, DROP, said(person)),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        assert len(queries) <= 8


@pytest.mark.parametrize("address", [KEEP, DROP])
def test_keeping_and_dropping_are_posts_with_a_token(client_of, person, address):
    assert client_of(person).get(address).status_code == 405
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(person)
    assert post(careful, address, said(person)).status_code == 403


def test_the_answers_are_not_stored(client_of, person):
    assert "no-store" in client_of(person).get(LOAD)["Cache-Control"]


def test_the_database_refuses_a_second_draft_and_an_endless_one(person):
    row = draft(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(person=person, form=FORM, values="{}", at=make.at(9))
    with pytest.raises(IntegrityError, match="draft_is_not_endless"), transaction.atomic():
        Draft.objects.filter(form=row.form).update(values="x" * 20_001)
    with pytest.raises(ValidationError):
        Draft(person=person, form="a", values="x" * 20_001, at=make.at(9)).full_clean()
