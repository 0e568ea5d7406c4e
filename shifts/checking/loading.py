"""Reads a Period from the database."""

import collections
import datetime as dt
import operator

from django.db.models import (
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Sum,
    Value,
)
from django.db.models.functions import TruncMonth

from people.models import CalendarDay, RoleAssignment
from shifts.checking.checks import IGNORE, PERIODS
from shifts.checking.judging import first_of, last_of, monday_of
from shifts.checking.periods import DAY, Calendar, Demands, Limits, Period, Scope, Slot
from shifts.models import PUBLISHED_PLAN, Assignment, Colour, Demand, Leave, Limit, Roster, Shift

WEEK = dt.timedelta(days=6)
IS_LIMIT, IS_DEMAND, IS_DAY = "limit", "demand", "day"  # what a row of load_settings is
STARTS = operator.attrgetter("starts_at")
LENGTH = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
SHIFT_FIELDS = (
    "pk",
    "on",
    "type__code",
    "type__name_zh",
    "type__name_en",
    "type__colour",
    "team__name",
    "starts_at",
    "ends_at",
    "leader_id",
    "plan",
    "roster_id",
)
ROSTER_FIELDS = ("roster__from_on", "roster__until_on", "roster__rotation__cycle")  # not needed of a draft at hand


def load(centre, from_on, until_on, plan, people):
    people = None if people is None else list(people)
    limits, demands, calendar, names = load_settings(centre, from_on, until_on)
    roster = roster_of(plan)
    first, last = margins(limits, from_on, until_on)
    shifts = shifts_of(centre, roster).between(centre, first, last)
    rows = list(shifts.values_list(*SHIFT_FIELDS, *(() if roster else ROSTER_FIELDS)))
    plan = roster.pk if roster else PUBLISHED_PLAN
    slots = {row[0]: slot_of(row, from_on, until_on, plan) for row in rows}
    names |= {slot.code: slot.names for slot in slots.values()}
    own = Shift.objects.filter(plan=plan).between(centre, from_on, until_on)
    turns, others = load_turns(slots, shifts, own, people, (from_on, until_on))
    leaves, roles = load_terms(centre, from_on, until_on, people)
    wanted = list(turns) if people is None else people
    return Period(
        from_on,
        until_on,
        slots=slots,
        turns=turns,
        others=others,
        names=names,
        scopes=scopes_of(rows, roster),
        limits=limits,
        demands=demands,
        leaves=leaves,
        roles=roles,
        calendar=calendar,
        minutes_outside=minutes_outside(centre, roster, limits, (from_on, until_on), (first, last), wanted),
    )


def roster_of(plan):
    """The draft, or None for what is published."""
    if isinstance(plan, Roster):
        return plan
    return Roster.objects.select_related("rotation").get(pk=plan) if plan else None


def load_settings(centre, from_on, until_on):
    """(Limits, Demands, Calendar, {code: (zh, en)} of the types with a demand): what a centre has set, in a statement.

    The calendar's years are whole ones, for a year is known by having days, and announced by one that is.
    """
    years = {"on__gte": dt.date(from_on.year, 1, 1), "on__lte": dt.date(until_on.year, 12, 31)}
    rows = limits_of(centre).union(demands_of(centre), days_of(centre, **years), all=True)
    found = collections.defaultdict(list)
    for what, *row in rows:
        found[what].append(row)
    limits = Limits((code, on, effect, value) for code, effect, _zh, _en, on, value in found[IS_LIMIT])
    demands = Demands((code, kind, on, heads) for code, kind, _zh, _en, on, heads in found[IS_DEMAND])
    names = {code: (zh, en) for code, _kind, zh, en, _on, _heads in found[IS_DEMAND]}
    return limits, demands, calendar_of(found[IS_DAY]), names


def limits_of(centre):
    rows = Limit.objects.filter(centre=centre).order_by()
    return rows.values_list(Value(IS_LIMIT), "check_code", "effect", Value(""), Value(""), "from_on", "value")


def demands_of(centre):
    rows = Demand.objects.filter(centre=centre).order_by()
    names = "type__name_zh", "type__name_en"
    return rows.values_list(Value(IS_DEMAND), "type__code", "day", *names, "from_on", "heads")


def days_of(centre, **years):
    rows = CalendarDay.objects.filter(centre=centre, **years).order_by()
    nothing = Value(None, output_field=IntegerField())
    return rows.values_list(Value(IS_DAY), "kind", "certainty", "name", "name_en", "on", nothing)


def calendar_of(rows):
    days, years, predicted = {}, {}, set()
    for kind, certainty, name, name_en, on, _nothing in rows:
        is_announced = certainty == CalendarDay.Certainty.ANNOUNCED
        days[on] = kind, (name, name_en)
        years[on.year] = years.get(on.year, False) or is_announced
        if not is_announced:
            predicted.add(on)
    return Calendar(days, years, predicted)


def load_limits(centre):
    rows = Limit.objects.filter(centre=centre).order_by()
    return Limits(rows.values_list("check_code", "from_on", "effect", "value"))


def margins(limits, from_on, until_on):
    """The days that are looked at: whole weeks, and on either side what shows a run that is too long, or a rest too
    short."""
    days = max(limits.greatest("run", (from_on, until_on)), 2) + 1
    first, last = from_on - DAY * days, until_on + DAY * days
    return min(first, monday_of(from_on) - 2 * DAY), max(last, monday_of(until_on) + WEEK + 2 * DAY)


