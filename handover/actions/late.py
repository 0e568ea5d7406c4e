"""A log that is not accepted in time goes up the line, once for each step."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from delivery.kinds import kind
from handover import sides
from handover.actions.shared import tell
from handover.models import Log
from journal.actions import record
from shifts import line

REMINDER = kind("handover.late_reminder", _("The handover log of %(shift_on)s %(type)s waits for your signature."))
LATE = kind("handover.late", _("The handover log of %(shift_on)s %(type)s has not been accepted in time."))
RAISED = kind("handover.late_raised", _("The handover log of %(shift_on)s %(type)s has still not been accepted."))


def _first(log, field, at):
    """True where this call is the first to take the step."""
    return bool(Log.objects.unaccepted().filter(pk=log.pk, **{field: None}).update(**{field: at}))


@transaction.atomic
def remind_late(*, log, at):
    """Tell whose signature is lacking: the leader who takes over, or who has not submitted. True where this did it.

    The log: `with_next_shift`.
    """
    if not _first(log, "reminded_at", at):
        return False
    side = sides.outgoing(log) if log.is_open else sides.incoming(log)
    tell(REMINDER, log, to=[side.person], at=at, urgent=True)
    record("handover.late_reminded", log, by=None, at=at, clause="duty.7")
    return True


@transaction.atomic
def report_late(*, log, at):
    """Tell the department director, or who stands above. True where this did it."""
    if not _first(log, "late_told_at", at):
        return False
    director, above = line.director(log.centre, log.shift.on), line.centre_director(log.centre, log.shift.on)
    tell(LATE, log, to=[director or above], at=at, urgent=True)
    record("handover.late_reported", log, by=None, at=at, clause="duty.7")
    return True


@transaction.atomic
def raise_late(*, log, at):
    """Tell the centre director. True where this did it."""
    if not _first(log, "raised_at", at):
        return False
    tell(RAISED, log, to=[line.centre_director(log.centre, log.shift.on)], at=at, urgent=True)
    record("handover.late_raised", log, by=None, at=at, clause="duty.7")
    return True
