"""Drafts to generate, wishes and runs for tests."""

import datetime as dt

from shifts import actions
from shifts.models import Leave, Run, Wish
from tests import make, make_shifts

FIRST = dt.date(2026, 12, 1)
LAST = dt.date(2026, 12, 31)
ASKED = make.at(9)


def draft(*, agents=3, from_on=FIRST, until_on=LAST, rotation=None, by=None):
    """A draft of December from 四班三运转: four teams, each with a leader and `agents` agents."""
    rotation = rotation or make_shifts.rotation(agents=agents)
    return make_shifts.roster(rotation=rotation, from_on=from_on, until_on=until_on, by=by, published=False)


def leave(*, person, from_on, until_on=None, by):
    """Approved leave."""
    return Leave.objects.create(
        centre=person.centre,
        person=person,
        kind=Leave.Kind.ANNUAL,
        from_on=from_on,
        until_on=until_on or from_on,
        status=Leave.Status.APPROVED,
        asked_by=person,
        asked_at=ASKED,
        decided_by=by,
        decided_at=ASKED,
    )


def wish(*, person, on=FIRST, kind="off", type=None, weight=1):
    return Wish.objects.create(
        centre=person.centre, person=person, on=on, kind=kind, type=type, weight=weight, made_at=ASKED
    )


def run(*, roster, by, seconds=4, at=ASKED, status=None, **fields):
    """A queued run, or one that is in the status with these fields."""
    made = actions.ask_run(roster=roster, seconds=seconds, by=by, at=at)
    if status or fields:
        Run.objects.filter(pk=made.pk).update(status=status or made.status, **fields)
        made.refresh_from_db()
    return made
