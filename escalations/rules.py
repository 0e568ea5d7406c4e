"""Who may take which step of a case, and when. Pure: a case comes with its level and its chain.

`text` is what the person wrote for the step; None asks only whether the step is open, as a page does for its buttons.
"""

import datetime as dt
import unicodedata

from django.utils.translation import gettext_lazy as _

from callcentre import words
from callcentre.refusals import Refused, texts
from callcentre.states import check_move
from escalations.models import Case, Category, FollowUp, Kind, Level, LevelKind
from escalations.permissions import OVERSEE
from rulebook.gates import gate

Status = Case.Status

texts(
    {
        "case_is_somebody_elses": _("Only the one who raised it can do this: %(name)s."),
        "case_is_at_another_level": _("It is with another level now: %(level)s. It climbs one level at a time."),
        "what_happened_missing": _("Write what happened."),
        "proposed_handling_missing": _("Write how you propose to handle it. A request carries a proposed handling."),
        "case_has_not_happened_yet": _("The time is in the future. Give the time when it happened."),
        "nobody_above": _("Nobody holds a level above you now. Ask the administrator to enter the line, then submit."),
        "no_level_above": _("There is no level above this one. Give an instruction or return it for more."),
        "passing_reason_missing": _("Write why you pass it up."),
        "difficult_caller_is_the_leaders": _(
            "The shift leader resolves a difficult caller. Write why it must go further up."
        ),
        "instruction_missing": _("Write the instruction."),
        "question_missing": _("Write what is missing."),
        "addition_missing": _("Write what was asked for."),
        "carrying_out_unsaid": _("Write how the instruction was carried out."),
        "withdrawal_reason_missing": _("Write why you withdraw it."),
        "request_needs_instruction": _(
            "A request is answered with an instruction first. Only a report closes without one."
        ),
        "skipping_needs_urgency": _("Only an urgent case skips a level. Mark it urgent, or leave it to the nearest."),
        "skip_reason_missing": _("Write why it cannot wait for the level between."),
        "skipped_to_nobody": _("Nobody above you holds this level now: %(level)s. Choose another."),
        "follow_up_owed": _("First make the follow-up report that is owed to %(names)s, who was skipped."),
        "follow_up_is_somebody_elses": _("This follow-up report is made by %(name)s, or by the level that answers."),
        "follow_up_unsaid": _("Write what happened, why it could not wait, and how it was handled."),
        "follow_up_not_to_you": _("This follow-up report is made to %(name)s."),
        "dissent_unsaid": _("Write what you disagree with and what you would do instead."),
        "dissent_raised_already": _("A dissent stands beside this instruction already."),
        "no_dissent_open": _("No dissent waits for an answer."),
        "dissent_unanswered": _("A dissent waits for an answer. Uphold the instruction or accept the dissent first."),
        "upholding_reason_missing": _("Write why the instruction stands."),
        "appeal_needs_upheld_dissent": _("Voice your dissent first. Only what the superior upholds goes further up."),
        "appeal_after_carrying_out": _("Carry the instruction out first. Then it may go further up."),
        "appeal_reason_missing": _("Write why it goes further up."),
        "nobody_to_appeal_to": _("There is no level above this one to take it to."),
    }
)


def is_said(text):
    """Whether a text has anything to read: blanks and invisible characters alone say nothing."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)


def check_said(text, code, **citing):
    if text is not None and not is_said(text):
        raise Refused(code, field="text", **citing)


def check_reporter(case, person):
    if case.reporter_id != person.pk:
        raise Refused("case_is_somebody_elses", name=case.reporter.name)


def check_level(case, person):
    if case.level is None or case.level.person_id != person.pk:
        level = case.level.get_kind_display() if case.level else case.get_status_display()
        raise Refused("case_is_at_another_level", level=level)


def oversees(case, person):
    """Directors oversee what others have raised in their centre."""
    return person.centre_id == case.centre_id and person.pk != case.reporter_id and person.has_perm(OVERSEE)


# --- the chain

# urgent or not -> the parameter that says how long each level may take
MINUTES = {False: "answer_due_minutes", True: "answer_due_minutes_urgent"}


def chain_from(line):
    """Unsaved levels from the line above somebody; a level held by somebody lower in the chain counts as empty."""
    levels, seen = [], set()
    for order, place in enumerate(line, start=1):
        level = Level(order=order, kind=place.kind, person=place.person, acting_for=place.acting_for)
        if place.person is None:
            level.note = place.why
        elif place.person.pk in seen:
            level.person, level.acting_for, level.note = None, None, Level.Note.SAME_PERSON
        else:
            seen.add(place.person.pk)
        levels.append(level)
    return levels


def levels_above(case):
    return [level for level in case.chain if case.level is None or level.order > case.level.order]


def next_level(case):
    """The next level above with somebody in it, or None."""
    return next((level for level in levels_above(case) if level.person_id), None)


def due_times(case, level, minutes, at):
    """(answer due, reminder) for a level reached at `at`; minutes: the parameter's list, leader first."""
    return share_of(at, dt.timedelta(minutes=minutes_of(level.kind, minutes)))


