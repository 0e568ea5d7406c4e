"""The verbs of requests and reports. Each reads the case again under a lock: rules judge what is, not what was shown.

Messages carry a number, and a category where it is not confidential; never a word of what was written.
"""

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from escalations import rules
from escalations.models import Case, Category, Instruction, Level, Party, Remark
from journal.actions import record
from journal.verbs import verbs
from rulebook import parameters
from shifts import line

Status = Case.Status
Step = Remark.Step

verbs(
    {
        "escalation.drafted": _("kept a draft"),
        "escalation.submitted": _("submitted it"),
        "escalation.level_empty": _("passed an empty level"),
        "escalation.acknowledged": _("acknowledged it"),
        "escalation.instructed": _("gave an instruction"),
        "escalation.returned": _("returned it for more"),
        "escalation.resubmitted": _("added what was missing"),
        "escalation.passed_up": _("passed it up"),
        "escalation.risen": _("passed it up, for no answer came in time"),
        "escalation.overdue": _("noticed that no answer came in time at the last level"),
        "escalation.withdrawn": _("withdrew it"),
        "escalation.carried_out": _("carried out the instruction"),
        "escalation.closed": _("closed it"),
    }
)

WAITS = {
    category: kind(
        f"escalation.waits.{category.value}",
        format_lazy(_("{category}: no. %(case)s waits for your answer, due %(due_at)s."), category=category.label)
        if category != Category.CONFIDENTIAL
        else _("No. %(case)s waits for your answer, due %(due_at)s."),
    )
    for category in Category
}
DUE_SOON = kind("escalation.due_soon", _("No. %(case)s still waits for your answer, due %(due_at)s."))
RISEN = kind("escalation.risen", _("No. %(case)s was not answered in time and has gone to the next level."))
OVERDUE = kind("escalation.overdue", _("No. %(case)s is overdue. There is no level above you: please answer it."))
GONE_UP = kind("escalation.gone_up", _("Your no. %(case)s has gone to the next level."))
RETURNED = kind("escalation.returned", _("No. %(case)s came back to you: something is missing."))
INSTRUCTED = kind("escalation.instructed", _("There is an instruction on your no. %(case)s. Carry it out and say how."))
CARRIED_OUT = kind(
    "escalation.carried_out", _("Your instruction on no. %(case)s is carried out. Look at it and close.")
)
CLOSED = kind("escalation.closed", _("Your no. %(case)s is closed."))
WITHDRAWN = kind("escalation.withdrawn", _("No. %(case)s has been withdrawn by its reporter."))


# --- raising


@transaction.atomic
def save_draft(*, by, at, form_key=None, case=None, **fields):
    """Keep a draft, new or changed. fields: kind, category, urgent (None: as the category proposes), what_happened,
    happened_at, proposed_handling. A form sent twice makes one draft. Refused: case_is_somebody_elses, wrong_state."""
    if fields.get("urgent") is None:
        fields["urgent"] = Category(fields["category"]).proposes_urgent
    if case is None:
        case, created = Case.objects.get_or_create(
            reporter=by, form_key=form_key, defaults={"centre": by.centre, "created_at": at, **fields}
        )
        if not created:
            return case
        Party.objects.create(case=case, person=by)
    else:
        _lock(case)
        rules.may_draft(case, by)
        for name, value in fields.items():
            setattr(case, name, value)
        case.save(update_fields=list(fields))
    _record("drafted", case, by=by, at=at)
    return case


@transaction.atomic
def raise_case(*, by, at, form_key=None, case=None, **fields):
    """Draft and submit in one step; a form sent twice raises one case. Refused: as save_draft, submit."""
    case = save_draft(by=by, at=at, form_key=form_key, case=case, **fields)
    if case.status == Status.DRAFT:
        submit(case=case, by=by, at=at)
    return case


