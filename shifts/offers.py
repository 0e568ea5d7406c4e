"""What can be offered to whom: the choices of the pages on which a swap is made."""

import collections
import datetime as dt
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from callcentre import clock
from callcentre.refusals import refusal
from people.models import Person, Role, RoleAssignment, Team
from shifts import deciding, rules
from shifts.exchanges import Judged, held
from shifts.models import PUBLISHED_PLAN, Assignment, Shift

AHEAD = dt.timedelta(days=35)
AROUND = dt.timedelta(days=14)
MOST_RETURNS = 30


def coming_shifts(person, at):
    """The person's published shifts that can still be offered."""
    today = clock.local_date(person.centre, at)
    days = Shift.objects.published().between(person.centre_id, today, today + AHEAD)
    return days.filter(starts_at__gt=at + rules.LAPSES_BEFORE).with_on_it(person).with_names()


def may_offer_for_others(person, at):
    on = clock.local_date(person.centre, at)
    return not deciding.powers_of(person, on).isdisjoint(deciding.DECIDERS)


def people_of(shift):
    """The leader of a shift and its people, by employee number."""
    assigned = Assignment.objects.filter(shift=shift).values("person")
    return Person.objects.filter(Q(pk__in=assigned) | Q(pk=shift.leader_id)).order_by("employee_number")


class Offer:
    """A shift of `giver`, and to whom it goes: `to` is "p" or "t" and an id, as in the page's address."""

    def __init__(self, giver, shift, to, at):
        self.giver, self.shift, self.to, self.at = giver, shift, to, at

    @cached_property
    def turn(self):
        """The Turn that the giver holds; None where they are not on the shift."""
        return held([(self.giver, self.shift)]).get((self.giver.pk, self.shift.pk))

    @cached_property
    def candidates(self):
        """Who could take it over: people of the role that it asks for, who work nowhere at that time."""
        role = self.turn.role if self.turn else Role.AGENT
        suited = RoleAssignment.objects.on(self.shift.on).filter(role=role)
        same_time = {"plan": PUBLISHED_PLAN, "starts_at__lt": self.shift.ends_at, "ends_at__gt": self.shift.starts_at}
        working = Assignment.objects.filter(person=OuterRef("pk"), **same_time)
        leading = Shift.objects.between(self.giver.centre_id, *self._days(1)).filter(leader=OuterRef("pk"), **same_time)
        people = Person.objects.active().filter(centre=self.giver.centre_id, pk__in=suited.values("person"))
        people = people.exclude(pk=self.giver.pk).exclude(Exists(working)).exclude(Exists(leading))
        return list(people.select_related("team").order_by("team", "employee_number"))

    def _days(self, days):
        around = dt.timedelta(days=days)
        return self.shift.on - around, self.shift.on + around

    @cached_property
    def teams(self):
        """Teams somebody of which could take it over."""
        some = {person.team_id for person in self.candidates}
        return [team for team in Team.objects.filter(centre=self.giver.centre_id) if team.pk in some]

    @cached_property
    def choices(self):
        """[(value of `to`, label)] in groups, for a select."""
        groups = collections.defaultdict(list)
        for person in self.candidates:
            groups[person.team.name if person.team else ""].append((f"p{person.pk}", str(person)))
        return list(groups.items())

    @cached_property
    def taker(self):
        return next((person for person in self.candidates if self.to == f"p{person.pk}"), None)

    @cached_property
    def team(self):
        return next((team for team in self.teams if self.to == f"t{team.pk}"), None)

    @cached_property
    def judged(self):
        return Judged(self.giver, self.taker, *self._days(AROUND.days), centre=self.giver.centre)

    @cached_property
    def breach(self):
        """Refused, where neither nothing nor any shift in return lets the taker have it; else None."""
        if not self.taker or self.may_be_for_nothing or self.returns:
            return None
        names = {person.pk: person.name for person in (self.giver, self.taker)}
        return refusal(rules.check_swap_breaches, self.judged.breaches(self.shift), names)

    @cached_property
    def may_be_for_nothing(self):
        return not self.judged.breaches(self.shift)

    @cached_property
    def returns(self):
        """The taker's shifts around the day that can come in return: of the same kind of turn, and in no breach."""
        return [shift for shift in self._their_shifts if not self.judged.breaches(self.shift, shift)]

    @cached_property
    def _their_shifts(self):
        days = Shift.objects.published().between(self.giver.centre_id, *self._days(AROUND.days))
        days = days.filter(starts_at__gt=self.at + rules.LAPSES_BEFORE).exclude(pk=self.shift.pk)
        mine = Assignment.objects.filter(shift=OuterRef("pk"), person=self.taker)
        theirs = days.filter(leader=self.taker) if self.turn and self.turn.leads else days.filter(Exists(mine))
        busy = list(days.with_on_it(self.giver))
        return [shift for shift in theirs.with_names()[:MOST_RETURNS] if not any(overlap(shift, own) for own in busy)]


def overlap(shift, other):
    return shift.starts_at < other.ends_at and other.starts_at < shift.ends_at
