"""The verbs of a leave of the post. Each holds its row first; an approval holds the shift too, so that of two who let
somebody out at once the second sees the first."""

import datetime as dt
import itertools

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.refusals import Refused
from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from floor import rules
from floor.checklists import LEAVING
from floor.models import LeaveOfPost
from journal.actions import record
from journal.verbs import verbs
from rulebook import actions as rulebook
from rulebook.breaches import kinds as breach_kinds
from rulebook.models import ChecklistItem
from rulebook.parameters import value
from shifts import deciding, line
from shifts.models import Shift

verbs(
    {
        "post.asked": _("asked to leave the post"),
        "post.withdrawn": _("withdrew the request to leave the post"),
        "post.approved": _("let the person out"),
        "post.approved_over_limit": _("let one more out than the limit, with a reason"),
        "post.refused": _("did not let the person out"),
        "post.expired": _("the request to leave the post lapsed"),
        "post.out": _("left the post"),
        "post.back": _("came back to the post"),
        "post.more_asked": _("asked for more time"),
        "post.more_granted": _("granted more time"),
        "post.more_refused": _("granted no more time"),
        "post.overdue": _("the time away from the post was over"),
    }
)
breach_kinds({"out_too_long": _("Out longer than the %(minutes)s min allowed")})

ASKED = kind("post.asked", _("%(person)s asks to leave the post for %(minutes)s min."))
APPROVED = kind("post.approved", _("You may leave the post for %(minutes)s min. Go before %(before_at)s."))
REFUSED = kind("post.refused", _("Leaving the post is not approved now. Ask your leader."))
EXPIRED = kind("post.expired", _("Your request to leave the post has lapsed. Ask again if you still need to."))
REMINDER = kind("post.reminder", _("You are due back at the post at %(back_at)s."))
OVERDUE = kind("post.overdue", _("%(person)s was due back at the post at %(back_at)s."))
MORE_ASKED = kind("post.more_asked", _("%(person)s asks for %(minutes)s min more away from the post."))
MORE_GRANTED = kind("post.more_granted", _("You have %(minutes)s min more: be back at %(back_at)s."))
MORE_REFUSED = kind("post.more_refused", _("There is no more time: be back at %(back_at)s."))

Status = LeaveOfPost.Status
MINUTE = dt.timedelta(minutes=1)


def hold(leave, *also):
    """As it stands now; nobody else takes a step on it before this transaction ends. also: "shift", held with it."""
    return LeaveOfPost.objects.with_names().select_for_update(of=("self", *also), no_key=True).get(pk=leave.pk)


def standing_of(leave, by, at):
    """What the rules about deciding ask: who holds the shift's lead, and by which roles `by` decides."""
    if by.pk in (leave.person_id, leave.shift.leader_id):
        return {"holder": None, "powers": frozenset()}  # the rules need no more to know them
    powers = deciding.powers_of(by, clock.local_date(leave.centre, at))
    if powers.intersection(rules.DIRECTORS):
        return {"holder": None, "powers": powers}
    return {"holder": line.acting_leader(leave.shift).person, "powers": powers}


def decider_of(shift, person, at):
    """Who is told: the leader of the shift or who acts for them; the director where that is nobody or the person."""
    holder = line.acting_leader(shift).person
    return holder if holder and holder != person else line.director(shift.centre, clock.local_date(shift.centre, at))


def tell(what, leave, to, at, *, urgent=False, **facts):
    recipients = [to] if to else []
    link = leave.get_absolute_url()
    announce(what, centre=leave.centre, to=recipients, at=at, urgent=urgent, link=link, **facts)


def tell_leader(what, leave, at, **facts):
    tell(what, leave, decider_of(leave.shift, leave.person, at), at, urgent=True, person=leave.person.name, **facts)


def shift_of(person, at):
    """The shift on the floor that the person is on, or None."""
    shifts = Shift.objects.published().on_floor(person.centre, at).with_on_it(person)
    return line.first_on_duty(list(shifts.with_names().select_related("centre")))


def limit_of(shift):
    return value(shift.centre, "exit_limit_minutes", shift.on)


def items_of(centre):
    """What is to be done before a desk is left."""
    return list(ChecklistItem.objects.filter(checklist__centre=centre, checklist__key=LEAVING, active=True))


