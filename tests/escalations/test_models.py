"""What the database refuses by itself, round the forms and the actions."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext

from escalations import triggers
from escalations.models import Case, Instruction, Level, Party, Remark
from tests import make, make_escalations

pytestmark = pytest.mark.django_db

AT = make_escalations.AT


@pytest.fixture(autouse=True)
def _constraints_alone(db):
    """The triggers refuse first what these tests try."""
    triggers.REFUSING.drop(connection)


def refused_by(name, change):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change()


@pytest.mark.parametrize(
    ("status", "changes", "name"),
    [
        ("submitted", {"proposed_handling": ""}, "proposed_handling_is_given"),
        ("submitted", {"what_happened": ""}, "submitted_case_says_what_happened"),
        ("submitted", {"happened_at": make.at(23)}, "nothing_is_reported_before_it_happens"),
        ("submitted", {"level": None}, "submitted_case_has_a_time_and_a_level"),
        ("submitted", {"submitted_at": None}, "submitted_case_has_a_time_and_a_level"),
        ("submitted", {"waits_for": None}, "open_case_waits_for_somebody"),
        ("submitted", {"answer_due_at": None}, "case_awaiting_an_answer_has_a_due_time"),
        ("instructed", {"instruction": None}, "instructed_case_has_its_instruction"),
        ("carried_out", {"instruction": None}, "instructed_case_has_its_instruction"),
        ("closed", {"closed_at": None}, "closed_case_has_a_time"),
        ("submitted", {"closed_at": AT}, "closed_case_has_a_time"),
        ("draft", {"category": "gossip"}, "case_category_is_one_of_the_five"),
        ("draft", {"kind": "rumour"}, "case_is_a_request_or_a_report"),
    ],
)
def test_a_case_that_contradicts_its_state_is_refused(status, changes, name):
    people = make_escalations.line()
    case = make_escalations.case(people, status=status)
    refused_by(name, lambda: Case.objects.filter(pk=case.pk).update(**changes))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"note": "nobody"}, "empty_level_says_why"),
        ({"reached_at": None, "passed_at": AT}, "passed_level_was_reached"),
        ({"answer_due_at": None}, "reached_level_has_a_due_time"),
    ],
)
def test_a_level_that_contradicts_itself_is_refused(changes, name):
    level = make_escalations.case(make_escalations.line()).level
    refused_by(name, lambda: Level.objects.filter(pk=level.pk).update(**changes))


def test_passing_up_without_a_reason_is_refused():
    people = make_escalations.line()
    level = make_escalations.case(people).level
    change = {"passed_by": people.leader, "passed_at": AT}
    refused_by("passing_up_has_a_reason", lambda: Level.objects.filter(pk=level.pk).update(**change))


def test_empty_words_are_refused():
    people = make_escalations.line()
    case = make_escalations.case(people)
    words = {"case": case, "text": "", "by": people.leader, "at": AT}
    refused_by("instruction_says_something", lambda: Instruction.objects.create(level=case.level, **words))
    refused_by("remark_says_something", lambda: Remark.objects.create(step="returned", **words))


def test_a_person_is_party_once_and_a_form_is_taken_once():
    people = make_escalations.line()
    case = make_escalations.case(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.create(case=case, person=people.agent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(
            centre=people.centre, reporter=people.agent, form_key=case.form_key, created_at=AT, happened_at=AT
        )


def test_the_database_says_it_in_words():
    people = make_escalations.line()
    case = make_escalations.case(people)
    case.proposed_handling = ""
    with pytest.raises(ValidationError) as invalid:
        case.validate_constraints()
    assert invalid.value.messages == [gettext("Write how you propose to handle it.")]


def test_a_case_is_named_by_its_number_alone():
    case = make_escalations.case(make_escalations.line())
    assert str(case.pk) in str(case)
    assert make_escalations.TEXT not in str(case)
