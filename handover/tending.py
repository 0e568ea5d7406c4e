"""What the minute does for the desks: makes the reliefs, lets them follow the roster, and tells of those that wait."""

import datetime as dt
import itertools

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from handover import desks
from handover.models import DeskRelief, Turn
from journal.actions import entry, record_all
from journal.verbs import verbs
from rulebook.parameters import value
from shifts import line

verbs(
    {
        "relief.prepared": _("prepared the relief of a desk"),
        "relief.replanned": _("followed the roster with a relief"),
        "relief.signed_out_late": _("signed somebody out who forgot to"),
        "relief.wait_reported": _("told the leader of desks that wait for relief"),
    }
)
WAITING = kind("handover.desks_waiting", _("Desks that wait for their relief since %(ended_at)s: %(desks)s"))
RELIEFS = "/handover/reliefs/"
FORGOTTEN = dt.timedelta(minutes=30)  # after it was relieved, the software signs somebody out who went without
Status = DeskRelief.Status


@transaction.atomic
def prepare(*, centre, at):
    """Make the reliefs that are due. Safe to do twice and at once. Returns how many it made."""
    held = desks.turns_due(centre, at).select_for_update(of=("self",), no_key=True)
    turns = list(held.select_related("shift__roster__rotation", "desk").order_by("shift_id", "pk"))
    if not turns:
        return 0
    known = set(DeskRelief.objects.filter(turn__in=turns).values_list("turn", flat=True))
    made = []
    for shift, own in itertools.groupby(turns, key=lambda turn: turn.shift):
        if not line.rotates(shift):
            continue  # permanent day staff relieve nobody
        next_shift = desks.following(shift)
        seats = desks.planned(next_shift)
        made += [_prepared(turn, shift, next_shift, seats) for turn in own if turn.pk not in known]
    DeskRelief.objects.bulk_create(made)
    note_all("relief.prepared", made, at, centre)
    return len(made)


def _prepared(turn, shift, next_shift, seats):
    return DeskRelief(
        centre_id=turn.centre_id,
        desk=turn.desk,
        turn=turn,
        shift=shift,
        next_shift=next_shift,
        outgoing_id=turn.person_id,
        incoming_id=_other(seats.get(turn.desk_id), turn.person_id),
        waiting_since=max(shift.ends_at, turn.from_at),
    )


def _other(person, outgoing):
    """Whom the roster seats next, where that is not the same person again."""
    return person if person != outgoing else None


def note_all(verb, reliefs, at, centre):
    """What the software did to several reliefs at once."""
    rows = [
        entry(
            verb, relief, by=None, at=at, centre=centre, clause="handover.4",
            desk=relief.desk_id, incoming=relief.incoming_id,
        )
        for relief in reliefs
    ]  # fmt: skip
    if rows:
        record_all(rows)


@transaction.atomic
def follow_roster(*, centre, at):
    """Reliefs that nobody has come to yet follow swaps and changed desks, except where the leader named somebody."""
    rows = DeskRelief.objects.open(centre).filter(status=Status.WAITING, named_by=None, next_shift__isnull=False)
    waiting = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    seats = {shift: desks.planned(shift) for shift in {relief.next_shift_id for relief in waiting}}
    changed = []
    for relief in waiting:
        incoming = _other(seats[relief.next_shift_id].get(relief.desk_id), relief.outgoing_id)
        if incoming != relief.incoming_id:
            relief.incoming_id = incoming
            changed.append(relief)
    DeskRelief.objects.bulk_update(changed, ["incoming"])
    note_all("relief.replanned", changed, at, centre)


@transaction.atomic
def sign_out_forgotten(*, centre, at):
    """Who was relieved half an hour ago and went without signing out is signed out. Returns how many."""
    rows = DeskRelief.objects.open(centre).filter(status=Status.ASSUMED, assumed_at__lte=at - FORGOTTEN)
    forgotten = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for relief in forgotten:
        move(relief, Status.RELEASED, ended_at=at)
    Turn.objects.filter(pk__in=[relief.turn_id for relief in forgotten]).update(until_at=F("handed_over_at"))
    note_all("relief.signed_out_late", forgotten, at, centre)
    return len(forgotten)


@transaction.atomic
def end_unrelieved(*, centre, at):
    """Permanent day staff relieve nobody: who went without signing out is signed out. Returns how many."""
    rows = desks.turns_due(centre, at).filter(shift__ends_at__lte=at - FORGOTTEN).order_by("pk")
    turns = list(rows.select_related("shift__roster__rotation").select_for_update(of=("self",), no_key=True))
    turns = [turn for turn in turns if not line.rotates(turn.shift)]
    for turn in turns:
        Turn.objects.filter(pk=turn.pk).update(until_at=max(turn.shift.ends_at, turn.from_at))
    if turns:
        facts = {"by": None, "at": at, "centre": centre, "clause": "handover.4"}
        record_all([entry("relief.signed_out_late", turn, desk=turn.desk_id, **facts) for turn in turns])
    return len(turns)


@transaction.atomic
def report_waiting(*, centre, at):
    """Tell those who decide about desks, once, of desks that wait for longer than a slow relief lasts."""
    slow = value(centre, "slow_relief_minutes", clock.local_date(centre, at))
    rows = DeskRelief.objects.open(centre).untold(at - dt.timedelta(minutes=slow)).select_related("desk")
    late = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not late:
        return 0
    DeskRelief.objects.filter(pk__in=[relief.pk for relief in late]).update(told_at=at)
    ended_at = min(relief.waiting_since for relief in late)
    codes = ", ".join(sorted(relief.desk.code for relief in late))
    to = desks.leaders(centre, at)
    announce(WAITING, centre=centre, to=to, at=at, urgent=True, link=RELIEFS, ended_at=ended_at, desks=codes)
    note_all("relief.wait_reported", late, at, centre)
    return len(late)