def shifts_of(centre, roster):
    """The published shifts; with a draft, its own, and of the published ones all but those that it is to replace."""
    if roster is None:
        return Shift.objects.filter(plan=PUBLISHED_PLAN)
    beside = Q(plan=PUBLISHED_PLAN)
    if roster.rotation_id:
        beside &= ~Q(roster__rotation=roster.rotation_id, on__gte=roster.from_on, on__lte=roster.until_on)
    return Shift.objects.filter(Q(plan=roster.pk) | beside)


def slot_of(row, from_on, until_on, plan):
    pk, on, code, name_zh, name_en, colour, team, starts_at, ends_at, leader_id, its_plan, *_roster = row
    is_own = its_plan == plan and from_on <= on <= until_on
    is_night = colour == Colour.NIGHT
    return Slot(pk, on, code, (name_zh, name_en), team, starts_at, ends_at, is_night, is_own, leader_id)


def load_turns(slots, shifts, own, people, days):
    """({person id: [Turn]}, {shift id: how many others are assigned}): of everybody, or of the people named.

    own: the shifts, within the days, of the plan that is judged, of whose others it is said how many they are
    """
    rows = Assignment.objects.in_shifts(shifts).order_by()
    if people is not None:
        rows = rows.filter(person__in=people)
    rows = rows.values_list("person_id", "shift_id", "pk")
    if people is not None:
        rows = rows.union(heads_of(own), others_away(own, people, days), all=True)
    turns, others = collections.defaultdict(list), collections.Counter()
    for slot in slots.values():
        if slot.leader_id and (people is None or slot.leader_id in people):
            turns[slot.leader_id].append(slot.lead)
    for person_id, shift_id, count in rows:
        if person_id is None:
            others[shift_id] += count
        else:
            turns[person_id].append(slots[shift_id].seat)
            others[shift_id] -= slots[shift_id].is_own
    return {pk: sorted(found, key=STARTS) for pk, found in turns.items()}, +others


NOBODY = Value(None, output_field=Assignment._meta.get_field("person"))


def heads_of(shifts):
    """(None, shift id, how many are assigned to it)"""
    return shifts.with_heads().order_by().values_list(NOBODY, "pk", "heads")


def others_away(shifts, people, days):
    """(None, shift id, -1) for each who is assigned to it but on leave, and none of the people."""
    leaves = Leave.objects.approved()
    away = leaves.of_turn(OuterRef("person"), OuterRef("shift__on"))
    rows = Assignment.objects.in_shifts(shifts).filter(Exists(away), person__in=leaves.between(*days).values("person"))
    return rows.exclude(person__in=people).order_by().values_list(NOBODY, "shift_id", Value(-1))


def load_terms(centre, from_on, until_on, people):
    """({person id: [(from_on, until_on)] of leave}, {person id: [(role, from_on, until_on)]}), in one statement."""
    roles = RoleAssignment.objects.filter(person__centre=centre, person__is_active=True, from_on__lte=until_on)
    roles = roles.exclude(until_on__lt=from_on).order_by()
    leaves = Leave.objects.approved().filter(centre=centre).between(from_on, until_on).order_by()
    if people is not None:
        roles, leaves = roles.filter(person__in=people), leaves.filter(person__in=people)
    rows = roles.values_list("person_id", "role", "from_on", "until_on")
    rows = rows.union(leaves.values_list("person_id", Value(""), "from_on", "until_on"), all=True)
    away, held = collections.defaultdict(list), collections.defaultdict(list)
    for person_id, role, *span in rows:
        if role:
            held[person_id].append((role, *span))
        else:
            away[person_id].append(tuple(span))
    return dict(away), dict(held)


def scopes_of(rows, roster):
    """What is to be covered: by the draft, or by each published roster that has shifts in these days."""
    if roster:
        codes = {row[2] for row in rows if row[11] == roster.pk}
        cycle = roster.rotation.codes if roster.rotation else set()
        return [Scope(roster.from_on, roster.until_on, frozenset(codes | cycle))]
    spans = collections.defaultdict(set)
    for row in rows:
        spans[row[11:14]].update({row[2]}, filter(None, row[14] or ()))
    return [Scope(from_on, until_on, frozenset(codes)) for (_pk, from_on, until_on), codes in spans.items()]


def minutes_outside(centre, roster, limits, days, seen, people):
    """{person id: {first of month: minutes}} of the turns that count for the hours of a month, quarter or year, and are
    not among the days seen."""
    span = span_of_hours(limits, *days)
    if span is None or (seen[0] <= span[0] and span[1] <= seen[1]):
        return {}
    shifts = shifts_of(centre, roster).between(centre, *span).exclude(on__gte=seen[0], on__lte=seen[1]).order_by()
    assigned = by_month(Assignment.objects.in_shifts(shifts).filter(person__in=people), "person_id", "shift__on")
    led = by_month(shifts.filter(leader__in=people), "leader_id", "on")
    found = collections.defaultdict(collections.Counter)
    for person_id, first, length in assigned.union(led, all=True):
        found[person_id][first] += int(length.total_seconds()) // 60
    return found


def by_month(rows, person, on):
    """(person id, first of month, length of all of it)"""
    months = rows.order_by().annotate(first=TruncMonth(on)).values_list(person, "first")
    return months.annotate(length=Sum(LENGTH))


def span_of_hours(limits, from_on, until_on):
    """The first and the last day of the periods of hours that are judged, or None."""
    lengths = [
        months
        for code, months in PERIODS.items()
        if any(limits.on(code, first_of(on, months)).effect != IGNORE for on in (from_on, until_on))
    ]
    if not lengths:
        return None
    longest = max(lengths)
    return first_of(from_on, longest), last_of(first_of(until_on, longest), longest)
