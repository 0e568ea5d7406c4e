"""A roster as a grid: people by day, what each of them adds up to, and how well each turn of the day is covered."""

import collections
import dataclasses
import datetime as dt

from django.db.models import Exists, OuterRef, Q

from callcentre import clock
from people.models import CalendarDay, Person, Role, RoleAssignment, Team
from shifts.checking.periods import Demands
from shifts.models import Assignment, Demand, Leave, ShiftType
from shifts.rotations import dates

DAY = dt.timedelta(days=1)
ROWS = 80  # people a page: what a browser draws without a stutter


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """What the grid needs of a person's turn; a turn of shifts.checking has the same."""

    on: dt.date
    code: str
    minutes: int


@dataclasses.dataclass(frozen=True)
class Member:
    """Somebody with a row. `leads`: holds the leader's role on one of the days."""

    pk: int
    name: str
    number: str
    leads: bool


@dataclasses.dataclass(frozen=True)
class Plan:
    """The turns of some people over some days, and how many people everybody together gives to each turn of the day.

    `types` {code: ShiftType}, `turns` {person id: [Turn]}, `heads` {(date, code): people, without leaders}, `away`
    {(person id, date)} of leave, `wanted` {(date, code): how many are needed, where somebody said it}, `planned` dates.
    """

    days: list
    types: dict
    turns: dict
    heads: collections.Counter
    away: set
    wanted: dict
    planned: set

    def of_shifts(self, shift_ids):
        """The same with these shifts' turns only, and those that pending edits would make."""
        own = {
            person_id: [turn for turn in turns if turn.shift_id in shift_ids or turn.shift_id < 0]
            for person_id, turns in self.turns.items()
        }
        return dataclasses.replace(self, turns=own)


def people_in(centre, shifts):
    """Who belongs in the grid: who works, and who left but was on one of these shifts; by employee number."""
    was_on = Assignment.objects.in_shifts(shifts).values("person")
    people = Person.objects.filter(centre=centre, team__isnull=False)
    return people.filter(Q(is_active=True) | Q(pk__in=was_on)).order_by("employee_number")


def teams_of(centre, shifts):
    """The centre's teams, each with `all_fit`: whether everybody's rows fit on a page."""
    return list(Team.objects.filter(centre=centre).annotate(all_fit=~Exists(people_in(centre, shifts)[ROWS:])))


def members(centre, shifts, span, team=None, text="", after=""):
    """The Members of the grid, one more than fits a page. `span`: the first and the last day.

    `text`: a part of the name, or how the employee number begins
    """
    first, last = span
    leads = RoleAssignment.objects.filter(person=OuterRef("pk"), role=Role.LEADER, from_on__lte=last)
    people = people_in(centre, shifts).filter(employee_number__gt=after)
    people = people.filter(team=team) if team else people
    people = people.filter(Q(name__icontains=text) | Q(employee_number__istartswith=text)) if text else people
    found = people.annotate(leads=Exists(leads.exclude(until_on__lt=first)))
    return [Member(*row) for row in found.values_list("pk", "name", "employee_number", "leads")[: ROWS + 1]]


def types_of(centre):
    """{code: ShiftType}"""
    return {kind.code: kind for kind in ShiftType.objects.filter(centre=centre).select_related("centre")}


def load(centre, shifts, days, people, everybody):
    """The Plan of these people; `shifts` is a queryset within the days, `everybody`: they are all that there are."""
    ids, types = {person.pk for person in people}, types_of(centre)
    span = clock.midnight(centre, days[0].on), clock.midnight(centre, days[-1].on + DAY)
    turns, heads, planned = turns_of(shifts, ids, everybody, {kind.pk: kind.code for kind in types.values()}, span)
    return Plan(days, types, turns, heads, away_days(ids, days), wanted(centre, days), planned)


def turns_of(shifts, ids, everybody, codes, span):
    """({person id: [Turn]}, {(date, code): people of all, without leaders}, {dates with a shift})"""
    turns, by_person, heads = {}, collections.defaultdict(list), collections.Counter()
    rows = shifts.order_by("starts_at", "pk").values_list("pk", "on", "type_id", "leader_id", "starts_at", "ends_at")
    for pk, on, type_id, leader_id, starts_at, ends_at in rows:
        minutes = int((ends_at - starts_at).total_seconds()) // 60
        turns[pk] = turn = Turn(on, codes[type_id], minutes)
        if leader_id in ids:
            by_person[leader_id].append(turn)
    pairs, counts = assigned(shifts, ids, everybody, span)
    for person_id, shift_id in pairs:
        if shift_id in turns:  # not one of another plan, or that somebody has made just now
            by_person[person_id].append(turns[shift_id])
    for shift_id, people in counts.items():
        if shift_id in turns:
            heads[turns[shift_id].on, turns[shift_id].code] += people
    return by_person, heads, {turn.on for turn in turns.values()}


def assigned(shifts, ids, everybody, span):
    """([(person id, shift id)] of those in `ids`, {shift id: how many people in all})

    Where they are only some, whatever of theirs begins within the span, by their index: of other plans, too.
    """
    if everybody:
        pairs = list(Assignment.objects.in_shifts(shifts).values_list("person_id", "shift_id"))
        return pairs, collections.Counter(shift_id for _person_id, shift_id in pairs)
    counts = {pk: heads for pk, heads in shifts.with_heads().order_by().values_list("pk", "heads") if heads}
    begun, ended = span
    own = Assignment.objects.filter(person__in=ids, starts_at__gte=begun, starts_at__lt=ended)
    return list(own.order_by("pk").values_list("person_id", "shift_id")), counts


def away_days(ids, days):
    """{(person id, date)} of approved leave."""
    leaves = Leave.objects.approved().between(days[0].on, days[-1].on).filter(person__in=ids)
    return spread(leaves.values_list("person_id", "from_on", "until_on"), days)


def spread(leaves, days):
    """{(person id, date)} of leaves (person id, from_on, until_on), within the days."""
    first, last = days[0].on, days[-1].on
    return {
        (person_id, on)
        for person_id, from_on, until_on in leaves
        for on in dates(max(from_on, first), min(until_on, last))
    }


def wanted(centre, days):
    """{(date, code): people} where the centre's dated demand says it."""
    rows = Demand.objects.filter(centre=centre, from_on__lte=days[-1].on)
    demands = Demands(rows.values_list("type__code", "day", "from_on", "heads"))
    found = {(day.on, code): demands.heads(code, kind_of(day), day.on) for code in demands.codes for day in days}
    return {place: heads for place, heads in found.items() if heads is not None}


def kind_of(day):
    if day.mark == CalendarDay.Kind.HOLIDAY:
        return Demand.Day.HOLIDAY
    return Demand.Day.REST if day.is_rest else Demand.Day.WORKDAY


def plan_of(period, days, types, ids):
    """The Plan of these people (ids) in a Period of shifts.checking: what its checks look at is what the grid shows."""
    first, last = period.from_on, period.until_on
    turns = {
        person_id: [turn for turn in period.turns.get(person_id, ()) if turn.is_own and first <= turn.on <= last]
        for person_id in ids
    }
    wanted = {(day.on, code): period.demand(day.on, code) for day in days for code in period.demands.codes}
    wanted = {place: heads for place, heads in wanted.items() if heads is not None}
    leaves = [(person_id, *span) for person_id in ids for span in period.leaves.get(person_id, ())]
    return Plan(days, types, turns, period.heads, spread(leaves, days), wanted, {day.on for day in days})
