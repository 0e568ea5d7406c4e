"""Every state, action and role against one table, written by hand: who may take which step when."""

import pytest

from callcentre.refusals import Refused
from floor import actions
from floor.models import LeaveOfPost
from journal.models import Entry
from people.models import Role
from tests import make, make_floor, make_shifts
from tests.make_floor import TEN

pytestmark = pytest.mark.django_db

DECIDERS = ("leader", "acting", "director", "centre_director")
OTHERS = ("colleague", "other_leader", "inspector", "security", "administrator")
ROLES = ("asker", *DECIDERS, *OTHERS)
STATES = (*LeaveOfPost.Status.values, "more")  # more: out, with more time asked for

# Who may take the step in the state. Where a state has no such line, the step is not open to anybody.
MAY = {
    ("asked", "approve"): DECIDERS,
    ("asked", "refuse"): DECIDERS,
    ("asked", "withdraw"): ("asker",),
    ("approved", "refuse"): DECIDERS,
    ("approved", "withdraw"): ("asker",),
    ("approved", "go_out"): ("asker", *DECIDERS),
    ("out", "come_back"): ("asker", *DECIDERS),
    ("out", "ask_more"): ("asker",),
    ("more", "come_back"): ("asker", *DECIDERS),
    ("more", "grant_more"): DECIDERS,
    ("more", "refuse_more"): DECIDERS,
}
# What those who may are told where something else is missing.
MISSING = {
    ("out", "grant_more"): "post_no_more_asked",
    ("out", "refuse_more"): "post_no_more_asked",
    ("more", "ask_more"): "post_more_asked_already",
}
DECIDED = {"approve", "refuse", "grant_more", "refuse_more"}
VERBS = {
    "approve": "post.approved",
    "refuse": "post.refused",
    "withdraw": "post.withdrawn",
    "go_out": "post.out",
    "come_back": "post.back",
    "ask_more": "post.more_asked",
    "grant_more": "post.more_granted",
    "refuse_more": "post.more_refused",
}
STEPS = {
    "approve": actions.approve_leave,
    "refuse": actions.refuse_leave,
    "withdraw": actions.withdraw_leave,
    "go_out": lambda leave, **who: actions.go_out(leave=leave, ticked=[item.pk for item in items_of(leave)], **who),
    "come_back": actions.come_back,
    "ask_more": lambda **who: actions.ask_more(minutes=5, **who),
    "grant_more": actions.grant_more,
    "refuse_more": actions.refuse_more,
}


def items_of(leave):
    return actions.items_of(leave.centre_id)


def expected(state, step, role):
    """None where the step is taken, else the code of the refusal."""
    if (state, step) in MAY and role in MAY[state, step]:
        return None
    if (state, step) in MISSING:
        allowed = ("asker",) if step == "ask_more" else DECIDERS
        return MISSING[state, step] if role in allowed else not_yours(step, role)
    return not_yours(step, role) if (state, step) in MAY else "wrong_state"


def not_yours(step, role):
    if step not in DECIDED:
        return "post_not_yours"
    return "post_is_your_own" if role == "asker" else "post_not_yours_to_decide"


@pytest.fixture
def cast():
    floor = make_floor.floor()
    acting = make.person(role=Role.LEADER, name="代班长")
    make_shifts.deputy(absent=floor.leader, deputy=acting)
    people = {
        "asker": floor.agents[0],
        "colleague": floor.agents[1],
        "leader": floor.leader,
        "acting": acting,
        "other_leader": make.person(role=Role.LEADER),
        "director": make.person(role=Role.DIRECTOR),
        "centre_director": make.person(role=Role.CENTRE_DIRECTOR),
        "inspector": make.person(role=Role.INSPECTOR),
        "security": make.person(role=Role.SECURITY),
        "administrator": make.person(role=Role.ADMINISTRATOR),
    }
    return floor, people


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_who_may_take_the_step(cast, state, step):
    floor, people = cast
    leave = make_floor.in_state(floor, state)
    table = {role: expected(state, step, role) for role in ROLES}
    assert {role: answer(STEPS[step], leave, people[role], VERBS[step]) for role in ROLES} == table


def answer(step, leave, by, verb):
    """The code of the refusal, or None; the step is undone. What was taken is in the journal, by who took it."""
    before = Entry.objects.count()
    with make_floor.undone():
        try:
            step(leave=leave, by=by, at=TEN)
        except Refused as refused:
            assert Entry.objects.count() == before
            return refused.code
        last = Entry.objects.last()
        assert (last.verb, last.actor, last.object_id) == (verb, by, leave.pk)
    return None


def test_the_table_knows_every_move():
    moved = {
        "approve": "approved",
        "refuse": "refused",
        "withdraw": "withdrawn",
        "go_out": "out",
        "come_back": "back",
    }
    declared = {(state, moved[step]) for state, step in MAY if step in moved and state != "more"}
    lapses = {("asked", "expired"), ("approved", "expired")}
    assert declared | lapses == {(old, new) for old, news in LeaveOfPost.MOVES.items() for new in news}
