"""The desks at a moment, read: who sits where, who is to take over, who decides about them."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import pgettext_lazy

from callcentre import clock
from handover.models import Closure, Turn
from handover.models.desks import minutes_past
from notices.reading import required_unread
from people.models import Person
from shifts import attendance, line
from shifts.models import LONGEST_SHIFT, Assignment, Desk, Shift

PREPARED_BEFORE = dt.timedelta(minutes=30)  # before a shift's end its reliefs are made: who comes early may relieve
TAKES_OVER_WITHIN = dt.timedelta(minutes=30)  # a shift that begins later than this after an end takes nothing over
DECIDES_AROUND = dt.timedelta(hours=1)  # before their shift and after it, leaders decide about desks too
SITS_BEFORE = dt.timedelta(hours=1)  # before a shift its people take desks


class State(models.TextChoices):
    """Of a desk, as the floor shows it."""

    OCCUPIED = "occupied", pgettext_lazy("desk", "occupied")
    WAITING = "waiting", pgettext_lazy("desk", "waiting for its relief")
    AT_DESK = "relief_at_desk", pgettext_lazy("desk", "relief at the desk")
    BRIEFED = "briefed", pgettext_lazy("desk", "briefed")
    ASSUMED = "assumed", pgettext_lazy("desk", "taken over")
    CLOSED = "closed", pgettext_lazy("desk", "closed")
    FREE = "free", pgettext_lazy("desk", "free")


class Row(NamedTuple):
    """A desk at a moment. In the states of a relief `person` is who leaves and `relief` who takes over, where known.

    `since`: of its state, None for a free desk. `overtime`: minutes that `person` has waited past their shift's end.
    """

    desk_id: int
    code: str
    room_id: int
    room: str
    state: State
    person_id: int | None = None
    person: str = ""
    relief_id: int | None = None
    relief_person_id: int | None = None
    relief_person: str = ""
    since: dt.datetime | None = None
    overtime: int = 0
    turn_id: int | None = None


def board(centre, at):
    """[Row] of every desk in use or with somebody at it, by room and code: three statements, however many desks."""
    seated = {}
    for row in _turns(centre):
        seated.setdefault(row["desk_id"], []).append(row)
    closed = dict(Closure.objects.now(centre).values_list("desk", "from_at"))
    desks = Desk.objects.filter(room__centre=centre).order_by("room_id", "code")
    return [
        _row(desk, seated.get(desk[0], ()), closed.get(desk[0]), at)
        for *desk, in_use in desks.values_list("pk", "code", "room_id", "room__name", "in_use")
        if in_use or desk[0] in seated
    ]


def _turns(centre):
    """Of the turns now; who has not signed out after a relief stands before who took over."""
    fields = {
        "desk_id": "desk_id", "turn_id": "pk", "person_id": "person_id", "person": "person__name",
        "from_at": "from_at", "ends_at": "shift__ends_at", "relief_id": "relief", "status": "relief__status",
        "relief_person_id": "relief__incoming", "relief_person": "relief__incoming__name",
        "waiting_since": "relief__waiting_since", "at_desk_at": "relief__at_desk_at",
        "briefed_at": "relief__briefed_at", "assumed_at": "relief__assumed_at",
    }  # fmt: skip
    rows = Turn.objects.now(centre).order_by("from_at", "pk").values_list(*fields.values())
    return [dict(zip(fields, row, strict=True)) for row in rows]


def _row(desk, turns, closed_at, at):
    if not turns:
        return Row(*desk, State.CLOSED, since=closed_at) if closed_at else Row(*desk, State.FREE)
    turn = turns[0]
    who = {name: turn[name] for name in ("person_id", "person", "turn_id")}
    if turn["relief_id"] is None:
        return Row(*desk, State.OCCUPIED, **who, since=turn["from_at"], overtime=minutes_past(turn["ends_at"], at))
    since = turn["assumed_at"] or turn["briefed_at"] or turn["at_desk_at"] or turn["waiting_since"]
    return Row(
        *desk,
        State(turn["status"]),
        **who,
        relief_id=turn["relief_id"],
        relief_person_id=turn["relief_person_id"],
        relief_person=turn["relief_person"] or "",
        since=since,
        overtime=minutes_past(turn["waiting_since"], turn["assumed_at"] or at),
    )


@dataclass(frozen=True)
class Taker:
    """What is asked of somebody who takes a desk, as of the shift for which they take it: whether they are on its crew
    and present at its closed roll call, the notices that they have still to read, and the code of the desk that they
    are at already, or None."""

    on_shift: bool
    present: bool
    desk: str | None
    unread: tuple = ()


def facts_of(person, shift):
    """Annotations that answer what a Taker holds; `shift` may be an OuterRef."""
    seat = Turn.objects.of_person_now(person).values("desk__code")[:1]
    return {
        "on_shift": Exists(Assignment.objects.filter(shift=shift, person=person)),
        "present": Exists(attendance.calls_present(shift, person)),
        "seat": Subquery(seat),
    }


def taker(row, person, at):
    """The Taker of a row that facts_of has annotated for the person."""
    return Taker(row.on_shift, row.present, row.seat, tuple(required_unread(person, at)))


def leaders(centre, at):
    """Ids of those who decide about desks: who leads the shift on duty, the one that ended within the hour and the one
    that begins within it, or who acts for them; where that is nobody, the department director."""
    shifts = Shift.objects.published().filter(
        centre=centre,
        starts_at__gt=at - LONGEST_SHIFT - DECIDES_AROUND,
        starts_at__lte=at + DECIDES_AROUND,
        ends_at__gt=at - DECIDES_AROUND,
    )
    shifts = list(shifts.select_related("leader", "roster__rotation"))
    shifts = [shift for shift in shifts if line.rotates(shift)] or shifts
    today = clock.local_date(centre, at)
    days = [today, *(shift.on for shift in shifts)]
    index = line.DayIndex(centre, min(days), max(days))
    found = {index.standing(shift.leader, shift.on).person for shift in shifts} - {None}
    return frozenset(person.pk for person in found or {index.director(today)} - {None})


def turns_due(centre, at):
    """The turns whose shift ends soon, or has, and whose desk nobody is to relieve yet."""
    return Turn.objects.now(centre).held().filter(relief=None, shift__ends_at__lte=at + PREPARED_BEFORE)


def following(shift):
    """The shift that takes over from this one, or None where the roster has none that begins about its end."""
    after = Shift.objects.published().after(shift)
    return after.filter(starts_at__lte=shift.ends_at + TAKES_OVER_WITHIN).first()


def planned(shift):
    """{desk id: person id} as the roster seats the shift; empty without a shift."""
    if shift is None:
        return {}
    rows = Assignment.objects.filter(shift=shift, desk__isnull=False)
    return dict(rows.values_list("desk", "person"))


def rooms_of(seats):
    """Ids of the rooms of the desks that `planned` answers."""
    return frozenset(Desk.objects.filter(pk__in=seats).values_list("room", flat=True))


def own_shift(person, at):
    """The assignment for which the person takes a desk now, or None; annotated by facts_of, and with `holder`: the name
    of who is at its desk."""
    rows = Assignment.objects.published().filter(
        person=person, starts_at__gt=at - LONGEST_SHIFT, starts_at__lte=at + SITS_BEFORE, ends_at__gt=at
    )
    holder = Turn.objects.held().filter(desk=OuterRef("desk")).values("person__name")[:1]
    rows = rows.annotate(**facts_of(person, OuterRef("shift")), holder=Subquery(holder))
    return rows.select_related("shift__type", "desk__room").order_by("starts_at").first()


def holder_of(desk):
    """Who answers for the desk now, or None."""
    return Person.objects.filter(pk__in=Turn.objects.held().filter(desk=desk).values("person")).first()


@dataclass(frozen=True)
class DeskFacts:
    """What is asked of a desk that somebody of a shift would take: see desk_rules.may_take."""

    planned: Person | None
    rooms: frozenset
    closed: bool
    holder: Person | None


def desk_facts(desk, shift):
    """DeskFacts, in three statements."""
    seats = list(Assignment.objects.filter(shift=shift, desk__isnull=False).select_related("desk", "person"))
    return DeskFacts(
        next((seat.person for seat in seats if seat.desk_id == desk.pk), None),
        frozenset(seat.desk.room_id for seat in seats),
        Closure.objects.filter(desk=desk, until_at=None).exists(),
        holder_of(desk),
    )


def shift_now(centre, at):
    """The shift with which somebody sits who is on none: the one on duty."""
    return line.shift_on_duty(centre, at)


def outsider(person, at):
    """The Taker of somebody who is on no shift now: the leader's naming stands for the roll call."""
    seat = Turn.objects.of_person_now(person).values_list("desk__code", flat=True).first()
    return Taker(on_shift=False, present=False, desk=seat, unread=tuple(required_unread(person, at)))


def is_followed(turn, relief):
    """Whether a shift takes over from the one of the turn."""
    return relief.next_shift_id is not None if relief else following(turn.shift) is not None


def left_behind(shift):
    """[(desk code, name)] of those of the shift who have not left their desk: the old shift is off when it is empty."""
    rows = Turn.objects.not_off(shift).order_by("desk__code")
    return list(rows.values_list("desk__code", "person__name"))


@dataclass(frozen=True)
class Spread:
    """How long the reliefs of a change took, in minutes, from the relief's arrival to the taking over."""

    count: int
    shortest: int
    median: int
    longest: int
    slow: int


def spread(reliefs, slow_minutes):
    """The Spread of those that were taken over, None where none was."""
    taken = sorted(relief.minutes_taken for relief in reliefs if relief.assumed_at)
    if not taken:
        return None
    slow = sum(minutes > slow_minutes for minutes in taken)
    return Spread(len(taken), taken[0], taken[len(taken) // 2], taken[-1], slow)
