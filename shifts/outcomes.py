"""What a run found: kept with it as ids, codes, dates and numbers, and told to a leader in words and tables.

`Run.outcome` has
    cost, bound, seconds     of both problems together; no roster costs less than the bound
    lines, draft             {person id: code of each day, "" for rest}: what was found, and what the draft had
    needed, missing          people that the open days ask for, leaders among them, and how many of them are not there
    uncovered, leaderless    [[date, code, how many are missing]]
    wishes, broken           how many were weighed, and [[person id, date, kind, code, points]] of those not kept
    shares                   {person id: {"nights": [before, after], "weekends": [...], "shifts": [...]}}
    leaders                  ids of those who were planned to lead
    impossible               [[person id, the rule that leaves them no legal line]]: left as they were
    refusals                 [[check, person id or None, date]]: what would refuse publication, were it applied
"""

import collections

from shifts import checking
from shifts.actions import changes
from shifts.models import Assignment, Shift
from shifts.rotations import dates
from shifts.solver import explain
from shifts.solving import DAY, GROUPS, LEADERS, today

REST, SATURDAY = "", 5


def outcome_of(draft, answers, impossible):
    """answers: {group: (Problem, the solver's result)}"""
    outcome = {
        "cost": sum(result["cost"] for _problem, result in answers.values()),
        "bound": together(result["bound"] for _problem, result in answers.values()),
        "seconds": max((result["seconds"] for _problem, result in answers.values()), default=0),
        "lines": {},
        "draft": {},
        "uncovered": [],
        "leaderless": [],
        "broken": [],
        "shares": {},
        "leaders": draft.people(LEADERS),
        "impossible": sorted(impossible.items()),
        "wishes": sum(len(problem.wishes) for problem, _result in answers.values()),
    }
    for group, (problem, result) in answers.items():
        add_group(outcome, draft, group, problem, result["lines"])
    outcome["needed"] = sum(count for group in GROUPS for count in draft.needs[group].values())
    outcome["missing"] = sum(missing for *_place, missing in outcome["uncovered"] + outcome["leaderless"])
    return outcome


def together(bounds):
    """The bound of all: none where one of them has none. No roster costs less than nothing."""
    bounds = list(bounds)
    return None if None in bounds else round(sum(max(0, bound) for bound in bounds), 1)


def add_group(outcome, draft, group, problem, lines):
    before = {member.id: draft.line(int(member.id)) for member in problem.members}
    told = explain(problem, lines)
    points = {
        (str(row.person_id), draft.place[row.on]): [row.kind, row.type.code if row.type else "", row.weight]
        for row in draft.wishes
    }
    place = "leaderless" if group == LEADERS else "uncovered"
    outcome[place] += [[str(draft.days[day]), code, missing] for day, code, missing in told.uncovered]
    outcome["lines"] |= {member: plain(line) for member, line in lines.items()}
    outcome["draft"] |= {member: plain(line) for member, line in before.items()}
    outcome["broken"] += [
        [int(wish.member), str(draft.days[wish.day]), *points[wish.member, wish.day]] for wish in told.broken
    ]
    for member, line in lines.items():
        old, new = share(draft, before[member]), share(draft, line)
        outcome["shares"][member] = {name: [old[name], new[name]] for name in old}


def plain(line):
    return [code or REST for code in line]


def share(draft, line):
    """How many nights, weekends and shifts a line has."""
    worked = [on for on, code in zip(draft.days, line, strict=True) if code]
    weekends = {on - DAY * on.weekday() for on in worked if on.weekday() >= SATURDAY}
    return {
        "nights": sum(code in draft.nights for code in line),
        "weekends": len(weekends),
        "shifts": len(worked),
    }


# ---- against the draft as it is now


def cells_now(roster):
    """{(person id, date): codes} of the roster's turns, in two statements."""
    shifts = Shift.objects.filter(roster=roster).order_by("starts_at", "pk")
    codes: dict[int, tuple] = {}
    found: dict[tuple, tuple] = collections.defaultdict(tuple)
    for pk, on, code, leader in shifts.values_list("pk", "on", "type__code", "leader_id"):
        codes[pk] = on, code
        if leader:
            found[leader, on] += (code,)
    rows = Assignment.objects.filter(shift__roster=roster).order_by("shift__starts_at", "shift_id")
    for person, shift in rows.values_list("person_id", "shift_id"):
        on, code = codes[shift]
        found[person, on] += (code,)
    return found


def found_cells(run):
    """(person id, date, code found, code that the draft had when the run began) of every planned cell."""
    days = dates(run.roster.from_on, run.roster.until_on)
    for member, line in run.outcome["lines"].items():
        for on, code, old in zip(days, line, run.outcome["draft"][member], strict=True):
            yield int(member), on, code, old


def cells_to_change(run, at, now=None):
    """[(person id, date, code)] where the draft is not as it was found; days that have begun are left as they are."""
    now, begun = cells_now(run.roster) if now is None else now, today(run.roster, at)
    return [
        (person, on, code)
        for person, on, code, _old in found_cells(run)
        if on > begun and now.get((person, on), ()) != ((code,) if code else ())
    ]


def changed_meanwhile(run, now):
    """[(person id, date)] of the planned cells that somebody has changed since the run began."""
    return [
        (person, on)
        for person, on, _code, old in found_cells(run)
        if now.get((person, on), ())[:1] != ((old,) if old else ())
    ]


def refusals(roster, cells):
    """[[check, person id or None, date]] of what would refuse publication with these cells in the draft.

    Nothing is saved: the checks look at the roster as it would be.
    """
    period = checking.Period.load(roster.centre, roster.from_on, roster.until_on, plan=roster.plan)
    if cells:
        wanted = {(person, on): (code,) if code else () for person, on, code in cells}
        board = changes.load(roster, wanted, {})
        board.set(wanted)
        period = period.with_changes(
            removed=[(turn.person_id, turn.shift) for turn in board.removed],
            added=[(turn.person_id, turn.shift, turn.leads) for turn in board.added],
        )
    found = checking.judge(period)
    return [[finding.code, finding.person_id, str(finding.on)] for finding in found if finding.refuses]
