"""What the minute does for people: old half-written input goes."""

from people import actions


def purge_drafts(sender, at, **kwargs):
    """Receiver of the minute."""
    actions.purge_drafts(at=at)
