"""The auditor: proves that no case is stuck, and says which is not.

A case is not stuck while its next step is somebody's who is employed and there: who is away gives it to their deputy,
who is gone to whoever holds the level now, a reporter to the level that answers. Where the line has nobody at all the
case counts as stuck and is told up.
"""

import collections
import dataclasses
import logging

from callcentre import clock
from escalations import actions
from escalations.models import Case, FollowUp, LevelKind
from people.models import Centre, Person, Role
from shifts import line

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Whose the next step of a case is, and why it is theirs; `person` None where the case is stuck."""

    case: Case
    person: Person | None
    why: str  # there, deputy, in_office, for_reporter, nobody


@dataclasses.dataclass(frozen=True)
class Told:
    seeing: list
    administrators: list


class Auditor:
    """The open cases of one centre at a moment: a handful of statements, however many they are."""

    def __init__(self, centre, at):
        self.centre, self.at = centre, at
        self.on = clock.local_date(centre, at)
        self.index = line.DayIndex(centre, self.on, self.on)

    def cases(self):
        rows = Case.objects.open().filter(centre=self.centre)
        return rows.select_related("centre", "reporter", "waits_for", "level__person").order_by("pk")

    def is_there(self, person):
        """Employed, not on leave, and nobody named who stands in for them."""
        return person.is_active and self.index.standing(person, self.on).person == person

    def judge(self, case):
        """The Verdict on a case as it is; writes nothing."""
        if self.is_there(case.waits_for):
            return Verdict(case, case.waits_for, "there")
        if case.waits_for_id != case.level.person_id and self.is_there(case.level.person):
            return Verdict(case, case.level.person, "for_reporter")
        person, why = self.holder(case)
        return Verdict(case, person, why)

    def holder(self, case):
        """(who holds the case's level now or None, why): a deputy, else who is in that office, else the one above."""
        standing = self.index.standing(case.level.person, self.on)
        if self.may_hold(case, standing.person):
            return standing.person, "deputy"
        first = LevelKind(case.level.kind).place
        for kind in LevelKind.values[first:]:
            person = self.in_office(kind)
            if self.may_hold(case, person):
                return person, "in_office"
        return None, "nobody"

    def may_hold(self, case, person):
        return person is not None and person.pk != case.reporter_id and person.pk != case.level.person_id

    def in_office(self, kind):
        if kind == LevelKind.LEADER:
            return line.leader_on_duty(self.centre, self.at)
        role = Role.DIRECTOR if kind == LevelKind.DIRECTOR else Role.CENTRE_DIRECTOR
        return self.index.office(role, self.on).person

    def put_right(self, verdict):
        """What the verdict asks for, by the actions: each in its own transaction, safe to run twice."""
        case = verdict.case
        if verdict.person is None:
            actions.mark_stuck(case=case, to=self.told(case), at=self.at)
            return
        if verdict.why in ("deputy", "in_office"):
            acting_for = case.level.person if verdict.why == "deputy" else None
            actions.reseat(case=case, level=case.level, person=verdict.person, acting_for=acting_for, at=self.at)
        if verdict.why != "there" and case.waits_for_id == case.reporter_id:
            actions.hand_over(case=case, at=self.at)
        if case.stuck_since:
            actions.mark_unstuck(case=case, at=self.at)

    def told(self, case):
        roles = collections.defaultdict(list)
        people = Person.objects.active().filter(centre=self.centre, role_assignments__role__in=TOLD)
        for person in people.distinct().prefetch_related("role_assignments"):
            for role in person.roles_on(self.on):
                roles[role].append(person)
        overseers = roles[Role.CENTRE_DIRECTOR] + ([] if case.is_confidential else roles[Role.DIRECTOR])
        return Told(overseers, roles[Role.ADMINISTRATOR])


TOLD = (Role.DIRECTOR, Role.CENTRE_DIRECTOR, Role.ADMINISTRATOR)


def verdicts(centre, at):
    auditor = Auditor(centre, at)
    return [auditor.judge(case) for case in auditor.cases()]


def keep_moving(sender, at, **kwargs):
    """Receiver of the minute: every open case has a next step by somebody who is there, or is told as stuck."""
    waiting = Case.objects.open().order_by().values("centre")
    for centre in Centre.objects.filter(pk__in=waiting):
        auditor = Auditor(centre, at)
        for case in auditor.cases():
            try:
                auditor.put_right(auditor.judge(case))
            except Exception:
                logger.exception("case %s: the audit failed", case.pk)
    for follow_up in FollowUp.objects.owed().filter(owed_by__is_active=False).with_names():
        actions.pass_on_debt(follow_up=follow_up, at=at)