@transaction.atomic
def ask_leave(*, person, reason, at, minutes=None, words=""):
    """minutes: None for the limit. words: required for the reason OTHER and for longer than the limit.

    Raises Refused: rules.check_ask, rules.check_length.
    """
    shift = shift_of(person, at)
    rules.check_ask(shift, LeaveOfPost.objects.open_of(person))
    limit, words = limit_of(shift), words.strip()
    minutes = limit if minutes is None else minutes
    rules.check_length(minutes, limit, reason, words)
    leave = LeaveOfPost(
        centre=person.centre, shift=shift, person=person, reason=reason, words=words, minutes=minutes,
        limit_minutes=limit, asked_at=at, expires_at=rules.answered_by(shift, at, rules.ANSWER_WITHIN),
    )  # fmt: skip
    insert(leave)
    record("post.asked", leave, by=person, at=at, clause="duty.5", shift=shift.pk, reason=reason, minutes=minutes)
    tell_leader(ASKED, leave, at, minutes=minutes)
    return leave


def insert(leave):
    """Of two taps at once one asks."""
    try:
        with transaction.atomic():
            leave.save(force_insert=True)
    except IntegrityError as doubled:
        raise Refused("post_open_already", clause="duty.5") from doubled


@transaction.atomic
def withdraw_leave(*, leave, by, at):
    """Raises Refused: rules.check_withdraw."""
    leave = hold(leave)
    rules.check_withdraw(leave, by)
    move(leave, Status.WITHDRAWN, place=None)
    record("post.withdrawn", leave, by=by, at=at, clause="duty.5")
    return leave


@transaction.atomic
def approve_leave(*, leave, by, at, override=""):
    """The person may go, and holds one of the shift's places outside. override: why one more than the limit may.

    Raises Refused: rules.check_approve, "changed_meanwhile".
    """
    leave = hold(leave, "shift")
    taken, most = places_taken(leave.shift), value(leave.centre, "out_at_once", leave.shift.on)
    names, override = list(taken.values()), override.strip()
    sides = standing_of(leave, by, at)
    rules.check_approve(leave, by, names=names, most=most, override=override, at=at, **sides)
    over = len(names) >= most
    take_place(
        leave,
        next(number for number in itertools.count(1) if number not in taken),
        decided_by=by,
        decided_at=at,
        override=override if over else "",
        expires_at=rules.answered_by(leave.shift, at, rules.GO_WITHIN),
    )
    verb = "post.approved_over_limit" if over else "post.approved"
    record(verb, leave, by=by, at=at, clause="floor.8", out=len(names) + 1, most=most)
    tell(APPROVED, leave, leave.person, at, minutes=leave.minutes, before_at=leave.expires_at)
    return leave


def places_taken(shift):
    """{place: name of who has it}, for who holds the shift: nobody else takes one meanwhile."""
    rows = LeaveOfPost.objects.filter(shift=shift, place__isnull=False).order_by("place")
    return dict(rows.values_list("place", "person__name"))


def take_place(leave, place, **changes):
    try:
        with transaction.atomic():
            move(leave, Status.APPROVED, place=place, **changes)
    except IntegrityError as doubled:
        raise Refused("changed_meanwhile", clause="floor.8") from doubled


@transaction.atomic
def refuse_leave(*, leave, by, at, remark=""):
    """Also takes an approval back that has not been used. Raises Refused: rules.check_refuse."""
    leave = hold(leave)
    rules.check_refuse(leave, by, at=at, **standing_of(leave, by, at))
    move(leave, Status.REFUSED, place=None, decided_by=by, decided_at=at, remark=remark.strip())
    record("post.refused", leave, by=by, at=at, clause="floor.8")
    tell(REFUSED, leave, leave.person, at)
    return leave


@transaction.atomic
def go_out(*, leave, by, at, ticked=()):
    """ticked: ids of the items of the leaving checklist that are done. Raises Refused: rules.check_go_out."""
    leave = hold(leave)
    items = items_of(leave.centre_id)
    done = [item.pk for item in items if item.pk in ticked]
    unticked = [item for item in items if item.pk not in done]
    rules.check_go_out(leave, by, unticked=unticked, at=at, **standing_of(leave, by, at))
    due_back_at = at + leave.minutes * MINUTE
    move(leave, Status.OUT, out_at=at, due_back_at=due_back_at, ticked=done)
    record("post.out", leave, by=by, at=at, clause="duty.5", ticked=done)
    return leave


