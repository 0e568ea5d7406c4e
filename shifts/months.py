"""A month of shifts as pages show it: the grid of people by day, and one person's own days."""

import collections
import dataclasses
import datetime as dt
import re

from django.db.models import Q
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from callcentre import words
from people.models import CalendarDay, Person, Role, RoleAssignment
from shifts.models import Assignment, Shift, ShiftType, month_span
from shifts.rotations import dates

ROWS = 80  # people a page: what a browser draws without a stutter


def parse_month(text, today):
    """(year, month) of `2026-11`, today's for anything else."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text or "")
    year, month = (int(found[1]), int(found[2])) if found else (today.year, today.month)
    return (year, month) if 2000 <= year <= 2999 else (today.year, today.month)


def month_key(year, month):
    return f"{year:04}-{month:02}"


def beside(year, month, steps):
    """The first day of the month that many steps away."""
    year, month = divmod(year * 12 + month - 1 + steps, 12)
    return dt.date(year, month + 1, 1)


@dataclasses.dataclass(frozen=True)
class Day:
    """A date as every calendar heads it: public holidays and make-up workdays marked, and whether it is one of rest."""

    on: dt.date
    mark: str = ""
    name: str = ""
    is_predicted: bool = False
    is_today: bool = False

    @property
    def is_rest(self):
        return self.mark == CalendarDay.Kind.HOLIDAY or (self.on.weekday() >= 5 and not self.mark)

    @property
    def weekday(self):
        return words.pick(words.WEEKDAYS_ZH[self.on.weekday()], words.WEEKDAYS_EN[self.on.weekday()][:2])


def days_between(centre, from_on, until_on, today):
    """The Day of every date, both ends included."""
    marked = {row.on: row for row in CalendarDay.objects.filter(centre=centre, on__gte=from_on, on__lte=until_on)}
    return [day_of(on, marked.get(on), today) for on in dates(from_on, until_on)]


def day_of(on, row, today):
    if row is None:
        return Day(on, is_today=on == today)
    predicted = row.certainty == CalendarDay.Certainty.PREDICTED
    return Day(on, mark=row.kind, name=row.title, is_predicted=predicted, is_today=on == today)


@dataclasses.dataclass(frozen=True)
class Turn:
    """What the grid needs of a shift."""

    on: dt.date
    type_id: int
    hours: float


@dataclasses.dataclass(frozen=True)
class Row:
    pk: int
    name: str
    number: str
    leads: bool
    is_reader: bool
    cells: str
    shifts: int
    hours: float


@dataclasses.dataclass(frozen=True)
class Grid:
    """`rows` of people, `feet` of head counts (type, counts by day), `types` for the legend, `after`: the next page."""

    days: list
    rows: list
    feet: list
    types: list
    after: str


def hours_between(starts_at, ends_at):
    return (ends_at - starts_at).total_seconds() / 3600


def grid_people(centre, team, shifts, after=""):
    """(id, name, employee number) of those who belong in the grid, one more than fits a page: who works, and who left
    but was on one of these shifts."""
    was_on = Assignment.objects.in_shifts(shifts).values("person")
    people = Person.objects.filter(centre=centre, employee_number__gt=after, team__isnull=False)
    people = people.filter(team=team) if team else people
    people = people.filter(Q(is_active=True) | Q(pk__in=was_on))
    return list(people.order_by("employee_number").values_list("pk", "name", "employee_number")[: ROWS + 1])


def month_grid(centre, shifts, days, people, reader):
    """The Grid of these people (as `grid_people` finds them) over the days; `shifts` is a queryset within the days."""
    page, rest = people[:ROWS], people[ROWS:]
    turns, by_person = turns_of(shifts, [pk for pk, _name, _number in page])
    types = {row.pk: row for row in ShiftType.objects.filter(centre=centre)}
    draw = CellPainter(types, days, {turn.on for turn in turns.values()})
    leaders = leaders_among([pk for pk, _name, _number in page], days)
    rows = [
        make_row(person, by_person[person[0]], draw, leads=person[0] in leaders, is_reader=person[0] == reader.pk)
        for person in page
    ]
    used = {turn.type_id for turn in turns.values()}
    shown = [found for found in types.values() if found.pk in used]
    return Grid(days, rows, feet(shown, days, by_person), shown, page[-1][2] if rest else "")


def turns_of(shifts, ids):
    """({shift id: Turn}, {person id: [Turn]}) of all the shifts and of the people named by `ids`."""
    turns, by_person, wanted = {}, collections.defaultdict(list), set(ids)
    rows = shifts.order_by("starts_at", "pk").values_list("pk", "on", "type_id", "leader_id", "starts_at", "ends_at")
    for pk, on, type_id, leader_id, starts_at, ends_at in rows:
        turns[pk] = turn = Turn(on, type_id, hours_between(starts_at, ends_at))
        if leader_id in wanted:
            by_person[leader_id].append(turn)
    assigned = Assignment.objects.in_shifts(shifts).filter(person__in=ids)
    for person_id, shift_id in assigned.values_list("person_id", "shift_id"):
        by_person[person_id].append(turns[shift_id])
    return turns, by_person


def leaders_among(ids, days):
    """Ids of those who hold the leader's role on one of the days."""
    held = RoleAssignment.objects.filter(person__in=ids, role=Role.LEADER, from_on__lte=days[-1].on)
    return set(held.exclude(until_on__lt=days[0].on).values_list("person_id", flat=True))


