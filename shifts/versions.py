"""What a roster was at each of its versions, and what differs between two: a person's codes, day by day."""

import collections

from people.models import Person
from shifts.models import Assignment, Change, Shift


def days_of(shifts):
    """{(person id, date): codes in the order of their starts} of a queryset of shifts."""
    return by_day(row[:-1] for row in turns_of(shifts))


def turns_of(shifts):
    """(person id, date, start, code, roster id) of everybody's turns, of agents and of leaders in one statement."""
    fields = "on", "starts_at", "type__code", "roster"
    assigned = Assignment.objects.in_shifts(shifts).order_by()
    led = shifts.exclude(leader=None).order_by().values_list("leader", *fields)
    return assigned.values_list("person", *(f"shift__{field}" for field in fields)).union(led, all=True)


def by_day(rows):
    """{(person id, date): codes} of rows (person id, date, start, code)."""
    found = collections.defaultdict(list)
    for person_id, on, starts_at, code in rows:
        found[person_id, on].append((starts_at, code))
    return {cell: tuple(code for _start, code in sorted(turns)) for cell, turns in found.items()}


def differing(before, after):
    """{(person id, date): (codes before, codes after)} of the cells that are not the same."""
    pairs = {cell: (before.get(cell, ()), after.get(cell, ())) for cell in before | after}
    return {cell: (old, new) for cell, (old, new) in pairs.items() if old != new}


def cells(roster, number=None):
    """{(person id, date): codes} of the roster now, or as it was at the version."""
    later = [] if number is None else _later(roster, number)
    return by_day(_with_times(_shifts(roster), _back(_now(roster), later)))


def compare(roster, from_number, to_number):
    """[(person, date, codes before, codes after)] that differ between two versions, by employee number and date."""
    later = _later(roster, min(from_number, to_number))
    shifts, turns = _shifts(roster), _now(roster)
    states = {}
    for number in {from_number, to_number}:
        states[number] = by_day(_with_times(shifts, _back(turns, [row for row in later if row[0] > number])))
    changed = differing(states[from_number], states[to_number])
    people = Person.objects.in_bulk({person_id for person_id, _on in changed})
    found = [(people[person_id], on, *both) for (person_id, on), both in changed.items()]
    return sorted(found, key=lambda row: (row[0].employee_number, row[1]))


def _later(roster, number):
    """[(version, person id, shift id, whether they came)] of the changes after the version, the newest first."""
    rows = Change.objects.filter(version__roster=roster, version__number__gt=number).order_by("-version__number", "-pk")
    return list(rows.values_list("version__number", "person", "shift", "is_added"))


def _now(roster):
    """{(person id, shift id)}"""
    assigned = Assignment.objects.filter(shift__roster=roster).order_by().values_list("person", "shift")
    led = Shift.objects.filter(roster=roster).exclude(leader=None).order_by().values_list("leader", "pk")
    return {*assigned, *led}


def _back(turns, changes):
    """The turns before the changes were made, of which the newest comes first."""
    turns = set(turns)
    for _version, person_id, shift_id, is_added in changes:
        (turns.discard if is_added else turns.add)((person_id, shift_id))
    return turns


def _shifts(roster):
    rows = Shift.objects.filter(roster=roster).order_by().values_list("pk", "on", "starts_at", "type__code")
    return {pk: rest for pk, *rest in rows}


def _with_times(shifts, turns):
    return [(person_id, *shifts[shift_id]) for person_id, shift_id in turns]
