"""The demo centre's people, places and rosters."""

import datetime as dt
from itertools import chain, pairwise

from django.contrib.auth.hashers import make_password
from django.db import transaction

from board.demo import DEMO_PASSWORD, checks, names, planner
from callcentre import clock
from delivery import actions as delivery
from delivery import channel_actions
from delivery.models import Channel
from people.actions import load_calendar
from people.holidays import days_of
from people.models import Centre, Department, Person, Role, RoleAssignment, Team
from rulebook.actions import ensure_checklists
from shifts import actions as shifts
from shifts.models import Desk, Room

HELD_SINCE = dt.date(2015, 1, 1)
CYCLE = dt.timedelta(days=8)
AGENTS_A_TEAM = 12


@transaction.atomic
def found(on, at, *, agents, opened_on):
    """The centre with `agents` agents, whose first team has the first of its two day shifts on the date `on`."""
    centre = Centre.objects.create(name=names.CENTRE, opened_on=opened_on, is_demo=True)
    department = Department.objects.create(centre=centre, name=names.DEPARTMENT)
    teams = [Team.objects.create(centre=centre, department=department, name=name) for name in names.TEAMS]
    hire(centre, teams, agents)
    furnish(centre, agents)
    connect(centre, at)
    years = range(min(opened_on.year, on.year - 1), on.year + 2)
    days = chain.from_iterable(days_of(year) for year in years)
    load_calendar(centre=centre, days=list(days), by=None, at=at)
    ensure_checklists(centre=centre, at=at)
    publish_rosters(centre, teams, on, at)
    planner.count_rows()
    checks.set_up(centre, clock.midnight(centre, opened_on), crew=agents // 4)
    return centre


def hire(centre, teams, agents):
    """Everybody with one published password; those beyond the first sixty of a large centre share a hash."""
    staff = [(number, name, role, None) for number, (name, role) in names.OFFICES.items()]
    for index, team in enumerate(teams):
        base = (index + 1) * 100 + 1000
        staff.append((str(base), names.LEADERS[index], Role.LEADER, team))
        staff += [(number, name, Role.AGENT, team) for number, name in crew(index, base, agents)]
    shared = make_password(DEMO_PASSWORD)
    people = Person.objects.bulk_create(
        [
            Person(
                employee_number=number,
                name=name,
                centre=centre,
                team=team,
                password=make_password(DEMO_PASSWORD) if index < 60 else shared,
                must_change_password=False,
            )
            for index, (number, name, _role, team) in enumerate(staff)
        ],
        batch_size=500,
    )
    RoleAssignment.objects.bulk_create(
        [
            RoleAssignment(person=person, role=role, from_on=HELD_SINCE)
            for person, (_number, _name, role, _team) in zip(people, staff, strict=True)
        ],
        batch_size=500,
    )


def crew(index, base, agents):
    """[(employee number, name)] of a team: 1101 to 1112; a larger centre's goes on with A10013, A10014 and so on."""
    known = [(str(base + place + 1), name) for place, name in enumerate(names.AGENTS[index])]
    size = agents // 4 + (1 if index < agents % 4 else 0)
    more = [
        (f"A{index + 1}{place + 1:04}", names.invented(index * 1000 + place)) for place in range(AGENTS_A_TEAM, size)
    ]
    return (known + more)[:size]


def furnish(centre, agents):
    room = Room.objects.create(centre=centre, name=names.ROOM)
    count = max(14, agents // 4 + 2)
    Desk.objects.bulk_create([Desk(room=room, code=f"A{number:02}") for number in range(1, count + 1)])


def connect(centre, at):
    """Two groups with the robots that they had, switched off: the addresses are examples, and nobody is written to."""
    administrator = Person.objects.with_role(Role.ADMINISTRATOR, clock.local_date(centre, at)).get(centre=centre)
    for name, kind, address, secret, topics in names.GROUPS:
        robot = Channel(centre=centre, kind=kind, name=name, address=address, secret=secret, topics=list(topics))
        robot.is_enabled = False
        channel_actions.save_channel(channel=robot, changed=[], by=administrator, at=at)


def publish_rosters(centre, teams, on, at):
    """Three months around the date, from 四班三运转, and those before them since the centre opened."""
    director = Person.objects.get(centre=centre, employee_number="8001")
    rotation = shifts.make_rotation(centre=centre, preset="4x3", teams=teams, starts_on=on - 50 * CYCLE, by=None, at=at)
    this = on.replace(day=1)
    months = [min((this - dt.timedelta(days=1)).replace(day=1), centre.opened_on.replace(day=1))]
    while months[-1] <= following(this):
        months.append(following(months[-1]))
    for first, after in pairwise(months):
        made_at = min(clock.midnight(centre, first), at) - dt.timedelta(days=5)
        roster = shifts.make_roster(
            rotation=rotation, from_on=first, until_on=after - dt.timedelta(days=1), by=director, at=made_at
        )
        planner.count_rows()  # what looks for overlaps asks these tables for each turn
        shifts.publish_roster(roster=roster, by=director, at=made_at)
    while delivery.send_queued():
        pass
    for person in Person.objects.filter(centre=centre):
        delivery.mark_read(person=person, at=at)


def following(first):
    return (first + dt.timedelta(days=32)).replace(day=1)


def everybody(centre):
    return {person.employee_number: person for person in Person.objects.filter(centre=centre)}
