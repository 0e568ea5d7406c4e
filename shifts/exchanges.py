"""What a swap does to the roster: who holds which turn now, which turns change hands, and what that would breach."""

import dataclasses

from people.models import Role
from shifts import checking
from shifts.models import Assignment, Shift


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

    def breaches(self):
        """The findings that refuse it: what the grid would not let anybody do to these two people."""
        on = [shift.on for _giver, shift, _taker, _turn in self.turns]
        judged = Judged(self.giver, self.taker, min(on), max(on))
        return judged.breaches(self.gives, self.takes)


class Judged:
    """Two people's turns over some days, loaded once: what each exchange between the two would breach."""

    def __init__(self, giver, taker, from_on, until_on):
        self.giver, self.taker = giver, taker
        self.people = [giver.pk, taker.pk]
        self.period = checking.Period.load(giver.centre, from_on, until_on, people=self.people)
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
    ids = {shift.pk for _person, shift in pairs}
    leaders = dict(Shift.objects.published().filter(pk__in=ids).values_list("pk", "leader"))
    rows = Assignment.objects.filter(shift__in=leaders, person__in=[person.pk for person, _shift in pairs])
    found = {(person_id, pk): Turn(leads=False, desk_id=desk) for pk, person_id, desk in rows.values_list(
        "shift", "person", "desk")}  # fmt: skip
    found |= {(leader, pk): Turn(leads=True) for pk, leader in leaders.items() if leader}
    return {(person.pk, shift.pk): found[person.pk, shift.pk] for person, shift in pairs
            if (person.pk, shift.pk) in found}  # fmt: skip


def left_short(leave):
    """What the roster would lack while the person is away: the findings that are about shifts, not about the person."""
    period = checking.Period.load(leave.centre, leave.from_on, leave.until_on)
    turns = turns_on(leave)
    away = period.with_changes(removed=[(leave.person_id, shift) for shift in turns], added=[])
    found = checking.new_findings(checking.judge(period), checking.judge(away))
    return [finding for finding in found if finding.person_id is None]


def turns_on(leave):
    """The person's published shifts on the days of the leave."""
    days = Shift.objects.published().between(leave.centre_id, leave.from_on, leave.until_on)
    return list(days.with_on_it(leave.person).with_names())
