"""Overtime: the minutes that somebody waited at their desk after the end of their shift, for attendance."""

import datetime as dt

from handover.models import Turn
from shifts import attendance
from shifts.models import LONGEST_SHIFT

BEFORE = dt.timedelta(days=1)  # a desk is taken over a little before the shift begins


def rows(centre, from_at, until_at, people):
    """Who waits still counts once the desk is taken over. The index of the centre's turns by their beginning finds
    them, however many there were before."""
    turns = Turn.objects.filter(centre=centre, from_at__gte=from_at - BEFORE, from_at__lt=until_at + LONGEST_SHIFT)
    turns = turns.filter(shift__starts_at__gte=from_at, shift__starts_at__lt=until_at, overtime_minutes__gt=0)
    return turns if people is None else turns.filter(person__in=people)


attendance.waited(rows)
