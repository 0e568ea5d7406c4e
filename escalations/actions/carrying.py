"""What the reporter does: carry out what was instructed, or take the case back."""

from django.db import transaction

from callcentre.states import move
from escalations import rules
from escalations.actions.common import CARRIED_OUT, WITHDRAWN, Status, Step, lock, remark_on, tell
from escalations.actions.files import attach


@transaction.atomic
def carry_out(*, case, by, at, text, files=()):
    """The instruction is carried out, with how, and files that show it (clause escalation.7).

    Refused: as rules.may_carry_out, upload_too_many."""
    lock(case)
    rules.may_carry_out(case, by, text)
    move(case, Status.CARRIED_OUT, waits_for=case.level.person)
    remark = remark_on(Step.CARRIED_OUT, "carried_out", case, by=by, at=at, text=text)
    attach(case, files, by=by, at=at, remark=remark)
    if by.pk != case.level.person_id:
        tell(case, CARRIED_OUT, case.level.person, at=at)


@transaction.atomic
def withdraw(*, case, by, at, text=""):
    """The reporter takes it back, before an instruction. Refused: as rules.may_withdraw."""
    lock(case)
    rules.may_withdraw(case, by, text)
    was_draft = case.status == Status.DRAFT
    move(case, Status.WITHDRAWN, waits_for=None, answer_due_at=None, closed_at=at)
    remark_on(Step.WITHDRAWN, "withdrawn", case, by=by, at=at, text=text)
    if not was_draft:
        tell(case, WITHDRAWN, case.level.person, at=at)
