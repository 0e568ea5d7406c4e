"""The line above somebody at a moment: leader of the shift on duty, department director, centre director.

Someone with a deputy named for the day counts as absent, and the deputy acts for them. Somebody on approved leave is
absent too: with no deputy named, their place is empty and says so. Without a published roster there is no leader: the
caller goes to the director and says why.
"""

import collections
import dataclasses
import datetime as dt
from functools import cached_property

from django.db.models import Exists, OuterRef, Value

from callcentre import clock
from people.models import Deputy, Person, Role, RoleAssignment
from shifts.models import Assignment, Leave, Shift

LEADER, DIRECTOR, CENTRE_DIRECTOR = "leader", "director", "centre_director"
KINDS = (LEADER, DIRECTOR, CENTRE_DIRECTOR)

# The first level above each role. Only agents work under a shift's leader; several roles go by the highest.
FIRST_ABOVE = {
    Role.AGENT: 0,
    Role.INSPECTOR: 1,
    Role.SECURITY: 1,
    Role.ADMINISTRATOR: 1,
    Role.LEADER: 1,
    Role.DIRECTOR: 2,
    Role.CENTRE_DIRECTOR: 3,
}

OFFICES = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)
PERSON = tuple(field.attname for field in Person._meta.concrete_fields)
TERM = ("person_id", "from_on", "until_on", "pk")


@dataclasses.dataclass(frozen=True)
class Holder:
    """Who holds a place in the line on a date: `person` is the deputy where `acting_for` is somebody absent.

    on_leave: it has nobody, for the last who could hold it is on leave without a deputy.
    """

    person: Person | None
    acting_for: Person | None = None
    on_leave: bool = False


@dataclasses.dataclass(frozen=True)
class Absence:
    """Days on which somebody is away. `deputy` acts for them; None is leave that names nobody."""

    from_on: dt.date
    until_on: dt.date
    pk: int
    deputy: Person | None

    def covers(self, on):
        return self.from_on <= on <= self.until_on


@dataclasses.dataclass(frozen=True)
class Level:
    """A level of the line. `why`: on_duty, in_office or deputy.

    For an empty level it is no_roster, no_leader, on_leave or nobody.
    """

    kind: str
    person: Person | None
    acting_for: Person | None
    why: str


class DayIndex:
    """The answers of this module for every date of a range: a handful of queries at first use, none afterwards.

    It loads only what is asked of it, so one date through it is as cheap as a question of its own. With a `reader` each
    of its shifts says in `has_reader` whether that person is assigned to it. `besides`: other shifts that a page shows,
    to be read in the same statement.
    """

    def __init__(self, centre, from_on, until_on, reader=None, besides=None):
        self.centre, self.from_on, self.until_on = centre, from_on, until_on
        self.reader, self.besides = reader, besides

    @cached_property
    def all_shifts(self):
        """Those of the dates and those besides, in the order in which they begin."""
        rows = Shift.objects.published().between(self.centre, self.from_on, self.until_on)
        if self.besides is not None:
            wanted = rows.order_by().values("pk").union(self.besides.order_by().values("pk"))
            rows = Shift.objects.filter(pk__in=wanted).order_by("starts_at", "pk")
        if self.reader:
            rows = rows.annotate(has_reader=Exists(Assignment.objects.filter(shift=OuterRef("pk"), person=self.reader)))
        return list(rows.with_names())

    @cached_property
    def shifts(self):
        """{date: its published shifts in the order in which they begin}"""
        found = collections.defaultdict(list)
        for shift in self.all_shifts:
            if self.from_on <= shift.on <= self.until_on:
                found[shift.on].append(shift)
        return found

    @cached_property
    def people(self):
        """(absences, offices): of roles, deputies and leave in one statement."""
        span = {"from_on__lte": self.until_on, "until_on__gte": self.from_on}
        named = Deputy.objects.filter(absent__centre=self.centre, deputy__is_active=True, **span)
        leaves = Leave.objects.approved().filter(centre=self.centre, **span).order_by()
        nobody = [Value(None, output_field=field) for field in Person._meta.concrete_fields]
        rows = self._directors.values_list("role", *TERM, *(f"person__{name}" for name in PERSON))
        rows = rows.union(
            named.values_list(Value(""), "absent", *TERM[1:], *(f"deputy__{name}" for name in PERSON)),
            leaves.values_list(Value(""), *TERM, *nobody),
            all=True,
        )
        absences, offices = collections.defaultdict(list), []
        for role, person_id, from_on, until_on, pk, *fields in rows:
            person = Person.from_db(rows.db, PERSON, fields) if fields[0] else None
            if role:
                offices.append(RoleAssignment(pk=pk, role=role, person=person, from_on=from_on, until_on=until_on))
            else:
                absences[person_id].append(Absence(from_on, until_on, pk, person))
        for found in absences.values():
            found.sort(key=lambda absence: (absence.from_on, absence.pk), reverse=True)
        return absences, sorted(offices, key=lambda office: (office.person.employee_number, office.pk))

    @property
    def _directors(self):
        rows = RoleAssignment.objects.filter(person__centre=self.centre, person__is_active=True, role__in=OFFICES)
        return rows.filter(from_on__lte=self.until_on).exclude(until_on__lt=self.from_on)

    @property
    def absences(self):
        """{person id: their Absences, the one named last first}"""
        return self.people[0]

    @property
    def offices(self):
        """Who holds the directors' roles, by employee number."""
        return self.people[1]

    def standing(self, person, on):
        """The Holder of a person's place on the date: the person, or the deputy (or the deputy's deputy, and so on)."""
        acting, seen = person, set()
        while acting and acting.pk not in seen:
            seen.add(acting.pk)
            acting = next((absence.deputy for absence in self.away(acting, on) if absence.deputy), acting)
        if acting and any(absence.deputy is None for absence in self.away(acting, on)):
            return Holder(None, on_leave=True)
        if acting is None or acting == person:
            return Holder(person if person and person.is_active else None)
        return Holder(acting, acting_for=person)

    def away(self, person, on):
        return [absence for absence in self.absences.get(person.pk, ()) if absence.covers(on)]

    def office(self, role, on):
        """The Holder of the role on the date: of several who have it, the first who is there."""
        places = [self.standing(row.person, on) for row in self.offices if row.role == role and row.covers(on)]
        return next((place for place in places if place.person), places[0] if places else Holder(None))

    def director(self, on):
        """The department director of the date, or the deputy who acts; None where there is none."""
        return self.office(Role.DIRECTOR, on).person

    def centre_director(self, on):
        """The centre director of the date, or the deputy who acts; None where there is none."""
        return self.office(Role.CENTRE_DIRECTOR, on).person

    def day_crew(self, on):
        """The rotating day shift of the date, or None. Permanent day staff are not meant."""
        return next((shift for shift in self.shifts.get(on, ()) if shift.type.counts_as_day and rotates(shift)), None)

    def leader_of_day_shift(self, on):
        """(Person or None, why).

        why: day_shift; first_shift where the date has no day shift; deputy where the leader is absent, on_leave where
        none is named; no_leader where the shift has none; no_roster where no published shift begins on the date.
        """
        crew = self.day_crew(on)
        shift = crew or next(iter(self.shifts.get(on, ())), None)
        if shift is None:
            return None, "no_roster"
        holder = self.standing(shift.leader, on)
        if holder.person is None:
            return None, "on_leave" if holder.on_leave else "no_leader"
        if holder.acting_for:
            return holder.person, "deputy"
        return holder.person, "day_shift" if crew else "first_shift"


