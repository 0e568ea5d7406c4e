"""What the minute does for the logs: open those of shifts that have begun, and report up those not accepted in time.

For the desks it makes the reliefs of shifts that end, and tells the leader of those that wait.
"""

import datetime as dt

from django.db.models import F

from handover import actions, tending
from handover.models import Log
from people.models import Centre
from shifts import line
from shifts.models import Shift

CATCH_UP = dt.timedelta(days=35)  # how far back an outage is made up for; it bounds what each minute reads
# After the shift's end: who is to sign is reminded, then the director is told, then the centre director.
REMINDED_AFTER = dt.timedelta(minutes=30)
ACCEPTED_WITHIN = dt.timedelta(minutes=60)
RAISED_AFTER = dt.timedelta(minutes=120)


def open_logs(sender, at, **kwargs):
    """Receiver of the minute: every published shift that has begun gets its log, also after an outage."""
    for centre in Centre.objects.all():
        for shift in without_log(centre, at):
            actions.open_log(shift=shift, by=None, at=at)


def without_log(centre, at):
    """The shifts that have begun since the centre runs by the rulebook, and keep a log but have none yet."""
    begun = Shift.objects.published().filter(
        centre=centre, starts_at__gt=at - CATCH_UP, starts_at__lte=at, on__gte=centre.opened_on, log=None
    )
    return [
        shift
        for shift in begun.with_names().select_related("centre").order_by("starts_at", "pk")
        if line.rotates(shift)
    ]


def report_late_logs(sender, at, **kwargs):
    """Receiver of the minute: each log late to be accepted goes up the line step by step, each step once.

    A log opened only after its shift was over was missed by the software, not by the shift, and is not reported.
    """
    for centre in Centre.objects.all():
        late = Log.objects.unaccepted().filter(
            centre=centre, raised_at=None, opened_at__lt=F("shift__ends_at"), shift__ends_at__lte=at - REMINDED_AFTER
        )
        for log in late.with_names().with_next_shift().order_by("starts_at", "pk"):
            report_late(log, at)


def report_late(log, at):
    late_by = at - log.shift.ends_at
    if log.reminded_at is None:
        actions.remind_late(log=log, at=at)
    if log.late_told_at is None and late_by >= ACCEPTED_WITHIN:
        actions.report_late(log=log, at=at)
    if late_by >= RAISED_AFTER:
        actions.raise_late(log=log, at=at)


def tend_desks(sender, at, **kwargs):
    """Receiver of the minute."""
    for centre in Centre.objects.all():
        tending.prepare(centre=centre, at=at)
        tending.follow_roster(centre=centre, at=at)
        tending.sign_out_forgotten(centre=centre, at=at)
        tending.end_unrelieved(centre=centre, at=at)
        tending.report_waiting(centre=centre, at=at)
