"""Years before the living week, made in bulk, a month at a time: everything over and done, each log and row sealed."""

import dataclasses
import itertools
import random
from functools import cached_property

from board.demo import past_cases, past_duties, past_logs, past_meetings
from callcentre import clock
from delivery.models import Announcement, Message
from journal import sealing
from journal.actions import entry, record_all
from people.models import Person, Role
from rulebook import pledge
from rulebook.models import Acknowledgement
from shifts.models import Shift, month_span

BATCH = 500


def live(centre, until):
    """Everything from the centre's first day to the day before `until`."""
    people = People(centre)
    first = centre.opened_on
    while first < until:
        last = min(month_span(first.year, first.month)[1], until - DAY)
        month = Month(centre, people, first, last)
        for past in (past_logs, past_cases, past_duties, past_meetings):
            past.make(month)
        pledge_once_a_year(month, until)
        month.seal()
        first = last + DAY


def pledge_once_a_year(month, until):
    """Everybody, in January or when the centre opens; the living week's own year is left to it."""
    year = month.first.year
    if year == until.year or not (month.first.month == 1 or month.first == month.centre.opened_on):
        return
    at = clock.midnight(month.centre, month.first) + 9 * HOUR
    edition = pledge.edition()
    rows = [Acknowledgement(person=person, year=year, at=at, edition=edition) for person in month.people.all]
    for row in Acknowledgement.objects.bulk_create(rows, BATCH):
        month.note("pledge.acknowledged", row, by=row.person, at=at, year=year, edition=edition)


class People:
    def __init__(self, centre):
        self.all = list(Person.objects.filter(centre=centre).order_by("employee_number"))
        for person in self.all:
            person.centre = centre
        self.by_id = {person.pk: person for person in self.all}
        numbers = {person.employee_number: person for person in self.all}
        self.director, self.centre_director = numbers["8001"], numbers["9001"]

    @cached_property
    def crews(self):
        """{team id: its agents}"""
        agents = Person.objects.with_role(Role.AGENT, None) if False else ()
        return agents


@dataclasses.dataclass(frozen=True)
class Turn:
    """A shift with who is on it and who takes over."""
