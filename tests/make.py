"""Data for tests: keyword functions with believable defaults."""

import datetime as dt
import itertools

from people.models import Centre, Department, Person, Role, RoleAssignment, Team

MONDAY = dt.date(2026, 11, 23)
FIRST_DAY = dt.date(2026, 1, 1)
_numbers = itertools.count(20001)


def at(hour, minute=0, *, on=MONDAY, centre_offset=8):
    """A moment of a local day in Shanghai."""
    return dt.datetime.combine(on, dt.time(hour, minute), dt.timezone(dt.timedelta(hours=centre_offset)))


def centre(*, name="星海客服中心", timezone="Asia/Shanghai", opened_on=FIRST_DAY):
    made, _created = Centre.objects.get_or_create(name=name, defaults={"timezone": timezone, "opened_on": opened_on})
    return made


def team(*, name="甲班", centre=None):
    centre = centre or globals()["centre"]()
    department, _created = Department.objects.get_or_create(centre=centre, name="客户服务部")
    made, _created = Team.objects.get_or_create(centre=centre, department=department, name=name)
    return made


def person(*, role=Role.AGENT, number=None, name="李娜", centre=None, team=None, from_on=FIRST_DAY, language="zh-hans"):
    """A person who holds `role` (None for none) and has chosen a password."""
    made = Person(
        employee_number=number or str(next(_numbers)),
        name=name,
        centre=centre or (team and team.centre) or globals()["centre"](),
        team=team,
        language=language,
        must_change_password=False,
    )
    made.set_unusable_password()
    made.save()
    if role:
        RoleAssignment.objects.create(person=made, role=role, from_on=from_on)
    return made
