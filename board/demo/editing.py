"""The demo centre's rosters at work: changes of what is published, and the draft of the month after."""

import datetime as dt

from board.demo.centre import everybody
from shifts import actions as shifts
from shifts import versions
from shifts.models import Roster, Rotation, month_span
from shifts.rotations import dates

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
# Who, the first of their days with the first turn before a day with the second, what they get, why, how long ago.
CHANGES = (
    ("1103", "DM", "M", "中班人手不足，调一人支援", 47 * HOUR),
    ("1207", "MM", "", "参加质检培训", 22 * HOUR),
)
# The leader's steps on the draft: who, how many days after its first, the turn.
STEPS = (
    [("1105", 3, ""), ("1106", 3, "")],
    [("1302", 9, "D")],
    [("1300", 14, "")],
)


def edit(centre, at):
    """Two changes of the last published roster, and a leader's draft of the next month, with things left to mend."""
    staff = everybody(centre)
    published = Roster.objects.published().filter(centre=centre).latest("until_on")
    for number, codes, new, reason, ago in CHANGES:
        on = first_day(published, staff[number], *codes)
        step = {"cells": [(staff[number].pk, on, new)], "by": staff["8001"], "at": at - ago, "reason": reason}
        shifts.edit_roster(roster=published, **step)
    draft_next(Rotation.objects.get(centre=centre), published.until_on + DAY, staff, at - 5 * HOUR)


def first_day(roster, person, code, then):
    """The first such day of the roster past its first week."""
    cells = versions.cells(roster)
    days = dates(roster.from_on + 7 * DAY, roster.until_on)
    wanted = [(code,), (then,)]
    return next(on for on in days if [cells.get((person.pk, day)) for day in (on, on + DAY)] == wanted)


def draft_next(rotation, first, staff, at):
    leader = staff["1100"]
    until_on = month_span(first.year, first.month)[1]
    draft = shifts.make_roster(rotation=rotation, from_on=first, until_on=until_on, by=leader, at=at)
    for number, step in enumerate(STEPS, start=1):
        cells = [(staff[who].pk, first + days * DAY, code) for who, days, code in step]
        shifts.edit_roster(roster=draft, cells=cells, by=leader, at=at + number * HOUR)
