"""The verbs of the log. Each locks the log first: of two people who act at once the second sees what the first did."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused
from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from handover import rules, sealing, sides
from handover.contents import Contents
from handover.models import Addendum, Entry, EntryVersion, ItemAnswer, Log, Mark, OpenItem
from handover.sections import Section, file_lines
from journal.actions import record
from journal.macs import keyed
from journal.verbs import verbs
from people.models import Role
from shifts import line

verbs(
    {
        "handover.opened": _("opened the log"),
        "handover.entry_added": _("wrote an entry"),
        "handover.entry_edited": _("edited an entry"),
        "handover.entry_withdrawn": _("withdrew an entry"),
        "handover.nothing_marked": _("marked a section “Nothing”"),
        "handover.nothing_withdrawn": _("took “Nothing” back"),
        "handover.item_opened": _("opened an item to follow up"),
        "handover.item_solved": _("marked an item as solved"),
        "handover.item_carried_on": _("carried an item on"),
        "handover.submitted": _("submitted the log"),
        "handover.sent_back": _("sent the log back"),
        "handover.section_accepted": _("accepted a section"),
        "handover.section_unaccepted": _("took the acceptance of a section back"),
        "handover.accepted": _("accepted and sealed the log"),
        "handover.addendum_added": _("added to the sealed log"),
        "handover.late_reported": _("reported the log up as not accepted in time"),
    }
)

SUBMITTED = kind(
    "handover.submitted", _("The handover log of %(shift_on)s %(type)s is submitted. Accept it section by section.")
)
SENT_BACK = kind(
    "handover.sent_back", _("The handover log of %(shift_on)s %(type)s was sent back. Read the remark on it.")
)
LATE = kind("handover.late", _("The handover log of %(shift_on)s %(type)s has not been accepted in time."))
ITEM_GIVEN = kind("handover.item_given", _("An open item in the log of %(shift_on)s %(type)s is yours to follow up."))


def locked(log, by):
    """The log as it stands now, as `by` sees it; nobody else changes it before this transaction ends."""
    rows = Log.objects.with_names().with_next_shift().seen_by(by)
    return rows.select_for_update(of=("self",), no_key=True).get(pk=log.pk)


def tell(what, log, *, to, at, urgent=False):
    """One announcement about the log, to people who may be None."""
    announce(
        what,
        centre=log.centre,
        to=[person for person in to if person],
        at=at,
        urgent=urgent,
        link=reverse("handover:show_log", args=[log.pk]),
        shift_on=log.shift.on,
        type_zh=log.shift.type.name_zh,
        type_en=log.shift.type.name_en,
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
def add_entry(*, log, section, text, by, at):
    """The entries made of a text typed under a section: one for each section that its lines name.

    Raises Refused: log_not_open, not_on_this_shift.
    """
    log = locked(log, by)
    rules.may_write(log, on_shift=is_on_shift(log, by))
    return [_add(log, place, words, by, at) for place, words in file_lines(text, section)]


def _add(log, section, text, by, at):
    entry = Entry.objects.create(log=log, section=section, text=text, author=by, written_at=at)
    record("handover.entry_added", log, by=by, at=at, clause=section.clause, entry=entry.pk, section=section.value)
    _drop_nothing(log, section, by, at)
    return entry


def _drop_nothing(log, section, by, at):
    if log.marks.filter(section=section, kind=Mark.Kind.NOTHING).delete()[0]:
        record("handover.nothing_withdrawn", log, by=by, at=at, clause=section.clause, section=section.value)


@transaction.atomic
def edit_entry(*, entry, section, text, version, by, at):
    """A new text, and perhaps another section, over the version that the writer started from; the earlier one is kept.

    Raises Refused: log_not_open, entry_withdrawn, not_your_entry, entry_changed_meanwhile.
    """
    log = locked(entry.log, by)
    entry = Entry.objects.with_names().get(pk=entry.pk)
    rules.may_edit(log, entry, by, leads=leads(log, by))
    section = Section(section)
    if (entry.section, entry.text) == (section, text):
        return entry
    rules.must_be_version(entry, version)
    EntryVersion.objects.create(
        entry=entry, number=entry.version, section=entry.section, text=entry.text, by=entry.last_by, at=entry.last_at
    )
    entry.section, entry.text, entry.version = section, text, entry.version + 1
    entry.edited_by, entry.edited_at = by, at
    entry.save()
    record(
        "handover.entry_edited", log, by=by, at=at, clause=section.clause,
        entry=entry.pk, section=section.value, version=entry.version,
    )  # fmt: skip
    _drop_nothing(log, section, by, at)
    return entry


@transaction.atomic
def withdraw_entry(*, entry, by, at):
    """The entry no longer counts; its text is kept. Raises Refused: as edit_entry, and entry_followed_up."""
    log = locked(entry.log, by)
    entry = Entry.objects.get(pk=entry.pk)
    followed = OpenItem.objects.filter(entry=entry).exists()
    rules.may_withdraw(log, entry, by, leads=leads(log, by), followed=followed)
    entry.withdrawn_by, entry.withdrawn_at = by, at
    entry.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record("handover.entry_withdrawn", log, by=by, at=at, clause=Section(entry.section).clause, entry=entry.pk)
    return entry


@transaction.atomic
def mark_nothing(*, log, section, by, at):
    """无: a named person says that there is nothing to report. Safe to do twice.

    Raises Refused: log_not_open, not_on_this_shift, section_has_entries.
    """
    log, section = locked(log, by), Section(section)
    rules.may_write(log, on_shift=is_on_shift(log, by))
    rules.may_mark_nothing(Contents(log).section(section))
    if _mark(log, section, Mark.Kind.NOTHING, by, at):
        record("handover.nothing_marked", log, by=by, at=at, clause=section.clause, section=section.value)


@transaction.atomic
def unmark_nothing(*, log, section, by, at):
    """Raises Refused: log_not_open, not_on_this_shift."""
    log = locked(log, by)
    rules.may_write(log, on_shift=is_on_shift(log, by))
    _drop_nothing(log, Section(section), by, at)


def _mark(log, section, kind, by, at):
    """True where the mark is new."""
    return log.marks.get_or_create(section=section, kind=kind, defaults={"by": by, "at": at})[1]


@transaction.atomic
def submit(*, log, by, at):
    """The outgoing leader's signature; the incoming one is told.

    Raises Refused: wrong_state, nobody_to_sign, not_outgoing_leader, section_silent, items_unanswered.
    """
    log = locked(log, by)
    contents = Contents(log)
    rules.may_submit(log, by, outgoing=sides.outgoing(log), contents=contents)
    if contents.staff_facts:
        _drop_nothing(log, Section.STAFF_CHANGES, by, at)
    move(log, Log.Status.SUBMITTED, submitted_by=by, submitted_at=at, staff_changes=contents.staff_facts)
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
        staff_changes=[],
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
    if _mark(log, section, Mark.Kind.ACCEPTED, by, at):
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


@transaction.atomic
def follow_up(*, entry, owner, by, at):
    """The entry becomes an open item with an owner, who is told; until somebody solves it, it comes back in every log.

    Raises Refused: log_not_open, not_on_this_shift, entry_withdrawn, owner_not_here.
    """
    log = locked(entry.log, by)
    entry = Entry.objects.get(pk=entry.pk)
    rules.may_write(log, on_shift=is_on_shift(log, by))
    if entry.withdrawn_at:
        raise Refused("entry_withdrawn", clause="duty.4")
    rules.must_be_owner(owner, sides.owners(log))
    item, created = OpenItem.objects.get_or_create(entry=entry, defaults={"centre": log.centre, "owner": owner})
    if created:
        record("handover.item_opened", log, by=by, at=at, clause="duty.4", item=item.pk, owner=owner.pk)
    _answer(log, item, ItemAnswer.Outcome.CARRIED_ON, owner, by, at)
    return item


@transaction.atomic
def answer_item(*, log, item, outcome, by, at, owner=None):
    """This log's answer about an open item: solved, or carried on by its owner, or by another who is named and told.

    Raises Refused: log_not_open, not_on_this_shift, item_not_in_log, owner_not_here.
    """
    log = locked(log, by)
    rules.may_write(log, on_shift=is_on_shift(log, by))
    if item.pk not in {line_.item.pk for line_ in Contents(log).lines}:
        raise Refused("item_not_in_log", clause="duty.4")
    item = OpenItem.objects.select_related("owner").get(pk=item.pk)
    owner = owner or item.owner
    if owner != item.owner:
        rules.must_be_owner(owner, sides.owners(log))
    return _answer(log, item, ItemAnswer.Outcome(outcome), owner, by, at)


def _answer(log, item, outcome, owner, by, at):
    """Write the answer over this log's earlier one, and bring the item to it."""
    previous = log.answers.filter(item=item).values_list("outcome", "owner").first()
    if previous == (outcome.value, owner.pk):
        return item
    log.answers.update_or_create(item=item, defaults={"outcome": outcome, "owner": owner, "by": by, "at": at})
    status = OpenItem.Status.CLOSED if outcome == ItemAnswer.Outcome.SOLVED else OpenItem.Status.OPEN
    if item.status != status:
        move(item, status)
    told = owner != by and outcome == ItemAnswer.Outcome.CARRIED_ON and (previous is None or previous[1] != owner.pk)
    item.owner = owner
    item.save(update_fields=["owner"])
    record(f"handover.item_{outcome.value}", log, by=by, at=at, clause="duty.4", item=item.pk, owner=owner.pk)
    if told:
        tell(ITEM_GIVEN, log, to=[owner], at=at)
    return item


@transaction.atomic
def report_late(*, log, at):
    """Tell the line once that the log was not accepted in time. True where this call did it."""
    if not Log.objects.unaccepted().filter(pk=log.pk, late_told_at=None).update(late_told_at=at):
        return False
    director, above = line.director(log.centre, log.shift.on), line.centre_director(log.centre, log.shift.on)
    tell(LATE, log, to=[director or above], at=at, urgent=True)
    record("handover.late_reported", log, by=None, at=at, clause="duty.7")
    return True


def is_on_shift(log, person):
    """Whether the person leads the log's shift, is assigned to it, or acts for its leader. The log: `seen_by` them."""
    return log.is_on_it or leads(log, person)


def leads(log, person):
    """Whether the person is the shift's leader, or the one who acts for them."""
    return log.shift.leader_id == person.pk or sides.outgoing(log).is_(person)
