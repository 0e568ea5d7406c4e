"""Who calls the roll, when, what a mark says, and what may still be changed."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from callcentre import words
from callcentre.refusals import Refused, texts
from people.models import Role
from rulebook.gates import gate
from shifts.models import Call, RollCall

texts(
    {
        "roll_call_not_yours": _(
            "The roll is called by the leader of this shift, who acts for them, or the department director."
        ),
        "roll_call_not_yet": _("The roll call opens at %(time)s."),
        "roll_call_over": _("This shift is over: its roll is no longer called."),
        "roll_call_closed": _("The roll call is closed. Who came later is added; for anything else reopen it first."),
        "roll_call_unmarked": _("Not marked yet: %(names)s. Mark each as here, absent or on leave."),
        "roll_call_unconfirmed": _("Tick that you have looked at everybody: closing says so."),
        "roll_call_reopens_in_its_shift": _("A roll call is reopened until its shift ends."),
        "roll_call_reason_missing": _("Say why: the reason stays on the record."),
        "remarks_changed_meanwhile": _("The remarks were changed meanwhile. They are: %(remarks)s"),
        "call_unknown": _("This person is not on the crew of this shift."),
        "call_swapped": _("This person has given the shift to somebody else."),
        "call_not_marked": _("Nothing is marked for this person yet."),
        "call_marked": _("This person is marked already. Take the mark back first."),
        "call_is_your_own": _("This is your own line. Ask the department director, or who acts for you."),
        "call_not_late": _("An excuse is for who came late or did not come."),
        "arrival_in_future": _("This time has not come yet. Enter when the person arrived."),
        "arrival_not_of_this_shift": _("Enter a time between %(from)s and %(until)s."),
        "arrival_time_needed": _("The shift is over: enter the time of arrival."),
        "words_too_long": _("At most 200 characters each. Shorten it."),
        "roll_call_item_unknown": _("This item is not on the roll call’s checklist."),
        "desk_needs_roll_call": _("%(person)s is not marked present at the closed roll call, so takes no desk yet."),
    }
)

EARLIEST = dt.timedelta(hours=3)  # before the shift, that somebody may have arrived


def minute(at):
    return at.replace(second=0, microsecond=0)


def check_calls(shift, person, holder):
    """Who calls the roll. `holder`: the person who leads or acts, or None.

    Raises Refused: "roll_call_not_yours".
    """
    directs = person.centre_id == shift.centre_id and person.has_role(Role.DIRECTOR)
    if not (directs or person.pk == shift.leader_id or person == holder):
        raise Refused("roll_call_not_yours", clause="handover.1")


def check_opens(shift, opens_at, at):
    """Raises Refused: "roll_call_not_yet", "roll_call_over"."""
    if at < opens_at:
        raise Refused("roll_call_not_yet", clause="handover.1", time=words.clock(opens_at.astimezone(shift.centre.tz)))
    if at >= shift.ends_at:
        raise Refused("roll_call_over", clause="handover.1")


def check_open(roll_call):
    """Raises Refused: "roll_call_closed"."""
    if not roll_call.is_open:
        raise Refused("roll_call_closed", clause="handover.2")


def check_arrives(roll_call, call):
    """May the person be marked as here? After closing, who was not is still added.

    Raises Refused: "call_unknown", "call_swapped", "roll_call_closed", "call_marked".
    """
    check_known(call)
    if call.is_present:
        check_open(roll_call)
        raise Refused("call_marked", clause="handover.1")


def check_known(call):
    """Raises Refused: "call_unknown", "call_swapped"."""
    if call is None:
        raise Refused("call_unknown", clause="handover.1")
    if call.outcome == Call.Outcome.SWAPPED:
        raise Refused("call_swapped", clause="handover.1")


def check_decides(call, by):
    """Nobody corrects, excuses or takes back their own. Raises Refused: "call_is_your_own"."""
    if call.person_id == by.pk:
        raise Refused("call_is_your_own", clause="handover.1")


def check_away(roll_call, call, by):
    """May the person be marked as absent or on leave?

    Raises Refused: as check_known and check_open; "call_marked", "call_is_your_own".
    """
    check_known(call)
    check_open(roll_call)
    check_decides(call, by)
    if not call.is_expected:
        raise Refused("call_marked", clause="handover.1")


def check_unmark(roll_call, call, by):
    """Raises Refused: as check_known and check_open; "call_not_marked", "call_is_your_own"."""
    check_known(call)
    check_open(roll_call)
    check_decides(call, by)
    if call.is_expected:
        raise Refused("call_not_marked", clause="handover.1")


def check_correct(roll_call, call, by, reason):
    """May another time of arrival be entered than the moment of the tap? Its reason is kept.

    Raises Refused: as check_known; "roll_call_closed" for who is marked present; "call_is_your_own",
    "roll_call_reason_missing".
    """
    check_known(call)
    check_decides(call, by)
    if call.is_present:
        check_open(roll_call)
    if not reason.strip():
        raise Refused("roll_call_reason_missing", field="reason", clause="handover.1")


def check_words(roll_call, call, by, excuse):
    """May reason, excuse and remark be written? An excuse is for who was late or absent, by somebody else.

    Raises Refused: as check_known and check_open; "call_is_your_own", "call_not_late".
    """
    check_known(call)
    check_open(roll_call)
    if excuse == call.excuse:
        return
    check_decides(call, by)
    if excuse and call.outcome not in Call.COUNTS:
        raise Refused("call_not_late", field="excuse", clause="handover.1")


def check_says_why(call, ends_at, at):
    """May the person state the reason of their own being late or absent? Until the shift ends.

    Raises Refused: as check_known; "roll_call_over".
    """
    check_known(call)
    if at >= ends_at:
        raise Refused("roll_call_over", clause="handover.1")


def check_remarks(roll_call, before):
    """`before`: the remarks from which the writer began.

    Raises Refused: "roll_call_closed", "remarks_changed_meanwhile".
    """
    check_open(roll_call)
    if roll_call.remarks != before:
        raise Refused("remarks_changed_meanwhile", field="remarks", remarks=roll_call.remarks)


@gate("handover.1", what=_("A roll call is closed only when each person of the crew is marked"))
def check_close(unmarked, confirmed):
    """`unmarked`: names of those who are not marked. `confirmed`: that everybody was looked at.

    Raises Refused: "roll_call_unmarked", "roll_call_unconfirmed". Whether it is open, the move decides.
    """
    if unmarked:
        raise Refused("roll_call_unmarked", names=words.pick("、", ", ").join(unmarked))
    if not confirmed:
        raise Refused("roll_call_unconfirmed", field="confirmed", clause="handover.2")


def check_reopen(roll_call, reason, at):
    """Raises Refused: "roll_call_reopens_in_its_shift", "roll_call_reason_missing". The move decides on its state."""
    if at >= roll_call.shift.ends_at:
        raise Refused("roll_call_reopens_in_its_shift", clause="handover.2")
    if not reason.strip():
        raise Refused("roll_call_reason_missing", field="reason", clause="handover.2")


@gate("handover.1", what=_("Who is not marked present at the closed roll call takes no desk"))
def check_takes_desk(person, present):
    """`present`: as attendance.is_present answers. Raises Refused: "desk_needs_roll_call"."""
    if not present:
        raise Refused("desk_needs_roll_call", person=person.name)


def judge(roll_call, arrived_at, *, tapped):
    """(outcome, minutes late for it) of an arrival; a minute that has begun is not late.

    tapped: the time is that of the tap. Where the software came too late to be tapped in time, it blames nobody.
    """
    if tapped and roll_call.opened_late:
        return Call.Outcome.EARLY, 0
    arrived = minute(arrived_at)
    if arrived <= roll_call.called_at:
        return Call.Outcome.EARLY, 0
    if arrived <= roll_call.starts_at:
        return Call.Outcome.LATE_FOR_ROLL_CALL, minutes_between(roll_call.called_at, arrived)
    return Call.Outcome.LATE_FOR_SHIFT, minutes_between(roll_call.starts_at, arrived)


def minutes_between(earlier, later):
    return int((later - earlier).total_seconds() // 60)


def arrival_at(shift, time, at):
    """The moment of a local time of day around the shift's start.

    Raises Refused: "arrival_in_future", "arrival_not_of_this_shift".
    """
    day = dt.timedelta(days=1)
    begins = shift.starts_at.astimezone(shift.centre.tz)
    moments = [dt.datetime.combine(begins.date() + n * day, time, tzinfo=shift.centre.tz) for n in (-1, 0, 1)]
    first = shift.starts_at - EARLIEST
    fitting = [moment for moment in moments if first <= moment < shift.ends_at]
    if not fitting:
        clock = [words.clock(moment.astimezone(shift.centre.tz)) for moment in (first, shift.ends_at)]
        raise Refused("arrival_not_of_this_shift", field="time", **dict(zip(("from", "until"), clock, strict=True)))
    moment = min(fitting, key=lambda moment: abs(moment - shift.starts_at))
    if moment > at:
        raise Refused("arrival_in_future", field="time", clause="handover.1")
    return moment.astimezone(dt.UTC)


def closes_by(roll_call):
    """When a roll call still open is overdue: the shift has begun without its entry."""
    return roll_call.starts_at + OVERDUE


OVERDUE = dt.timedelta(minutes=15)


def is_overdue(roll_call, at):
    return roll_call.status == RollCall.Status.OPEN and at >= closes_by(roll_call)
