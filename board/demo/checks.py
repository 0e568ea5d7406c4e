"""What the demo centre's rosters are judged by: how many people each shift needs, and the working-time system."""

from people.models import Person
from shifts import actions as shifts
from shifts.models import Demand, ShiftType

# So many fewer than a team has: on workdays the day shift needs everybody, so a leave shows at once.
SPARE = {"D": {"workday": 0, "rest": 2, "holiday": 1}, "M": {"every": 2, "holiday": 1}, "N": {"every": 4}}


def set_up(centre, at, *, crew):
    """From the day of `at` on; `crew`: how many agents a team has."""
    director = Person.objects.get(centre=centre, employee_number="8001")
    facts = {"from_on": at.astimezone(centre.tz).date(), "by": director, "at": at}
    for kind in ShiftType.objects.filter(centre=centre, code__in=SPARE).select_related("centre"):
        for day, spare in SPARE[kind.code].items():
            shifts.set_demand(type=kind, day=Demand.Day(day), heads=max(crew - spare, 1), **facts)
    shifts.set_system(centre=centre, system="quarter", **facts)
