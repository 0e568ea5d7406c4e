"""What the level that a case has reached does with it."""

from django.db import transaction

from callcentre.states import move
from escalations import rules
from escalations.actions.common import (
    CLOSED,
    INSTRUCTED,
    RETURNED,
    Status,
    Step,
    announce_waiting,
    change_level,
    due_times,
    go_up,
    lock,
    note,
    remark_on,
    tell,
)
from escalations.actions.files import attach
from escalations.models import Instruction


@transaction.atomic
def acknowledge(*, case, by, at, text=None):
    """The level has seen it; the time for its answer runs on. Refused: as rules.may_acknowledge."""
    lock(case)
    rules.may_acknowledge(case, by)
    move(case, Status.ACKNOWLEDGED)
    change_level(case.level, acknowledged_at=at)
    note("acknowledged", case, by=by, at=at, clause="escalation.6", level=case.level.order)


@transaction.atomic
def instruct(*, case, by, at, text):
    """Record the superior's words as given (clause escalation.7). Refused: as rules.may_instruct."""
    lock(case)
    rules.may_instruct(case, by, text)
    give_instruction(case, by=by, at=at, text=text)
    tell(case, INSTRUCTED, case.reporter, at=at)


def give_instruction(case, *, by, at, text):
    instruction = Instruction.objects.create(case=case, level=case.level, text=text, by=by, at=at)
    move(case, Status.INSTRUCTED, instruction=instruction, waits_for=case.reporter, answer_due_at=None)
    note("instructed", case, by=by, at=at, clause="escalation.7", instruction=instruction.pk)


@transaction.atomic
def return_for_more(*, case, by, at, text):
    """Ask the reporter for what is missing; the clock of the answer stops. Refused: as rules.may_return."""
    lock(case)
    rules.may_return(case, by, text)
    move(case, Status.RETURNED, waits_for=case.reporter, answer_due_at=None)
    remark_on(Step.RETURNED, "returned", case, by=by, at=at, text=text)
    tell(case, RETURNED, case.reporter, at=at)


@transaction.atomic
def resubmit(*, case, by, at, text, files=()):
    """Add what was missing; the level gets its whole answer time again.

    Refused: as rules.may_resubmit, upload_too_many."""
    lock(case)
    rules.may_resubmit(case, by, text)
    due_at, remind_at = due_times(case, case.level, at)
    change_level(case.level, answer_due_at=due_at, remind_at=remind_at, reminded_at=None, overdue_at=None)
    move(case, Status.SUBMITTED, waits_for=case.level.person, answer_due_at=due_at)
    remark = remark_on(Step.RESUBMITTED, "resubmitted", case, by=by, at=at, text=text)
    attach(case, files, by=by, at=at, remark=remark)
    announce_waiting(case, at=at)


@transaction.atomic
def pass_up(*, case, by, at, text):
    """To the next level that has somebody, with a reason (escalation.5 and .6). Refused: as rules.may_pass_up."""
    lock(case)
    rules.may_pass_up(case, by, text)
    left = case.level
    change_level(left, passed_at=at, passed_by=by, passed_reason=text)
    note("passed_up", case, by=by, at=at, clause="escalation.6", level=left.order)
    go_up(case, at=at)


@transaction.atomic
def close(*, case, by, at, text=""):
    """Close what is carried out, or a report that needs no instruction. Refused: as rules.may_close."""
    lock(case)
    rules.may_close(case, by)
    move(case, Status.CLOSED, waits_for=None, answer_due_at=None, closed_at=at)
    remark_on(Step.CLOSED, "closed", case, by=by, at=at, text=text)
    tell(case, CLOSED, case.reporter, at=at)
