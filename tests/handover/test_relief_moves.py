"""Every step of a relief, in every state, by every role, against a table written by hand."""

import pytest
from django.db import transaction

from callcentre.refusals import Refused
from handover import desk_actions
from handover import relief_actions as steps
from handover.models import DeskRelief, Turn
from shifts.models import Assignment
from tests import make, make_desks

pytestmark = pytest.mark.django_db
TIME = make_desks.TIME
Status = DeskRelief.Status

# Who: outgoing and incoming agent, leader and next leader, another agent of the next shift, a passer-by, the director.
ROLES = "OILNAPD"
OPEN = ("waiting", "relief_at_desk", "briefed")
ENDED = ("released", "closed", "let_go", "cancelled")

ORDER = "wrong_state"
LEADERS = {"L": None, "N": None, "*": "desk_leader_only"}
NOBODY = {"*": "gone"}  # the turn is over: there is nobody to release
TAKERS = {"O": "relieves_oneself", "*": "relief_is_anothers"}

# {step: {state: {role: the refusal's code, None where it passes}}}; "*" is every other role, or state.
TABLE = {
    "arrive": {"waiting": {**TAKERS, "I": None}, "*": {"*": ORDER}},
    "step_back": {"relief_at_desk": {"I": None, "*": "relief_is_anothers"}, "*": {"*": ORDER}},
    "brief": {
        "waiting": {"*": "not_at_desk_yet"},
        "relief_at_desk": {"O": None, "*": "relief_not_yours_to_brief"},
        "*": {"*": ORDER},
    },
    "unbrief": {"briefed": {"O": None, "*": "relief_not_yours_to_brief"}, "*": {"*": ORDER}},
    "assume": {
        "waiting": {**TAKERS, "I": "not_briefed"},
        "relief_at_desk": {**TAKERS, "I": "not_briefed"},
        "briefed": {**TAKERS, "I": None},
        "closed": {"O": "relieves_oneself", "I": ORDER, "A": ORDER, "*": "not_on_incoming_shift"},
        "*": {**TAKERS, "I": ORDER},
    },
    "sign_out": {
        **dict.fromkeys(OPEN, {"O": "not_relieved", "*": "not_your_desk"}),
        "assumed": {"O": None, "*": "not_your_desk"},
        "*": {"O": ORDER, "*": "not_your_desk"},
    },
    "release": {**dict.fromkeys(ENDED, NOBODY), "*": LEADERS},
    "nobody_there": {
        **dict.fromkeys(ENDED, NOBODY),
        "briefed": {**LEADERS, "L": ORDER, "N": ORDER},
        "*": LEADERS,
    },
    "substitute": {**dict.fromkeys(OPEN, LEADERS), "*": {**LEADERS, "L": ORDER, "N": ORDER}},
    "close_desk": {
        **dict.fromkeys(
            OPEN,
            {"O": "desk_closes_with_shift", "L": "desk_has_relief", "N": "desk_has_relief", "*": "desk_leader_only"},
        ),
        **dict.fromkeys(("assumed", "released"), {**LEADERS, "I": "desk_closes_with_shift"}),
        "*": LEADERS,
    },
}


def scene(state):
    """(floor, relief) with the first desk's relief in the state, and the people by role."""
    floor = make_desks.floor(count=2)
    reach = {"relief_at_desk": "arrived", "briefed": "briefed", "assumed": "assumed", "released": "released"}
    if state in reach:
        getattr(make_desks, reach[state])(floor)
    if state == "closed":
        Assignment.objects.filter(shift=floor.next_shift, desk=floor.desks[0]).update(desk=None)
        DeskRelief.objects.filter(desk=floor.desks[0]).update(incoming=None)
        desk_actions.close_desk(desk=floor.desks[0], by=floor.leader, at=TIME)
    if state in ("let_go", "cancelled"):
        gone = state == "cancelled"
        desk_actions.release(turn=floor.turns[0].pk, reason="有事", by=floor.leader, at=TIME, nobody_there=gone)
    relief = make_desks.relief(floor)
    assert relief.status == state
    people = (floor.agents[0], floor.next_agents[0], floor.leader, floor.next_leader, floor.next_agents[1])
    return floor, relief, dict(zip(ROLES, [*people, make.person(name="路过组员"), floor.director], strict=True))


def steps_of(floor, relief):
    """{name: the step, waiting for who takes it}"""
    spare = make.person(name="机动组员")
    turn, reason = {"turn": relief.turn_id}, {"reason": "有事"}
    names = ("arrive", "step_back", "brief", "unbrief", "assume", "sign_out")
    own = {name: (getattr(steps, name), {"relief": relief.pk}) for name in names}
    return own | {
        "release": (desk_actions.release, turn | reason),
        "nobody_there": (desk_actions.release, turn | reason | {"nobody_there": True}),
        "substitute": (steps.substitute, {"relief": relief.pk, "person": spare}),
        "close_desk": (desk_actions.close_desk, {"desk": floor.desks[0]}),
    }


def answer(step, options, person):
    """The refusal's code, None where the step passes; nothing of it stays."""
    try:
        with transaction.atomic():
            step(**options, by=person, at=TIME)
            transaction.set_rollback(True)
    except Refused as refused:
        return refused.code
    except Turn.DoesNotExist:
        return "gone"
    return None


def expected(name, state, role):
    by_state = TABLE[name]
    by_role = by_state.get(state, by_state.get("*"))
    return by_role[role] if role in by_role else by_role["*"]


@pytest.mark.parametrize("state", Status.values)
def test_every_step_in_every_state_by_every_role(state):
    floor, relief, people = scene(state)
    found = {
        (name, role): answer(step, options, people[role])
        for name, (step, options) in steps_of(floor, relief).items()
        for role in ROLES
    }
    assert found == {(name, role): expected(name, state, role) for name, role in found}


def test_the_table_names_every_step():
    floor = make_desks.floor(count=1)
    assert steps_of(floor, make_desks.relief(floor)).keys() == TABLE.keys()


def test_each_refusal_names_its_clause():
    """Whatever is refused to whomever: the rulebook's sentence stands with it."""
    without = set()
    for state in Status.values:
        with transaction.atomic():
            floor, relief, people = scene(state)
            for step, options in steps_of(floor, relief).values():
                for person in people.values():
                    try:
                        with transaction.atomic():
                            step(**options, by=person, at=TIME)
                            transaction.set_rollback(True)
                    except Refused as refused:
                        if not refused.clause:
                            without.add(refused.code)
                    except Turn.DoesNotExist:
                        pass
            transaction.set_rollback(True)
    assert without <= {ORDER}  # of a step that was taken meanwhile
