"""Reads a Period from the database."""

import collections
import datetime as dt

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Sum
from django.db.models.functions import TruncMonth

from people.models import CalendarDay, RoleAssignment
from shifts.checking.checks import IGNORE, PERIODS
from shifts.checking.judging import first_of, last_of, monday_of
from shifts.checking.periods import DAY, Calendar, Demands, Limits, Period, Scope, Slot, Turn
from shifts.models import PUBLISHED_PLAN, Assignment, Colour, Demand, Leave, Limit, Roster, Shift

WEEK = dt.timedelta(days=6)
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
    "roster__from_on",
    "roster__until_on",
    "roster__rotation__cycle",
)


def load(centre, from_on, until_on, plan, people):
    people = None if people is None else list(people)
    limits = load_limits(centre)
    roster = Roster.objects.select_related("rotation").get(pk=plan) if plan else None
    first, last = margins(limits, from_on, until_on)
    shifts = shifts_of(centre, roster).between(centre, first, last)
    rows = list(shifts.values_list(*SHIFT_FIELDS))
    slots = {row[0]: slot_of(row, from_on, until_on, plan or PUBLISHED_PLAN) for row in rows}
    demands, names = load_demands(centre)
    names |= {slot.code: slot.names for slot in slots.values()}
    turns, others = load_turns(slots, shifts, people)
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
        leaves=load_leaves(centre, from_on, until_on, people),
        roles=load_roles(centre, from_on, until_on, people),
        calendar=load_calendar(centre, from_on, until_on),
        minutes_outside=minutes_outside(centre, roster, limits, (from_on, until_on), (first, last), wanted),
    )


def load_limits(centre):
    rows = Limit.objects.filter(centre=centre).order_by()
    return Limits(rows.values_list("check_code", "from_on", "effect", "value"))


def load_demands(centre):
    """(Demands, {code: (zh, en)} of the types that have one)"""
    rows = Demand.objects.filter(centre=centre).order_by()
    rows = list(rows.values_list("type__code", "day", "from_on", "heads", "type__name_zh", "type__name_en"))
    return Demands(row[:4] for row in rows), {row[0]: row[4:] for row in rows}


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


def load_turns(slots, shifts, people):
    """({person id: [Turn]}, {shift id: how many others are assigned}): of everybody, or of the people named."""
    assigned, others = Assignment.objects.in_shifts(shifts).order_by(), {}
    if people is not None:
        own = [slot.id for slot in slots.values() if slot.is_own]
        away = Leave.objects.approved().of_turn(OuterRef("person"), OuterRef("shift__on"))
        counts = Assignment.objects.filter(~Exists(away), shift__in=own).exclude(person__in=people).order_by()
        others = dict(counts.values_list("shift").annotate(Count("pk")))
        assigned = assigned.filter(person__in=people)
    pairs = [(slot.leader_id, slot.id, True) for slot in slots.values() if slot.leader_id]
    pairs += [(*pair, False) for pair in assigned.values_list("person_id", "shift_id")]
    turns = collections.defaultdict(list)
    for person_id, shift_id, leads in pairs:
        if people is None or person_id in people:
            turns[person_id].append(Turn.of(person_id, slots[shift_id], leads))
    return {pk: sorted(found, key=lambda turn: turn.starts_at) for pk, found in turns.items()}, others


def load_leaves(centre, from_on, until_on, people):
    rows = Leave.objects.approved().filter(centre=centre).between(from_on, until_on).order_by()
    rows = rows if people is None else rows.filter(person__in=people)
    return grouped(rows.values_list("person_id", "from_on", "until_on"))


def load_roles(centre, from_on, until_on, people):
    rows = RoleAssignment.objects.filter(person__centre=centre, person__is_active=True, from_on__lte=until_on)
    rows = rows.exclude(until_on__lt=from_on).order_by()
    rows = rows if people is None else rows.filter(person__in=people)
    return grouped(rows.values_list("person_id", "role", "from_on", "until_on"))


def grouped(rows):
    found = collections.defaultdict(list)
    for person_id, *fields in rows:
        found[person_id].append(tuple(fields))
    return dict(found)


def load_calendar(centre, from_on, until_on):
    """Of whole years, for a year is known by having days, and announced by one that is."""
    first, last = dt.date(from_on.year, 1, 1), dt.date(until_on.year, 12, 31)
    rows = CalendarDay.objects.filter(centre=centre, on__gte=first, on__lte=last).order_by()
    days, years = {}, {}
    for on, kind, name, name_en, certainty in rows.values_list("on", "kind", "name", "name_en", "certainty"):
        days[on] = kind, (name, name_en)
        years[on.year] = years.get(on.year, False) or certainty == CalendarDay.Certainty.ANNOUNCED
    return Calendar(days, years)


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
