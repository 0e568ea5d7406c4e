"""Sitting down at desks and leaving them without relief, opening and closing them. The database lets one sit at one.

`turn` is an id, fetched under the lock; one that is not there or not of the actor's centre raises DoesNotExist.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused
from callcentre.states import move
from handover import desk_rules as rules
from handover import desks
from handover.models import Closure, DeskRelief, Turn
from handover.models.desks import minutes_past
from journal.actions import record
from journal.verbs import verbs

verbs(
    {
        "relief.released": _("released somebody from a desk without relief"),
        "relief.nobody_there": _("noted that nobody was at a desk"),
        "desk.taken": _("took a free desk"),
        "desk.given": _("seated somebody at a desk"),
        "desk.closed": _("closed a desk by plan"),
        "desk.opened": _("opened a closed desk"),
    }
)
Status = DeskRelief.Status


def seat(desk, person, shift, at):
    """A new turn. Of two who sit down at once the database lets one.

    Raises Refused: "desk_taken", "at_another_desk".
    """
    turn = Turn(centre_id=person.centre_id, desk=desk, person=person, shift=shift, from_at=at)
    try:
        with transaction.atomic():
            turn.save(force_insert=True)
    except IntegrityError:
        holder = desks.holder_of(desk)
        if holder:
            raise Refused("desk_taken", clause="handover.4", person=holder.name) from None
        other = Turn.objects.of_person_now(person).values_list("desk__code", flat=True).first()
        raise Refused("at_another_desk", clause="handover.4", person=person.name, desk=other) from None
    return turn


@transaction.atomic
def take_desk(*, desk, by, at):
    """An agent sits down at a free desk: their own by the roster, or another one of their shift's room.

    Raises Refused: "no_shift_now", rules.may_take, rules.may_sit, "desk_taken", "at_another_desk".
    """
    own = desks.own_shift(by, at)
    if own is None:
        raise Refused("no_shift_now", clause="handover.4")
    facts = desks.desk_facts(desk, own.shift)
    rules.may_take(desk, by, planned=facts.planned, rooms=facts.rooms, closed=facts.closed, holder=facts.holder)
    rules.may_sit(by, desks.taker(own, by, at))
    turn = seat(desk, by, own.shift, at)
    if facts.closed:
        _reopen(desk, by, at)
    record("desk.taken", turn, centre=by.centre, by=by, at=at, clause="handover.4", desk=desk.pk)
    return turn


@transaction.atomic
def give_desk(*, desk, person, by, at):
    """The leader seats somebody at a free desk, whatever the plan says of it.

    Raises Refused: "desk_leader_only", "substitute_not_agent", "person_on_no_shift", rules.must_be_vacant,
    rules.may_sit, "desk_taken", "at_another_desk".
    """
    rules.must_lead(by, desks.leaders(by.centre, at))
    rules.must_be_agent(person, by.centre_id)
    own = desks.own_shift(person, at)
    shift = own.shift if own else desks.shift_now(by.centre, at)
    if shift is None:
        raise Refused("person_on_no_shift", clause="handover.4", person=person.name)
    rules.must_be_vacant(desk, holder=desks.holder_of(desk))
    rules.may_sit(person, desks.taker(own, person, at) if own else desks.outsider(person, at))
    turn = seat(desk, person, shift, at)
    _reopen(desk, by, at)
    record("desk.given", turn, centre=by.centre, by=by, at=at, clause="handover.4", desk=desk.pk, person=person.pk)
    return turn


def held_turn(pk, by):
    """The turn with its relief or None, both held until the transaction ends."""
    reliefs = DeskRelief.objects.with_names().select_for_update(of=("self",), no_key=True).filter(turn=pk)
    relief = reliefs.first()
    turns = Turn.objects.visible_to(by).filter(until_at=None).select_related("centre", "desk", "person", "shift")
    turn = turns.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return turn, relief or reliefs.first()  # the minute may have made it while the turn was being waited for


@transaction.atomic
def release(*, turn, reason, by, at, nobody_there=False):
    """The leader lets somebody go without relief, with a reason; or notes that nobody was at the desk. It is free then.

    Who was relieved and did not sign out is signed out. Raises Refused: rules.may_release, "wrong_state".
    """
    turn, relief = held_turn(turn, by)
    rules.may_release(by, desks.leaders(turn.centre, at), reason)
    overtime = turn.overtime_minutes if turn.handed_over_at else minutes_past(turn.shift.ends_at, at)
    if relief:
        to = Status.RELEASED if turn.handed_over_at else Status.CANCELLED if nobody_there else Status.LET_GO
        move(relief, to, ended_at=at, ended_by=by, reason=reason.strip(), overtime_minutes=overtime)
    _end(turn, at, overtime)
    verb = "relief.nobody_there" if nobody_there else "relief.released"
    record(verb, relief or turn, centre=turn.centre, by=by, at=at, clause="handover.4", desk=turn.desk_id, turn=turn.pk)
    return turn


@transaction.atomic
def close_desk(*, desk, by, at):
    """Close a desk by plan; who sits there is free to go. The leader does; where no shift takes over, the agent too.

    Raises Refused: rules.may_close, "desk_closed", "wrong_state".
    """
    held_now = Turn.objects.held().filter(desk=desk).values_list("pk", flat=True).first()
    turn, relief = held_turn(held_now, by) if held_now else (None, None)
    followed = turn is not None and desks.is_followed(turn, relief)
    rules.may_close(turn, relief, by, leads=by.pk in desks.leaders(by.centre, at), followed=followed, at=at)
    if turn:
        overtime = minutes_past(turn.shift.ends_at, at)
        if relief:
            move(relief, Status.CLOSED, ended_at=at, ended_by=by, overtime_minutes=overtime)
        _end(turn, at, overtime)
    if not Closure.objects.now(by.centre).filter(desk=desk).exists():
        Closure.objects.create(centre=by.centre, desk=desk, from_at=at, by=by)
    facts = {"turn": turn.pk} if turn else {}
    record("desk.closed", desk, centre=by.centre, by=by, at=at, clause="handover.4", **facts)


@transaction.atomic
def open_desk(*, desk, by, at):
    """The leader opens a closed desk. Raises Refused: "desk_leader_only", "desk_not_closed"."""
    rules.must_lead(by, desks.leaders(by.centre, at))
    if not _reopen(desk, by, at):
        raise Refused("desk_not_closed", clause="handover.4")
    record("desk.opened", desk, centre=by.centre, by=by, at=at, clause="handover.4")


def _reopen(desk, by, at):
    return Closure.objects.now(by.centre).filter(desk=desk).update(until_at=at, opened_by=by)


def _end(turn, at, overtime):
    turn.until_at, turn.overtime_minutes = at, overtime
    turn.save(update_fields=["until_at", "overtime_minutes"])
