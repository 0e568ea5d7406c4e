"""My desk: what I must read, whom I relieve or who relieves me, and what I may do. For the thumb, between two calls.

Both sides see each other's step within seconds: the page asks what has changed, as the live floor does.
"""

import datetime as dt
from functools import cached_property

from django.db.models import OuterRef
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callcentre import clock, parts
from callcentre.access import access
from callcentre.refusals import refusal
from handover import desk_rules as rules
from handover import desks, relief_actions, relief_board, tending
from handover.models import READERS, DeskRelief, Turn
from journal.marks import mark_of
from notices.reading import required_unread
from notices.rules import check_read
from shifts.rules.roll_calls import check_takes_desk

EVERY = 3  # seconds between two polls while the other side's step is awaited
AT_REST = 10  # seconds between two polls of all the others: a change of shift has hundreds of desks
STALE = 25  # seconds after which the page says that it is out of date
AT_LATEST = dt.timedelta(minutes=5)
PARTS = ("seat", "reading")
Status = DeskRelief.Status


class MyDesk:
    """One person's desk at the moment. `faults`: the items ticked as not in order, where a remark was missing."""

    def __init__(self, person, at, faults=()):
        self.person, self.at, self.faults = person, at, frozenset(faults)

    @cached_property
    def unread(self):
        return list(required_unread(self.person, self.at))

    @cached_property
    def turn(self):
        """My turn at a desk with its relief, or None."""
        rows = Turn.objects.of_person_now(self.person).with_names().select_related("relief__outgoing")
        turn = rows.first()
        due = turn and not hasattr(turn, "relief") and turn.shift.ends_at <= self.at + desks.PREPARED_BEFORE
        if due and tending.prepare(centre=self.person.centre, at=self.at):  # the minute has not come yet
            turn = rows.first()
        return turn

    @cached_property
    def leaving(self):
        """The relief of my desk, where it is under way."""
        return getattr(self.turn, "relief", None) if self.turn else None

    @cached_property
    def taking(self):
        """The relief in which I take a desk over, or None."""
        rows = DeskRelief.objects.open(self.person.centre_id).filter(incoming=self.person, assumed_at=None)
        rows = rows.with_names().annotate(**desks.facts_of(self.person, OuterRef("next_shift")))
        return rows.order_by("waiting_since", "pk").first()

    @cached_property
    def planned(self):
        """What the roster has for me now, where I neither sit nor relieve: an assignment, with who is at its desk."""
        if self.turn or self.taking:
            return None
        return desks.own_shift(self.person, self.at)

    @cached_property
    def free_desk(self):
        """My desk by the roster, where nobody sits at it: it has nobody to relieve."""
        desk = self.planned and self.planned.desk
        return desk if desk and not self.planned.holder else None

    @cached_property
    def items(self):
        """What is looked at when I take the desk over."""
        if not self.taking or self.taking.status != Status.BRIEFED:
            return []
        return relief_actions.items(self.person.centre_id)

    # --- what a button says where it may not be pressed

    @property
    def may_brief(self):
        return refusal(rules.may_brief, self.leaving, self.person)

    @property
    def may_sign_out(self):
        return refusal(rules.may_sign_out, self.leaving, self.person)

    @property
    def may_close(self):
        """Where no shift takes over from mine, I close my desk at its end."""
        relief = self.leaving
        if self.turn is None or (relief and (relief.next_shift_id or relief.status != Status.WAITING)):
            return False
        followed = relief is None and self.turn.shift.ends_at > self.at
        return refusal(
            rules.may_close, self.turn, relief, self.person, leads=False, followed=followed, at=self.at
        ) is None  # fmt: skip

    @property
    def facts(self):
        row = self.taking or self.planned
        return desks.Taker(row.on_shift, row.present, row.seat, tuple(self.unread))

    @property
    def may_assume(self):
        return refusal(rules.may_assume, self.taking, self.person, facts=self.facts)

    @property
    def may_take(self):
        return refusal(rules.may_sit, self.person, self.facts)

    @property
    def missing(self):
        """What the roll call and the notices still refuse, said before the button is reached."""
        facts = self.facts
        found = [refusal(check_takes_desk, self.person, facts.present) if facts.on_shift else None]
        return [one for one in (*found, refusal(check_read, self.person, facts.unread)) if one]

    @property
    def every(self):
        """Seconds until the next look. Until somebody has come to the desk, nobody waits for a tap."""
        relief = self.leaving or self.taking
        return EVERY if relief and relief.status != Status.WAITING else AT_REST

    @property
    def until(self):
        """From when the clock alone changes what is shown."""
        moments = [self.at + AT_LATEST]
        if self.turn:
            ends_at = self.turn.shift.ends_at
            moments += [ends_at - desks.PREPARED_BEFORE, ends_at]
        return min(moment for moment in moments if moment > self.at)


class Screen:
    def __init__(self, request, at, mark):
        self.request, self.at, self.mark = request, at, mark
        self.desk = MyDesk(request.user, at, faults_of(request))

    @property
    def parts(self):
        token = get_token(self.request)
        context = {"desk": self.desk, "at": self.at, "csrf_token": token, "user": self.request.user}
        return [
            parts.Part.drawn(code, f"board/desk/_{code}.html", context, without=token) for code in PARTS
        ]  # fmt: skip

    @property
    def version(self):
        return parts.version(self.mark, self.desk.until)


def faults_of(request):
    return [int(said) for said in request.GET.getlist("fault")[:10] if said.isascii() and said.isdigit()]


@access(*READERS)
@require_safe
def show_my_desk(request):
    at, mark = clock.now(), mark_of(request.user.centre_id)
    screen = Screen(request, at, mark)
    context = {
        "desk": screen.desk,
        "parts": screen.parts,
        "at": at,
        "version": screen.version,
        "every": screen.desk.every,
        "stale": STALE,
        "build": parts.build(),
    }
    return parts.stamped(render(request, "board/desk.html", context), at, screen.version)


@access(*READERS)
@require_safe
def poll_my_desk(request):
    """What has changed since the version that the page shows; nothing (204) where nothing has."""
    at, mark = clock.now(), mark_of(request.user.centre_id)
    said = request.GET.get("v", "")
    if parts.is_current(said, mark, at):
        return parts.unchanged(at, said)
    screen = Screen(request, at, mark)
    if not (changed := parts.changed(request, screen.parts)):
        response = parts.unchanged(at, screen.version)
    else:
        response = render(request, "board/live/_changed.html", {"parts": changed})
        parts.stamped(response, at, screen.version)
    response["X-Live-Every"] = screen.desk.every
    return response


@access(*READERS)
@require_safe
def choose_desk(request):
    """The desks of my shift's rooms at which nobody sits."""
    desk = MyDesk(request.user, clock.now())
    found = []
    if desk.planned:
        seats = desks.planned(desk.planned.shift_id)
        rooms = desks.rooms_of(seats)
        free = relief_board.Free(request.user, desk.at).desks.exclude(pk__in=seats)
        found = [one for one in free.select_related("room") if not rooms or one.room_id in rooms]
    return render(request, "board/desk/choose.html", {"desk": desk, "found": found})
