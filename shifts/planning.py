"""Shifts and assignments that a rotation gives a period, before they are saved. Pure but for the rows it is given."""

import collections
import dataclasses
import itertools

from people.models import Role
from shifts.models import Assignment, Shift
from shifts.rotations import code_on, dates


@dataclasses.dataclass
class Crew:
    """A team's people with the dates on which each holds a role: {role: [(person id, from_on, until_on), ...]}."""

    roles: dict

    def holding(self, role, on):
        """Ids of those who hold the role on the date, by employee number."""
        held = (
            person for person, since, until in self.roles.get(role, ()) if since <= on and (not until or on <= until)
        )
        return list(dict.fromkeys(held))

    def of_shift(self, on):
        """Ids of those whom a shift of the team has on the date: the one who leads it, then its agents."""
        return list(dict.fromkeys(self.holding(Role.LEADER, on)[:1] + self.holding(Role.AGENT, on)))


def crews(role_assignments):
    """{team id: Crew} of role assignments, which come in the order of employee numbers."""
    found = collections.defaultdict(lambda: Crew(collections.defaultdict(list)))
    for row in role_assignments:
        found[row.person.team_id].roles[row.role].append((row.person_id, row.from_on, row.until_on))
    return found


def plan_shifts(roster, places, types, crews_by_team):
    """Unsaved shifts of the roster's period, in the order of their dates. `types`: {code: ShiftType}."""
    rotation, days = roster.rotation, dates(roster.from_on, roster.until_on)
    turns = (
        (on, place, code)
        for on, place in itertools.product(days, places)
        if (code := code_on(rotation.cycle, starts_on=rotation.starts_on, phase=place.phase, on=on))
    )
    shifts = [
        plan_shift(roster, place.team_id, types[code], on, crews_by_team[place.team_id]) for on, place, code in turns
    ]
    return [shift for shift in shifts if shift.starts_at < shift.ends_at]  # a clock change may swallow a short one


def plan_shift(roster, team_id, shift_type, on, crew):
    starts_at, ends_at = shift_type.span(on)
    return Shift(
        centre_id=roster.centre_id,
        roster=roster,
        type=shift_type,
        team_id=team_id,
        on=on,
        starts_at=starts_at,
        ends_at=ends_at,
        plan=roster.plan,
        leader_id=next(iter(crew.holding(Role.LEADER, on)), None),
    )


def plan_assignments(shifts, desk_ids, crews_by_team):
    """Unsaved assignments of each shift's team: its agents in the order of employee numbers, each at the next desk.

    The desks begin one further every day, so that nobody keeps the worst one. Who comes after the last has none.
    """
    planned = []
    for shift in shifts:
        agents = [pk for pk in crews_by_team[shift.team_id].holding(Role.AGENT, shift.on) if pk != shift.leader_id]
        desks = turned(desk_ids, shift.on.toordinal())
        pairs = itertools.zip_longest(agents, desks[: len(agents)])
        planned += [Assignment.to(shift, agent, desk) for agent, desk in pairs]
    return planned


def turned(items, steps):
    """The list, begun `steps` further on."""
    start = steps % len(items) if items else 0
    return items[start:] + items[:start]
