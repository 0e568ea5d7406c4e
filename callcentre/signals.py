"""The minute, told to every app."""

import logging

from django.dispatch import Signal

logger = logging.getLogger(__name__)

ticked = Signal()  # sent with at=; each receiver makes its own transactions


def tick(at):
    """Tell every app that a minute has passed; one receiver that fails does not stop the rest.

    Returns the names of the receivers that failed.
    """
    failed = []
    for receiver, answer in ticked.send_robust(sender=None, at=at):
        if isinstance(answer, Exception):
            name = f"{receiver.__module__}.{receiver.__name__}"
            logger.error("tick: %s failed", name, exc_info=answer)
            failed.append(name)
    return failed
