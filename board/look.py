"""One look at a centre's floor: what the live floor and the wall show of it, each part in a statement of its own."""

import collections
import dataclasses
import datetime as dt
import itertools
from functools import cached_property

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from board import tiles
from callcentre import clock
from duties.models import Duty
from handover import desks
from handover.desks import State
from notices.models import Notice
from notices.reading import unread_people
from people.models import Person
from shifts import line
from shifts.models import LONGEST_SHIFT, Assignment, Call, Shift

AHEAD = dt.timedelta(hours=12)  # how far a look sees the next shift
AT_LATEST = dt.timedelta(minutes=5)  # after which a look is taken anew, whatever it saw
RELIEVED_EVERY = dt.timedelta(minutes=1)  # while reliefs are under way: what is past its time is seen by the minute
NOTICES = 3  # on the wall
IN_RELIEF = (State.WAITING, State.AT_DESK, State.BRIEFED, State.ASSUMED)
Outcome = Call.Outcome
Status = Duty.Status
WORKABLE = (Status.OPEN, Status.STARTED, Status.MISSED)


@dataclasses.dataclass(frozen=True)
class RollCall:
    """A shift's roll call in numbers; `people`, and of these `late` and `absent`: [(id, name)]."""

    shift: Shift
    counts: collections.Counter
    people: list
    late: list
    absent: list

    @property
    def crew(self):
        return self.counts.total()

    @property
    def present(self):
        return sum(self.counts[outcome] for outcome in Call.PRESENT)

    @property
    def expected(self):
        return self.counts[Outcome.EXPECTED]

    @property
    def on_leave(self):
        return self.counts[Outcome.ON_LEAVE]


class Look:
    def __init__(self, centre, at):
        self.centre, self.at = centre, at

    @cached_property
    def today(self):
        return clock.local_date(self.centre, self.at)

    @cached_property
    def shifts(self):
        """Those on the floor and those that come, with their roll calls; `seats`: how many desks the roster gives."""
        span = {"starts_at__gt": self.at - LONGEST_SHIFT, "starts_at__lte": self.at + AHEAD, "ends_at__gt": self.at}
        rows = Shift.objects.published().filter(centre=self.centre, **span).with_names().select_related("roll_call")
        seated = Assignment.objects.filter(shift=OuterRef("pk"), desk__isnull=False).order_by().values("shift")
        seats = Coalesce(Subquery(seated.annotate(n=Count("pk")).values("n")), 0)
        return list(rows.annotate(seats=seats).order_by("starts_at", "pk"))

    @cached_property
    def on_floor(self):
        """The one on duty first."""
        now = [shift for shift in self.shifts if shift.is_on_floor(self.at)]
        return sorted(now, key=line.duty_order, reverse=True)

    @cached_property
    def coming(self):
        """Those that begin next, together."""
        later = [shift for shift in self.shifts if shift.starts_at > self.at]
        return [shift for shift in later if shift.starts_at == later[0].starts_at]

    @cached_property
    def roll_calls(self):
        """Of the shifts on the floor and of the next ones, the last to begin first, where they have been opened."""
        called = {shift.roll_call.pk: shift for shift in [*self.coming, *self.on_floor] if hasattr(shift, "roll_call")}
        rows = Call.objects.filter(roll_call__in=called).exclude(outcome=Outcome.SWAPPED).order_by("pk")
        rows = rows.values_list("roll_call", "outcome", "person", "person__name") if called else ()
        of = collections.defaultdict(lambda: collections.defaultdict(list))
        for roll_call, outcome, *person in rows:
            of[roll_call][outcome].append(tuple(person))
        return [self._roll_call(shift, of[pk]) for pk, shift in called.items()]

    def _roll_call(self, shift, people):
        counts = collections.Counter({outcome: len(found) for outcome, found in people.items()})
        late = [person for outcome in Call.LATE for person in people[outcome]]
        return RollCall(
            shift, counts, [person for found in people.values() for person in found], late, people[Outcome.ABSENT]
        )

    @cached_property
    def unread(self):
        """[(name, how many)] of those at a desk, and of the crews that are called, who have notices to confirm."""
        names = {row.person_id: row.person for row in self.desks if row.person_id}
        names |= {pk: name for call in self.roll_calls for pk, name in call.people}
        counts = unread_people([Person(pk=pk) for pk in names], self.at, centre=self.centre)
        return sorted((names[pk], count) for pk, count in counts.items())

    @cached_property
    def notices(self):
        """The newest that are meant for everybody and in force."""
        for_all = Notice.objects.filter(centre=self.centre, audience=Notice.Audience.ALL).in_force(self.at)
        return list(for_all.order_by("-in_force_from", "-pk")[:NOTICES])

    @cached_property
    def desks(self):
        return desks.board(self.centre, self.at)

    @cached_property
    def reliefs(self):
        """The desks that are being handed over, the longest waiting first."""
        return sorted((row for row in self.desks if row.state in IN_RELIEF), key=lambda row: (row.since, row.code))

    @property
    def manned(self):
        return sum(bool(row.person_id) for row in self.desks)

    @property
    def planned(self):
        return sum(shift.seats for shift in self.on_floor)

    @property
    def closed(self):
        return sum(row.state == State.CLOSED for row in self.desks)

    @property
    def short(self):
        """How many of the planned desks nobody is at, those that are closed apart."""
        return max(0, self.planned - self.manned - self.closed)

    @property
    def reliefs_by_state(self):
        """[(state, its rows)] of the reliefs, in the order of the steps."""
        found = [(state, [row for row in self.reliefs if row.state == state]) for state in IN_RELIEF]
        return [(state, rows) for state, rows in found if rows]

    @property
    def most_of_a_state(self):
        """How many desks of one state the wall has room for."""
        return 12 if len(self.reliefs_by_state) == 1 else 8

    @property
    def relief_tiles(self):
        return tiles.paint(self.reliefs)

    @property
    def rooms(self):
        """[(id, room, the tiles of its desks)], without those in relief, which stand before them."""
        others = [row for row in self.desks if row.state not in IN_RELIEF]
        rooms = itertools.groupby(others, key=lambda row: (row.room_id, row.room))
        return [(pk, room, tiles.paint(list(rows))) for (pk, room), rows in rooms]

    @cached_property
    def duties(self):
        """Those of the day, and those of days before that are still owed, these first."""
        everyone = Duty.objects.filter(centre=self.centre).order_by().values("pk")
        wanted = everyone.of_day(self.today).union(everyone.workable())  # each part has an index of its own
        duties = list(Duty.objects.filter(pk__in=wanted).with_rule())
        return [duty for duty in duties if duty.due_on == self.today or duty.opens_at <= self.at]

    def is_overdue(self, duty):
        return duty.status in WORKABLE and duty.due_at <= self.at

    @property
    def duties_of_day(self):
        return [duty for duty in self.duties if duty.due_on == self.today]

    @property
    def duty_rows(self):
        return [(duty, self.is_overdue(duty)) for duty in self.duties]

    @cached_property
    def duties_overdue(self):
        return [duty for duty in self.duties if self.is_overdue(duty)]

    @property
    def until(self):
        """The moment from which the clock alone makes another look of it."""
        moments = [self.at + AT_LATEST, clock.midnight(self.centre, self.today + dt.timedelta(days=1))]
        moments += [moment for shift in self.shifts for moment in (shift.starts_at, shift.ends_at)]
        moments += [duty.due_at for duty in self.duties if duty.status in WORKABLE]
        moments += [self.at + RELIEVED_EVERY] if self.reliefs else []
        return min(moment for moment in moments if moment > self.at)
