"""The clock. Only views, tasks and commands read it, once; rules and actions take the moment as `at`."""

import contextlib
import datetime as dt
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def now():
    """The moment, in UTC. A demo centre may move it: CLOCK_FILE holds the seconds to add."""
    moment = timezone.now()
    if settings.CLOCK_FILE and settings.DEMO:
        with contextlib.suppress(FileNotFoundError):
            moment += dt.timedelta(seconds=float(Path(settings.CLOCK_FILE).read_text() or 0))
    return moment


def local_date(centre, at):
    """The centre's calendar date at the moment `at`."""
    return at.astimezone(centre.tz).date()


def moment(centre, on, time):
    """The moment of a local date and time at the centre.

    A local time that a clock change skips moves forward by the gap; one that it doubles is the first (fold=0).
    """
    return dt.datetime.combine(on, time, tzinfo=centre.tz).astimezone(dt.UTC)


def midnight(centre, on):
    """The moment the local date `on` begins at the centre."""
    return moment(centre, on, dt.time())


def parse(text):
    """An ISO 8601 moment with its offset, from a command line.

    Raises ValueError where the text is no moment or has no offset.
    """
    at = dt.datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a moment needs its offset, as in 2026-11-23T07:50:00+08:00")
    return at.astimezone(dt.UTC)