@transaction.atomic
def come_back(*, leave, by, at):
    """Raises Refused: rules.check_come_back."""
    leave = hold(leave)
    rules.check_come_back(leave, by, **standing_of(leave, by, at))
    move(leave, Status.BACK, back_at=at, place=None, wants_minutes=None)
    record("post.back", leave, by=by, at=at, clause="standard.7", out=leave.minutes_out, over=leave.minutes_over)
    return leave


@transaction.atomic
def ask_more(*, leave, minutes, by, at):
    """Raises Refused: rules.check_ask_more."""
    leave = hold(leave)
    rules.check_ask_more(leave, by, minutes, at)
    change(leave, wants_minutes=minutes)
    record("post.more_asked", leave, by=by, at=at, clause="standard.7", minutes=minutes)
    tell_leader(MORE_ASKED, leave, at, minutes=minutes)
    return leave


@transaction.atomic
def grant_more(*, leave, by, at):
    """The time asked for is added to the time they were due back. Raises Refused: rules.check_decide_more."""
    leave = hold(leave)
    rules.check_decide_more(leave, by, **standing_of(leave, by, at))
    minutes = leave.wants_minutes
    due_back_at = leave.due_back_at + minutes * MINUTE
    extra = leave.extra_minutes + minutes
    change(leave, wants_minutes=None, extra_minutes=extra, due_back_at=due_back_at, reminded_at=None)
    record("post.more_granted", leave, by=by, at=at, clause="standard.7", minutes=minutes)
    tell(MORE_GRANTED, leave, leave.person, at, minutes=minutes, back_at=due_back_at)
    return leave


@transaction.atomic
def refuse_more(*, leave, by, at):
    """Who asked in time and was answered late has a few minutes to come back.

    Raises Refused: rules.check_decide_more.
    """
    leave = hold(leave)
    rules.check_decide_more(leave, by, **standing_of(leave, by, at))
    due_back_at = max(leave.due_back_at, at + rules.RETURN_WITHIN)
    change(leave, wants_minutes=None, due_back_at=due_back_at, reminded_at=None)
    record("post.more_refused", leave, by=by, at=at, clause="standard.7")
    tell(MORE_REFUSED, leave, leave.person, at, urgent=True, back_at=due_back_at)
    return leave


def change(leave, **changes):
    for name, new in changes.items():
        setattr(leave, name, new)
    leave.save(update_fields=list(changes))


@transaction.atomic
def expire(*, leave, at):
    """The minute: nobody has answered, or the person has not gone.

    Raises Refused: "wrong_state", "changed_meanwhile" where it was approved in this moment.
    """
    leave = hold(leave)
    if leave.expires_at > at:
        raise Refused("changed_meanwhile")
    move(leave, Status.EXPIRED, place=None)
    record("post.expired", leave, by=None, at=at, clause="duty.5")
    tell(EXPIRED, leave, leave.person, at)


@transaction.atomic
def remind(*, leave, at):
    """The minute: once, shortly before they are due back."""
    rows = LeaveOfPost.objects.filter(pk=leave.pk).due_within(at, rules.REMIND_BEFORE)
    if rows.update(reminded_at=at):
        leave = hold(leave)
        tell(REMINDER, leave, leave.person, at, back_at=leave.due_back_at)


@transaction.atomic
def notice_overdue(*, leave, at):
    """The minute: the leader is told, once, and a breach waits for them unless the system was down."""
    rows = LeaveOfPost.objects.filter(pk=leave.pk).overdue(at - rules.LATE_AFTER)
    if not rows.update(overdue_at=at):
        return
    leave = hold(leave)
    blamed = rules.blames(leave, at)
    record("post.overdue", leave, by=None, at=at, clause="standard.7", blamed=blamed)
    tell_leader(OVERDUE, leave, at, back_at=leave.due_back_at)
    if blamed:
        leader = decider_of(leave.shift, leave.person, at)
        minutes = leave.allowed_minutes
        rulebook.notice(
            clause="standard.7", person=leave.person, kind="out_too_long", at=leave.due_back_at, about=leave,
            leader=leader, minutes=minutes,
        )  # fmt: skip