@transaction.atomic
def submit(*, case, by, at):
    """Fix the chain of levels from the roster and the line of this moment, and go to the nearest (clause escalation.6).

    Refused: as rules.may_submit, and nobody_above."""
    _lock(case)
    rules.may_submit(case, by, at)
    levels = rules.chain_from(line.line_above(by, at))
    rules.check_chain(levels)
    for level in levels:
        level.case = case
    Level.objects.bulk_create(levels)
    case.forget_chain()
    case.submitted_at = at
    _record("submitted", case, by=by, at=at, clause=case.clause)
    shift = line.shift_over(by, at)
    first = _climb(case, at=at)
    answering = {"level": first, "waits_for": first.person, "answer_due_at": first.answer_due_at}
    move(case, Status.SUBMITTED, submitted_at=at, shift=shift, **answering)
    if shift and shift.leader_id and not case.is_confidential:
        _add_party(case, shift.leader_id)
    _announce_waiting(case, at=at)


# --- the level's answers


@transaction.atomic
def acknowledge(*, case, by, at, text=None):
    """The level has seen it; the time for its answer runs on. Refused: as rules.may_acknowledge."""
    _lock(case)
    rules.may_acknowledge(case, by)
    move(case, Status.ACKNOWLEDGED)
    _change_level(case.level, acknowledged_at=at)
    _record("acknowledged", case, by=by, at=at, clause="escalation.6", level=case.level.order)


@transaction.atomic
def instruct(*, case, by, at, text):
    """Record the superior's words as given (clause escalation.7). Refused: as rules.may_instruct."""
    _lock(case)
    rules.may_instruct(case, by, text)
    instruction = Instruction.objects.create(case=case, level=case.level, text=text, by=by, at=at)
    move(case, Status.INSTRUCTED, instruction=instruction, waits_for=case.reporter, answer_due_at=None)
    _record("instructed", case, by=by, at=at, clause="escalation.7", instruction=instruction.pk)
    _tell(case, INSTRUCTED, case.reporter, at=at)


@transaction.atomic
def return_for_more(*, case, by, at, text):
    """Ask the reporter for what is missing; the clock of the answer stops. Refused: as rules.may_return."""
    _lock(case)
    rules.may_return(case, by, text)
    move(case, Status.RETURNED, waits_for=case.reporter, answer_due_at=None)
    _remark(Step.RETURNED, "returned", case, by=by, at=at, text=text)
    _tell(case, RETURNED, case.reporter, at=at)


@transaction.atomic
def resubmit(*, case, by, at, text):
    """Add what was missing; the level gets its whole answer time again. Refused: as rules.may_resubmit."""
    _lock(case)
    rules.may_resubmit(case, by, text)
    due_at, remind_at = _due_times(case, case.level, at)
    _change_level(case.level, answer_due_at=due_at, remind_at=remind_at, reminded_at=None, overdue_at=None)
    move(case, Status.SUBMITTED, waits_for=case.level.person, answer_due_at=due_at)
    _remark(Step.RESUBMITTED, "resubmitted", case, by=by, at=at, text=text)
    _announce_waiting(case, at=at)


@transaction.atomic
def pass_up(*, case, by, at, text):
    """To the next level that has somebody, with a reason (escalation.5 and .6). Refused: as rules.may_pass_up."""
    _lock(case)
    rules.may_pass_up(case, by, text)
    left = case.level
    _change_level(left, passed_at=at, passed_by=by, passed_reason=text)
    _record("passed_up", case, by=by, at=at, clause="escalation.6", level=left.order)
    _go_up(case, at=at)


@transaction.atomic
def close(*, case, by, at, text=""):
    """Close what is carried out, or a report that needs no instruction. Refused: as rules.may_close."""
    _lock(case)
    rules.may_close(case, by)
    move(case, Status.CLOSED, waits_for=None, answer_due_at=None, closed_at=at)
    _remark(Step.CLOSED, "closed", case, by=by, at=at, text=text)
    _tell(case, CLOSED, case.reporter, at=at)


# --- the reporter's


@transaction.atomic
def carry_out(*, case, by, at, text):
    """The instruction is carried out, with how (clause escalation.7). Refused: as rules.may_carry_out."""
    _lock(case)
    rules.may_carry_out(case, by, text)
    move(case, Status.CARRIED_OUT, waits_for=case.level.person)
    _remark(Step.CARRIED_OUT, "carried_out", case, by=by, at=at, text=text)
    if by.pk != case.level.person_id:
        _tell(case, CARRIED_OUT, case.level.person, at=at)


