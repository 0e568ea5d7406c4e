from celery import shared_task

from callcentre import clock
from shifts import running


# Longer than the broker waits before it gives the task to somebody else: the run's claim lets only one do it.
@shared_task(time_limit=240)
def generate(pk):
    running.work(pk, clock.now)
