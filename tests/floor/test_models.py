"""What the database refuses, whoever asks it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext

from floor.models import LeaveOfPost
from tests import make, make_floor
from tests.make_floor import TEN

pytestmark = pytest.mark.django_db


def refuses(name, leave, **changes):
    """Going round actions and forms, by an UPDATE. SQLite names the columns of a unique constraint, not itself."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        LeaveOfPost.objects.filter(pk=leave.pk).update(**changes)
    said = str(caught.value)
    return name in said or "UNIQUE constraint failed" in said


@pytest.mark.parametrize(
    ("state", "name", "changes"),
    [
        ("approved", "who_may_be_out_and_nobody_else_has_a_place_outside", {"place": None}),
        ("asked", "who_may_be_out_and_nobody_else_has_a_place_outside", {"place": 1}),
        ("back", "decided_leave_of_post_has_decider_and_time", {"decided_by": None}),
        ("out", "nobody_decides_on_leaving_their_own_post", {"decided_by": F("person")}),
        ("out", "who_went_out_has_a_time_and_is_due_back_later", {"due_back_at": TEN}),
        ("out", "who_went_out_has_a_time_and_is_due_back_later", {"out_at": None}),
        ("asked", "who_went_out_has_a_time_and_is_due_back_later", {"out_at": TEN}),
        ("back", "who_is_back_came_back_after_going_out", {"back_at": make.at(9, 59)}),
        ("out", "who_is_back_came_back_after_going_out", {"back_at": TEN}),
        ("back", "more_time_is_asked_by_who_is_out", {"wants_minutes": 5}),
        ("out", "more_time_is_asked_by_who_is_out", {"wants_minutes": 0}),
        ("asked", "leave_of_post_is_a_minute_or_longer", {"minutes": 0}),
        ("asked", "longer_or_other_leave_of_post_says_why", {"minutes": 16}),
        ("asked", "longer_or_other_leave_of_post_says_why", {"reason": "other"}),
    ],
)
def test_the_sentence_holds(state, name, changes):
    floor = make_floor.floor()
    assert refuses(name, make_floor.in_state(floor, state), **changes)


def test_a_place_is_taken_once_in_a_shift():
    floor = make_floor.floor()
    make_floor.approved(floor)
    second = make_floor.approved(floor, floor.agents[1])
    assert refuses("place_outside_is_taken_once_in_a_shift", second, place=1)


def test_a_person_leaves_once_at_a_time():
    floor = make_floor.floor()
    first = make_floor.back(floor)
    second = make_floor.asked(floor)
    changes = {"status": "asked", "out_at": None, "due_back_at": None, "back_at": None}
    assert refuses("person_leaves_their_post_once_at_a_time", first, **changes)
    assert second.status == "asked"


def test_a_form_says_it_in_words():
    leave = make_floor.asked(make_floor.floor())
    leave.minutes = 30
    with pytest.raises(ValidationError) as caught:
        leave.validate_constraints()
    assert caught.value.messages == [gettext("Say why in a few words: the leader decides by them.")]
