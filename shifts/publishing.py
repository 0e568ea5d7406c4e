"""What is to be known before a draft is published: what the checks find in it, what it replaces, who would be told."""

import dataclasses
import itertools
from functools import cached_property

from people.models import Person
from shifts import checking, versions
from shifts.models import PUBLISHED_PLAN, Roster, Shift

SHOWN = 20  # findings of one check in full: of the others it is enough to know how many there are


def findings_of(roster):
    """What the checks find in the draft, as it would stand beside what is published."""
    period = checking.Period.load(roster.centre, roster.from_on, roster.until_on, plan=roster)
    return checking.judge(period)


def published_beside(roster):
    """The published shifts of its days, of whichever rotation."""
    return Shift.objects.filter(plan=PUBLISHED_PLAN).between(roster.centre, roster.from_on, roster.until_on)


def covering(roster):
    """A published roster of the same rotation that shares a day with this one, or None."""
    return Roster.objects.published().overlapping(roster).select_related("centre").order_by("from_on").first()


def covering_known(roster):
    """The same of a roster that was fetched `with_covering()`."""
    return Roster.objects.select_related("centre").get(pk=roster.covering_id) if roster.covering_id else None


@dataclasses.dataclass(frozen=True)
class Group:
    """The findings of one check: [(person's name or "", sentence)], those that are shown."""

    label: str
    count: int
    lines: list


class Proposal:
    """A draft as it would be published now."""

    def __init__(self, roster, replaced):
        self.roster, self.replaced = roster, replaced
        self.findings = findings_of(roster)

    @cached_property
    def names(self):
        return dict(
            Person.objects.filter(pk__in={found.person_id for found in self.findings}).values_list("pk", "name")
        )

    @cached_property
    def refusing(self):
        return self.grouped(checking.REFUSE)

    @cached_property
    def warnings(self):
        return self.grouped(checking.WARN)

    @cached_property
    def notes(self):
        return self.grouped(checking.NOTE)

    def grouped(self, effect):
        """[Group] of the findings that have the effect, in the order in which the checks are listed."""
        order = list(checking.CHECKS)
        found = sorted((one for one in self.findings if one.effect == effect), key=lambda one: order.index(one.code))
        return [self.group(code, list(some)) for code, some in itertools.groupby(found, key=lambda one: one.code)]

    def group(self, code, found):
        lines = [(self.names.get(one.person_id, ""), one.text) for one in found[:SHOWN]]
        return Group(checking.CHECKS[code].label, len(found), lines)

    @cached_property
    def told(self):
        """How many people's days are not as they are published now."""
        beside = published_beside(self.roster) | Shift.objects.filter(roster=self.roster)
        own, replaced, before, after = self.roster.pk, self.replaced and self.replaced.pk, [], []
        for *turn, roster_id in versions.turns_of(beside):
            if roster_id != own:
                before.append(turn)
            if roster_id != replaced:
                after.append(turn)
        differing = versions.differing(versions.by_day(before), versions.by_day(after))
        return len({person_id for person_id, _on in differing})