def minutes_of(kind, minutes):
    """How long a level of the kind may take; minutes: the parameter's list, leader first."""
    return minutes[min(LevelKind(kind).place, len(minutes) - 1)]


def share_of(at, allowed):
    """(due, reminder): the reminder comes when two thirds of the time are gone."""
    return at + allowed, at + allowed * 2 / 3


def minutes_parameter(case):
    return MINUTES[case.urgent]


@gate("escalation.6", what=_("only an urgent case skips a level, and it says why"))
def check_skip(case, levels):
    """Refused: skipping_needs_urgency, skip_reason_missing, skipped_to_nobody."""
    if not case.goes_to:
        return
    if not case.urgent:
        raise Refused("skipping_needs_urgency", field="goes_to")
    if not is_said(case.skip_reason):
        raise Refused("skip_reason_missing", field="skip_reason")
    if not any(level.kind == case.goes_to and level.person for level in levels):
        raise Refused("skipped_to_nobody", field="goes_to", level=LevelKind(case.goes_to).label)


# --- the steps


def may_draft(case, person):
    """A draft is its reporter's alone and is open until submitted. Refused: case_is_somebody_elses, wrong_state."""
    check_reporter(case, person)
    _check_status(case, Status.DRAFT)


@gate("escalation.7", what=_("a request or report without a proposed handling is refused"))
def may_submit(case, person, at=None):
    """Refused: case_is_somebody_elses, wrong_state, what_happened_missing, proposed_handling_missing,
    case_has_not_happened_yet."""
    may_draft(case, person)
    if not is_said(case.what_happened):
        raise Refused("what_happened_missing", field="what_happened")
    if not is_said(case.proposed_handling):
        raise Refused("proposed_handling_missing", field="proposed_handling")
    if at and case.happened_at > at:
        raise Refused("case_has_not_happened_yet", field="happened_at")


@gate("escalation.6", what=_("a request or report goes to the nearest level above its reporter that has somebody"))
def check_chain(levels):
    """Refused: nobody_above."""
    if not any(level.person for level in levels):
        raise Refused("nobody_above")


@gate("escalation.6", what=_("only the level that a case has reached answers it"))
def may_acknowledge(case, person, text=None):
    """Refused: case_is_at_another_level, wrong_state."""
    check_level(case, person)
    check_move(case, Status.ACKNOWLEDGED)


@gate("escalation.6", what=_("only the level that a case has reached instructs"))
def may_instruct(case, person, text=None):
    """What is instructed is instructed anew only by accepting a dissent.

    Refused: case_is_at_another_level, wrong_state, instruction_missing (clause escalation.7)."""
    check_level(case, person)
    check_move(case, Status.INSTRUCTED)
    if case.status == Status.INSTRUCTED:
        raise Refused("wrong_state", state=case.get_status_display())
    check_said(text, "instruction_missing", clause="escalation.7")


@gate("escalation.6", what=_("only the level that a case has reached returns it for more"))
def may_return(case, person, text=None):
    """Refused: case_is_at_another_level, wrong_state, question_missing."""
    check_level(case, person)
    check_move(case, Status.RETURNED)
    check_said(text, "question_missing")


def may_resubmit(case, person, text=None):
    """Refused: case_is_somebody_elses, wrong_state, addition_missing."""
    check_reporter(case, person)
    _check_status(case, Status.RETURNED)
    check_said(text, "addition_missing")


@gate("escalation.6", what=_("passing up goes to the next level and needs a reason"))
def may_pass_up(case, person, text=None):
    """Refused: case_is_at_another_level, wrong_state, no_level_above, passing_reason_missing, or for a difficult caller
    difficult_caller_is_the_leaders."""
    check_level(case, person)
    if not case.is_answerable:
        raise Refused("wrong_state", state=case.get_status_display())
    if next_level(case) is None:
        raise Refused("no_level_above")
    check_difficult_caller(case, text)
    check_said(text, "passing_reason_missing")


@gate("escalation.5", what=_("passing a difficult caller beyond the shift leader needs a reason"))
def check_difficult_caller(case, text):
    if case.category == Category.DIFFICULT_CALLER and case.level.kind == LevelKind.LEADER:
        check_said(text, "difficult_caller_is_the_leaders")


def may_withdraw(case, person, text=None):
    """A draft needs no reason.

    Refused: case_is_somebody_elses, wrong_state, withdrawal_reason_missing, follow_up_owed."""
    check_reporter(case, person)
    check_move(case, Status.WITHDRAWN)
    if case.status != Status.DRAFT:
        check_no_debt(case)
        check_said(text, "withdrawal_reason_missing")