def make_row(person, turns, draw, *, leads, is_reader):
    pk, name, number = person
    hours = sum(turn.hours for turn in turns)
    return Row(pk, name, number, leads, is_reader, draw.cells(turns), len(turns), hours)


def feet(types, days, by_person):
    """[(type, [how many people each day])] of the people shown."""
    counts = collections.Counter((turn.type_id, turn.on) for turns in by_person.values() for turn in turns)
    return [(found, [counts[found.pk, day.on] for day in days]) for found in types]


class CellPainter:
    """Draws each distinct cell once: a month of 60 people has 1,860 cells, and some ten that differ."""

    def __init__(self, types, days, planned):
        self.types, self.days, self.planned = types, days, planned
        self.template = get_template("shifts/_cell.html")
        self.drawn = {}

    def cells(self, turns):
        by_day = collections.defaultdict(tuple)
        for turn in turns:
            by_day[turn.on] += (turn.type_id,)
        return mark_safe("".join(self.cell(day, by_day.get(day.on, ())) for day in self.days))  # noqa: S308 - drawn by a template

    def cell(self, day, type_ids):
        key = day.is_rest, type_ids, day.on in self.planned
        if key not in self.drawn:
            types = [self.types[pk] for pk in type_ids]
            context = {"rest": day.is_rest, "types": types, "planned": day.on in self.planned}
            self.drawn[key] = self.template.render(context).strip()
        return self.drawn[key]


@dataclasses.dataclass(frozen=True)
class OwnShift:
    shift: Shift
    desk: str
    leads: bool


def own_shifts(person, from_on, until_on):
    """The person's published shifts that begin on these dates, as OwnShift, in their order."""
    days = Shift.objects.published().between(person.centre_id, from_on, until_on)
    desks = dict(Assignment.objects.in_shifts(days).filter(person=person).values_list("shift_id", "desk__code"))
    shifts = days.filter(Q(leader=person) | Q(pk__in=list(desks))).with_names()
    return [OwnShift(shift, desks.get(shift.pk) or "", shift.leader_id == person.pk) for shift in shifts]


def own_month(person, year, month, today):
    """[(Day, [OwnShift])] for every day of the month."""
    first, last = month_span(year, month)
    by_day = collections.defaultdict(list)
    for own in own_shifts(person, first, last):
        by_day[own.shift.on].append(own)
    return [(day, by_day[day.on]) for day in days_between(person.centre, first, last, today)]


def totals(month):
    """(shifts, hours, nights) of a month as `own_month` gives it."""
    turns = [own.shift for _day, owns in month for own in owns]
    hours = sum(hours_between(shift.starts_at, shift.ends_at) for shift in turns)
    return len(turns), hours, sum(shift.type.colour == "N" for shift in turns)
