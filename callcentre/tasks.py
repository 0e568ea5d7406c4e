from celery import shared_task

from callcentre import clock, signals


@shared_task
def tick():
    """The minute. Everything due is found by its date, so a tick may come late, twice or from two beats at once."""
    signals.tick(clock.now())