@gate("escalation.7", what=_("an instruction is marked carried out only with how it was done"))
def may_carry_out(case, person, text=None):
    """The reporter, or the one who instructed: a shift leader may resolve it in person.

    Refused: case_is_somebody_elses, wrong_state, carrying_out_unsaid."""
    if case.level is None or case.level.person_id != person.pk:
        check_reporter(case, person)
    check_move(case, Status.CARRIED_OUT)
    check_said(text, "carrying_out_unsaid")


@gate("escalation.7", what=_("a request is closed only after its instruction is carried out"))
def may_close(case, person, text=None):
    """The level closes; what is carried out, a director who oversees the centre may close too.

    A request that came up by appeal has its instruction: the level above may close it as it stands.
    Refused: case_is_at_another_level, wrong_state, request_needs_instruction, dissent_unanswered, follow_up_owed."""
    if case.status != Status.CARRIED_OUT or not oversees(case, person):
        check_level(case, person)
    check_move(case, Status.CLOSED)
    if case.kind == Kind.REQUEST and case.instruction_id is None:
        raise Refused("request_needs_instruction")
    if case.dissent and case.dissent.is_raised:
        raise Refused("dissent_unanswered")
    check_no_debt(case)


@gate("escalation.6", what=_("a case does not end while a skipped superior is owed a follow-up report"))
def check_no_debt(case):
    """Refused: follow_up_owed."""
    if case.debts:
        raise Refused("follow_up_owed", names=words.pick("、", ", ").join(debt.person.name for debt in case.debts))


# --- what follows an emergency


def may_follow_up(follow_up, person, text=None):
    """Who owes it reports; the level that answers may, too.

    Refused: follow_up_is_somebody_elses, wrong_state, follow_up_unsaid."""
    case = follow_up.case
    answers = case.level is not None and case.level.person_id == person.pk
    if follow_up.owed_by_id != person.pk and not answers:
        raise Refused("follow_up_is_somebody_elses", clause="escalation.6", name=follow_up.owed_by.name)
    check_move(follow_up, FollowUp.Status.REPORTED)
    check_said(text, "follow_up_unsaid", clause="escalation.6")


def may_acknowledge_follow_up(follow_up, person, text=None):
    """Refused: follow_up_not_to_you, wrong_state."""
    if follow_up.person_id != person.pk or follow_up.reported_by_id == person.pk:
        raise Refused("follow_up_not_to_you", clause="escalation.6", name=follow_up.person.name)
    check_move(follow_up, FollowUp.Status.ACKNOWLEDGED)


# --- disagreement


@gate("escalation.7", what=_("a dissent stands beside the instruction that it is about"))
def may_dissent(case, person, text=None):
    """Refused: case_is_somebody_elses, wrong_state, dissent_raised_already, dissent_unsaid."""
    check_reporter(case, person)
    _check_status(case, Status.INSTRUCTED)
    if case.dissent:
        raise Refused("dissent_raised_already")
    check_said(text, "dissent_unsaid")


@gate("escalation.7", what=_("only the superior who is asked answers a dissent"))
def may_answer_dissent(case, person):
    """Refused: case_is_at_another_level, no_dissent_open."""
    check_level(case, person)
    if case.status not in (Status.INSTRUCTED, Status.CARRIED_OUT) or not (case.dissent and case.dissent.is_raised):
        raise Refused("no_dissent_open")


def may_uphold(case, person, text=None):
    """Refused: as may_answer_dissent, upholding_reason_missing."""
    may_answer_dissent(case, person)
    check_said(text, "upholding_reason_missing", clause="escalation.7")


def may_accept_dissent(case, person, text=None):
    """text: the new instruction. Refused: as may_answer_dissent, instruction_missing."""
    may_answer_dissent(case, person)
    check_said(text, "instruction_missing", clause="escalation.7")


@gate("escalation.7", what=_("an appeal opens when the instruction is upheld and carried out"))
def may_appeal(case, person, text=None):
    """Refused: case_is_somebody_elses, wrong_state, appeal_needs_upheld_dissent, appeal_after_carrying_out,
    nobody_to_appeal_to, appeal_reason_missing."""
    check_reporter(case, person)
    if case.status not in (Status.INSTRUCTED, Status.CARRIED_OUT):
        raise Refused("wrong_state", state=case.get_status_display())
    if not (case.dissent and case.dissent.is_upheld):
        raise Refused("appeal_needs_upheld_dissent")
    if case.status != Status.CARRIED_OUT:
        raise Refused("appeal_after_carrying_out")
    if next_level(case) is None:
        raise Refused("nobody_to_appeal_to")
    check_said(text, "appeal_reason_missing")


def _check_status(case, status):
    if case.status != status:
        raise Refused("wrong_state", state=case.get_status_display())
