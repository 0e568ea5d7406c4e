"""May, must, is it time: the decisions about leave."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from callcentre import clock, words
from callcentre.refusals import Refused, texts
from callcentre.states import check_move
from shifts import deciding
from shifts.models import Leave
from shifts.models.leave import LATE_ASKING

LONGEST_LEAVE = dt.timedelta(days=366)

texts(
    {
        "leave_not_yours_to_ask": _("Leave for somebody else is recorded by a shift leader or a director."),
        "leave_of_a_stranger": _("Nobody here has this employee number. Check the number."),
        "leave_reversed": _("The last day is before the first. Correct one of the two."),
        "leave_too_long": _("That is more than a year. Ask for the first part now."),
        "leave_too_old": _("Leave is asked for at most 31 days afterwards. Choose a later first day."),
        "leave_overlaps": _("%(period)s is leave already, or asked for. Choose other days."),
        "leave_without_decider": _(
            "Nobody in this system decides on the centre director’s leave. Have a deputy named for these days instead."
        ),
        "leave_is_your_own": _("Nobody decides on their own leave. Somebody above you does."),
        "leave_asked_by_you": _("You recorded this request yourself. Somebody else decides on it."),
        "leave_not_yours_to_decide": _(
            "An agent’s leave is decided by a shift leader or the director, a leader’s by the director, "
            "the director’s by the centre director."
        ),
        "leave_not_yours": _("Only the person on leave or who asked for it can do this."),
        "leave_over": _("This leave ended on %(day)s: it stays on record."),
    }
)


def check_ask_leave(person, by, *, roles, powers):
    """May `by` ask for leave of the person? roles: the person's; powers: the roles by which `by` decides.

    Raises Refused: "leave_not_yours_to_ask", "leave_without_decider".
    """
    if person.pk != by.pk and not powers.intersection(deciding.DECIDERS):
        raise Refused("leave_not_yours_to_ask", field="number")
    if not deciding.deciders(roles):
        raise Refused("leave_without_decider")


def check_leave_days(from_on, until_on, others, *, today):
    """May it be these days? others: the person's standing leave that shares a day with them.

    Raises Refused: "leave_reversed", "leave_too_long", "leave_too_old", "leave_overlaps".
    """
    if until_on < from_on:
        raise Refused("leave_reversed", field="until_on")
    if until_on - from_on >= LONGEST_LEAVE:
        raise Refused("leave_too_long", field="until_on")
    if from_on < today - LATE_ASKING:
        raise Refused("leave_too_old", field="from_on")
    for other in others:
        period = f"{words.day(other.from_on)}–{words.day(other.until_on)}"
        raise Refused("leave_overlaps", field="from_on", period=period)


def check_decide_leave(leave, by, *, roles, powers):
    """May `by` approve or refuse it? roles: those of the person on leave; powers: the roles by which `by` decides.

    Raises Refused: "wrong_state", "leave_is_your_own", "leave_asked_by_you", "leave_not_yours_to_decide".
    """
    check_move(leave, Leave.Status.APPROVED)
    if by.pk == leave.person_id:
        raise Refused("leave_is_your_own")
    if by.pk == leave.asked_by_id:
        raise Refused("leave_asked_by_you")
    check_power_over_leave(roles, powers)


def check_power_over_leave(roles, powers):
    if not powers.intersection(deciding.deciders(roles)):
        raise Refused("leave_not_yours_to_decide")


def check_withdraw_leave(leave, by):
    """Raises Refused: "wrong_state", "leave_not_yours"."""
    check_move(leave, Leave.Status.WITHDRAWN)
    if by.pk not in (leave.person_id, leave.asked_by_id):
        raise Refused("leave_not_yours")


def check_cancel_leave(leave, by, *, roles, powers, at):
    """May approved leave be cancelled, by the person themselves or by who may decide on it, while it is not over?

    Raises Refused: "wrong_state", "leave_over", "leave_not_yours_to_decide".
    """
    check_move(leave, Leave.Status.CANCELLED)
    if leave.until_on < clock.local_date(leave.centre, at):
        raise Refused("leave_over", day=words.short_date(leave.until_on))
    if by.pk != leave.person_id:
        check_power_over_leave(roles, powers)
