"""What a swap does to the roster: who holds which turn now, which turns change hands, and what that would breach."""

import dataclasses
from functools import cached_property

from django.db.models import FilteredRelation, Q

from people.models import Role
from shifts import checking
from shifts.models import Shift


@dataclasses.dataclass(frozen=True)
class Turn:
    """A turn that somebody holds on the published roster."""

    leads: bool
    desk_id: int | None = None

    @property
    def role(self):
        """Who may take it over: leaders hand over to leaders, and lead."""
        return Role.LEADER if self.leads else Role.AGENT


class Exchange:
    """The turns that change hands. `giver`, `gives`, `taker` and `takes` are as on a Swap; `takes` may be None."""

    def __init__(self, giver, gives, taker, takes=None):
        self.giver, self.gives, self.taker, self.takes = giver, gives, taker, takes
        self.held = held([(giver, gives), *([(taker, takes)] if takes else [])])

    @property
    def turns(self):
        """[(who gives the turn, the shift, who takes it, the Turn or None where the first does not hold it)]"""
        pairs = [(self.giver, self.gives, self.taker)]
        if self.takes:
            pairs.append((self.taker, self.takes, self.giver))
        return [(*pair, self.held.get((pair[0].pk, pair[1].pk))) for pair in pairs]

    @property
    def removed(self):
        return [(giver, shift, turn.desk_id) for giver, shift, _taker, turn in self.turns]

    @property
    def added(self):
        return [(taker, shift, turn.desk_id) for _giver, shift, taker, turn in self.turns]

    @cached_property
    def judged(self):
        on = [shift.on for _giver, shift, _taker, _turn in self.turns]
        return Judged(self.giver, self.taker, min(on), max(on), centre=self.gives.centre)

    @property
    def roles(self):
        """{(id of who takes a turn, its date): the roles that they hold on it}"""
        period = self.judged.period
        return {(taker.pk, shift.on): period.roles_on(taker.pk, shift.on) for _giver, shift, taker, _turn in self.turns}

    def breaches(self):
        """The findings that refuse it: what the grid would not let anybody do to these two people."""
        return self.judged.breaches(self.gives, self.takes)


class Judged:
    """Two people's turns over some days, loaded once: what each exchange between the two would breach."""

    def __init__(self, giver, taker, from_on, until_on, *, centre):
        self.giver, self.taker = giver, taker
        self.people = [giver.pk, taker.pk]
        self.period = checking.Period.load(centre, from_on, until_on, people=self.people)
        self.before = checking.judge(self.period, people=self.people)

    def breaches(self, gives, takes=None):
        """The new findings about one of the two that refuse it."""
        there, back = [(self.giver.pk, gives)], [(self.taker.pk, takes)] if takes else []
        changed = self.period.with_changes(
            removed=there + back,
            added=[(self.taker.pk, gives), *([(self.giver.pk, takes)] if takes else [])],
        )
        found = checking.new_findings(self.before, checking.judge(changed, people=self.people))
        return [finding for finding in found if finding.refuses and finding.person_id in self.people]


def held(pairs):
    """{(person id, shift id): Turn} of those (person, shift) that stand on the published roster."""
    theirs = Q(assignments__person__in=[person.pk for person, _shift in pairs])
    shifts = Shift.objects.published().filter(pk__in={shift.pk for _person, shift in pairs})
    shifts = shifts.annotate(theirs=FilteredRelation("assignments", condition=theirs))
    found = {}
    for pk, leader_id, person_id, desk_id in shifts.values_list("pk", "leader", "theirs__person", "theirs__desk"):
        found[person_id, pk] = Turn(leads=False, desk_id=desk_id)
        found[leader_id, pk] = Turn(leads=True)
    places = [(person.pk, shift.pk) for person, shift in pairs]
    return {place: found[place] for place in places if place in found}


def left_short(leave, turns):
    """What the roster would lack while the person is away: the findings that are about shifts, not about the person.

    turns: those of `turns_on`
    """
    period = checking.Period.load(leave.centre, leave.from_on, leave.until_on)
    away = period.with_changes(removed=[(leave.person_id, shift) for shift in turns], added=[])
    found = checking.new_findings(checking.judge(period), checking.judge(away))
    return [finding for finding in found if finding.person_id is None]


def turns_on(leave):
    """The person's published shifts on the days of the leave."""
    days = Shift.objects.published().between(leave.centre_id, leave.from_on, leave.until_on)
    return list(days.with_on_it(leave.person).with_names())
