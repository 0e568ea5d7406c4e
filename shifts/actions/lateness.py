"""What a closed roll call makes of lateness and absence: breaches that wait for the leader, and their withdrawal."""

from django.utils.translation import gettext_lazy as _

from callcentre.refusals import refusal
from rulebook import actions as rulebook
from rulebook import rules as rulebook_rules
from rulebook.breaches import kinds as breach_kinds
from rulebook.models import Breach
from shifts import line
from shifts.models import Call

breach_kinds(
    {
        "late_for_roll_call": _("%(minutes)s min late for the roll call"),
        "late_for_shift": _("%(minutes)s min late for the shift"),
        "absent": _("Absent at the roll call"),
    }
)


def settle(roll_call, calls, *, by, at, reason):
    """Notice what the calls say, and excuse, for the reason, what was noticed and is no longer so.

    What only others may decide is left to them.
    """
    leader = line.acting_leader(roll_call.shift).person if any(call.counts for call in calls) else None
    noticed = breaches_of(calls)
    for call in calls:
        for breach in noticed.get(call.pk, ()):
            if not (call.counts and breach.kind == call.outcome):
                withdraw(breach, by=by, at=at, reason=reason)
        if call.counts:
            facts = {"minutes": call.minutes_late} if call.is_late else {}
            call.person.centre = roll_call.shift.centre
            rulebook.notice(
                clause="handover.1",
                person=call.person,
                kind=call.outcome,
                at=call.arrived_at or at,
                about=call,
                leader=leader,
                **facts,
            )


def breaches_of(calls):
    """{call id: its breaches that are not excused}"""
    sources = {f"{Call._meta.label_lower}:{call.pk}": call.pk for call in calls}
    people = [call.person_id for call in calls]
    found: dict[int, list[Breach]] = {}
    rows = Breach.objects.filter(clause="handover.1", person__in=people, source__in=sources)
    for breach in rows.exclude(status=Breach.Status.EXCUSED):
        found.setdefault(sources[breach.source], []).append(breach)
    return found


def withdraw(breach, *, by, at, reason):
    if refusal(rulebook_rules.may_excuse, breach, by, reason):
        return
    if breach.status == Breach.Status.CONFIRMED:
        if refusal(rulebook_rules.may_take_back, breach, by):
            return
        rulebook.take_back(breach=breach, by=by, at=at)
    rulebook.excuse(breach=breach, reason=reason, by=by, at=at)
