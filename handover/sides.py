"""Who hands a log over and who takes it over: read from the roster at the moment, for several logs at few queries.

The outgoing side leads the log's shift, the incoming one the shift that follows; a deputy acts for an absent one. Where
a side has nobody, or both would be the same person, the department director stands in, then the centre director, and
the page says why.
"""

import dataclasses
import datetime as dt

from django.db.models import Exists, OuterRef, Q

from handover.models import Log
from people.models import Person
from shifts.line import DayIndex
from shifts.models import Shift

SUBMIT_FROM = dt.timedelta(minutes=30)  # before the shift's end its leader is reminded of the log
MOST_WAITING = 20

LEADER, DEPUTY, NO_ROSTER, NO_LEADER, ON_LEAVE, SAME_PERSON, NOBODY = (
    "leader",
    "deputy",
    "no_roster",
    "no_leader",
    "on_leave",
    "same_person",
    "nobody",
)


@dataclasses.dataclass(frozen=True)
class Side:
    """Who signs for one side of a handover, and why it is this person; `shift` is None where the roster has none."""

    person: Person | None
    why: str
    acting_for: Person | None = None
    shift: Shift | None = None

    def is_(self, person):
        return self.person is not None and self.person.pk == person.pk


class Sides:
    """The sides of several logs of one centre, each fetched `with_names()` and `with_next_shift()`."""

    def __init__(self, centre, logs):
        following = [log.next_shift_id for log in logs if log.next_shift_id]
        self.shifts = Shift.objects.with_names().in_bulk(following) if following else {}
        days = [log.shift.on for log in logs] + [shift.on for shift in self.shifts.values()]
        self.index = DayIndex(centre, min(days), max(days)) if days else None

    def outgoing(self, log):
        return self._side(log.shift, log.shift.on, barred=None)

    def incoming(self, log):
        shift = self.shifts.get(log.next_shift_id)
        return self._side(shift, shift.on if shift else log.shift.on, barred=self._giver(log))

    def _giver(self, log):
        """Who may not take the log over: who submitted it, or will."""
        return log.submitted_by_id or getattr(self.outgoing(log).person, "pk", None)

    def _side(self, shift, on, *, barred):
        if shift is None:
            return self._office(on, barred, NO_ROSTER, None)
        holder = self.index.standing(shift.leader, shift.on)
        if holder.person is None:
            return self._office(on, barred, ON_LEAVE if holder.on_leave else NO_LEADER, shift)
        if holder.person.pk == barred:
            return self._office(on, barred, SAME_PERSON, shift)
        return Side(holder.person, DEPUTY if holder.acting_for else LEADER, holder.acting_for, shift)

    def _office(self, on, barred, why, shift):
        for person in (self.index.director(on), self.index.centre_director(on)):
            if person is not None and person.pk != barred:
                return Side(person, why, shift=shift)
        return Side(None, NOBODY, shift=shift)


def outgoing(log):
    """The Side that submits the log."""
    sides = Sides(log.centre, [])
    sides.index = DayIndex(log.centre, log.shift.on, log.shift.on)
    return sides.outgoing(log)


def incoming(log):
    """The Side that accepts the log, which was fetched `with_next_shift()`."""
    return Sides(log.centre, [log]).incoming(log)


def to_sign(person, at):
    """The logs that wait for a signature, whoever's."""
    return Log.objects.visible_to(person).unaccepted().filter(shift__ends_at__lte=at + SUBMIT_FROM)


def waiting_for(person, at):
    """Ids of the logs that wait for the person's signature, of the newest that wait for anybody's."""
    newest = to_sign(person, at).order_by("-shift__ends_at", "-pk")  # few: not by the order of all the centre's logs
    logs = list(newest.with_names().with_next_shift()[:MOST_WAITING])
    if not logs:
        return []
    sides = Sides(person.centre, logs)
    return [log.pk for log in logs if (sides.outgoing(log) if log.is_open else sides.incoming(log)).is_(person)]


def owners(log):
    """Who may own an open item of the log: the people of its shift and of the next, and their leaders."""
    shifts = [log.shift_id, *([log.next_shift_id] if log.next_shift_id else [])]
    leaders = Shift.objects.filter(pk__in=shifts).values("leader")
    return (
        Person.objects.active()
        .filter(Q(pk__in=leaders) | Exists(Shift.objects.filter(pk__in=shifts, assignments__person=OuterRef("pk"))))
        .order_by("employee_number")
    )
