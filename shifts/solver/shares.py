"""Everybody's fair share of nights and weekends, and what it costs to be away from it."""

import math


def targets(problem):
    """{member id: (nights, weekends)}: what the demand asks, shared out by how much each of them is there."""
    return {
        member.id: (
            nights if member.target_nights is None else member.target_nights,
            weekends if member.target_weekends is None else member.target_weekends,
        )
        for member, nights, weekends in zip(problem.members, _nights(problem), _weekends(problem), strict=True)
    }


def penalty(weight, target, count):
    """weight * d * (d + 1) / 2 for a count that lies d outside the whole numbers around the target."""
    away = max(0, math.floor(target) - count, count - math.ceil(target))
    return weight * away * (away + 1) // 2


def _nights(problem):
    codes = problem.fairness.codes
    asked = sum(row.need for row in problem.cover if row.code in codes)
    return _share_out(asked, [_open_days(problem, member, codes) for member in problem.members])


def _open_days(problem, member, codes):
    """Days on which this member may work one of the codes."""
    allowed = codes if member.kinds is None else codes & member.kinds
    if not any(member.max_of.get(code, 1) for code in allowed):
        return 0
    return sum(
        day not in member.off and (day not in member.fixed or member.fixed[day] in allowed)
        for day in range(problem.days)
    )


def _weekends(problem):
    """A weekend asks for as many people as its busier day."""
    needs = [0] * problem.days
    for row in problem.cover:
        needs[row.day] += row.need
    weekends = problem.weekends()
    asked = sum(max(needs[day] for day in weekend) for weekend in weekends)
    return _share_out(asked, [sum(_is_open(member, weekend) for weekend in weekends) for member in problem.members])


def _is_open(member, weekend):
    if member.max_weekends == 0:
        return False
    return any(day not in member.off and member.fixed.get(day, "") is not None for day in weekend)


def _share_out(asked, presences):
    whole = sum(presences)
    return [asked * presence / whole if whole else 0.0 for presence in presences]
