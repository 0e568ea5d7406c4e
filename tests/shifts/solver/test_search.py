"""Rosters judged by rules written down here a second time, and small problems against all rosters there are."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from shifts.solver import BadProblem, Cover, Kind, Member, Problem, evaluate
from shifts.solver.board import Board
from shifts.solver.polish import whole
from shifts.solver.search import solve
from shifts.solver.tables import Tables
from tests.shifts.solver import problems


def faults(asked, member, line):
    """What an agent's line breaks of the rules that problems.floor sets. It shares no code with the solver."""
    found = [f"leave {day}" for day in member.off if line[day]]
    whole_time = [*member.before, *line]
    found += [
        f"{two} after {one}"
        for one, two in itertools.pairwise(whole_time[len(member.before) - 1 :])
        if (one, two) in AFTER
    ]
    if not 10 * 480 <= 480 * worked_days(line) <= 26 * 480:
        found.append("minutes")
    mondays = [day for day in range(asked.days) if (asked.first_weekday + day) % 7 == 0]
    for first, end in itertools.pairwise([0, *mondays, asked.days]):
        if 480 * worked_days(line[first:end]) > 2880:
            found.append(f"week of {first}")
    worked = "".join("x" if code else "." for code in whole_time)
    if "xxxxxxx" in worked:
        found.append("seven days in a row")
    if ".x." in worked[len(member.before) - 2 :]:
        found.append("a single day")
    saturdays = [day for day in range(asked.days) if (asked.first_weekday + day) % 7 == 5]
    weekends = sum(any(line[day : day + 2]) for day in saturdays)
    return found + ["weekends"] * (weekends > 4) + ["nights"] * (line.count("N") > 10)


def worked_days(line):
    return sum(code is not None for code in line)


AFTER = {("M", "D"), ("M", "N"), ("D", "N")}


def test_a_month_for_sixty_people_from_the_rotation_keeps_every_hard_rule():
    asked = problems.floor()
    cpu = time.process_time()
    result = solve(asked, seconds=4)
    assert time.process_time() - cpu < 5
    assert set(result.lines) == {member.id for member in asked.members}
    assert {len(line) for line in result.lines.values()} == {31}
    assert [
        (m.id, faults(asked, m, result.lines[m.id])) for m in asked.members if faults(asked, m, result.lines[m.id])
    ] == []
    assert result.cost == evaluate(asked, result.lines).cost
    assert result.bound is None or result.bound <= result.cost


def test_what_it_is_judged_by_here_sees_a_fault_in_the_rotation():
    asked = problems.floor()
    assert any(faults(asked, member, asked.start[member.id]) for member in asked.members)


def best_cost(asked):
    """None when there is no legal roster."""
    lines = list(problems.all_lines(asked))
    others = {member.id: (None,) * asked.days for member in asked.members}

    def legal(id_):
        return [
            line for line in lines if all(v.member != id_ for v in evaluate(asked, others | {id_: line}).violations)
        ]

    choices = itertools.product(*(legal(member.id) for member in asked.members))
    ids = [member.id for member in asked.members]
    return min((evaluate(asked, dict(zip(ids, lines, strict=True))).cost for lines in choices), default=None)


SMALL = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SMALL
@given(problems.problems(people=2, days=3))
def test_small_problems_are_solved_to_the_end(asked):
    best = best_cost(asked)
    result = solve(asked, seconds=20, workers=2)
    if best is None:
        assert result.lines is None
        assert result.impossible
    else:
        assert not evaluate(asked, result.lines).violations
        assert result.cost == best
        assert result.bound == pytest.approx(best, abs=1)


@SMALL
@given(problems.problems(people=2, days=3))
def test_the_compact_model_knows_the_same_rules(asked):
    board, best = Board(Tables(asked), 20), best_cost(asked)
    whole(board, workers=1, seed=0)
    assert board.cost == best


def small(**limits):
    kinds = (Kind("D", 480), Kind("N", 480, frozenset("D")))
    cover = tuple(Cover(day, "D", 1, 10, 1) for day in range(14))
    return Problem(14, 0, kinds, (Member("a"), Member("b", **limits)), cover)


IMPOSSIBLE = [
    ("fixed", {"off": frozenset({3}), "fixed": {3: "D"}}),
    ("succession", {"fixed": {3: "N", 4: "D"}}),
    ("min_minutes", {"min_minutes": 480 * 13, "off": frozenset({1, 2})}),
    ("max_run", {"max_run": 2, "fixed": {3: "D", 4: "D", 5: "D"}}),
    ("min_run", {"min_run": 2, "off": frozenset({3, 5}), "fixed": {4: "D"}}),
    ("min_off_run", {"min_off_run": 2, "fixed": {3: "D", 4: None, 5: "D"}}),
    ("max_weekends", {"max_weekends": 0, "fixed": {5: "D"}}),
    ("week_minutes", {"week_minutes": 480, "fixed": {3: "D", 4: "D"}}),
    ("max_of", {"max_of": {"D": 1}, "fixed": {3: "D", 4: "D"}}),
]


@pytest.mark.parametrize(("reason", "limits"), IMPOSSIBLE)
def test_who_has_no_legal_line_is_named_with_the_reason(reason, limits):
    result = solve(small(**limits), seconds=5)
    assert (result.lines, result.impossible) == (None, (("b", reason),))


def test_progress_is_told_and_stop_ends_with_the_best_so_far():
    told, asked = [], problems.floor(people=24)
    result = solve(asked, seconds=60, progress=told.append, stop=lambda: bool(told) and told[-1].best is not None)
    assert result.stopped
    assert result.seconds < 30
    assert not evaluate(asked, result.lines).violations
    assert told[-1].best >= result.cost
    assert [each.seconds for each in told] == sorted(each.seconds for each in told)


def test_the_same_seed_gives_the_same_roster():
    asked = problems.floor(people=12, days=21, requests=20)
    one, two = (solve(asked, seconds=20, workers=1, seed=3) for _ in range(2))
    assert one.bound > one.cost - 1, "solved to the end, so that no time limit had a say"
    assert one.lines == two.lines


def test_a_draft_that_is_right_is_kept():
    asked = small()
    draft = {"a": ("D",) * 14, "b": (None,) * 14}
    kept = Problem(14, 0, asked.kinds, asked.members, asked.cover, start=draft, keep_weight=1)
    assert solve(kept, seconds=5).lines == draft


def test_without_people_all_is_uncovered():
    result = solve(Problem(1, 0, (Kind("D", 480),), (), (Cover(0, "D", 2, 10, 1),)), seconds=5)
    assert (result.lines, result.cost) == ({}, 20)


def test_without_cover_only_the_wishes_count():
    asked = Problem(3, 0, (Kind("D", 480),), (Member("a", min_minutes=480),))
    assert solve(asked, seconds=5).cost == 0


def test_a_problem_that_contradicts_itself_is_refused():
    with pytest.raises(BadProblem, match="unknown code 'X'"):
        solve(Problem(1, 0, (Kind("D", 480),), (), (Cover(0, "X", 2, 10, 1),)), seconds=5)


def test_the_lower_bound_of_column_generation_is_below_every_roster():
    asked = problems.floor(people=12, days=21, requests=20)
    result = solve(asked, seconds=2)
    chance = np.random.default_rng(0)
    lines = {id_: chance.permutation(line).tolist() for id_, line in result.lines.items()}
    assert result.bound <= evaluate(asked, lines).cost
