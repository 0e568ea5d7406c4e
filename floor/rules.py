"""May somebody leave their post now, for how long, and who says so?"""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from callcentre import words
from callcentre.refusals import Refused, texts
from callcentre.states import check_move
from floor.models import LONGEST, LeaveOfPost
from people.models import Role
from rulebook.gates import gate

texts(
    {
        "post_not_on_shift": _("You are not on a shift that is on the floor now."),
        "post_open_already": _("You have asked already. Finish or withdraw that one first."),
        "post_minutes_out_of_range": _("Ask for 1 to %(most)s minutes. Who is away longer has their desk taken over."),
        "post_longer_says_why": _("The limit is %(limit)s minutes. For longer say why: the leader decides by it."),
        "post_other_says_which": _("Say in a few words what it is."),
        "post_is_your_own": _("Nobody lets themselves out. Ask the department director, or who acts for you."),
        "post_not_yours_to_decide": _(
            "The leader of this shift decides, who acts for them, or the department director."
        ),
        "post_full": _("%(names)s may be out already; the limit is %(most)s at once. Let one more out with a reason."),
        "post_lapsed": _("This lapsed at %(time)s. It has to be asked again."),
        "post_not_yours": _("Only who asked, or the leader of this shift, does this."),
        "post_desk_untidy": _("Before you go: %(items)s."),
        "post_more_asked_already": _("More time is asked for already. The leader answers."),
        "post_more_too_late": _("You were due back at %(time)s. Come back; more time is asked for before that."),
        "post_no_more_asked": _("No more time is asked for."),
    }
)

Status = LeaveOfPost.Status
ANSWER_WITHIN = dt.timedelta(minutes=15)  # what nobody has answered by then is asked again
GO_WITHIN = dt.timedelta(minutes=15)  # after the approval: a place outside is not kept for later
REMIND_BEFORE = dt.timedelta(minutes=3)
LATE_AFTER = dt.timedelta(minutes=1)  # the minute that has begun is not late
SEEN_WITHIN = dt.timedelta(minutes=4)  # a tick later than this says that the system was down
RETURN_WITHIN = dt.timedelta(minutes=3)  # after a refusal of more time that came late
DIRECTORS = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)


def check_ask(shift, standing):
    """shift: on the floor, with the person on it, or None; standing: their leave of the post that is open, or None.

    Raises Refused: "post_not_on_shift", "post_open_already".
    """
    if shift is None:
        raise Refused("post_not_on_shift", clause="duty.5")
    if standing is not None:
        raise Refused("post_open_already", clause="duty.5")


@gate("standard.7", what=_("More time than the limit is asked with a reason, and the leader decides"))
def check_length(minutes, limit, reason, said):
    """Raises Refused: "post_minutes_out_of_range", "post_longer_says_why", "post_other_says_which"."""
    if not 1 <= minutes <= LONGEST:
        raise Refused("post_minutes_out_of_range", field="minutes", most=LONGEST)
    if minutes > limit and not said:
        raise Refused("post_longer_says_why", field="words", limit=limit)
    if reason == LeaveOfPost.Reason.OTHER and not said:
        raise Refused("post_other_says_which", field="words", clause="duty.5")


def check_waits(leave, to, at):
    """Raises Refused: "wrong_state", "post_lapsed"."""
    check_move(leave, to)
    if leave.expires_at <= at:
        time = words.clock(leave.expires_at.astimezone(leave.centre.tz))
        raise Refused("post_lapsed", clause="duty.5", time=time)


def check_decides(leave, by, *, holder, powers):
    """holder: who leads the shift or acts for its leader, or None; powers: the roles by which `by` decides.

    Raises Refused: "post_is_your_own", "post_not_yours_to_decide".
    """
    if by.pk == leave.person_id:
        raise Refused("post_is_your_own", clause="floor.8")
    leads = by.pk == leave.shift.leader_id or by == holder
    if not (leads or powers.intersection(DIRECTORS)):
        raise Refused("post_not_yours_to_decide", clause="floor.8")


