"""Monday's change of shift at 16:00 for tests: the day shift at its desks, the middle shift that is to relieve it."""

import types

from handover import relief_actions as steps
from handover import tending
from handover.models import DeskRelief, Turn
from people.models import Person, Role
from rulebook.actions import ensure_checklists
from shifts import actions as shift_actions
from shifts.models import Assignment, Shift
from tests import make, make_shifts

CALLED_AT = make.at(15, 45)
EARLY = make.at(15, 40)
TIME = make.at(16, 2)


def floor(*, count=2, seated=True, prepared=True, called=True, following=True):
    """Desks A01, A02, ...; `agents` of the day shift at them, `next_agents` of the middle shift planned for the same.

    seated: the day shift sits at its desks; prepared: its reliefs are made; called: the roll of the middle shift is
    called and closed; following: there is a middle shift.
    """
    centre = make.centre()
    ensure_checklists(centre=centre, at=make.at(1))
    desks = make_shifts.desks(centre=centre, count=count)
    team, leader, agents = make_shifts.crew(agents=count)
    next_team, next_leader, next_agents = make_shifts.crew(name="乙班", agents=count)
    shift = make_shifts.shift(team=team, leader=leader)
    plan(shift, agents, desks)
    made = types.SimpleNamespace(
        centre=centre, desks=desks, shift=shift, leader=leader, agents=agents, next_shift=None,
        next_leader=next_leader, next_agents=next_agents,
    )  # fmt: skip
    made.director = Person.objects.filter(role_assignments__role=Role.DIRECTOR).order_by("pk").first()
    if following:
        made.next_shift = later(shift, "M", next_team, next_leader)
        plan(made.next_shift, next_agents, desks)
    if seated:
        made.turns = [sit(made, agent, desk) for agent, desk in zip(agents, desks, strict=True)]
    if prepared:
        tending.prepare(centre=centre, at=EARLY)
    if called and following:
        call(made)
    return made


def later(shift, type, team, leader):
    """A shift that follows in the same roster."""
    kind = shift_actions.ensure_shift_type(team.centre, type)
    starts_at, ends_at = kind.span(shift.on)
    return Shift.objects.create(
        centre=team.centre, roster=shift.roster, type=kind, team=team, on=shift.on,
        starts_at=starts_at, ends_at=ends_at, leader=leader, plan=shift.plan,
    )  # fmt: skip


def plan(shift, people, desks):
    rows = zip(people, desks, strict=True)
    Assignment.objects.bulk_create(Assignment.to(shift, person.pk, desk.pk) for person, desk in rows)


def sit(floor, person, desk, *, shift=None, at=None):
    shift = shift or floor.shift
    return Turn.objects.create(centre=floor.centre, desk=desk, person=person, shift=shift, from_at=at or make.at(8, 1))


def call(floor, *, absent=(), at=CALLED_AT, closed_at=None):
    """The roll of the next shift, closed."""
    shift, leader = floor.next_shift, floor.next_leader
    for person in absent:
        shift_actions.mark_away(shift=shift, person_id=person.pk, outcome="absent", by=leader, at=at)
    shift_actions.mark_rest_here(shift=shift, by=leader, at=at)
    return shift_actions.close_roll_call(shift=shift, confirmed=True, by=leader, at=closed_at or make.at(15, 58))


def relief(floor, number=0):
    return DeskRelief.objects.with_names().get(desk=floor.desks[number], shift=floor.shift)


def arrived(floor, number=0, *, at=TIME):
    row = relief(floor, number)
    steps.arrive(relief=row.pk, by=floor.next_agents[number], at=at)
    return row


def briefed(floor, number=0, *, at=TIME):
    row = arrived(floor, number, at=at)
    steps.brief(relief=row.pk, by=floor.agents[number], at=at)
    return row


def assumed(floor, number=0, *, at=TIME, **options):
    row = briefed(floor, number, at=at)
    steps.assume(relief=row.pk, by=floor.next_agents[number], at=at, **options)
    return row


def released(floor, number=0, *, at=TIME):
    row = assumed(floor, number, at=at)
    steps.sign_out(relief=row.pk, by=floor.agents[number], at=at)
    row.refresh_from_db()
    return row
