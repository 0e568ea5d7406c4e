"""Rooms, teams, rotations, rosters and single shifts for tests."""

import datetime as dt

from people.models import Deputy, Role
from shifts import actions
from shifts.models import Assignment, Desk, Room, Roster, Shift
from tests import make

TEAM_NAMES = ("甲班", "乙班", "丙班", "丁班", "戊班")
WEEK = dt.timedelta(days=6)


def desks(*, centre=None, count=3, room="一号机房"):
    """`count` desks A01, A02, ... of a room."""
    place, _created = Room.objects.get_or_create(centre=centre or make.centre(), name=room)
    return [Desk.objects.get_or_create(room=place, code=f"A{number:02}")[0] for number in range(1, count + 1)]


def crew(*, name="甲班", centre=None, agents=2):
    """A team with its leader and its agents: (team, leader, [agents])."""
    team = make.team(name=name, centre=centre)
    leader = make.person(role=Role.LEADER, team=team, name=f"{name[0]}班长")
    return team, leader, [make.person(team=team, name=f"{name[0]}组员") for _number in range(agents)]


def crews(*, centre=None, count=4, agents=2):
    return [crew(name=name, centre=centre, agents=agents) for name in TEAM_NAMES[:count]]


def director(*, centre=None, number=None):
    return make.person(role=Role.DIRECTOR, centre=centre, number=number, name="周主任")


def rotation(*, centre=None, teams=None, preset="4x3", starts_on=make.MONDAY, agents=2):
    """A rotation; without `teams` for four new ones with leaders and agents. The first begins with two days D."""
    centre = centre or make.centre()
    teams = teams or [made[0] for made in crews(centre=centre, agents=agents)]
    return actions.make_rotation(centre=centre, preset=preset, teams=teams, starts_on=starts_on, by=None, at=make.at(8))


def roster(*, rotation=None, from_on=make.MONDAY, until_on=None, by=None, published=True, at=None):
    """A roster made from the rotation, by default for a week from MONDAY, published."""
    rotation = rotation or globals()["rotation"]()
    by, at = by or director(centre=rotation.centre), at or make.at(8, on=make.FIRST_DAY)
    made = actions.make_roster(rotation=rotation, from_on=from_on, until_on=until_on or from_on + WEEK, by=by, at=at)
    return actions.publish_roster(roster=made, by=by, at=at, reason="人手已确认") if published else made


def shift(*, type="D", on=make.MONDAY, team=None, leader=None, people=(), centre=None, published=True, rotation=None):
    """One shift by itself, in a roster of its own: of the preset type D, M, N, DL, NL or W."""
    team = team or make.team(centre=centre)
    kind = actions.ensure_shift_type(team.centre, type)
    starts_at, ends_at = kind.span(on)
    status = {
        "status": "published",
        "published_by": director(centre=team.centre),
        "published_at": starts_at,
        "version": 1,
    }
    plan = Roster.objects.create(
        centre=team.centre, rotation=rotation, from_on=on, until_on=on, **(status if published else {})
    )
    made = Shift.objects.create(
        centre=team.centre,
        roster=plan,
        type=kind,
        team=team,
        on=on,
        starts_at=starts_at,
        ends_at=ends_at,
        leader=leader,
        plan=plan.plan,
    )
    Assignment.objects.bulk_create(Assignment.to(made, person.pk) for person in people)
    return made


def deputy(*, absent, deputy, from_on=make.MONDAY, until_on=None):
    return Deputy.objects.create(absent=absent, deputy=deputy, from_on=from_on, until_on=until_on or from_on)
