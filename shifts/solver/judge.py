"""What a roster breaks and what it costs, counted from its cells alone: the last word on what the search found."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from shifts.solver import shares
from shifts.solver.problem import Wish


@dataclass(frozen=True)
class Violation:
    """A hard rule that a line breaks; `day` is None when it is about the whole period."""

    member: str
    day: int | None
    rule: str
    facts: dict


@dataclass(frozen=True)
class Evaluation:
    """`parts` are the costs by what causes them: under, over, wishes, fairness, keep."""

    violations: tuple[Violation, ...]
    parts: dict[str, int]
    cost: int


@dataclass(frozen=True)
class Explanation:
    """`uncovered` and `surplus` are (day, code, people); `nights` and `weekends` count each member's."""

    uncovered: tuple[tuple[int, str, int], ...]
    surplus: tuple[tuple[int, str, int], ...]
    broken: tuple[Wish, ...]
    changed: int
    nights: dict[str, int]
    weekends: dict[str, int]


def evaluate(problem, lines):
    """Every hard rule that is broken, and the cost. KeyError when a member has no line."""
    violations = tuple(found for member in problem.members for found in _violations(problem, member, lines[member.id]))
    parts = costs(problem, lines)
    return Evaluation(violations, parts, sum(parts.values()))


def costs(problem, lines):
    staffed = _staffed(problem, lines)
    under = sum(row.under * max(0, row.need - staffed[row.day, row.code]) for row in problem.cover)
    over = sum(row.over * max(0, staffed[row.day, row.code] - row.need) for row in problem.cover)
    wishes = sum(wish.weight for wish in problem.wishes if is_broken(wish, lines[wish.member][wish.day]))
    fairness = sum(_unfair(problem, lines))
    return {
        "under": under,
        "over": over,
        "wishes": wishes,
        "fairness": fairness,
        "keep": problem.keep_weight * _changed(problem, lines),
    }


def explain(problem, lines):
    """What a page tells about a roster: gaps, surplus, broken wishes, changes, nights and weekends of each."""
    staffed = _staffed(problem, lines)
    gaps = [(row.day, row.code, row.need - staffed[row.day, row.code]) for row in problem.cover]
    nights = problem.fairness.codes if problem.fairness else frozenset()
    return Explanation(
        uncovered=tuple(gap for gap in gaps if gap[2] > 0),
        surplus=tuple((day, code, -missing) for day, code, missing in gaps if missing < 0),
        broken=tuple(wish for wish in problem.wishes if is_broken(wish, lines[wish.member][wish.day])),
        changed=_changed(problem, lines),
        nights={member.id: sum(code in nights for code in lines[member.id]) for member in problem.members},
        weekends={member.id: worked_weekends(problem, lines[member.id]) for member in problem.members},
    )


def is_broken(wish, code):
    kept = code is not None if wish.code is None else code == wish.code
    return kept != wish.on


def worked_weekends(problem, line):
    return sum(any(line[day] is not None for day in weekend) for weekend in problem.weekends())


def _staffed(problem, lines):
    return Counter((day, code) for member in problem.members for day, code in enumerate(lines[member.id]))


def _unfair(problem, lines):
    fairness = problem.fairness
    if not fairness:
        return
    for member, (nights, weekends) in shares.targets(problem).items():
        line = lines[member]
        yield shares.penalty(fairness.weight, nights, sum(code in fairness.codes for code in line))
        yield shares.penalty(fairness.weekend_weight, weekends, worked_weekends(problem, line))


def _changed(problem, lines):
    start = problem.start or {}
    return sum(new != old for member, line in start.items() for new, old in zip(lines[member], line, strict=True))


def _violations(problem, member, line):
    yield from _cells(problem, member, line)
    yield from _successions(problem, member, line)
    yield from _sums(problem, member, line)
    yield from _runs(member, line)


def _cells(problem, member, line):
    for day, code in enumerate(line):
        if code is not None and code not in (member.kinds if member.kinds is not None else problem.codes):
            yield Violation(member.id, day, "kind", {"code": code})
        if code is not None and day in member.off:
            yield Violation(member.id, day, "off", {"code": code})
        if day in member.fixed and code != member.fixed[day]:
            yield Violation(member.id, day, "fixed", {"code": code, "fixed": member.fixed[day]})


def _successions(problem, member, line):
    forbidden = {kind.code: kind.not_before for kind in problem.kinds}
    yesterday = member.before[-1] if member.before else None
    for day, code in enumerate(line):
        if code in forbidden.get(yesterday, ()):
            yield Violation(member.id, day, "succession", {"before": yesterday, "code": code})
        yesterday = code


def _sums(problem, member, line):
    minutes = problem.minutes
    total = sum(minutes[code] for code in line if code is not None)
    yield from _over(member, None, "max_minutes", total, member.max_minutes)
    if total < member.min_minutes:
        yield Violation(member.id, None, "min_minutes", {"count": total, "limit": member.min_minutes})
    already = member.first_week_minutes
    for week in problem.weeks():
        worked = already + sum(minutes[line[day]] for day in week if line[day] is not None)
        yield from _over(member, week[0], "week_minutes", worked, member.week_minutes)
        already = 0
    yield from _over(member, None, "max_weekends", worked_weekends(problem, line), member.max_weekends)
    for code, limit in member.max_of.items():
        for found in _over(member, None, "max_of", line.count(code), limit):
            yield Violation(found.member, None, found.rule, found.facts | {"code": code})


def _over(member, day, rule, count, limit):
    if limit is not None and count > limit:
        yield Violation(member.id, day, rule, {"count": count, "limit": limit})


def _runs(member, line):
    """Runs of work and of rest over the border to the days before; those that ended before day 0 are past judging."""
    for works, first, last in _stretches([*member.before, *line], -len(member.before)):
        length = last - first + 1
        whole = first > -len(member.before) and last < len(line) - 1
        facts = {"count": length}
        if last < -1:
            continue
        if works and last >= 0 and member.max_run is not None and length > member.max_run:
            yield Violation(member.id, max(first, 0), "max_run", facts | {"limit": member.max_run})
        least = member.min_run if works else member.min_off_run
        if whole and length < least:
            yield Violation(member.id, max(first, 0), "min_run" if works else "min_off_run", facts | {"limit": least})


def _stretches(cells, day):
    """(works, first day, last day) of each longest run."""
    for works, run in groupby(cells, key=lambda code: code is not None):
        length = len(list(run))
        yield works, day, day + length - 1
        day += length