@transaction.atomic
def withdraw(*, case, by, at, text=""):
    """The reporter takes it back, before an instruction. Refused: as rules.may_withdraw."""
    _lock(case)
    rules.may_withdraw(case, by, text)
    was_draft = case.status == Status.DRAFT
    move(case, Status.WITHDRAWN, waits_for=None, answer_due_at=None, closed_at=at)
    _remark(Step.WITHDRAWN, "withdrawn", case, by=by, at=at, text=text)
    if not was_draft:
        _tell(case, WITHDRAWN, case.level.person, at=at)


# --- the software's


@transaction.atomic
def remind(*, case, at):
    """Tell the level, once, that its answer is due soon. Returns whether it was told."""
    _lock(case)
    level = case.level
    if not case.is_answerable or level.reminded_at or not level.remind_at <= at < case.answer_due_at:
        return False
    _change_level(level, reminded_at=at)
    _tell(case, DUE_SOON, level.person, at=at, due_at=case.answer_due_at)
    return True


@transaction.atomic
def rise(*, case, at):
    """No answer came in time: up by itself to the next level; at the last one it stays and is told once.

    Safe to run twice or at once on two machines. Returns whether anything was done."""
    _lock(case)
    left = case.level
    if not case.is_overdue(at) or left.overdue_at:
        return False
    if rules.next_level(case) is None:
        _change_level(left, overdue_at=at)
        _record("overdue", case, by=None, at=at, clause="escalation.6", level=left.order)
        _tell(case, OVERDUE, left.person, at=at)
        return True
    _change_level(left, overdue_at=at, passed_at=at)
    _record("risen", case, by=None, at=at, clause="escalation.6", level=left.order)
    _tell(case, RISEN, left.person, at=at)
    _go_up(case, at=at)
    return True


# --- between them


def _lock(case):
    """Read the row again, alone until the transaction ends, with its chain."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())
    case.forget_chain()
    if case.level_id:
        case.level = next(level for level in case.chain if level.pk == case.level_id)


def _go_up(case, *, at):
    level = _climb(case, at=at)
    move(case, Status.PASSED_UP, level=level, waits_for=level.person, answer_due_at=level.answer_due_at)
    _announce_waiting(case, at=at)
    _tell(case, GONE_UP, case.reporter, at=at)


def _climb(case, *, at):
    """Pass the empty levels above, each with its note, and reach the first that has somebody. Returns it."""
    for level in rules.levels_above(case):
        if level.person_id:
            break
        _change_level(level, reached_at=at, passed_at=at)
        _record("level_empty", case, by=None, at=at, clause="escalation.6", level=level.order, why=level.note)
    due_at, remind_at = _due_times(case, level, at)
    _change_level(level, reached_at=at, answer_due_at=due_at, remind_at=remind_at)
    _add_party(case, level.person_id)
    return level


def _due_times(case, level, at):
    on = clock.local_date(case.centre, at)
    minutes = parameters.value(case.centre, rules.minutes_parameter(case), on)
    return rules.due_times(case, level, minutes, at)


def _change_level(level, **changes):
    for name, value in changes.items():
        setattr(level, name, value)
    level.save(update_fields=list(changes))


def _add_party(case, person_id):
    Party.objects.bulk_create([Party(case=case, person_id=person_id)], ignore_conflicts=True)


def _remark(step, verb, case, *, by, at, text):
    """Write the step with what was said; nothing said leaves only the journal's row."""
    facts = {}
    if text and rules.is_said(text):
        facts["remark"] = Remark.objects.create(case=case, step=step, text=text, by=by, at=at).pk
    _record(verb, case, by=by, at=at, clause="escalation.7", **facts)


def _record(verb, case, **facts):
    """Drafts are nobody's business, and confidential cases only their parties': their rows stay on their own page."""
    record(f"escalation.{verb}", case, restricted=case.is_confidential or case.submitted_at is None, **facts)


def _announce_waiting(case, *, at):
    _tell(case, WAITS[Category(case.category)], case.level.person, at=at, due_at=case.answer_due_at)


def _tell(case, what, person, *, at, **facts):
    announce(
        what,
        centre=case.centre,
        to=[person],
        at=at,
        urgent=case.urgent,
        link=case.get_absolute_url(),
        case=case.pk,
        **facts,
    )
