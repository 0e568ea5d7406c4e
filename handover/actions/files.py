from django.db import transaction

from callcentre.attachments import drop, keep
from callcentre.refusals import Refused
from handover import rules
from handover.actions.shared import leads, locked
from handover.models import Entry, EntryFile
from handover.sections import Section
from journal.actions import record

MOST_FILES = 5  # of an entry


def attach(log, entry, files, by, at):
    """Checked files become the entry's. Raises Refused: upload_too_many."""
    if files and entry.files.count() + len(files) > MOST_FILES:
        raise Refused("upload_too_many", field="files", most=MOST_FILES)
    for row in keep(EntryFile, files, by=by, at=at, entry=entry):
        _record("handover.file_attached", log, row, by, at)


def _record(verb, log, file, by, at):
    section = Section(file.entry.section)
    record(verb, log, by=by, at=at, clause=section.clause, entry=file.entry_id, file=file.pk, sha256=file.sha256)


@transaction.atomic
def add_files(*, entry, files, by, at):
    """Raises Refused: log_not_open, entry_withdrawn, not_your_entry, upload_too_many."""
    log = locked(entry.log, by)
    entry = Entry.objects.get(pk=entry.pk)
    rules.may_edit(log, entry, by, leads=leads(log, by))
    attach(log, entry, files, by, at)


@transaction.atomic
def remove_file(*, file, by, at):
    """Only before the log is submitted; the journal keeps its digest. Raises Refused: as add_files."""
    log = locked(file.entry.log, by)
    entry = Entry.objects.get(pk=file.entry_id)
    rules.may_edit(log, entry, by, leads=leads(log, by))
    _record("handover.file_removed", log, file, by, at)
    drop(file)
