"""The minute, and the relay's rounds, told to every app."""

import logging

from django.dispatch import Signal

logger = logging.getLogger(__name__)

ticked = Signal()  # sent with at=; each receiver makes its own transactions
tick_ended = Signal()  # sent with at= when all of them are done, for what looks at what they did
relayed = Signal()  # sent with at= by the relay, about twice a second: for what a worker is to begin at once


def tick(at):
    """Tell every app that a minute has passed; one receiver that fails does not stop the rest.

    Returns the names of the receivers that failed.
    """
    answers = [*ticked.send_robust(sender=None, at=at), *tick_ended.send_robust(sender=None, at=at)]
    return failures("tick", answers)


def relay(at):
    """Tell every app that the relay has sent what waited. Returns the names of the receivers that failed."""
    return failures("relay", relayed.send_robust(sender=None, at=at))


def failures(what, answers):
    failed = []
    for receiver, answer in answers:
        if isinstance(answer, Exception):
            name = f"{receiver.__module__}.{receiver.__name__}"
            logger.error("%s: %s failed", what, name, exc_info=answer)
            failed.append(name)
    return failed
