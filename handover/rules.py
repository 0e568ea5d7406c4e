"""What may be done to a log, by whom and when. Pure: each rule judges what it is given, or raises Refused."""

from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused, texts
from callcentre.states import check_move
from handover.models import Log
from people.models import Role
from rulebook.gates import gate

texts(
    {
        "shift_not_begun": _("The log opens when the shift starts."),
        "shift_keeps_no_log": _("Permanent day staff relieve nobody, so their shift keeps no log."),
        "log_not_open": _("The log is %(state)s: notes are written while it is open. Tell the shift's leader."),
        "log_not_accepted": _("The log is %(state)s: something is added to it only after it was accepted."),
        "not_on_this_shift": _("Only people on this shift and its leader write in its log."),
        "not_your_entry": _("An entry is changed by its author or by the shift's leader."),
        "entry_withdrawn": _("This entry has been withdrawn. Write a new one instead."),
        "entry_changed_meanwhile": _(
            "%(person)s has changed this entry meanwhile. Compare both texts and save the one to keep."
        ),
        "entry_followed_up": _("This entry is an open item. It is solved or carried on under “Open items”."),
        "section_has_entries": _("“%(section)s” has entries, so there is something to report. Withdraw them first."),
        "not_outgoing_leader": _("The log is submitted by %(person)s, who leads this shift."),
        "not_incoming_leader": _("The log is accepted or sent back by %(person)s, who takes over."),
        "nobody_to_sign": _("The roster names nobody who may sign here. Ask a director to name a leader or a deputy."),
        "section_silent": _("Not yet answered: %(sections)s. Write something there, or mark “Nothing”."),
        "items_unanswered": _("Open items without an answer: %(count)s. Mark each as solved or carried on."),
        "accepted_by_submitter": _("Who submitted the log cannot accept it as well: it takes two people."),
        "sections_not_accepted": _("Not yet accepted: %(sections)s. Talk them through and tick them."),
        "remark_missing": _("Say what is missing, so that the other side can put it right."),
        "not_part_of_handover": _(
            "Something is added by the people of the shift, by who signed the log, or by a director."
        ),
        "owner_not_here": _("The owner is somebody of this shift or of the next."),
        "phrases_not_yours": _("Text templates are kept by shift leaders and directors."),
        "phrase_there": _("This text is there already."),
        "phrases_full": _("A section has at most %(most)s text templates. Take one away first."),
        "item_not_in_log": _("This item is solved already, or it was opened later than this log."),
    }
)


def names(sections):
    """The sections' labels in the reader's language, made when the refusal is read."""
    return _Names(sections)


class _Names:
    def __init__(self, sections):
        self.sections = list(sections)

    def __str__(self):
        return str(_("“%(names)s”")) % {"names": str(_("”, “")).join(str(section.label) for section in self.sections)}


def may_open(shift, *, rotates, at):
    """A log opens when its shift starts. Raises shift_not_begun, shift_keeps_no_log."""
    if not rotates:
        raise Refused("shift_keeps_no_log")
    if at < shift.starts_at:
        raise Refused("shift_not_begun")


def _must_be_open(log):
    if log.status != Log.Status.OPEN:
        raise Refused("log_not_open", state=log.get_status_display())


@gate("handover.6", what=_("Entries come from the people of the shift, while its log is open"))
def may_write(log, *, on_shift):
    """Writing, marking 无 and answering open items. Raises log_not_open, not_on_this_shift."""
    _must_be_open(log)
    if not on_shift:
        raise Refused("not_on_this_shift")


@gate("handover.6", what=_("An entry is changed only by its author or the shift's leader, and only before submission"))
def may_edit(log, entry, person, *, leads):
    """Raises log_not_open, entry_withdrawn, not_your_entry."""
    _must_be_open(log)
    if entry.withdrawn_at:
        raise Refused("entry_withdrawn")
    if entry.author_id != person.pk and not leads:
        raise Refused("not_your_entry")


def may_withdraw(log, entry, person, *, leads, followed):
    """As may_edit, and entry_followed_up for an entry that became an open item."""
    may_edit(log, entry, person, leads=leads)
    if followed:
        raise Refused("entry_followed_up", clause="duty.4")


