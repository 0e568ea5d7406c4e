"""The changes of staff that a log fills in by itself: swaps and leave of its shift, and what the roll call found.

While the log is open they are read from where they happened; at its submission they are kept on it, as ids and codes,
and belong to what is signed and sealed.
"""

import dataclasses

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.fields import BigIntegerField, CharField
from django.utils.translation import gettext_lazy as _

from people.models import Person
from shifts.models import Assignment, Call, Leave, Shift, Swap

SWAP, LEAVE = "swap", "leave"
# Of the roll call's outcomes only these are told: leave and swaps speak for themselves.
SENTENCES = {
    SWAP: _("%(came)s instead of %(person)s, a swap approved by %(by)s"),
    LEAVE: _("%(person)s is on leave"),
    Call.Outcome.LATE_FOR_ROLL_CALL: _("%(person)s came late for the roll call"),
    Call.Outcome.LATE_FOR_SHIFT: _("%(person)s came late for the shift"),
    Call.Outcome.ABSENT: _("%(person)s was absent"),
}
ORDER, LAST = {SWAP: 0, LEAVE: 1}, 2
TOLD_BY_ROLL_CALL = (Call.Outcome.LATE_FOR_ROLL_CALL, Call.Outcome.LATE_FOR_SHIFT, Call.Outcome.ABSENT)


@dataclasses.dataclass(frozen=True)
class StaffChange:
    """`kind`: swap, leave, or an outcome of the roll call; `names`: of the people whom the sentence is about."""

    kind: str
    names: dict

    @property
    def text(self):
        return str(SENTENCES[self.kind]) % self.names


def facts(log):
    """[[kind, id, person id, id of who came, id of who decided]] of the log's shift as it is now, for keeping.

    One statement. `id` is the swap's, the leave's or the roll call's row.
    """
    nobody = Value(None, output_field=BigIntegerField())
    swap, leave = (Value(kind, output_field=CharField()) for kind in (SWAP, LEAVE))
    swaps, returns, leaves, calls = sources(log.shift)
    rows = told(swaps, swap, "giver", F("taker"), F("decided_by")).union(
        told(returns, swap, "taker", F("giver"), F("decided_by")),
        told(leaves, leave, "person", nobody, F("decided_by")),
        told(calls, F("outcome"), "person", nobody, nobody),
        all=True,
    )
    return sorted((list(row) for row in rows), key=lambda row: (ORDER.get(row[0], LAST), row[1]))


def told(rows, kind, person, came, by):
    rows = rows.order_by().annotate(told=kind, subject=F(person), came=came, by=by)
    return rows.values_list("told", "pk", "subject", "came", "by")


def sources(shift):
    """The QuerySets that the facts of a shift come from: swaps that give it away, that return it, leave, calls."""
    approved = Swap.objects.approved()
    away = Leave.objects.approved().filter(centre=shift.centre_id).between(shift.on, shift.on)
    on_it = Exists(Assignment.objects.filter(shift=shift, person=OuterRef("person")))
    return (
        approved.filter(gives=shift),
        approved.filter(takes=shift),
        away.filter(Q(person=shift.leader_id) | on_it),
        Call.objects.filter(roll_call__shift=shift, outcome__in=TOLD_BY_ROLL_CALL),
    )


def some():
    """For a log's row: whether its shift has any, so that a page asks for them only where it has."""
    approved = Swap.objects.approved()
    leaves = Leave.objects.approved().filter(
        centre=OuterRef("centre"), from_on__lte=OuterRef("shift__on"), until_on__gte=OuterRef("shift__on")
    )
    on_it = Shift.objects.filter(pk=OuterRef(OuterRef("shift")))
    working = Exists(on_it.filter(assignments__person=OuterRef("person")))
    leading = Exists(on_it.filter(leader=OuterRef("person")))
    return (
        Exists(approved.filter(Q(gives=OuterRef("shift")) | Q(takes=OuterRef("shift"))))
        | Exists(leaves.filter(working | leading))
        | Exists(Call.objects.filter(roll_call__shift=OuterRef("shift"), outcome__in=TOLD_BY_ROLL_CALL))
    )


def read(rows):
    """The StaffChanges of facts, with people's names: one statement, none for no facts."""
    ids = {pk for _kind, _pk, *people in rows for pk in people if pk}
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return [
        StaffChange(kind, {"person": names.get(person, ""), "came": names.get(came, ""), "by": names.get(by, "")})
        for kind, _pk, person, came, by in rows
    ]
