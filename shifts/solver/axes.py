"""What a line has to be counted by while it is built day by day: minutes, weeks, weekends, nights, single codes.

An axis is a count with its limits. Most people need few of them: an axis is only used for somebody once the best line
without it turned out to break it (state-space relaxation, refined where it fails).
"""

from dataclasses import dataclass, field
from math import gcd

import numpy as np


@dataclass(frozen=True, eq=False)
class Axis:
    """A count of one person: `step[kind]` for each shift, at most `most`, at the end at least `least`.

    `ends` are costs of the count at the end. `weekly`: begins anew on Mondays, from `begin` on day 0.
    `by_weekend`: counts weekends instead, once each. `unit` is what one step means, in minutes or pieces.
    """

    name: str
    step: np.ndarray = field(repr=False)
    most: int
    least: int = 0
    ends: np.ndarray | None = None
    begin: int = 0
    weekly: bool = False
    by_weekend: bool = False
    unit: int = 1


def axes_of(tables, person):
    """{name: Axis} of every limit that somebody's line could break, the hard ones first."""
    nights = _nights(tables, person)
    codes = [axis for axis in _codes(tables, person) if not (nights and _counts_the_same(tables, person, axis, nights))]
    found = [_minutes(tables, person), _week(tables, person), _weekends(tables, person), *codes, nights]
    return {axis.name: axis for axis in found if axis}


def _counts_the_same(tables, person, one, two):
    used = tables.allowed[person].any(axis=0)
    return (one.step == two.step)[used].all() and one.most >= two.most


def most_working_days(tables, person):
    """No line has more: the longest runs with the shortest rests, on days that are free for work."""
    member = tables.problem.members[person]
    free = int(tables.allowed[person, :, 1:].any(axis=1).sum())
    if member.max_run is None:
        return free
    whole, rest = divmod(tables.days, member.max_run + member.min_off_run)
    return min(free, whole * member.max_run + min(rest, member.max_run))


def _minutes(tables, person):
    member = tables.problem.members[person]
    unit, longest = _unit(tables, person)
    possible = most_working_days(tables, person) * longest // unit
    least = -(-member.min_minutes // unit)
    most = possible if member.max_minutes is None else min(possible, member.max_minutes // unit)
    if most == possible and least <= 0:
        return None
    return Axis("minutes", tables.minutes // unit, most, max(least, 0), unit=unit)


def _unit(tables, person):
    """The greatest common divisor of the lengths of this person's shifts, and the longest of them, in minutes."""
    kinds = np.flatnonzero(tables.allowed[person].any(axis=0))
    lengths = [int(tables.minutes[kind]) for kind in kinds]
    return gcd(*lengths) or 1, max(lengths, default=0)


def _week(tables, person):
    member = tables.problem.members[person]
    if member.week_minutes is None:
        return None
    unit = gcd(_unit(tables, person)[0], member.first_week_minutes)
    most = member.week_minutes // unit
    return Axis("week", tables.minutes // unit, most, begin=member.first_week_minutes // unit, weekly=True, unit=unit)


def _weekends(tables, person):
    member, ends = tables.problem.members[person], tables.weekend_cost
    count = len(tables.weekends)
    most = count if member.max_weekends is None else min(count, member.max_weekends)
    if most == count and ends is None:
        return None
    ends = None if ends is None else ends[person, : most + 1]
    return Axis("weekends", np.zeros(tables.width, int), most, ends=ends, by_weekend=True)


def _codes(tables, person):
    allowed = tables.allowed[person]
    for code, limit in tables.problem.members[person].max_of.items():
        kind = tables.number[code]
        if 0 < limit < min(allowed[:, kind].sum(), most_working_days(tables, person)):
            yield Axis(f"code {code}", (np.arange(tables.width) == kind).astype(int), limit)


def _nights(tables, person):
    if tables.night_cost is None:
        return None
    most = min(most_working_days(tables, person), int(tables.allowed[person][:, tables.is_night].any(axis=1).sum()))
    limits = tables.problem.members[person].max_of
    single = [code for code in tables.problem.fairness.codes if tables.allowed[person][:, tables.number[code]].any()]
    if len(single) == 1 and single[0] in limits:
        most = min(most, limits[single[0]])
    return Axis("nights", tables.is_night.astype(int), most, ends=tables.night_cost[person, : most + 1])
