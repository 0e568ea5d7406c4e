"""A month of leaves of the post in numbers, by team or by person: how many, how long, how often over the time."""

import dataclasses
import datetime as dt

from django.db.models import Count, F, Q, Sum

from callcentre import clock
from floor.models import LeaveOfPost, whole_minutes
from floor.rules import LATE_AFTER
from shifts.models import month_span

DAY = dt.timedelta(days=1)
OVER = Q(back_at__gte=F("due_back_at") + LATE_AFTER)


@dataclasses.dataclass(frozen=True)
class Row:
    """`key`: a team's id, or None for those without one; of a person, their employee number."""

    key: object
    name: str
    count: int
    minutes: int
    over: int


def of_month(centre, year, month, team=None):
    """The Rows of those who are back: by team, or by the people of the team, in one statement."""
    first, last = month_span(year, month)
    rows = LeaveOfPost.objects.filter(centre=centre, status=LeaveOfPost.Status.BACK)
    rows = rows.between(clock.midnight(centre, first), clock.midnight(centre, last + DAY))
    by = ("person__team", "person__team__name")
    if team is not None:
        rows, by = rows.filter(person__team=team), ("person__employee_number", "person__name")
    summed = {"count": Count("pk"), "length": Sum(F("back_at") - F("out_at")), "over": Count("pk", filter=OVER)}
    found = rows.order_by(by[0]).values_list(*by).annotate(**summed)
    return [Row(key, name, count, whole_minutes(length), over) for key, name, count, length, over in found]
