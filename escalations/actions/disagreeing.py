"""Disagreement: voiced beside the instruction, answered by who gave it, and after carrying out taken further up.

Clause escalation.7: an instruction that the superior upholds is carried out first.
"""

from django.db import transaction

from callcentre.states import move
from escalations import rules
from escalations.actions.answering import give_instruction
from escalations.actions.common import (
    DISSENT,
    DISSENT_ACCEPTED,
    UPHELD,
    Status,
    Step,
    change_level,
    due_times,
    go_up,
    lock,
    note,
    remark_on,
    tell,
)
from escalations.models import Case, Dissent


@transaction.atomic
def dissent(*, case, by, at, text):
    """Voice a disagreement beside the newest instruction. It stands until answered, and may be carried out meanwhile.

    Refused: as rules.may_dissent."""
    lock(case)
    rules.may_dissent(case, by, text)
    due_at, _remind_at = due_times(case, case.level, at)
    row = Dissent.objects.create(case=case, instruction=case.instruction, text=text, by=by, at=at, answer_due_at=due_at)
    give_next_move(case, case.level.person)
    note("dissented", case, by=by, at=at, clause="escalation.7", dissent=row.pk)
    tell(case, DISSENT, case.level.person, at=at, due_at=due_at)


@transaction.atomic
def uphold(*, case, by, at, text):
    """The instruction stands, with the reason. Refused: as rules.may_uphold."""
    lock(case)
    rules.may_uphold(case, by, text)
    row = case.dissent
    move(row, Dissent.Status.UPHELD, answer=text, answered_by=by, answered_at=at)
    if case.status == Status.INSTRUCTED:
        give_next_move(case, case.reporter)
    note("upheld", case, by=by, at=at, clause="escalation.7", answer=row.pk)
    tell(case, UPHELD, case.reporter, at=at)


@transaction.atomic
def accept_dissent(*, case, by, at, text):
    """The dissent is right: text is the new instruction. Refused: as rules.may_accept_dissent."""
    lock(case)
    rules.may_accept_dissent(case, by, text)
    row = case.dissent
    move(row, Dissent.Status.ACCEPTED, answer=text, answered_by=by, answered_at=at)
    note("dissent_accepted", case, by=by, at=at, clause="escalation.7", accepted=row.pk)
    give_instruction(case, by=by, at=at, text=text)
    tell(case, DISSENT_ACCEPTED, case.reporter, at=at)


@transaction.atomic
def appeal(*, case, by, at, text):
    """Carried out and still disagreed with: to the level above. Refused: as rules.may_appeal."""
    lock(case)
    rules.may_appeal(case, by, text)
    change_level(case.level, passed_at=at, passed_by=by, passed_reason=text)
    remark_on(Step.APPEALED, "appealed", case, by=by, at=at, text=text)
    go_up(case, at=at)


def give_next_move(case, person):
    """Under the lock: whose move it is changes, the status does not."""
    Case.objects.filter(pk=case.pk).update(waits_for=person)
    case.waits_for = person
