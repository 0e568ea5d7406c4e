"""Whose duty it is: read from the published roster when looked at, until somebody starts it."""

import dataclasses

from django.utils.translation import gettext_lazy as _

from duties.models import Who
from people.models import Person, Role
from shifts.line import DayIndex
from shifts.models import Shift

WHY = {
    "day_shift": _("leads that day's day shift"),
    "first_shift": _("leads the first shift of that day, for it has no day shift"),
    "crew": _("leads the rotating day shift of that day"),
    "in_office": _("holds the office"),
    "deputy": _("stands in for somebody absent"),
    "started": _("has started it"),
    "no_roster": _("no published roster for that day, so it falls to the director"),
    "no_crew": _("no rotating day shift that day, so it falls to the director"),
    "no_leader": _("the shift has no leader, so it falls to the director"),
    "on_leave": _("the shift’s leader is on leave without a deputy, so it falls to the director"),
}


@dataclasses.dataclass(frozen=True)
class Assignee:
    """`person` answers for it, `why` is a code of WHY, `crew` the shift that does it where a crew does."""

    person: Person | None
    why: str
    crew: Shift | None = None

    @property
    def reason(self):
        return WHY[self.why]


class Resolver:
    """Answers for many duties of a range of dates, in as many queries as for one."""

    def __init__(self, index):
        self.centre, self.index = index.centre, index
        self._anybody = {}

    @classmethod
    def between(cls, centre, from_on, until_on):
        return cls(DayIndex(centre, from_on, until_on))

    def assignee(self, who, on):
        """The Assignee of a rule with this `who` on the local date."""
        if who == Who.DAY_LEADER:
            person, why = self.index.leader_of_day_shift(on)
            return Assignee(person, why) if person else self._fallback(on, why)
        if who == Who.DAY_CREW:
            return self._crew(on)
        return self._office(Role(who), on)

    def _crew(self, on):
        crew = self.index.day_crew(on)
        if crew is None:
            return self._fallback(on, "no_crew" if self.index.shifts.get(on) else "no_roster")
        holder = self.index.standing(crew.leader, on)
        if holder.person is None:
            why = "on_leave" if holder.on_leave else "no_leader"
            return dataclasses.replace(self._fallback(on, why), crew=crew)
        return Assignee(holder.person, "deputy" if holder.acting_for else "crew", crew)

    def _office(self, role, on):
        holder = self.index.office(role, on)
        if holder.person is None:
            return Assignee(self._nearest(role, on), "in_office")
        return Assignee(holder.person, "deputy" if holder.acting_for else "in_office")

    def _fallback(self, on, why):
        return Assignee(self._office(Role.DIRECTOR, on).person, why)

    def _nearest(self, role, on):
        """Outside every recorded term the obligation still needs somebody: who held the office last, or first."""
        if role not in self._anybody:
            rows = Person.objects.active().filter(centre=self.centre, role_assignments__role=role)
            terms = rows.order_by("role_assignments__from_on").values_list("role_assignments__from_on", "pk")
            people = Person.objects.in_bulk([pk for _from_on, pk in terms])
            self._anybody[role] = [(from_on, people[pk]) for from_on, pk in terms]
        terms = self._anybody[role]
        held = [person for from_on, person in terms if from_on <= on]
        return held[-1] if held else next((person for _from_on, person in terms), None)


def assignees(centre, duties):
    """{duty.pk: Assignee} for loaded duties of one centre. Who has started a duty keeps it."""
    duties = list(duties)
    if not duties:
        return {}
    days = [duty.due_on for duty in duties]
    return assignees_in(DayIndex(centre, min(days), max(days)), duties)


def assignees_in(index, duties):
    """The same from a DayIndex of their dates; where that has a reader, each crew says whether they are in it."""
    resolver = Resolver(index)
    return {duty.pk: _of(duty, resolver) for duty in duties}


def assignee(duty):
    return assignees(duty.centre, [duty])[duty.pk]


def _of(duty, resolver):
    found = resolver.assignee(duty.rule.who, duty.due_on)
    if duty.assignee_id:
        return Assignee(duty.assignee, "started", found.crew)
    return found
