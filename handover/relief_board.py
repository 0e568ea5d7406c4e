"""What the leader sees of a change of shift: every relief, how long it takes, who is free, what may be decided."""

import dataclasses
import datetime as dt
from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import clock, parts
from callcentre.refusals import refusal
from callcentre.templatetags.words import badge
from handover import desk_rules as rules
from handover import desks
from handover.models import Closure, DeskRelief, Turn
from people.models import Person, Role
from rulebook.models import ChecklistItem
from rulebook.parameters import value
from shifts.models import LONGEST_SHIFT, Assignment, Desk, Shift

BOARD_READERS = (Role.LEADER, Role.INSPECTOR, Role.DIRECTOR, Role.CENTRE_DIRECTOR)
MOST = 500  # desks of one change; a floor has no more
MINUTE = dt.timedelta(minutes=1)
Status = DeskRelief.Status


def is_due(centre, at):
    """Whether reliefs are to be made which the minute has not made."""
    return desks.turns_due(centre, at).exists()


class Board:
    """The reliefs of the change of shift that is under way or was the last."""

    def __init__(self, centre, at):
        self.centre, self.at = centre, at

    @cached_property
    def reliefs(self):
        """Those not relieved yet first, the longest waiting before the others."""
        newest = DeskRelief.objects.filter(centre=self.centre).order_by("-waiting_since").values("shift")[:1]
        same = DeskRelief.objects.of_change(newest).order_by().values("pk")
        still = DeskRelief.objects.open(self.centre).order_by().values("pk")
        rows = DeskRelief.objects.filter(pk__in=same.union(still))
        rows = rows.select_related("desk__room", "outgoing", "incoming")[:MOST]
        return sorted(rows, key=lambda relief: (self.is_over(relief), relief.waiting_since, relief.desk.code))

    def is_over(self, relief):
        return bool(relief.assumed_at or relief.ended_at)

    @cached_property
    def rows(self):
        """[(relief, minutes of overtime, minutes that it took or None, whether that is slow, badge)]"""
        badges = {code: badge(label, *DeskRelief.LOOKS[code]) for code, label in Status.choices}
        return [
            (relief, relief.overtime(self.at), relief.minutes_taken, self.is_slow(relief), badges[relief.status])
            for relief in self.reliefs
        ]

    def is_slow(self, relief):
        return relief.minutes_taken is not None and relief.minutes_taken > self.slow_minutes

    @cached_property
    def slow_minutes(self):
        first = self.reliefs[0].waiting_since if self.reliefs else self.at
        return value(self.centre, "slow_relief_minutes", clock.local_date(self.centre, first))

    @property
    def spread(self):
        return desks.spread(self.reliefs, self.slow_minutes)

    @cached_property
    def change(self):
        """A relief that says which shifts these are, or None."""
        return DeskRelief.objects.with_names().get(pk=self.reliefs[-1].pk) if self.reliefs else None

    @property
    def counts(self):
        over = sum(self.is_over(relief) for relief in self.reliefs)
        return {"all": len(self.reliefs), "over": over, "open": len(self.reliefs) - over}

    @property
    def is_off(self):
        """Whether the old shift is off: every desk relieved, closed or released, and everybody signed out."""
        return bool(self.reliefs) and all(relief.ended_at for relief in self.reliefs)


def draw(centre, mark, at):
    """The reliefs look the same to every reader; by the clock they change each minute."""
    drawn = parts.Drawn(mark, at, at + MINUTE)
    context = {"at": at, "version": drawn.version, "board": Board(centre, at)}
    return dataclasses.replace(drawn, parts=[parts.Part.drawn("reliefs", "handover/_reliefs.html", context)])


KEPT = parts.Kept(draw)


