"""The relay's threads: one channel each, so that an endpoint that does not answer holds up no other and no bell.

What the apps do in the relay's rounds has one of its own too, for it may wait for the broker.
"""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connection

from callcentre import signals
from delivery import posting

logger = logging.getLogger(__name__)

THREADS = 8
APPS = "apps"


class Couriers:
    def __init__(self, threads=THREADS):
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="courier")
        self.teller = ThreadPoolExecutor(1, thread_name_prefix="teller")
        self.lock, self.out = threading.Lock(), set()

    def send_out(self, at):
        """Give each channel with work to a courier, unless one is out for it."""
        for pk in posting.channels_with_work(at):
            self._begin(self.pool, pk, carry, pk)

    def tell_apps(self, at):
        """That a round is done, unless they are still at the last one."""
        self._begin(self.teller, APPS, tell, at)

    def _begin(self, pool, name, errand, argument):
        with self.lock:
            if name in self.out:
                return
            self.out.add(name)
        pool.submit(self._go, name, errand, argument)

    def _go(self, name, errand, argument):
        try:
            errand(argument)
        except Exception:
            logger.exception("%s: what waited could not be sent", name)
        finally:
            with self.lock:
                self.out.discard(name)

    def stop(self):
        """Wait for those that are out: a message of theirs may be half way."""
        for pool in (self.pool, self.teller):
            pool.shutdown(cancel_futures=True)


def carry(pk):
    try:
        posting.work(pk)
    finally:
        connection.close()  # threads are many, and idle most of the time


def tell(at):
    close_old_connections()
    signals.relay(at)
