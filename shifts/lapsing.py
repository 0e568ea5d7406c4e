"""What the minute does for swaps: those that nobody has decided on in time lapse by themselves."""

from callcentre.refusals import Refused
from shifts import actions
from shifts.models import Swap


def on_tick(sender, at, **kwargs):
    """Receiver of the minute. Safe to run late, twice and at once: the move is made once."""
    for swap in Swap.objects.lapsed(at).with_names().order_by("pk"):
        try:
            actions.expire_swap(swap=swap, at=at)
        except Refused:
            continue  # decided in this moment, or another worker was quicker
