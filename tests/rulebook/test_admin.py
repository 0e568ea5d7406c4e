"""The rulebook in the admin: read by supervisors, changed by directors, through the same actions."""

import datetime as dt

import pytest

from callcentre import clock
from journal.models import Entry
from rulebook import actions, breaches, parameters, pledge
from rulebook.models import ChecklistItem, ParameterValue
from tests import make, make_rulebook

pytestmark = pytest.mark.django_db

ADD = "/admin/rulebook/parametervalue/add/"
LISTS = {
    "clause": ("director", "centre_director", "administrator"),
    "parametervalue": ("director", "centre_director", "administrator"),
    "checklist": ("director", "centre_director", "administrator"),
    "breach": ("director", "centre_director"),
    "acknowledgement": ("director", "centre_director"),
}


@pytest.fixture(autouse=True)
def registries():
    with make_rulebook.registries():
        breaches.kinds({"test_late": "%(minutes)s minutes late"})
        yield


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("role", ["director", "centre_director", "administrator"])
def test_who_reads_what(client_of, model, role):
    make_rulebook.value()
    make_rulebook.checklist()
    made = make_rulebook.breach()
    actions.acknowledge(edition=pledge.edition(), by=made.person, at=clock.now())
    status = client_of(make.person(role=role)).get(f"/admin/rulebook/{model}/").status_code
    assert status == (200 if role in LISTS[model] else 403)


@pytest.mark.parametrize("role", ["agent", "leader", "inspector", "security"])
def test_others_do_not_enter(client_of, role):
    client = client_of(make.person(role=role))
    assert client.get("/admin/rulebook/clause/").status_code == 302
    assert client.post(ADD, {}).status_code == 302


def test_nothing_is_deleted_and_clauses_are_not_edited(client_of):
    client = client_of(make_rulebook.director())
    value = make_rulebook.value()
    for model, pk in {"clause": "handover.4", "parametervalue": value.pk}.items():
        assert client.get(f"/admin/rulebook/{model}/{pk}/change/").status_code == 200
        assert client.post(f"/admin/rulebook/{model}/{pk}/change/", {}).status_code == 403
        assert client.post(f"/admin/rulebook/{model}/{pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/rulebook/clause/add/").status_code == 403


def add(client, **changes):
    options = {"name": "early_arrival_minutes", "value": "15", "from_on": "2999-01-01"}
    return client.post(ADD, options | changes)


def test_a_director_sets_a_parameter(client_of):
    director = make_rulebook.director()
    answer = add(client_of(director))
    assert (answer.status_code, answer.url) == (302, "/admin/rulebook/parametervalue/")
    row = ParameterValue.objects.get()
    assert (row.centre, row.value, row.from_on, row.set_by) == (director.centre, 15, dt.date(2999, 1, 1), director)
    assert Entry.objects.get().verb == "parameter.set"
    assert parameters.value(director.centre, "early_arrival_minutes", dt.date(2999, 1, 1)) == 15


def test_a_day_of_the_week_is_written_as_one_says_it(client_of):
    client = client_of(make_rulebook.director())
    add(client, name="leaf_clean_weekday", value="周四")
    add(client, name="answer_due_minutes", value="20、40、120")
    assert dict(ParameterValue.objects.values_list("name", "value")) == {
        "leaf_clean_weekday": "thursday",
        "answer_due_minutes": [20, 40, 120],
    }


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"value": "61"}, {"value": ["The value must be from 0 to 60. Correct it."]}),
        ({"value": "soon"}, {"value": ["Write a whole number in plain digits."]}),
        (
            {"from_on": "2000-01-01"},
            {"from_on": ["A rule is not changed for days gone by. Choose today or a later date."]},
        ),
        (
            {"from_on": "2998-01-01"},
            {"from_on": ["This parameter already has a value from that date. Choose another date."]},
        ),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(client_of, changes, errors):
    director = make_rulebook.director(language="en")
    make_rulebook.value(from_on=dt.date(2998, 1, 1), by=director)
    answer = add(client_of(director), **changes)
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert {name: list(texts) for name, texts in form.errors.items()} == errors
    assert ParameterValue.objects.count() == 1


def test_the_choice_names_unit_range_and_clause(client_of):
    page = client_of(make_rulebook.director(language="en")).get(ADD)
    option = (
        '<option value="early_arrival_minutes">Early arrival · minutes before the shift · 0–60 · Handover 1</option>'
    )
    assert page.content.decode().count(option) == 1


def test_an_administrator_sets_nothing(client_of):
    assert add(client_of(make.person(role="administrator"))).status_code == 403
    assert not ParameterValue.objects.exists()


def test_other_centres_are_not_seen(client_of):
    far = make_rulebook.value(by=make_rulebook.director(centre=make.centre(name="远山客服中心")))
    client = client_of(make_rulebook.director())
    assert client.get("/admin/rulebook/parametervalue/").context["cl"].result_count == 0
    assert client.get(f"/admin/rulebook/parametervalue/{far.pk}/change/").status_code == 302


def items(checklist, *, active=True, **new):
    item = checklist.items.get()
    form = {
        "items-TOTAL_FORMS": "2",
        "items-INITIAL_FORMS": "1",
        "items-0-id": item.pk,
        "items-0-checklist": checklist.pk,
        "items-0-text_zh": "改写",
        "items-1-checklist": checklist.pk,
        "items-1-active": "on",
        "items-1-text_zh": new.get("text_zh", ""),
        "items-1-text_en": new.get("text_en", ""),
        "items-1-clauses": new.get("clauses", []),
    }
    return form | ({"items-0-active": "on"} if active else {})


def test_a_director_adds_and_switches_items_and_rewords_none(client_of):
    checklist = make_rulebook.checklist()
    director = make_rulebook.director()
    url = f"/admin/rulebook/checklist/{checklist.pk}/change/"
    client = client_of(director)
    assert client.get(url).status_code == 200
    new = {"text_zh": "窗明。", "text_en": "Windows bright.", "clauses": ["hygiene.room.2"]}
    assert client.post(url, items(checklist, active=False, **new)).status_code == 302
    assert list(checklist.items.values_list("text_zh", "active", "clauses")) == [
        ("地面整洁。", False, ["hygiene.room.2"]),
        ("窗明。", True, ["hygiene.room.2"]),
    ]
    assert [(entry.verb, entry.actor) for entry in Entry.objects.about(checklist)][1:] == [
        ("checklist.item_switched_off", director),
        ("checklist.item_added", director),
    ]


def test_an_item_without_a_clause_of_the_rulebook_is_refused(client_of):
    checklist = make_rulebook.checklist()
    url = f"/admin/rulebook/checklist/{checklist.pk}/change/"
    new = {"text_zh": "窗明。", "text_en": "Windows bright.", "clauses": ["floor.9"]}
    assert client_of(make_rulebook.director()).post(url, items(checklist, **new)).status_code == 200
    assert ChecklistItem.objects.filter(checklist=checklist).count() == 1


def test_an_administrator_only_reads_checklists(client_of):
    checklist = make_rulebook.checklist()
    url = f"/admin/rulebook/checklist/{checklist.pk}/change/"
    client = client_of(make.person(role="administrator"))
    assert client.get(url).status_code == 200
    assert client.post(url, items(checklist, active=False)).status_code == 403
    assert checklist.items.get().active is True