@gate("floor.8", "duty.5", what=_("No more than so many of a shift are out at once, unless its leader says why"))
def check_approve(leave, by, *, names, most, override, at, holder, powers):
    """names: of those of the shift who are out or may go; most: how many may be at once.

    Raises Refused: as check_waits and check_decides; "post_full".
    """
    check_waits(leave, Status.APPROVED, at)
    check_decides(leave, by, holder=holder, powers=powers)
    if len(names) >= most and not override:
        raise Refused("post_full", field="override", names=words.pick("、", ", ").join(names), most=most)


def check_refuse(leave, by, *, at, holder, powers):
    """An approval that has not been used is taken back in the same way.

    Raises Refused: as check_waits and check_decides.
    """
    check_waits(leave, Status.REFUSED, at)
    check_decides(leave, by, holder=holder, powers=powers)


def check_withdraw(leave, by):
    """Raises Refused: "wrong_state", "post_not_yours"."""
    check_move(leave, Status.WITHDRAWN)
    if by.pk != leave.person_id:
        raise Refused("post_not_yours", clause="duty.5")


def check_taps(leave, by, *, holder, powers):
    """Out and back are the person's own taps, or their leader's for them. Raises Refused: "post_not_yours"."""
    if by.pk == leave.person_id:
        return
    try:
        check_decides(leave, by, holder=holder, powers=powers)
    except Refused as refused:
        raise Refused("post_not_yours", clause="duty.5") from refused


@gate("duty.5", "floor.8", what=_("Nobody goes out before the leader has approved it"))
def check_go_out(leave, by, *, unticked, at, holder, powers):
    """unticked: items of the leaving checklist that are not ticked; who is unwell need not stop for them.

    Raises Refused: as check_waits and check_taps; "post_desk_untidy".
    """
    check_waits(leave, Status.OUT, at)
    check_taps(leave, by, holder=holder, powers=powers)
    if unticked and leave.reason != LeaveOfPost.Reason.UNWELL:
        items = words.pick("；", "; ").join(item.text for item in unticked)
        raise Refused("post_desk_untidy", clause=unticked[0].clauses[0] if unticked[0].clauses else None, items=items)


def check_come_back(leave, by, *, holder, powers):
    """Raises Refused: "wrong_state", "post_not_yours"."""
    check_move(leave, Status.BACK)
    check_taps(leave, by, holder=holder, powers=powers)


@gate("standard.7", what=_("More time is asked for before the time is up"))
def check_ask_more(leave, by, minutes, at):
    """Raises Refused: "wrong_state", "post_not_yours", "post_more_asked_already", "post_more_too_late",
    "post_minutes_out_of_range"."""
    check_out(leave)
    if by.pk != leave.person_id:
        raise Refused("post_not_yours")
    if leave.wants_minutes:
        raise Refused("post_more_asked_already")
    if leave.due_back_at < at:
        raise Refused("post_more_too_late", time=words.clock(leave.due_back_at.astimezone(leave.centre.tz)))
    most = LONGEST - leave.allowed_minutes
    if not 1 <= minutes <= most:
        raise Refused("post_minutes_out_of_range", field="minutes", most=most)


def check_out(leave):
    """Raises Refused: "wrong_state"."""
    if not leave.is_out:
        raise Refused("wrong_state", state=leave.get_status_display())


def check_decide_more(leave, by, *, holder, powers):
    """Raises Refused: "wrong_state", "post_no_more_asked"; as check_decides."""
    check_out(leave)
    check_decides(leave, by, holder=holder, powers=powers)
    if not leave.wants_minutes:
        raise Refused("post_no_more_asked", clause="standard.7")


def answered_by(shift, at, within):
    """When what begins at the moment lapses: never after the shift."""
    return min(at + within, shift.ends_at)


def blames(leave, at):
    """Whether being overdue is to be noticed: only where the system was there before the limit, to remind, and right
    after it. Of a time when it was down nobody could tell it anything."""
    reminded = leave.reminded_at is not None and leave.reminded_at <= leave.due_back_at
    return reminded and at - leave.due_back_at <= SEEN_WITHIN
