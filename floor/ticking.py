"""What the minute does for those away from their post: lets requests lapse, reminds, tells the leader."""

from callcentre.refusals import Refused
from floor import actions, rules
from floor.models import LeaveOfPost


def on_tick(sender, at, **kwargs):
    """Receiver of the minute. Safe to run late, twice and at once: each step is taken conditionally, in its own
    transaction."""
    leaves = LeaveOfPost.objects.with_names().order_by("pk")
    for leave in leaves.lapsed(at):
        try:
            actions.expire(leave=leave, at=at)
        except Refused:
            continue  # answered in this moment, or another worker was quicker
    for leave in leaves.due_within(at, rules.REMIND_BEFORE):
        actions.remind(leave=leave, at=at)
    for leave in leaves.overdue(at - rules.LATE_AFTER):
        actions.notice_overdue(leave=leave, at=at)
