"""A statement made once finds what the queryset would find, whoever asks and however often."""

import threading

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef

from callcentre.prepared import Prepared
from people.models import Person, Role, RoleAssignment
from tests import make

pytestmark = pytest.mark.django_db


def terms_of(person_id):
    others = RoleAssignment.objects.filter(person=OuterRef("person")).exclude(pk=OuterRef("pk"))
    rows = RoleAssignment.objects.filter(person=person_id, person__in=Person.objects.filter(pk=person_id))
    return rows.select_related("person__centre", "person__team").annotate(has_more=Exists(others)).order_by("pk")


def test_it_finds_what_the_queryset_finds(django_assert_num_queries):
    people = [make.person(role=Role.LEADER), make.person(role=Role.AGENT)]
    prepared = Prepared(terms_of)
    for person in [*people, people[0]]:
        expected = [vars(row) | {"_state": None} for row in terms_of(person.pk)]
        with django_assert_num_queries(1):
            found = prepared.rows(person.pk)
            assert [row.person.centre.name for row in found] == [person.centre.name]
        fields = RoleAssignment._meta.concrete_fields
        assert [[getattr(row, field.attname) for field in fields] for row in found] == [
            [row[field.attname] for field in fields] for row in expected
        ]
        assert [row.has_more for row in found] == [False]
        assert found[0].person == person
    assert prepared.rows(0) == []


def test_what_is_new_is_found():
    person, prepared = make.person(), Prepared(terms_of)
    before = len(prepared.rows(person.pk))
    RoleAssignment.objects.create(person=person, role=Role.INSPECTOR, from_on=person.terms[0].from_on)
    assert len(prepared.rows(person.pk)) == before + 1
    assert prepared.rows(person.pk)[0].has_more


def test_the_value_has_to_be_asked_for():
    with pytest.raises(ValueError, match="does not ask"):
        Prepared(lambda person_id: RoleAssignment.objects.all())


def test_an_answer_leaves_no_trace_in_what_is_kept():
    """All threads share it: what one asks must not be what another sends."""
    person, prepared = make.person(role=Role.AGENT), Prepared(terms_of)
    kept, query = dict(vars(prepared.compiler)), dict(vars(prepared.queryset.query))
    assert prepared.rows(person.pk)
    assert (vars(prepared.compiler), vars(prepared.queryset.query)) == (kept, query)


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_hear_each_others_answers():
    people = [make.person(role=Role.AGENT) for _ in range(4)]
    prepared, found = Prepared(terms_of), {}

    def ask(person):
        try:
            found[person.pk] = {row.person_id for _ in range(50) for row in prepared.rows(person.pk)}
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {person.pk: {person.pk} for person in people}
