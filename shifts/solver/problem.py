"""What the solver is asked, in plain values: whole numbers, short texts, tuples. It knows no database and no clock.

A line is one person's roster: a code for each day, None for a day off. Day 0 is the first day; minutes are working
minutes of a shift; weights are whole numbers of the cost that `solve` makes small. The hard rules and the penalties are
those of the public benchmark (T. Curtois and R. Qu, "Computational results on new staff scheduling benchmark
instances", University of Nottingham, 2014), with more that a floor needs: weeks, the days before, fairness, a draft to
keep to.
"""

import dataclasses
import json
from dataclasses import dataclass, field


class BadProblem(ValueError):
    """The problem contradicts itself; the text says where, in one line."""


@dataclass(frozen=True)
class Kind:
    """A shift type. `not_before`: codes that may not be worked on the day after this one."""

    code: str
    minutes: int
    not_before: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Member:
    """A person with their limits; None is no limit.

    `week_minutes` holds for each week from Monday to Sunday; `first_week_minutes` were already worked in the week of
    day 0. `max_run` and `min_run` are working days in a row, `min_off_run` days off in a row. `max_of` limits single
    codes. `off` are days of leave. `fixed` decides days: a code, or None for rest.

    `before` are the days just before day 0, oldest first; runs, rest and successions continue from them. A run that
    reaches back beyond what is known, or that reaches the last day, need not be as long as the minimum.
    """

    id: str
    kinds: frozenset[str] | None = None
    max_minutes: int | None = None
    min_minutes: int = 0
    week_minutes: int | None = None
    max_run: int | None = None
    min_run: int = 1
    min_off_run: int = 1
    max_weekends: int | None = None
    max_of: dict[str, int] = field(default_factory=dict)
    off: frozenset[int] = frozenset()
    fixed: dict[int, str | None] = field(default_factory=dict)
    before: tuple[str | None, ...] = ()
    first_week_minutes: int = 0
    target_nights: float | None = None
    target_weekends: float | None = None


@dataclass(frozen=True)
class Cover:
    """`need` people on a day's shifts of one code; the weights are for each one missing and each one too many."""

    day: int
    code: str
    need: int
    under: int
    over: int


@dataclass(frozen=True)
class Wish:
    """Costs `weight` when it is broken. `on`: to work `code` (None: to work at all); not `on`: not to."""

    member: str
    day: int
    code: str | None
    on: bool
    weight: int


@dataclass(frozen=True)
class Fairness:
    """Nights (shifts of `codes`) and worked weekends shared out evenly.

    Somebody who is d away from their share, rounded down or up as suits them, costs weight * d * (d + 1) / 2.
    """

    codes: frozenset[str]
    weight: int
    weekend_weight: int


