"""What the minute does for roll calls: opens them before their shifts, follows the roster, reminds the leader."""

import datetime as dt
import logging

from callcentre.refusals import Refused
from people.models import Centre
from rulebook.parameters import timelines
from rulebook.register import PARAMETERS
from shifts.actions import roll_calls as actions
from shifts.models import LONGEST_SHIFT, RollCall, Shift

logger = logging.getLogger(__name__)

OPENS_AT_MOST = dt.timedelta(minutes=max(PARAMETERS[name].max for name in actions.PARAMETERS))


def on_tick(sender, at, **kwargs):
    """Receiver of the minute. A centre that fails does not stop the others, and fails the tick at its end."""
    failures = []
    for centre in Centre.objects.all():
        try:
            tick_centre(centre, at)
        except Exception as failure:
            logger.exception("roll calls: the tick of centre %s failed", centre.pk)
            failures.append(failure)
    if failures:
        raise failures[0]


def tick_centre(centre, at):
    for roll_call in under_way(centre, at):
        actions.follow(roll_call=roll_call, at=at)
    open_due(centre, at)
    for roll_call in under_way(centre, at).filter(told_at=None, called_at__lte=at):
        actions.remind(roll_call=roll_call, at=at)


def open_due(centre, at):
    """Those whose shift is not over, also after an outage: a roll that nobody could call is not called afterwards."""
    shifts = Shift.objects.published().filter(
        centre=centre,
        starts_at__gt=at - LONGEST_SHIFT,
        starts_at__lte=at + OPENS_AT_MOST,
        ends_at__gt=at,
        on__gte=centre.opened_on,
        roll_call=None,
    )
    due = list(shifts.select_related("centre", "leader").order_by("starts_at", "pk"))
    parameters = timelines(centre, actions.PARAMETERS) if due else None
    for shift in due:
        try:
            actions.open_roll_call(shift=shift, by=None, at=at, parameters=parameters)
        except Refused:
            continue  # its time has not come


def under_way(centre, at):
    """The open ones of shifts that have not ended."""
    recent = RollCall.objects.open().filter(centre=centre, starts_at__gt=at - LONGEST_SHIFT, shift__ends_at__gt=at)
    return recent.with_names().order_by("starts_at", "pk")
