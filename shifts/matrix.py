"""A roster as people by day, all of it at once: what a sheet and a printed page hold."""

import collections
import dataclasses

from django.db.models import Q

from people.models import Person, Role, RoleAssignment
from shifts.models import Assignment, ShiftType
from shifts.months import days_between, hours_between


@dataclasses.dataclass(frozen=True)
class Worker:
    """`leads`: holds the leader's role on one of the days."""

    pk: int
    number: str
    name: str
    team_id: int | None = None
    team: str = ""
    is_active: bool = True
    leads: bool = False


@dataclasses.dataclass(frozen=True)
class Turn:
    type: ShiftType
    hours: float
    leads: bool = False


@dataclasses.dataclass(frozen=True)
class Matrix:
    """`days` of months.Day, `workers` by team and number, `turns` {(person id, date): [Turn]} as they begin,
    `types` {id: ShiftType} of the centre."""

    days: list
    workers: list
    turns: dict
    types: dict

    def codes(self, person_id, on):
        return tuple(turn.type.code for turn in self.turns.get((person_id, on), ()))

    def of(self, worker):
        """The worker's turns over all days."""
        return [turn for day in self.days for turn in self.turns.get((worker.pk, day.on), ())]

    @property
    def used(self):
        """The types that somebody has, in their order."""
        found = {turn.type.pk for turns in self.turns.values() for turn in turns}
        return [kind for kind in self.types.values() if kind.pk in found]

    def teams(self):
        """[(team's name, Matrix of its workers)]"""
        by_team = collections.defaultdict(list)
        for worker in self.workers:
            by_team[worker.team_id, worker.team].append(worker)
        return [(name, dataclasses.replace(self, workers=workers)) for (_pk, name), workers in by_team.items()]

    def heads(self):
        """[(type, [how many of the workers have it, each day])]"""
        shown = {worker.pk for worker in self.workers}
        counts = collections.Counter(
            (turn.type.pk, on) for (pk, on), turns in self.turns.items() if pk in shown for turn in turns
        )
        return [(kind, [counts[kind.pk, day.on] for day in self.days]) for kind in self.used]


def load(centre, shifts, from_on, until_on, *, today, team=None, text=""):
    """The Matrix of `shifts`, a queryset within these days, in six statements.

    text: a part of the name, or how the employee number begins.
    """
    types = {row.pk: row for row in ShiftType.objects.filter(centre=centre).select_related("centre")}
    people = Person.objects.filter(Q(is_active=True, team__isnull=False) | on_them(shifts), centre=centre)
    if team:
        people = people.filter(team=team)
    if text:
        people = people.filter(Q(name__icontains=text) | Q(employee_number__istartswith=text))
    return Matrix(
        days=days_between(centre, from_on, until_on, today),
        workers=workers_of(people, from_on, until_on),
        turns=turns_of(shifts, types),
        types=types,
    )


def on_them(shifts):
    led = shifts.order_by().filter(leader__isnull=False)
    return Q(pk__in=Assignment.objects.in_shifts(shifts).values("person")) | Q(pk__in=led.values("leader"))


def workers_of(people, from_on, until_on):
    rows = people.order_by("team_id", "employee_number").values_list(
        "pk", "employee_number", "name", "team_id", "team__name", "is_active"
    )
    leading = RoleAssignment.objects.filter(role=Role.LEADER, person__in=people.order_by().values("pk"))
    leading = leading.filter(from_on__lte=until_on).exclude(until_on__lt=from_on)
    leaders = set(leading.values_list("person_id", flat=True))
    workers = [
        Worker(pk, number, name, team_id, team or "", active, pk in leaders)
        for pk, number, name, team_id, team, active in rows
    ]
    return sorted(workers, key=lambda worker: worker.team_id is None)  # engines differ on where nothing sorts


def turns_of(shifts, types):
    found, shown = collections.defaultdict(list), {}
    rows = shifts.order_by("starts_at", "type__code", "pk")
    for pk, on, type_id, leader_id, *span in rows.values_list(
        "pk", "on", "type_id", "leader_id", "starts_at", "ends_at"
    ):
        shown[pk] = (on, Turn(types[type_id], hours_between(*span)), span[0])
        if leader_id:
            found[leader_id, on].append((span[0], Turn(types[type_id], hours_between(*span), leads=True)))
    for person_id, shift_id in Assignment.objects.in_shifts(shifts).values_list("person_id", "shift_id"):
        on, turn, starts_at = shown[shift_id]
        found[person_id, on].append((starts_at, turn))
    return {cell: [turn for _at, turn in sorted(turns, key=by_start)] for cell, turns in found.items()}


def by_start(entry):
    starts_at, turn = entry
    return starts_at, turn.type.code
