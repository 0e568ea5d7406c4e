"""Each hard rule broken by hand, each cost counted by hand."""

import pytest

from shifts.solver import Cover, Fairness, Kind, Member, Problem, Wish, evaluate, explain

KINDS = (Kind("D", 480), Kind("N", 600, frozenset("D")))


def problem(member, **changes):
    """From a Monday; D and N, no D after N."""
    return Problem(**{"days": 7, "first_weekday": 0, "kinds": KINDS, "members": (member,)} | changes)


def line(text):
    return tuple(None if code == "-" else code for code in text)


BROKEN = [
    ("kind", 1, {"kinds": frozenset("D")}, "DN-----"),
    ("off", 2, {"off": frozenset({2})}, "--D----"),
    ("fixed", 3, {"fixed": {3: "N"}}, "---D---"),
    ("fixed", 3, {"fixed": {3: None}}, "---D---"),
    ("succession", 2, {}, "-ND----"),
    ("succession", 0, {"before": ("N",)}, "D------"),
    ("max_minutes", None, {"max_minutes": 959}, "DD-----"),
    ("min_minutes", None, {"min_minutes": 961}, "DD-----"),
    ("week_minutes", 0, {"week_minutes": 959}, "DD-----"),
    ("week_minutes", 0, {"week_minutes": 960, "first_week_minutes": 1}, "DD-----"),
    ("max_run", 1, {"max_run": 2}, "-DDD---"),
    ("max_run", 0, {"max_run": 2, "before": ("D",)}, "DD-----"),
    ("min_run", 2, {"min_run": 2}, "--D----"),
    ("min_run", 0, {"min_run": 3, "before": (None, "D")}, "D------"),
    ("min_off_run", 2, {"min_off_run": 2}, "DD-DD--"),
    ("min_off_run", 0, {"min_off_run": 2, "before": ("D",)}, "-D-----"),
    ("min_off_run", 0, {"min_off_run": 2, "before": ("D", None)}, "D------"),
    ("max_weekends", None, {"max_weekends": 0}, "------D"),
    ("max_of", None, {"max_of": {"N": 1}}, "NN-----"),
]


@pytest.mark.parametrize(("rule", "day", "limits", "text"), BROKEN)
def test_a_broken_rule_is_named_with_its_day(rule, day, limits, text):
    found = evaluate(problem(Member("a", **limits)), {"a": line(text)}).violations
    assert [(each.member, each.rule, each.day) for each in found] == [("a", rule, day)]


KEPT = [
    ({"min_run": 3}, "DD-----"),  # touches the first day: who knows how long it was
    ({"min_run": 3}, "-----DD"),
    ({"min_run": 3, "before": ("D",)}, "D------"),  # reaches back beyond what is known
    ({"min_off_run": 3}, "-D-----"),
    ({"min_off_run": 2}, "D---D-D"[:6] + "-"),
    ({"min_run": 2, "before": (None, "D", None)}, "-------"),  # ended before: past judging
    ({"max_run": 2, "before": ("D", "D", "D")}, "-------"),
    ({"week_minutes": 960, "first_week_minutes": 480}, "D------"),
    ({"max_weekends": 1}, "-----DD"),
]


@pytest.mark.parametrize(("limits", "text"), KEPT)
def test_what_touches_the_border_is_judged_only_by_what_is_known(limits, text):
    assert evaluate(problem(Member("a", **limits)), {"a": line(text)}).violations == ()


def test_the_weeks_limit_holds_for_each_week_alone():
    member = Member("a", week_minutes=480, first_week_minutes=480)
    asked = problem(member, days=9, first_weekday=6)
    assert [each.day for each in evaluate(asked, {"a": line("DDD------")}).violations] == [0, 1]


def costs(asked, **lines):
    return evaluate(asked, {member: line(text) for member, text in lines.items()})


def test_the_cost_is_the_sum_of_its_parts():
    asked = Problem(
        days=3,
        first_weekday=4,
        kinds=KINDS,
        members=(Member("a", target_nights=0.5, target_weekends=0.0), Member("b")),
        cover=(Cover(0, "D", 2, 100, 1), Cover(1, "N", 1, 100, 7)),
        wishes=(
            Wish("a", 0, "D", True, 1),
            Wish("a", 1, None, False, 2),
            Wish("b", 1, None, True, 4),
            Wish("b", 2, "D", False, 8),
            Wish("b", 2, "N", True, 16),
        ),
        fairness=Fairness(frozenset("N"), 5, 3),
        start={"a": ("D", "N", None)},
        keep_weight=10,
    )
    judged = costs(asked, a="DNN", b="-ND")
    # a works 2 nights, 1 more than half a one rounded up; 1 weekend for a share of none; b's shares are half of all
    assert judged.parts == {"under": 100, "over": 7, "wishes": 2 + 8 + 16, "fairness": 5 + 3, "keep": 10}
    assert judged.cost == 151
    told = explain(asked, {"a": line("DNN"), "b": line("-ND")})
    assert told.uncovered == ((0, "D", 1),)
    assert told.surplus == ((1, "N", 1),)
    assert [wish.weight for wish in told.broken] == [2, 8, 16]
    assert (told.changed, told.nights, told.weekends) == (1, {"a": 2, "b": 1}, {"a": 1, "b": 1})


def test_two_away_from_the_share_costs_three_times_one_away():
    member = Member("a", target_nights=0.0, target_weekends=9.0)
    asked = problem(member, fairness=Fairness(frozenset("N"), 2, 0))
    assert [costs(asked, a="N" * nights + "-" * (7 - nights)).cost for nights in range(4)] == [0, 2, 6, 12]
