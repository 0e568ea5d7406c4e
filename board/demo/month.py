"""One month of the past while it is made: who worked when, and what the journal and the bell will say of it."""

import dataclasses
import datetime as dt
import itertools
import random

from delivery.models import Announcement, Message
from duties import planning
from escalations.rules import MINUTES
from journal import sealing
from journal.actions import entry, record_all
from people.models import Person, Role
from rulebook.parameters import timelines
from shifts.models import Desk, Shift

BATCH = 500  # rows an INSERT
MINUTE = dt.timedelta(minutes=1)
READ_AFTER = dt.timedelta(hours=2)


class People:
    """Everybody of the centre, read once."""

    def __init__(self, centre):
        self.all = list(Person.objects.filter(centre=centre).order_by("employee_number"))
        for person in self.all:
            person.centre = centre
        self.by_id = {person.pk: person for person in self.all}
        by_number = {person.employee_number: person for person in self.all}
        self.director, self.centre_director = by_number["8001"], by_number["9001"]
        self.leaders = self.holding(Role.LEADER, centre)
        self.desks = {desk.code: desk for desk in Desk.objects.of_centre(centre)}
        self.crews = {}
        for agent in self.holding(Role.AGENT, centre):
            self.crews.setdefault(agent.team_id, []).append(agent)

    def holding(self, role, centre):
        rows = Person.objects.filter(centre=centre).with_role(role, centre.opened_on)
        return [self.by_id[pk] for pk in rows.values_list("pk", flat=True)]


@dataclasses.dataclass(frozen=True)
class Turn:
    """A shift with who led it, who was on it, and who took over."""

    shift: Shift
    leader: Person
    crew: list
    incoming: Person

    def at(self, minutes):
        """So many minutes into the shift."""
        return self.shift.starts_at + minutes * MINUTE


class Month:
    def __init__(self, centre, people, first, last):
        self.centre, self.people, self.first, self.last = centre, people, first, last
        self.rng = random.Random(first.isoformat())  # noqa: S311 - the same month every time, no secret
        self.turns = list(self._turns())
        self.day_turns = {turn.shift.on: turn for turn in self.turns if turn.shift.type.counts_as_day}
        self.parameters = timelines(centre, MINUTES.values())
        self._rows, self._told = [], []

    def _turns(self):
        """The month's shifts in their order; the one after the last takes over from it."""
        published = Shift.objects.published().between(self.centre, self.first, self.last + dt.timedelta(days=1))
        shifts = list(published.select_related("type"))
        for shift, after in itertools.pairwise(shifts):
            if shift.on <= self.last:
                people = self.people.by_id
                yield Turn(shift, people[shift.leader_id], self.people.crews[shift.team_id], people[after.leader_id])

    def parameter(self, name):
        """The rulebook's number as it was on the month's first day."""
        return self.parameters[name].on(self.first)

    def duty_dates(self):
        """[(rule, its dates in the month)]"""
        calendar = planning.Calendar(self.centre, self.first, self.last)
        return [(rule, calendar.dates(rule)) for rule in planning.ensure_rules(self.centre)]

    def some(self, least, most):
        """A number of things, or of minutes."""
        return self.rng.randint(least, most)

    def note(self, verb, obj, *, by, at, **facts):
        """One journal row, written when the month closes."""
        self._rows.append(entry(verb, obj, by=by, at=at, centre=self.centre, **facts))

    def tell(self, kind, *, to, at, link, urgent=False, **facts):
        """One message to each of `to`, long read."""
        self._told.append(
            Announcement(
                centre=self.centre,
                kind=kind,
                facts=facts,
                to=[person.pk for person in to],
                link=link,
                urgent=urgent,
                at=at,
                status=Announcement.Status.SENT,
            )
        )

    def close(self):
        """Write the journal's rows in the order of time, under one seal a day, and what the bells said."""
        self._rows.sort(key=lambda row: row.at)
        for _date, rows in itertools.groupby(self._rows, key=lambda row: row.at.date()):
            rows = record_all(list(rows))
            sealing.seal(self.centre, rows[-1].at)
        self._told.sort(key=lambda announcement: announcement.at)
        ring(Announcement.objects.bulk_create(self._told, BATCH))


def ring(announcements):
    messages = (
        Message(
            announcement=told,
            person_id=pk,
            kind=told.kind,
            facts=told.facts,
            link=told.link,
            urgent=told.urgent,
            at=told.at,
            read_at=told.at + READ_AFTER,
        )
        for told in announcements
        for pk in told.to
    )
    Message.objects.bulk_create(messages, BATCH)
