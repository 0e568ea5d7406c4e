"""Keeping a case from being stuck: who is gone or away gives the next step to somebody who is there."""

from django.db import transaction

from delivery.actions import announce
from escalations.actions.common import (
    LINE_EMPTY,
    STUCK,
    TAKEN_OVER,
    add_party,
    change_level,
    lock,
    note,
    tell,
)
from escalations.models import Case


@transaction.atomic
def reseat(*, case, level, person, acting_for, at):
    """The level is held by `person` now; what waits for the one before waits for them.

    Returns whether anything was done: not where the case went on meanwhile."""
    lock(case)
    held = next((place for place in case.chain if place.pk == level.pk), None)
    if held is None or case.level_id != level.pk or held.person_id != level.person_id or case.closed_at:
        return False
    waited = case.waits_for_id == held.person_id
    change_level(held, person=person, acting_for=acting_for)
    add_party(case, person.pk)
    if waited:
        _give(case, person)
        tell(case, TAKEN_OVER, person, at=at)
    note("reseated", case, by=None, at=at, clause="escalation.6", level=held.order)
    return True


@transaction.atomic
def hand_over(*, case, at):
    """Its reporter is not there: the next step is the level's, who may instruct, carry out or close.

    Returns whether anything was done."""
    lock(case)
    if case.waits_for_id != case.reporter_id or case.closed_at:
        return False
    _give(case, case.level.person)
    tell(case, TAKEN_OVER, case.level.person, at=at)
    note("handed_over", case, by=None, at=at, clause="escalation.6", level=case.level.order)
    return True


@transaction.atomic
def mark_stuck(*, case, to, at):
    """Nobody can take the next step: those of `to` who may see the case are told which, administrators only that the
    line has a gap. Returns whether it was not known yet."""
    if not Case.objects.filter(pk=case.pk, stuck_since=None, closed_at=None).update(stuck_since=at):
        return False
    case.stuck_since = at
    note("stuck", case, by=None, at=at, clause="escalation.6", level=case.level.order)
    for person in to.seeing:
        tell(case, STUCK, person, at=at)
    announce(
        LINE_EMPTY,
        centre=case.centre,
        to=to.administrators,
        at=at,
        urgent=True,
        restricted=case.is_confidential,
        link="/people/",
    )
    return True


@transaction.atomic
def mark_unstuck(*, case, at):
    """Somebody can take the next step again. Returns whether it was marked as stuck."""
    if not Case.objects.filter(pk=case.pk, stuck_since__isnull=False, closed_at=None).update(stuck_since=None):
        return False
    case.stuck_since = None
    note("unstuck", case, by=None, at=at, clause="escalation.6", level=case.level.order)
    return True


def _give(case, person):
    Case.objects.filter(pk=case.pk).update(waits_for=person)
    case.waits_for = person
