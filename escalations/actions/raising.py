"""Raising a case: the draft, and its submission up the line."""

from django.db import transaction

from callcentre.states import move
from escalations import rules
from escalations.actions.common import FOLLOW_UP_OWED, Status, add_party, announce_waiting, climb, lock, note, tell
from escalations.actions.files import attach
from escalations.models import Case, Category, Level, Party
from shifts import line


@transaction.atomic
def save_draft(*, by, at, form_key=None, case=None, files=(), **fields):
    """Keep a draft, new or changed. A form sent twice makes one.

    fields: kind, category, urgent (None: as the category proposes), what_happened, happened_at, proposed_handling,
    goes_to (a level's kind; "": the nearest), skip_reason, source. files: Checked ones, added to those there are.
    Refused: case_is_somebody_elses, wrong_state, upload_too_many."""
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
        lock(case)
        rules.may_draft(case, by)
        for name, value in fields.items():
            setattr(case, name, value)
        case.save(update_fields=list(fields))
    note("drafted", case, by=by, at=at)
    attach(case, files, by=by, at=at)
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

    An urgent case may go to a level further up at once; who is skipped is owed a follow-up report.
    Refused: as rules.may_submit and rules.check_skip, and nobody_above."""
    lock(case)
    rules.may_submit(case, by, at)
    levels = rules.chain_from(line.line_above(by, at))
    rules.check_chain(levels)
    rules.check_skip(case, levels)
    for level in levels:
        level.case = case
    Level.objects.bulk_create(levels)
    case.forget_chain()
    case.submitted_at = at
    note("submitted", case, by=by, at=at, clause=case.clause)
    shift = line.shift_over(by, at)
    first = climb(case, at=at, to=case.goes_to)
    answering = {"level": first, "waits_for": first.person, "answer_due_at": first.answer_due_at}
    move(case, Status.SUBMITTED, submitted_at=at, shift=shift, **answering)
    if shift and shift.leader_id and not case.is_confidential and not case.debts:
        add_party(case, shift.leader_id)
    announce_waiting(case, at=at)
    for debt in case.debts:
        tell(case, FOLLOW_UP_OWED, case.reporter, at=at, due_at=debt.due_at)
