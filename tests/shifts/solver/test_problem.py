"""Problems as JSON, and what is wrong with some."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from shifts.solver import BadProblem, Cover, Fairness, Kind, Member, Problem, Wish, from_json, to_json
from tests.shifts.solver import problems

ASKED = Problem(3, 0, (Kind("D", 480),), (Member("a"),))


@settings(max_examples=40, deadline=None)
@given(problems.problems(people=2, days=3))
def test_a_problem_comes_back_from_json_as_it_was(asked):
    assert from_json(to_json(asked)) == asked


def test_the_floors_problem_comes_back_too():
    assert from_json(to_json(problems.floor())) == problems.floor()


WRONG = [
    ({"days": 0}, "0 days"),
    ({"first_weekday": 7}, "weekday 7"),
    ({"kinds": ()}, "no shift types"),
    ({"kinds": (Kind("D", -1),)}, "negative minutes"),
    ({"kinds": (Kind("D", 1), Kind("D", 2))}, "one code"),
    ({"kinds": (Kind("D", 1, frozenset("X")),)}, "successor 'X'"),
    ({"members": (Member("a"), Member("a"))}, "one id"),
    ({"members": (Member("a", kinds=frozenset("X")),)}, "unknown code 'X'"),
    ({"members": (Member("a", before=("X",)),)}, "unknown code 'X'"),
    ({"members": (Member("a", off=frozenset({3})),)}, "no day 3"),
    ({"members": (Member("a", fixed={-1: None}),)}, "no day -1"),
    ({"cover": (Cover(3, "D", 1, 1, 1),)}, "day 3"),
    ({"cover": (Cover(0, "D", 1, -1, 1),)}, "negative"),
    ({"wishes": (Wish("b", 0, "D", True, 1),)}, "wish of b"),
    ({"fairness": Fairness(frozenset("X"), 1, 1)}, "unknown code 'X'"),
    ({"start": {"a": (None,)}}, "start of a"),
    ({"start": {"b": (None,) * 3}}, "start of b"),
]


@pytest.mark.parametrize(("changes", "words"), WRONG)
def test_what_refers_to_nothing_is_refused_in_one_line(changes, words):
    with pytest.raises(BadProblem) as refused:
        from_json(to_json(replace(ASKED, **changes)))
    assert words in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
