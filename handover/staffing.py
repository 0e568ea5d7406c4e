"""Changes of staff: approved swaps and leave of the shift, and what its roll call found."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from handover.sections import Section
from handover.sources import source, told
from shifts.models import Assignment, Call, Leave, Swap

SWAP, LEAVE = "swap", "leave"
# Of the roll call's outcomes only these are told: leave and swaps speak for themselves.
TOLD_BY_ROLL_CALL = (Call.Outcome.LATE_FOR_ROLL_CALL, Call.Outcome.LATE_FOR_SHIFT, Call.Outcome.ABSENT)
KINDS = (SWAP, LEAVE, *(outcome.value for outcome in TOLD_BY_ROLL_CALL))


def rows(shift):
    """Swaps that give the shift away, swaps that return it, leave, calls."""
    approved = Swap.objects.approved()
    away = Leave.objects.approved().filter(centre=shift.centre_id).between(shift.on, shift.on)
    on_it = Exists(Assignment.objects.filter(shift=shift, person=OuterRef("person")))
    calls = Call.objects.filter(roll_call__shift=shift, outcome__in=TOLD_BY_ROLL_CALL)
    yield told(approved.filter(gives=shift), SWAP, person="giver", came="taker", by="decided_by")
    yield told(approved.filter(takes=shift), SWAP, person="taker", came="giver", by="decided_by")
    yield told(away.filter(Q(person=shift.leader_id) | on_it), LEAVE, person="person", by="decided_by")
    yield told(calls, F("outcome"), person="person")


source(
    Section.STAFF_CHANGES,
    {
        SWAP: _("%(came)s instead of %(person)s, a swap approved by %(by)s"),
        LEAVE: _("%(person)s is on leave"),
        Call.Outcome.LATE_FOR_ROLL_CALL.value: _("%(person)s came late for the roll call"),
        Call.Outcome.LATE_FOR_SHIFT.value: _("%(person)s came late for the shift"),
        Call.Outcome.ABSENT.value: _("%(person)s was absent"),
    },
    rows,
)