@dataclass(frozen=True)
class Problem:
    """`start` is a rotation or a draft to begin from and may be illegal; `keep_weight` is the cost of each change."""

    days: int
    first_weekday: int
    kinds: tuple[Kind, ...]
    members: tuple[Member, ...]
    cover: tuple[Cover, ...] = ()
    wishes: tuple[Wish, ...] = ()
    fairness: Fairness | None = None
    start: dict[str, tuple[str | None, ...]] | None = None
    keep_weight: int = 0

    @property
    def codes(self):
        return tuple(kind.code for kind in self.kinds)

    @property
    def minutes(self):
        """{code: working minutes}"""
        return {kind.code: kind.minutes for kind in self.kinds}

    def weekday(self, day):
        """0 is Monday"""
        return (self.first_weekday + day) % 7

    def weekends(self):
        """The days of each weekend; those cut off by the period have one day."""
        found: dict[int, list[int]] = {}
        for day in range(self.days):
            if self.weekday(day) >= 5:
                found.setdefault((self.first_weekday + day) // 7, []).append(day)
        return [tuple(days) for days in found.values()]

    def weeks(self):
        """The days of each week from Monday to Sunday."""
        found: dict[int, list[int]] = {}
        for day in range(self.days):
            found.setdefault((self.first_weekday + day) // 7, []).append(day)
        return [tuple(days) for days in found.values()]


def to_json(problem):
    """JSON text, the same for equal problems."""
    return json.dumps(_plain(problem), ensure_ascii=False, sort_keys=True)


def _plain(value):
    if dataclasses.is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def from_json(text):
    """The Problem of `to_json`, checked. BadProblem when it is none."""
    try:
        data = json.loads(text)
        problem = _problem(data)
    except (json.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadProblem(f"not a problem: {error!r}") from error
    check(problem)
    return problem


def _problem(data):
    return Problem(
        **data
        | {
            "kinds": tuple(_kind(row) for row in data["kinds"]),
            "members": tuple(_member(row) for row in data["members"]),
            "cover": tuple(Cover(**row) for row in data.get("cover", ())),
            "wishes": tuple(Wish(**row) for row in data.get("wishes", ())),
            "fairness": _fairness(data.get("fairness")),
            "start": _lines(data.get("start")),
        }
    )


def _kind(row):
    return Kind(**row | {"not_before": frozenset(row.get("not_before", ()))})


def _member(row):
    kinds = row.get("kinds")
    return Member(
        **row
        | {
            "kinds": None if kinds is None else frozenset(kinds),
            "off": frozenset(row.get("off", ())),
            "fixed": {int(day): code for day, code in row.get("fixed", {}).items()},
            "before": tuple(row.get("before", ())),
        }
    )


def _fairness(row):
    return None if row is None else Fairness(**row | {"codes": frozenset(row["codes"])})


def _lines(rows):
    return None if rows is None else {member: tuple(line) for member, line in rows.items()}


def check(problem):
    """BadProblem, naming the first thing that refers to nothing or cannot be counted."""
    for complaint in _complaints(problem):
        raise BadProblem(complaint)


def _complaints(problem):
    if problem.days < 1 or problem.first_weekday not in range(7):
        yield f"{problem.days} days from weekday {problem.first_weekday}"
    if not problem.kinds or any(kind.minutes < 0 for kind in problem.kinds):
        yield "no shift types, or negative minutes"
    if len(set(problem.codes)) < len(problem.codes):
        yield "two shift types have one code"
    if len({member.id for member in problem.members}) < len(problem.members):
        yield "two members have one id"
    yield from _unknown_codes(problem)
    yield from _unknown_days(problem)
    yield from _bad_start(problem)


def _unknown_codes(problem):
    known = {*problem.codes, None}
    for kind in problem.kinds:
        yield from (f"{kind.code}: unknown successor {code!r}" for code in kind.not_before - known)
    for member in problem.members:
        named = {*(member.kinds or ()), *member.max_of, *member.fixed.values(), *member.before}
        yield from (f"member {member.id}: unknown code {code!r}" for code in named - known)
    named = {row.code for row in problem.cover} | {row.code for row in problem.wishes}
    if problem.fairness:
        named |= problem.fairness.codes
    yield from (f"unknown code {code!r}" for code in named - known)


def _unknown_days(problem):
    days, ids = range(problem.days), {member.id for member in problem.members}
    for member in problem.members:
        yield from (f"member {member.id}: no day {day}" for day in {*member.off, *member.fixed} if day not in days)
    for row in problem.cover:
        if row.day not in days or min(row.need, row.under, row.over) < 0:
            yield f"cover {row.code!r} on day {row.day}: no such day, or a negative number"
    for wish in problem.wishes:
        if wish.day not in days or wish.member not in ids or wish.weight < 0:
            yield f"wish of {wish.member} on day {wish.day}: no such day or member, or a negative weight"


def _bad_start(problem):
    known, ids = {*problem.codes, None}, {member.id for member in problem.members}
    for member, line in (problem.start or {}).items():
        if member not in ids or len(line) != problem.days or not known.issuperset(line):
            yield f"start of {member}: unknown member or code, or not {problem.days} days"
