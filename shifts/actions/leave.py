"""The verbs of leave: ask for it, decide on it, take it back. The turns stay on the roster, marked as on leave."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from journal.actions import record
from journal.verbs import verbs
from people.models import Person
from shifts import deciding, line, rules
from shifts.models import Leave

verbs(
    {
        "leave.asked": _("asked for leave"),
        "leave.approved": _("approved the leave"),
        "leave.refused": _("refused the leave"),
        "leave.withdrawn": _("withdrew the request"),
        "leave.cancelled": _("cancelled the leave"),
    }
)

ASKED = kind("leave.asked", _("%(person)s asks for leave from %(from_on)s to %(until_on)s. Decide on it."))
RECORDED = kind("leave.recorded", _("Leave was asked for in your name: %(from_on)s to %(until_on)s."))
APPROVED = kind("leave.approved", _("Your leave from %(from_on)s to %(until_on)s is approved."))
REFUSED = kind("leave.refused", _("Your leave from %(from_on)s to %(until_on)s is not approved."))
CANCELLED = kind("leave.cancelled", _("The leave of %(person)s from %(from_on)s to %(until_on)s is cancelled."))


def tell(what, leave, *, to, at, **facts):
    """One announcement about the leave, to people who may be None; never to who does the step themselves."""
    announce(
        what,
        centre=leave.centre,
        to=[person for person in to if person],
        at=at,
        link=leave.get_absolute_url(),
        from_on=leave.from_on,
        until_on=leave.until_on,
        **facts,
    )


def locked(leave):
    """The leave as it stands now; nobody else decides on it before this transaction ends."""
    rows = Leave.objects.with_names().select_for_update(of=("self",), no_key=True)
    return rows.get(pk=leave.pk)


def standing_of(leave, by, at):
    """{roles, powers}: the person's roles, and those by which `by` decides."""
    return deciding.standing_of([leave.person], by, clock.local_date(leave.centre, at))


@transaction.atomic
def ask_leave(*, person, kind, from_on, until_on, by, at, reason=""):
    """A request for whole days away, by the person or, where they are absent, by who may decide on leave.

    Raises Refused: "leave_not_yours_to_ask", "leave_without_decider", "leave_reversed", "leave_too_long",
    "leave_too_old", "leave_overlaps".
    """
    today = clock.local_date(person.centre, at)
    rules.check_ask_leave(person, by, roles=person.roles_on(today), powers=deciding.powers_of(by, today))
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # of two requests at once the second sees the first
    others = Leave.objects.standing().filter(person=person).between(from_on, until_on)
    rules.check_leave_days(from_on, until_on, others, today=today)
    leave = Leave.objects.create(
        centre=person.centre, person=person, kind=kind, from_on=from_on, until_on=until_on,
        reason=reason.strip(), asked_by=by, asked_at=at,
    )  # fmt: skip
    record("leave.asked", leave, by=by, at=at, person=person.pk, from_on=str(from_on), until_on=str(until_on))
    tell(ASKED, leave, to=[decider_of(leave, at)], at=at, person=person.name)
    if by != person:
        tell(RECORDED, leave, to=[person], at=at)
    return leave


def decider_of(leave, at):
    """The nearest in the person's line who may decide: told of the request, though others may decide on it too."""
    above = (level.person for level in line.line_above(leave.person, at))
    return next((person for person in above if person and person.pk not in (leave.asked_by_id, leave.person_id)), None)


@transaction.atomic
def approve_leave(*, leave, by, at, remark=""):
    """Raises Refused: "wrong_state", "leave_is_your_own", "leave_asked_by_you", "leave_not_yours_to_decide"."""
    return decide(leave, Leave.Status.APPROVED, APPROVED, by, at, remark)


@transaction.atomic
def refuse_leave(*, leave, by, at, remark=""):
    """Raises Refused: as approve_leave."""
    return decide(leave, Leave.Status.REFUSED, REFUSED, by, at, remark)


def decide(leave, outcome, news, by, at, remark):
    leave = locked(leave)
    rules.check_decide_leave(leave, by, **standing_of(leave, by, at))
    move(leave, outcome, decided_by=by, decided_at=at, remark=remark.strip())
    record(f"leave.{outcome.value}", leave, by=by, at=at, person=leave.person_id)
    tell(news, leave, to={leave.person, leave.asked_by}, at=at)
    return leave


@transaction.atomic
def withdraw_leave(*, leave, by, at):
    """Raises Refused: "wrong_state", "leave_not_yours"."""
    leave = locked(leave)
    rules.check_withdraw_leave(leave, by)
    move(leave, Leave.Status.WITHDRAWN)
    record("leave.withdrawn", leave, by=by, at=at, person=leave.person_id)
    return leave


@transaction.atomic
def cancel_leave(*, leave, by, at):
    """The person is not away after all: their turns count again.

    Raises Refused: "wrong_state", "leave_over", "leave_not_yours_to_decide".
    """
    leave = locked(leave)
    rules.check_cancel_leave(leave, by, **standing_of(leave, by, at), at=at)
    move(leave, Leave.Status.CANCELLED)
    record("leave.cancelled", leave, by=by, at=at, person=leave.person_id)
    tell(CANCELLED, leave, to={leave.person, leave.decided_by} - {by}, at=at, person=leave.person.name)
    return leave
