"""Empty the outbox, for ever: a process of its own, so that no request waits for a message to be made."""

import logging
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from callcentre import clock, signals
from delivery import actions, posting
from delivery.couriers import Couriers

logger = logging.getLogger(__name__)

PAUSE = 0.5
LONGEST_PAUSE = 5  # while the database does not answer


class Command(BaseCommand):
    help = "Send what waits in the outbox, until SIGTERM or Ctrl-C. Any number may run at once."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what waits now, then stop")

    def handle(self, *, once, **options):
        if once:
            while actions.send_queued():
                pass
            for pk in posting.channels_with_work(clock.now()):
                posting.work(pk)
            signals.relay(clock.now())
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("relay: sending")
        run(stop)
        self.stdout.write("relay: stopped")


def run(stop):
    """The bell in this thread, each channel outside and the apps in threads of their own."""
    couriers, pause = Couriers(), PAUSE
    while not stop.is_set():
        close_old_connections()
        try:
            if actions.send_queued():
                continue  # more may have come meanwhile
            couriers.send_out(clock.now())
            couriers.tell_apps(clock.now())
            pause = PAUSE
        except (OperationalError, InterfaceError) as error:
            pause = min(pause * 2, LONGEST_PAUSE)
            logger.warning("relay: the database does not answer, trying again in %s s: %s", pause, error)
            connection.close()
        stop.wait(pause)
    couriers.stop()
    connection.close()
