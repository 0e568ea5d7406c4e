import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from callcentre.refusals import Refused
from journal.models import Entry
from rulebook import actions, parameters
from rulebook.models import ParameterValue
from tests import make, make_rulebook
from tests.make import MONDAY

pytestmark = pytest.mark.django_db

NEXT_MONDAY = MONDAY + dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


def set_early(by, **changes):
    options = {"centre": by.centre, "name": "early_arrival_minutes", "value": 15, "from_on": MONDAY, "at": make.at(9)}
    return actions.set_parameter(by=by, **(options | changes))


def refused(by, **changes):
    with pytest.raises(Refused) as caught:
        set_early(by, **changes)
    assert not ParameterValue.objects.exists()
    assert not Entry.objects.exists()
    return caught.value.code, caught.value.field, caught.value.clause


def test_the_default_holds_until_another_value_is_set():
    director = make_rulebook.director()
    assert parameters.value(director.centre, "early_arrival_minutes", MONDAY) == 10
    set_early(director, from_on=NEXT_MONDAY)
    assert parameters.value(director.centre, "early_arrival_minutes", NEXT_MONDAY - DAY) == 10
    assert parameters.value(director.centre, "early_arrival_minutes", NEXT_MONDAY) == 15
    assert parameters.value(director.centre, "early_arrival_minutes", NEXT_MONDAY + DAY) == 15


def test_a_value_is_on_record():
    director = make_rulebook.director()
    row = set_early(director)
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.clause, entry.object_id) == ("parameter.set", director, "handover.1", row.pk)
    assert entry.facts == {"name": "early_arrival_minutes", "value": 15, "from_on": "2026-11-23"}
    assert (row.value, row.from_on, row.set_by, row.set_at) == (15, MONDAY, director, make.at(9))


def test_each_type_comes_back_typed():
    director = make_rulebook.director()
    for name, value in {
        "leaf_clean_weekday": 3,
        "annual_summary_due": (12, 20),
        "answer_due_minutes": [20, 40, 120],
        "fire_watch_minutes": 90,
    }.items():
        set_early(director, name=name, value=value)
        assert parameters.value(director.centre, name, MONDAY) == value
    assert ParameterValue.objects.get(name="leaf_clean_weekday").value == "thursday"


def test_another_centre_keeps_its_own():
    director = make_rulebook.director()
    other = make.centre(name="远山客服中心")
    set_early(director)
    assert parameters.value(other, "early_arrival_minutes", MONDAY) == 10


def test_history_and_timeline(django_assert_num_queries):
    director = make_rulebook.director()
    centre = director.centre
    set_early(director, from_on=NEXT_MONDAY, value=20)
    set_early(director, from_on=MONDAY, value=15)
    assert parameters.history(centre, "early_arrival_minutes") == [(MONDAY, 15), (NEXT_MONDAY, 20)]
    with django_assert_num_queries(1):
        line = parameters.Timeline(centre, "early_arrival_minutes")
        assert [line.on(MONDAY + days * DAY) for days in (-1, 0, 6, 7, 3000)] == [10, 15, 15, 20, 20]
    with django_assert_num_queries(1):
        lines = parameters.timelines(centre, ["early_arrival_minutes", "leaf_clean_weekday"])
        assert [line.on(NEXT_MONDAY) for line in lines.values()] == [20, 4]


def test_a_default_list_is_not_shared():
    centre = make.centre()
    parameters.value(centre, "answer_due_minutes", MONDAY).append(1)
    assert parameters.value(centre, "answer_due_minutes", MONDAY) == [30, 60, 240]


def test_an_unknown_parameter_is_an_error():
    with pytest.raises(KeyError):
        parameters.value(make.centre(), "coffee_breaks", MONDAY)


@pytest.mark.parametrize("role", ["agent", "leader", "inspector", "security", "administrator"])
def test_only_directors_set_parameters(role):
    assert refused(make.person(role=role)) == ("only_directors_change_rules", None, None)


def test_the_centre_director_may_too():
    assert set_early(make.person(role="centre_director")).value == 15


def test_nobody_sets_those_of_another_centre():
    other = make.centre(name="远山客服中心")
    assert refused(make_rulebook.director(), centre=other) == ("of_another_centre", None, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": -1}, "parameter_out_of_range"),
        ({"value": 61}, "parameter_out_of_range"),
        ({"value": "soon"}, "parameter_not_a_number"),
        ({"value": True}, "parameter_not_a_number"),
        ({"name": "answer_due_minutes", "value": [30, 60]}, "parameter_needs_so_many"),
        ({"name": "answer_due_minutes", "value": [30, 60, 240, 300]}, "parameter_needs_so_many"),
        ({"name": "answer_due_minutes", "value": [30, "x", 240]}, "parameter_needs_so_many"),
        ({"name": "answer_due_minutes", "value": [30, 60, 2881]}, "parameter_out_of_range"),
        ({"name": "leaf_clean_weekday", "value": 7}, "parameter_not_a_weekday"),
        ({"name": "annual_summary_due", "value": (2, 29)}, "parameter_no_such_day"),
        ({"name": "annual_summary_due", "value": "13-01"}, "parameter_no_such_day"),
    ],
)
def test_a_value_out_of_type_or_range_is_refused_at_its_field(changes, code):
    clause = parameters.PARAMETERS[changes.get("name", "early_arrival_minutes")].clause
    assert refused(make_rulebook.director(), **changes) == (code, "value", clause)


@pytest.mark.parametrize("value", [0, 60])
def test_the_range_includes_its_ends(value):
    assert set_early(make_rulebook.director(), value=value).value == value


def test_nothing_is_retroactive():
    director = make_rulebook.director()
    assert refused(director, from_on=MONDAY - DAY) == ("date_gone_by", "from_on", "handover.1")


def test_today_is_the_centres_own():
    """It is Monday in Shanghai while it is still Sunday in UTC."""
    director = make_rulebook.director()
    assert refused(director, at=make.at(0, 30), from_on=MONDAY - DAY)[0] == "date_gone_by"
    assert set_early(director, at=make.at(0, 30), from_on=MONDAY).from_on == MONDAY


def test_a_date_has_one_value():
    director = make_rulebook.director()
    set_early(director)
    with pytest.raises(Refused) as caught:
        set_early(director, value=20)
    assert (caught.value.code, caught.value.field) == ("parameter_date_taken", "from_on")
    assert parameters.value(director.centre, "early_arrival_minutes", MONDAY) == 15


def test_of_two_who_save_at_once_the_second_is_told():
    made = make_rulebook.value()
    second = ParameterValue(
        centre=made.centre, name=made.name, value=20, from_on=MONDAY, set_by=made.set_by, set_at=make.at(9)
    )
    with pytest.raises(Refused) as caught:
        actions.save_once(second, Refused("parameter_date_taken"))
    assert caught.value.code == "parameter_date_taken"
    assert ParameterValue.objects.get() == made


def test_the_database_refuses_a_second_value():
    made = make_rulebook.value()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_rulebook.value(value=20, by=made.set_by)
