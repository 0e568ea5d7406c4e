"""The floor at a moment: a read-only view of shifts with their people."""

import collections
import dataclasses

from django.db.models import Exists, OuterRef

from shifts import line
from shifts.models import Assignment, Leave, Shift


@dataclasses.dataclass(frozen=True)
class Manned:
    """A shift with who leads it (a line.Holder) and its people: [(id, name, employee number, desk code)], by desk.

    `away`: the same of those who are on leave, and are not counted among its people.
    """

    shift: Shift
    holder: line.Holder
    people: list
    away: list


@dataclasses.dataclass(frozen=True)
class Floor:
    """`now`: the shifts on the floor, the one on duty first; `next`: those that begin next, together."""

    now: list
    next: list


def floor_at(centre, at):
    shifts = list(Shift.objects.published().on_floor(centre, at).with_names())
    shifts.sort(key=line.duty_order, reverse=True)
    coming = next_shifts(centre, at)
    every = shifts + coming
    index = line.DayIndex(centre, *span_of(every)) if every else None
    people, away = people_of(every)
    manned = [
        Manned(shift, index.standing(shift.leader, shift.on), people[shift.pk], away[shift.pk]) for shift in every
    ]
    return Floor(manned[: len(shifts)], manned[len(shifts) :])


def next_shifts(centre, at):
    """The shifts that begin next, all of those that begin together."""
    coming = Shift.objects.published().coming(centre, at)
    first = coming.values_list("starts_at", flat=True).first()
    return list(coming.filter(starts_at=first).with_names()) if first else []


def span_of(shifts):
    dates = [shift.on for shift in shifts]
    return min(dates), max(dates)


def people_of(shifts):
    """({shift id: [(id, name, employee number, desk code)]}, the same of those on leave), those without a desk last."""
    present, away = collections.defaultdict(list), collections.defaultdict(list)
    leave = Leave.objects.approved().of_turn(OuterRef("person"), OuterRef("shift__on"))
    rows = Assignment.objects.filter(shift__in=shifts).values_list(
        Exists(leave), "shift_id", "person_id", "person__name", "person__employee_number", "desk__code"
    )
    for is_away, shift_id, *person in sorted(rows, key=lambda row: (row[5] is None, row[5] or "", row[4])):
        (away if is_away else present)[shift_id].append(person)
    return present, away