def must_be_version(entry, version):
    """Whoever edits started from the text that stands. Raises entry_changed_meanwhile."""
    if entry.version != version:
        raise Refused("entry_changed_meanwhile", field="text", person=entry.last_by.name)


@gate("handover.6", "meeting.1", what=_("“Nothing” is refused for a section that has entries"))
def may_mark_nothing(contents):
    """Raises section_has_entries."""
    if contents.has_something:
        raise Refused("section_has_entries", clause=contents.section.clause, section=contents.section.label)


def _must_be_side(side, person, code):
    if side.person is None:
        raise Refused("nobody_to_sign")
    if not side.is_(person):
        raise Refused(code, person=side.person.name)


MOST_PHRASES = 12  # they stand under each box: more would hide it
KEEPERS = (Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR)


def may_keep_phrases(person):
    """Raises phrases_not_yours."""
    if not person.has_role(*KEEPERS):
        raise Refused("phrases_not_yours")


def may_add_phrase(text, others):
    """others: the texts of the same section. Raises phrase_there, phrases_full."""
    if text in others:
        raise Refused("phrase_there", field="text")
    if len(others) >= MOST_PHRASES:
        raise Refused("phrases_full", field="section", most=MOST_PHRASES)


@gate("duty.7", what=_("A log is submitted by its shift's leader"))
def may_submit(log, person, *, outgoing, contents):
    """Raises wrong_state, nobody_to_sign, not_outgoing_leader, section_silent, items_unanswered."""
    check_move(log, Log.Status.SUBMITTED)
    _must_be_side(outgoing, person, "not_outgoing_leader")
    must_answer_sections(contents.silent)
    must_answer_items(contents.unanswered)


@gate(
    "handover.6",
    "meeting.1",
    what=_("A log with a silent section is not submitted: each is filled in or marked “Nothing”"),
)
def must_answer_sections(silent):
    """Raises section_silent, by the clause of the first silent section."""
    if silent:
        raise Refused("section_silent", clause=silent[0].clause, sections=names(silent))


@gate("duty.4", what=_("A log is not submitted while an open item is neither solved nor carried on by name"))
def must_answer_items(unanswered):
    """Raises items_unanswered."""
    if unanswered:
        raise Refused("items_unanswered", count=len(unanswered))


@gate("duty.7", what=_("A log is accepted by the leader who takes over, never by who submitted it"))
def may_receive(log, person, *, incoming):
    """Ticking sections. Raises wrong_state, accepted_by_submitter, nobody_to_sign, not_incoming_leader."""
    check_move(log, Log.Status.ACCEPTED)
    if person.pk == log.submitted_by_id:
        raise Refused("accepted_by_submitter")
    _must_be_side(incoming, person, "not_incoming_leader")


@gate("meeting.1", what=_("A log is accepted section by section"))
def may_accept(log, person, *, incoming, contents):
    """As may_receive, and sections_not_accepted."""
    may_receive(log, person, incoming=incoming)
    if contents.unaccepted:
        raise Refused("sections_not_accepted", sections=names(contents.unaccepted))


def may_send_back(log, person, *, incoming, remark):
    """As may_receive, and remark_missing."""
    may_receive(log, person, incoming=incoming)
    if not remark.strip():
        raise Refused("remark_missing", field="remark")


@gate("handover.6", what=_("A sealed log is never changed: something is added beneath it"))
def may_add(log, person, *, on_shift, directs):
    """Raises log_not_accepted, not_part_of_handover."""
    if log.status != Log.Status.ACCEPTED:
        raise Refused("log_not_accepted", state=log.get_status_display())
    if not (on_shift or directs or person.pk in (log.submitted_by_id, log.accepted_by_id)):
        raise Refused("not_part_of_handover")


@gate("duty.4", what=_("An open item always has an owner, of this shift or the next"))
def must_be_owner(owner, candidates):
    """Raises owner_not_here."""
    if owner not in candidates:
        raise Refused("owner_not_here", field="owner")