def rotates(shift):
    """Whether a shift belongs to a crew that rotates: all but those of permanent day staff."""
    rotation = shift.roster.rotation
    return rotation is None or rotation.has_several_types


def director(centre, on):
    """The department director of the date, or the deputy who acts; None where there is none."""
    return DayIndex(centre, on, on).director(on)


def centre_director(centre, on):
    """The centre director of the date, or the deputy who acts; None where there is none."""
    return DayIndex(centre, on, on).centre_director(on)


def day_crew(centre, on):
    """The rotating day shift of the date, or None. Permanent day staff are not meant."""
    return DayIndex(centre, on, on).day_crew(on)


def leader_of_day_shift(centre, on):
    """(Person or None, why): see DayIndex.leader_of_day_shift."""
    return DayIndex(centre, on, on).leader_of_day_shift(on)


def shift_on_duty(centre, at):
    """The published shift on the floor, or None. Of several, a rotating crew's goes first, then the last begun."""
    return first_on_duty(list(Shift.objects.published().on_floor(centre, at).with_names()))


def first_on_duty(shifts):
    """Of the shifts on the floor, the one whose leader has the floor."""
    return max(shifts, key=duty_order, default=None)


def duty_order(shift):
    return rotates(shift), shift.starts_at, -shift.pk


def acting_leader(shift):
    """The Holder of a shift's lead: its leader, or the deputy named for the shift's date."""
    return DayIndex(shift.centre_id, shift.on, shift.on).standing(shift.leader, shift.on)


def leader_on_duty(centre, at):
    """The leader of the shift on duty, or the deputy who acts; None without a published shift or without a leader."""
    shift = shift_on_duty(centre, at)
    return acting_leader(shift).person if shift else None


def shift_over(person, at):
    """The shift on duty as this person sees it: the one they are on, else the centre's."""
    shifts = list(Shift.objects.published().on_floor(person.centre, at).with_names())
    own = [shift for shift in shifts if len(shifts) > 1 and shift.has_on_it(person)]
    return first_on_duty(own or shifts)


def line_above(person, at):
    """The levels above the person at the moment, nearest first. An empty level stays in the line with person None.

    It begins above the highest level that the person holds, by role or as somebody's deputy.
    """
    on = clock.local_date(person.centre, at)
    index = DayIndex(person.centre, on, on)
    levels = [
        leader_level(shift_over(person, at)),
        office_level(DIRECTOR, index.office(Role.DIRECTOR, on)),
        office_level(CENTRE_DIRECTOR, index.office(Role.CENTRE_DIRECTOR, on)),
    ]
    first = max((FIRST_ABOVE[role] for role in person.roles_on(on)), default=0)
    held = [number + 1 for number, level in enumerate(levels) if level.person == person]
    return levels[max([first, *held]) :]


def leader_level(shift):
    if shift is None:
        return Level(LEADER, None, None, "no_roster")
    holder = acting_leader(shift)
    if holder.person is None:
        return Level(LEADER, None, None, "on_leave" if holder.on_leave else "no_leader")
    return Level(LEADER, holder.person, holder.acting_for, "deputy" if holder.acting_for else "on_duty")


def office_level(kind, holder):
    if holder.person is None:
        return Level(kind, None, None, "on_leave" if holder.on_leave else "nobody")
    return Level(kind, holder.person, holder.acting_for, "deputy" if holder.acting_for else "in_office")