class Free:
    """The desks nobody sits at, and the people who have none."""

    def __init__(self, person, at):
        self.person, self.centre, self.at = person, person.centre, at

    @cached_property
    def may_decide(self):
        return refusal(rules.must_lead, self.person, desks.leaders(self.centre, self.at))

    @cached_property
    def closed(self):
        return list(Closure.objects.now(self.centre).select_related("desk__room", "by").order_by("desk__code"))

    @property
    def desks(self):
        """A QuerySet of those that may be given to somebody."""
        taken = Turn.objects.held().filter(desk=OuterRef("pk"))
        closed = Closure.objects.filter(desk=OuterRef("pk"), until_at=None)
        return Desk.objects.of_centre(self.centre).exclude(Exists(taken)).exclude(Exists(closed))

    @cached_property
    def found(self):
        return list(self.desks.select_related("room"))

    @property
    def people(self):
        return without_desk(self.centre, self.at)


def without_desk(centre, at):
    """The agents of the shifts on the floor or about to begin who are at no desk and are to relieve none."""
    shifts = Shift.objects.published().filter(
        centre=centre,
        starts_at__gt=at - LONGEST_SHIFT,
        starts_at__lte=at + desks.SITS_BEFORE,
        ends_at__gt=at,
    )
    on_shift = Assignment.objects.filter(person=OuterRef("pk"), shift__in=shifts.values("pk"))
    seated = Turn.objects.of_person_now(OuterRef("pk"))
    relieves = DeskRelief.objects.open(centre).filter(incoming=OuterRef("pk"), assumed_at=None)
    people = Person.objects.active().filter(centre=centre).filter(Exists(on_shift))
    return people.exclude(Exists(seated)).exclude(Exists(relieves)).order_by("employee_number")


class Sheet:
    """One relief on its own page."""

    def __init__(self, relief, person, at):
        self.relief, self.person, self.at = relief, person, at

    @property
    def steps(self):
        """As components/_steps.html draws them."""
        relief = self.relief
        ways = [
            (_("Waiting"), relief.waiting_since, relief.outgoing),
            (Status.AT_DESK.label, relief.at_desk_at, relief.incoming),
            (Status.BRIEFED.label, relief.briefed_at, relief.outgoing),
            (Status.ASSUMED.label, relief.assumed_at, relief.incoming),
            (pgettext_lazy("relief", "signed out"), relief.ended_at, relief.ended_by or relief.outgoing),
        ]
        reached = [True, *(at is not None for _label, at, _who in ways[1:])]
        if relief.ended_at and not relief.assumed_at:
            ways = [way for way, done in zip(ways[:-1], reached, strict=False) if done]
            ways.append((relief.get_status_display(), relief.ended_at, relief.ended_by))
            reached = [True] * len(ways)
        current = len(reached) if all(reached) else reached.index(False)
        return [
            {
                "label": label,
                "at": at if done else None,
                "who": who.name if done and who else "",
                "state": "done" if done else "current" if number == current else "todo",
            }
            for number, ((label, at, who), done) in enumerate(zip(ways, reached, strict=True))
        ]

    @cached_property
    def items(self):
        """[(item, whether it was in order)] of those that were looked at."""
        found = ChecklistItem.objects.in_bulk(self.relief.items)
        return [(found[pk], pk not in self.relief.faults) for pk in self.relief.items if pk in found]

    @cached_property
    def may_decide(self):
        return refusal(rules.must_lead, self.person, desks.leaders(self.relief.centre, self.at))

    @property
    def may_close(self):
        leads = self.may_decide is None
        return self.relief.status == Status.WAITING and (
            refusal(rules.may_close, None, self.relief, self.person, leads=leads, followed=True, at=self.at) is None
        )

    @property
    def is_undecided(self):
        """Whether there is something left to decide: the desk has not changed hands, or its person has not gone."""
        return self.relief.is_open

    @property
    def candidates(self):
        """The agents of the two shifts who have no desk: others are named by their number."""
        agents = Q(role_assignments__role=Role.AGENT)
        return without_desk(self.relief.centre, self.at).filter(agents).exclude(pk=self.relief.outgoing_id).distinct()
