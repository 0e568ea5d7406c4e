"""How a queued run reaches a worker: never from a request, which would wait for the broker.

The relay's round sends it within half a second, the minute's tick where there is no relay. Sent twice does no harm.
"""

import datetime as dt

from shifts import actions, tasks
from shifts.models import Run

AGAIN = dt.timedelta(seconds=15)  # a broker may lose everything


def send_runs(at, **_signal):
    for run in Run.objects.unsent(at - AGAIN):
        if Run.objects.unsent(at - AGAIN).filter(pk=run.pk).update(sent_at=at):
            tasks.generate.apply_async([run.pk], retry=False)


def fail_lost(at, **_signal):
    actions.fail_lost(at=at)
