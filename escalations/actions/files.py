"""Attaching files to a case and, while it is a draft, taking them off again. The journal keeps their digests."""

from django.conf import settings
from django.db import transaction

from callcentre.attachments import drop, keep
from callcentre.refusals import Refused
from escalations import rules
from escalations.actions.common import lock, note
from escalations.models import CaseFile


def attach(case, files, *, by, at, remark=None):
    """Checked files become the case's, or the step's whose remark is given. Raises Refused: upload_too_many."""
    if not files:
        return
    if CaseFile.objects.filter(case=case, remark=remark).count() + len(files) > settings.UPLOAD_MOST:
        raise Refused("upload_too_many", field="files", most=settings.UPLOAD_MOST)
    for row in keep(CaseFile, files, by=by, at=at, case=case, remark=remark):
        note("file_attached", case, by=by, at=at, file=row.pk, sha256=row.sha256)


@transaction.atomic
def remove_file(*, file, by, at):
    """Only of a draft. Refused: as rules.may_draft."""
    case = file.case
    lock(case)
    rules.may_draft(case, by)
    note("file_removed", case, by=by, at=at, file=file.pk, sha256=file.sha256)
    drop(file)
