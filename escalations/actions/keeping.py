"""What the minute does: reminders, and what was not answered in time."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from escalations import rules
from escalations.actions.common import (
    DISSENT_LATE,
    DUE_SOON,
    FOLLOW_UP_LATE,
    FOLLOW_UP_OWED,
    OVERDUE,
    RISEN,
    change_level,
    go_up,
    lock,
    note,
    tell,
)
from escalations.models import Dissent, FollowUp
from rulebook import breaches
from rulebook.actions import notice

LATE_FOLLOW_UP = "escalations.follow_up_late"
breaches.kinds({LATE_FOLLOW_UP: _("the follow-up report on no. %(case)s was not made in time")})


@transaction.atomic
def remind(*, case, at):
    """Tell the level, once, that its answer is due soon. Returns whether it was told."""
    lock(case)
    level = case.level
    if not case.is_answerable or level.reminded_at or not level.remind_at <= at < case.answer_due_at:
        return False
    change_level(level, reminded_at=at)
    tell(case, DUE_SOON, level.person, at=at, due_at=case.answer_due_at)
    return True


@transaction.atomic
def rise(*, case, at):
    """No answer came in time: up by itself to the next level; at the last one it stays and is told once.

    Safe to run twice or at once on two machines. Returns whether anything was done."""
    lock(case)
    left = case.level
    if not case.is_overdue(at) or left.overdue_at:
        return False
    if rules.next_level(case) is None:
        change_level(left, overdue_at=at)
        note("overdue", case, by=None, at=at, clause="escalation.6", level=left.order)
        tell(case, OVERDUE, left.person, at=at)
        return True
    change_level(left, overdue_at=at, passed_at=at)
    note("risen", case, by=None, at=at, clause="escalation.6", level=left.order)
    tell(case, RISEN, left.person, at=at)
    go_up(case, at=at)
    return True


@transaction.atomic
def remind_follow_up(*, follow_up, at):
    """Tell once who owes it that it is due soon. Returns whether they were told."""
    rows = FollowUp.objects.to_remind(at).filter(pk=follow_up.pk)
    if not rows.update(reminded_at=at):
        return False
    tell(follow_up.case, FOLLOW_UP_OWED, follow_up.owed_by, at=at, due_at=follow_up.due_at)
    return True


@transaction.atomic
def find_follow_up_late(*, follow_up, at):
    """A follow-up report that was not made in time, once: who owes it and who answers the case are told; it is noticed
    as a breach unless the case is confidential. Returns whether anything was done."""
    if not FollowUp.objects.overdue(at).filter(pk=follow_up.pk, late_at=None).update(late_at=at):
        return False
    case = follow_up.case
    note("follow_up_late", case, by=None, at=at, clause="escalation.6", level=follow_up.level.order)
    for person in {follow_up.owed_by, case.level.person}:
        tell(case, FOLLOW_UP_LATE, person, at=at)
    if not case.is_confidential:
        notice(
            clause="escalation.6", person=follow_up.owed_by, kind=LATE_FOLLOW_UP, at=at, about=follow_up, case=case.pk
        )
    return True


@transaction.atomic
def find_dissent_late(*, dissent, at):
    """A dissent that was not answered in time, once: the superior and the level above are told; it stays theirs to
    answer, and the instruction may be carried out meanwhile. Returns whether anything was done."""
    if not Dissent.objects.overdue(at).filter(pk=dissent.pk, late_at=None).update(late_at=at):
        return False
    case = dissent.case
    above = rules.next_level(case)
    note("dissent_late", case, by=None, at=at, clause="escalation.7", dissent=dissent.pk)
    tell(case, DISSENT_LATE, case.level.person, at=at)
    if above and (not case.is_confidential or above.reached_at):
        tell(case, DISSENT_LATE, above.person, at=at)
    return True
