"""Attaching files to a draft and taking them off again. The journal keeps their digests."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre.attachments import drop, keep
from callcentre.refusals import Refused
from journal.actions import record
from journal.verbs import verbs
from notices import rules
from notices.actions.notices import locked
from notices.models import NoticeFile

verbs(
    {
        "notice.file_attached": _("attached a file"),
        "notice.file_removed": _("took a file off"),
    }
)


@transaction.atomic
def add_files(*, notice, files, by, at):
    """files: Checked ones. Raises Refused: rules.check_edit, "upload_too_many"."""
    notice = locked(notice)
    rules.check_edit(notice, by)
    if notice.files.count() + len(files) > settings.UPLOAD_MOST:
        raise Refused("upload_too_many", field="files", most=settings.UPLOAD_MOST)
    for row in keep(NoticeFile, files, by=by, at=at, notice=notice):
        record("notice.file_attached", notice, by=by, at=at, file=row.pk, sha256=row.sha256)


@transaction.atomic
def remove_file(*, file, by, at):
    """Raises Refused: rules.check_edit."""
    notice = locked(file.notice)
    rules.check_edit(notice, by)
    record("notice.file_removed", notice, by=by, at=at, file=file.pk, sha256=file.sha256)
    drop(file)
