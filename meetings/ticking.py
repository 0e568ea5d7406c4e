"""The meetings' minute: a meeting for each duty that is one, the holiday's flag, the word that it is a day away."""

import datetime as dt
import logging

from callcentre import clock
from duties.models import Duty
from meetings import actions
from meetings.agenda import SERIES_OF_RULE
from meetings.dates import Holidays
from meetings.models import SOON, Meeting
from people.models import Centre

logger = logging.getLogger(__name__)

FLAG_AHEAD = dt.timedelta(days=31)


def on_tick(sender, at, **kwargs):
    """Receiver of the minute, after the duties' own. A centre that fails does not stop the others."""
    failures = []
    for centre in Centre.objects.all():
        try:
            tick_centre(centre, at)
        except Exception as failure:
            logger.exception("meetings: the tick of centre %s failed", centre.pk)
            failures.append(failure)
    if failures:
        raise failures[0]


def tick_centre(centre, at):
    make_meetings(centre, at)
    ahead = Meeting.objects.filter(centre=centre).planned().with_duty()
    _flag(centre, ahead, at)
    for meeting in ahead.filter(announced_at=None, starts_at__gt=at, starts_at__lte=at + SOON):
        actions.announce_soon(meeting=meeting, at=at)


def make_meetings(centre, at):
    """A meeting for each duty of the two rules that has none yet: run twice, it makes nothing twice."""
    duties = Duty.objects.filter(centre=centre, rule__code__in=SERIES_OF_RULE, meeting=None).with_rule()
    for duty in duties:
        actions.plan(duty=duty, series=SERIES_OF_RULE[duty.rule.code], at=at)


def _flag(centre, ahead, at):
    unflagged = list(ahead.filter(flagged_at=None, starts_at__gt=at, starts_at__lte=at + FLAG_AHEAD))
    if not unflagged:
        return
    today = clock.local_date(centre, at)
    holidays = Holidays(centre, today, today + FLAG_AHEAD)
    for meeting in unflagged:
        if flag := holidays.flag(meeting.held_on):
            actions.flag(meeting=meeting, flag=flag, at=at)
