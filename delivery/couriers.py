"""The relay's threads: one channel each, so that an endpoint that does not answer holds up no other and no bell."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from delivery import posting

logger = logging.getLogger(__name__)

THREADS = 8


class Couriers:
    def __init__(self, threads=THREADS):
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="courier")
        self.lock, self.out = threading.Lock(), set()

    def send_out(self, at):
        """Give each channel with work to a courier, unless one is out for it."""
        for pk in posting.channels_with_work(at):
            with self.lock:
                if pk in self.out:
                    continue
                self.out.add(pk)
            self.pool.submit(self._go, pk)

    def _go(self, pk):
        try:
            posting.work(pk)
        except Exception:
            logger.exception("channel %s: what waited could not be sent", pk)
        finally:
            connection.close()
            with self.lock:
                self.out.discard(pk)

    def stop(self):
        """Wait for those that are out: a message of theirs may be half way."""
        self.pool.shutdown(cancel_futures=True)
