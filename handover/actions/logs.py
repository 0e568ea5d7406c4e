from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre.states import move
from delivery.kinds import kind
from handover import rules, sealing, sides, sources
from handover.actions.shared import drop_nothing, is_on_shift, locked, mark_once, tell
from handover.contents import Contents
from handover.models import Addendum, Log, Mark
from handover.sections import Section
from journal.actions import record
from journal.macs import keyed
from people.models import Role
from shifts import line

SUBMITTED = kind(
    "handover.submitted", _("The handover log of %(shift_on)s %(type)s is submitted. Accept it section by section.")
)
SENT_BACK = kind(
    "handover.sent_back", _("The handover log of %(shift_on)s %(type)s was sent back. Read the remark on it.")
)


@transaction.atomic
def open_log(*, shift, by, at):
    """The shift's log, opened if it is not yet there: safe to do twice and at once. by: None for the minute.

    Raises Refused: shift_not_begun, shift_keeps_no_log.
    """
    rules.may_open(shift, rotates=line.rotates(shift), at=at)
    log, created = Log.objects.get_or_create(
        shift=shift, defaults={"centre": shift.centre, "starts_at": shift.starts_at, "opened_at": at}
    )
    if created:
        record("handover.opened", log, by=by, at=at, clause="handover.6", shift=shift.pk)
    return log


@transaction.atomic
def mark_nothing(*, log, section, by, at):
    """无: a named person says that there is nothing to report. Safe to do twice.

    Raises Refused: log_not_open, not_on_this_shift, section_has_entries.
    """
    log, section = locked(log, by), Section(section)
    rules.may_write(log, on_shift=is_on_shift(log, by))
    rules.may_mark_nothing(Contents(log).section(section))
    if mark_once(log, section, Mark.Kind.NOTHING, by, at):
        record("handover.nothing_marked", log, by=by, at=at, clause=section.clause, section=section.value)


@transaction.atomic
def unmark_nothing(*, log, section, by, at):
    """Raises Refused: log_not_open, not_on_this_shift."""
    log = locked(log, by)
    rules.may_write(log, on_shift=is_on_shift(log, by))
    drop_nothing(log, Section(section), by, at)


@transaction.atomic
def submit(*, log, by, at):
    """The outgoing leader's signature; the incoming one is told.

    Raises Refused: wrong_state, nobody_to_sign, not_outgoing_leader, section_silent, items_unanswered.
    """
    log = locked(log, by)
    contents = Contents(log)
    rules.may_submit(log, by, outgoing=sides.outgoing(log), contents=contents)
    for filled in contents.sections:
        if filled.pulled_in and filled.nothing:
            drop_nothing(log, filled.section, by, at)
    move(log, Log.Status.SUBMITTED, submitted_by=by, submitted_at=at, pulled_in=sources.facts(log))
    record("handover.submitted", log, by=by, at=at, clause="duty.7")
    tell(SUBMITTED, log, to=[sides.incoming(log).person], at=at)
    return log


@transaction.atomic
def send_back(*, log, remark, by, at):
    """Open again, with what is missing; who submitted it is told. What was accepted so far is to be accepted again.

    Raises Refused: wrong_state, accepted_by_submitter, nobody_to_sign, not_incoming_leader, remark_missing.
    """
    log = locked(log, by)
    rules.may_send_back(log, by, incoming=sides.incoming(log), remark=remark)
    submitter = log.submitted_by
    log.marks.filter(kind=Mark.Kind.ACCEPTED).delete()
    move(
        log,
        Log.Status.OPEN,
        submitted_by=None,
        submitted_at=None,
        pulled_in=[],
        sent_back_by=by,
        sent_back_at=at,
        remark=remark.strip(),
    )
    record("handover.sent_back", log, by=by, at=at, clause="duty.7")
    tell(SENT_BACK, log, to=[submitter], at=at, urgent=True)
    return log


@transaction.atomic
def accept_section(*, log, section, by, at):
    """Raises Refused: wrong_state, accepted_by_submitter, nobody_to_sign, not_incoming_leader."""
    log, section = locked(log, by), Section(section)
    rules.may_receive(log, by, incoming=sides.incoming(log))
    if mark_once(log, section, Mark.Kind.ACCEPTED, by, at):
        record("handover.section_accepted", log, by=by, at=at, clause=section.clause, section=section.value)


@transaction.atomic
def unaccept_section(*, log, section, by, at):
    """Raises Refused: as accept_section."""
    log, section = locked(log, by), Section(section)
    rules.may_receive(log, by, incoming=sides.incoming(log))
    if log.marks.filter(section=section, kind=Mark.Kind.ACCEPTED).delete()[0]:
        record("handover.section_unaccepted", log, by=by, at=at, clause=section.clause, section=section.value)


@transaction.atomic
def accept(*, log, by, at):
    """The incoming leader's signature and, in the same step, the seal.

    Raises Refused: wrong_state, accepted_by_submitter, nobody_to_sign, not_incoming_leader, sections_not_accepted.
    """
    log = locked(log, by)
    rules.may_accept(log, by, incoming=sides.incoming(log), contents=Contents(log))
    snapshot = sealing.snapshot(log, accepted_by=by.pk, accepted_at=at)
    digest = keyed(snapshot)
    move(log, Log.Status.ACCEPTED, accepted_by=by, accepted_at=at, snapshot=snapshot, digest=digest)
    record("handover.accepted", log, by=by, at=at, clause="duty.7", digest=digest)
    return log


@transaction.atomic
def add_addendum(*, log, text, by, at):
    """Raises Refused: log_not_accepted, not_part_of_handover."""
    log = locked(log, by)
    directs = by.has_role(Role.DIRECTOR, Role.CENTRE_DIRECTOR)
    rules.may_add(log, by, on_shift=is_on_shift(log, by), directs=directs)
    addendum = Addendum.objects.create(log=log, text=text, author=by, at=at)
    record("handover.addendum_added", log, by=by, at=at, clause="handover.6", addendum=addendum.pk)
    return addendum
