"""The duties' minute: make ahead, open, remind, report as missed.

Each row is moved conditionally, in its own transaction.
"""

import datetime as dt
import logging

from callcentre.refusals import Refused
from duties import actions, planning, who
from duties.models import Duty, Heartbeat
from people.models import Centre

logger = logging.getLogger(__name__)

REMIND_BEFORE = dt.timedelta(minutes=30)
HEART_STOPS_AFTER = dt.timedelta(seconds=180)


def on_tick(sender, at, **kwargs):
    """Receiver of the minute. A centre that fails does not stop the others, and fails the tick at its end."""
    failures = []
    for centre in Centre.objects.all():
        try:
            tick_centre(centre, at)
        except Exception as failure:
            logger.exception("duties: the tick of centre %s failed", centre.pk)
            failures.append(failure)
    if failures:
        raise failures[0]
    beat(at)


def tick_centre(centre, at):
    planning.make_ahead(centre, at)
    duties = Duty.objects.filter(centre=centre).with_rule()
    _each(centre, duties.to_open(at), lambda duty, found: actions.open_(duty=duty, assignee=found, at=at))
    _each(
        centre,
        duties.to_remind(at, REMIND_BEFORE),
        lambda duty, found: actions.remind(duty=duty, assignee=found, at=at),
    )
    _miss(centre, duties.to_miss(at), at)


def _each(centre, duties, step):
    duties = list(duties)
    found = who.assignees(centre, duties)
    for duty in duties:
        try:
            step(duty, found[duty.pk])
        except Refused:
            continue  # another tick, or a person, was quicker


def _miss(centre, duties, at):
    def step(duty, found):
        director = who.Resolver.between(centre, duty.due_on, duty.due_on).index.director(duty.due_on)
        actions.miss(duty=duty, assignee=found, director=director, at=at)

    _each(centre, duties, step)


def beat(at):
    """Note the minute; never backwards."""
    Heartbeat.objects.get_or_create(pk=1, defaults={"ticked_at": at})
    Heartbeat.objects.filter(pk=1, ticked_at__lt=at).update(ticked_at=at)


def is_alive(at):
    """Whether a tick was seen within HEART_STOPS_AFTER of `at`: the watchdog's question."""
    return Heartbeat.objects.filter(ticked_at__gte=at - HEART_STOPS_AFTER).exists()
