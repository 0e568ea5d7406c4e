"""The verbs of the log, by what they are about; a caller needs only `from handover import actions`.

Each locks the log first: of two people who act at once the second sees what the first did.
"""

from django.utils.translation import gettext_lazy as _

from handover.actions.entries import add_entry, edit_entry, withdraw_entry
from handover.actions.files import add_files, remove_file
from handover.actions.items import answer_item, follow_up
from handover.actions.late import raise_late, remind_late, report_late
from handover.actions.logs import (
    SUBMITTED,
    accept,
    accept_section,
    add_addendum,
    mark_nothing,
    open_log,
    send_back,
    submit,
    unaccept_section,
    unmark_nothing,
)
from handover.actions.phrases import add_phrase, change_phrase, drop_phrase
from handover.actions.shared import is_on_shift, leads
from journal.verbs import verbs

verbs(
    {
        "handover.opened": _("opened the log"),
        "handover.entry_added": _("wrote an entry"),
        "handover.entry_edited": _("edited an entry"),
        "handover.entry_withdrawn": _("withdrew an entry"),
        "handover.file_attached": _("attached a file to an entry"),
        "handover.file_removed": _("took a file off an entry"),
        "handover.mentioned": _("mentioned somebody in an entry"),
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
        "handover.late_reminded": _("reminded who is to sign the log"),
        "handover.late_reported": _("reported the log up as not accepted in time"),
        "handover.late_raised": _("reported the log to the centre director"),
        "handover.phrase_added": _("added a text template"),
        "handover.phrase_changed": _("changed a text template"),
        "handover.phrase_dropped": _("took a text template away"),
    }
)

__all__ = [
    "SUBMITTED",
    "accept",
    "accept_section",
    "add_addendum",
    "add_entry",
    "add_files",
    "add_phrase",
    "answer_item",
    "change_phrase",
    "drop_phrase",
    "edit_entry",
    "follow_up",
    "is_on_shift",
    "leads",
    "mark_nothing",
    "open_log",
    "raise_late",
    "remind_late",
    "remove_file",
    "report_late",
    "send_back",
    "submit",
    "unaccept_section",
    "unmark_nothing",
    "withdraw_entry",
]
