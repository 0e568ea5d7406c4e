"""Who may take which step of a case, and when. Pure: a case comes with its level and its chain.

`text` is what the person wrote for the step; None asks only whether the step is open, as a page does for its buttons.
"""

import datetime as dt
import unicodedata

from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused, texts
from callcentre.states import check_move
from escalations.models import Case, Category, Kind, Level, LevelKind
from people.models import Role
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
    return (
        person.centre_id == case.centre_id
        and person.pk != case.reporter_id
        and person.has_role(Role.DIRECTOR, Role.CENTRE_DIRECTOR)
    )


# --- the chain


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
    place = min(LevelKind(level.kind).place, len(minutes) - 1)
    allowed = dt.timedelta(minutes=minutes[place])
    return at + allowed, at + allowed * 2 / 3


def minutes_parameter(case):
    return "answer_due_minutes_urgent" if case.urgent else "answer_due_minutes"


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


@gate(
    "escalation.6",
    what=_("only the level that a case has reached answers it"),
    lacking=_("skipping a level in an emergency, with its follow-up report"),
)
def may_acknowledge(case, person, text=None):
    """Refused: case_is_at_another_level, wrong_state."""
    check_level(case, person)
    check_move(case, Status.ACKNOWLEDGED)


@gate("escalation.6", what=_("only the level that a case has reached instructs"))
def may_instruct(case, person, text=None):
    """Refused: case_is_at_another_level, wrong_state, instruction_missing (clause escalation.7)."""
    check_level(case, person)
    check_move(case, Status.INSTRUCTED)
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
    check_move(case, Status.PASSED_UP)
    if next_level(case) is None:
        raise Refused("no_level_above")
    check_difficult_caller(case, text)
    check_said(text, "passing_reason_missing")


@gate("escalation.5", what=_("passing a difficult caller beyond the shift leader needs a reason"))
def check_difficult_caller(case, text):
    if case.category == Category.DIFFICULT_CALLER and case.level.kind == LevelKind.LEADER:
        check_said(text, "difficult_caller_is_the_leaders")


def may_withdraw(case, person, text=None):
    """A draft needs no reason. Refused: case_is_somebody_elses, wrong_state, withdrawal_reason_missing."""
    check_reporter(case, person)
    check_move(case, Status.WITHDRAWN)
    if case.status != Status.DRAFT:
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

    Refused: case_is_at_another_level, wrong_state, request_needs_instruction."""
    if case.status != Status.CARRIED_OUT or not oversees(case, person):
        check_level(case, person)
    check_move(case, Status.CLOSED)
    if case.kind == Kind.REQUEST and case.status != Status.CARRIED_OUT:
        raise Refused("request_needs_instruction")


def _check_status(case, status):
    if case.status != status:
        raise Refused("wrong_state", state=case.get_status_display())
