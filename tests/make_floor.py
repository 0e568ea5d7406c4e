"""Leaves of the post for tests: Monday's day shift, 08:00 to 16:00, with its leader and agents."""

import contextlib
import types

from django.db import transaction

from floor import actions
from floor.models import LeaveOfPost
from rulebook.actions import ensure_checklists
from tests import make, make_shifts

Reason = LeaveOfPost.Reason
TEN = make.at(10)


def floor(*, agents=4, **options):
    team, leader, people = make_shifts.crew(agents=agents)
    ensure_checklists(centre=team.centre, at=make.at(1))
    shift = make_shifts.shift(team=team, leader=leader, people=people, **options)
    return types.SimpleNamespace(team=team, leader=leader, agents=people, shift=shift, centre=team.centre)


def asked(floor, person=None, *, reason=Reason.WATER, at=TEN, minutes=None, words=""):
    """The first agent asks, by default for the limit of 15 minutes."""
    person = person or floor.agents[0]
    return actions.ask_leave(person=person, reason=reason, minutes=minutes, words=words, at=at)


def approved(floor, person=None, *, at=TEN, by=None, override="", **options):
    leave = asked(floor, person, at=at, **options)
    return actions.approve_leave(leave=leave, by=by or floor.leader, at=at, override=override)


def items(floor):
    return [item.pk for item in actions.items_of(floor.centre)]


def out(floor, person=None, *, at=TEN, **options):
    leave = approved(floor, person, at=at, **options)
    return actions.go_out(leave=leave, by=leave.person, ticked=items(floor), at=at)


def wanting_more(floor, person=None, *, at=TEN, minutes=5, **options):
    leave = out(floor, person, at=at, **options)
    return actions.ask_more(leave=leave, minutes=minutes, by=leave.person, at=at)


def back(floor, person=None, *, at=TEN, back_at=None, **options):
    leave = out(floor, person, at=at, **options)
    return actions.come_back(leave=leave, by=leave.person, at=back_at or at)


def in_state(floor, state):
    """A leave of the first agent in that state; `more` is out and waiting for more time."""
    makers = {"asked": asked, "approved": approved, "out": out, "more": wanting_more, "back": back}
    if state in makers:
        return makers[state](floor)
    leave = asked(floor)
    if state == "refused":
        return actions.refuse_leave(leave=leave, by=floor.leader, at=TEN)
    if state == "withdrawn":
        return actions.withdraw_leave(leave=leave, by=leave.person, at=TEN)
    actions.expire(leave=leave, at=make.at(10, 15))
    return LeaveOfPost.objects.get(pk=leave.pk)


@contextlib.contextmanager
def undone():
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
