"""The minute, told to every app."""

import logging

from django.dispatch import Signal

logger = logging.getLogger(__name__)

ticked = Signal()  # sent with at=; each receiver makes its own transactions
tick_ended = Signal()  # sent with at= when all of them are done, for what looks at what they did


def tick(at):
    """Tell every app that a minute has passed; one receiver that fails does not stop the rest.

    Returns the names of the receivers that failed.
    """
    failed = []
    answers = [*ticked.send_robust(sender=None, at=at), *tick_ended.send_robust(sender=None, at=at)]
    for receiver, answer in answers:
        if isinstance(answer, Exception):
            name = f"{receiver.__module__}.{receiver.__name__}"
            logger.error("tick: %s failed", name, exc_info=answer)
            failed.append(name)
    return failed
