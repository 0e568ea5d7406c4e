"""The steps of a relief, of both sides and of the leader. Each holds the relief first: of two who act at once one wins.

`relief` is an id, so that a step fetches its row only once, under the lock. A relief that is not there or not of the
actor's centre raises DoesNotExist.
"""

from django.db import transaction
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from handover import desk_rules as rules
from handover import desks
from handover.checklists import MOST_ITEMS, RELIEF
from handover.desk_actions import seat
from handover.models import DeskRelief, Turn
from handover.models.desks import minutes_past
from journal.actions import record
from journal.verbs import verbs
from rulebook.models import ChecklistItem

verbs(
    {
        "relief.arrived": _("came to relieve a desk"),
        "relief.stepped_back": _("took the arrival at a desk back"),
        "relief.briefed": _("confirmed the briefing at a desk"),
        "relief.unbriefed": _("took the briefing at a desk back"),
        "relief.assumed": _("took over a desk"),
        "relief.signed_out": _("signed out of a desk"),
        "relief.substituted": _("named a substitute for a desk"),
    }
)
AT_DESK = kind("handover.relief_at_desk", _("Your relief has come to desk %(desk)s. Brief them, and confirm it."))
NAMED = kind("handover.relief_named", _("You are named to relieve desk %(desk)s."))
MY_DESK = "/desk/"
Status = DeskRelief.Status


def held(pk, by):
    """The relief, held until the transaction ends, with what is asked of `by` as who takes over."""
    rows = DeskRelief.objects.visible_to(by).with_names().annotate(**desks.facts_of(by, OuterRef("next_shift")))
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def note(verb, relief, by, at, clause="handover.4", **facts):
    record(verb, relief, by=by, at=at, clause=clause, desk=relief.desk_id, **facts)


@transaction.atomic
def arrive(*, relief, by, at):
    """Who takes over is at the desk; who leaves it is told. Raises Refused: rules.may_arrive."""
    relief = held(relief, by)
    rules.may_arrive(relief, by, on_next_shift=relief.on_shift)
    move(relief, Status.AT_DESK, incoming=by, at_desk_at=at)
    note("relief.arrived", relief, by, at)
    announce(
        AT_DESK, centre=relief.centre, to=[relief.outgoing_id], at=at, urgent=True, link=MY_DESK, desk=relief.desk.code
    )
    return relief


@transaction.atomic
def step_back(*, relief, by, at):
    """Undo: the tap that they are at the desk was a mistake. Raises Refused: rules.may_step_back."""
    relief = held(relief, by)
    rules.may_step_back(relief, by)
    move(relief, Status.WAITING, at_desk_at=None)
    note("relief.stepped_back", relief, by, at)
    return relief


@transaction.atomic
def brief(*, relief, by, at):
    """Who leaves the desk confirms that the briefing was given. Raises Refused: rules.may_brief."""
    relief = held(relief, by)
    rules.may_brief(relief, by)
    move(relief, Status.BRIEFED, briefed_at=at)
    note("relief.briefed", relief, by, at, clause="handover.3")
    return relief


@transaction.atomic
def unbrief(*, relief, by, at):
    """Undo: something is still to be talked through. Raises Refused: rules.may_unbrief."""
    relief = held(relief, by)
    rules.may_unbrief(relief, by)
    move(relief, Status.AT_DESK, briefed_at=None)
    note("relief.unbriefed", relief, by, at, clause="handover.3")
    return relief


@transaction.atomic
def assume(*, relief, by, at, faults=(), remark=""):
    """The next one takes the desk over: from now on it is theirs, and who leaves it may sign out.

    faults: ids of the checklist items that are not in order; they block nothing, and stand on the record.
    Raises Refused: rules.may_assume, rules.must_say_faults, "desk_taken", "at_another_desk".
    """
    relief = held(relief, by)
    rules.may_assume(relief, by, facts=desks.taker(relief, by, at))
    items = items_of(relief.centre_id)
    faults = [item for item in items if item in set(faults)]
    rules.must_say_faults(faults, remark)
    overtime = minutes_past(relief.waiting_since, at)
    move(
        relief, Status.ASSUMED,
        assumed_at=at, items=items, faults=faults, remark=remark.strip(), overtime_minutes=overtime,
    )  # fmt: skip
    Turn.objects.filter(pk=relief.turn_id).update(handed_over_at=at, overtime_minutes=overtime)
    turn = seat(relief.desk, by, relief.next_shift or relief.shift, at)
    note("relief.assumed", relief, by, at, turn=turn.pk, faults=faults, overtime=overtime)
    return relief


def items(centre):
    """The at most five items that are looked at, in their order."""
    rows = ChecklistItem.objects.filter(checklist__centre=centre, checklist__key=RELIEF, active=True)
    return list(rows[:MOST_ITEMS])


def items_of(centre):
    """Their ids."""
    return [item.pk for item in items(centre)]


@transaction.atomic
def sign_out(*, relief, by, at):
    """Who was relieved leaves the desk. Raises Refused: rules.may_sign_out."""
    relief = held(relief, by)
    rules.may_sign_out(relief, by)
    move(relief, Status.RELEASED, ended_at=at, ended_by=by)
    Turn.objects.filter(pk=relief.turn_id).update(until_at=at)
    note("relief.signed_out", relief, by, at)
    return relief


@transaction.atomic
def substitute(*, relief, person, by, at):
    """The leader names who relieves the desk; whoever had come before is not its relief any more.

    Raises Refused: rules.may_substitute.
    """
    relief = held(relief, by)
    rules.may_substitute(
        relief, person, by, leaders=desks.leaders(relief.centre, at), relieves=_relieves_elsewhere(person, relief)
    )
    if relief.status == Status.WAITING:
        DeskRelief.objects.filter(pk=relief.pk).update(incoming=person, named_by=by)
    else:
        move(relief, Status.WAITING, incoming=person, named_by=by, at_desk_at=None, briefed_at=None)
    note("relief.substituted", relief, by, at, person=person.pk)
    announce(
        NAMED, centre=relief.centre, to=[person.pk], at=at, urgent=True, link=MY_DESK, desk=relief.desk.code
    )  # fmt: skip
    return relief


def _relieves_elsewhere(person, relief):
    rows = DeskRelief.objects.open(relief.centre_id).filter(incoming=person, assumed_at=None).exclude(pk=relief.pk)
    return rows.values_list("desk__code", flat=True).first()
