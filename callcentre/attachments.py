"""What is attached to a record: files that were checked, kept under random names, served to whom the app lets see them.

An app subclasses Attachment with its own foreign key and `get_absolute_url`, fetches a row by `visible`, and serves it.
"""

import os
import secrets
import weakref
from pathlib import Path

from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.http import FileResponse, Http404
from django.utils.cache import get_conditional_response
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from callcentre import uploads
from callcentre.refusals import Refused
from callcentre.uploads import CONTENT_TYPES, Kind

# Whatever slips through the checks runs no script, sends no form and knows no cookie of ours.
ALLOWED = gettext_lazy("Pictures, PDF or Excel (.xlsx); at most {most} files of {megabytes} MB each.")
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def random_name(row, _name):
    """app/3f/3f….jpg: nothing of the name that somebody gave it reaches the disk."""
    token = secrets.token_hex(16)
    return f"{row._meta.app_label}/{token[:2]}/{token}.{Kind(row.kind).suffix}"


def preview_name(row, _name):
    return f"{row.file.name.rpartition('.')[0]}.preview.webp"


class Attachment(models.Model):
    """Written by `keep`, removed by `drop`. A subclass's Meta inherits from this one's, for the constraint."""

    file = models.FileField(pgettext_lazy("attachment", "file"), upload_to=random_name)
    preview = models.FileField(upload_to=preview_name, blank=True, editable=False)
    name = models.CharField(gettext_lazy("file name"), max_length=uploads.LONGEST_NAME)
    kind = models.CharField(gettext_lazy("kind of file"), max_length=8, choices=Kind.choices)
    size = models.PositiveIntegerField(gettext_lazy("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=gettext_lazy("attached by")
    )
    at = models.DateTimeField(gettext_lazy("attached at"))

    class Meta:
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size__gt=0) & ~models.Q(sha256=""),
                name="%(app_label)s_%(class)s_has_size_and_digest",
                violation_error_message=gettext_lazy("An attached file has its size and its digest."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_picture(self):
        return Kind(self.kind).is_picture


class Unsettled:
    """Files of a transaction that is still open. When it is rolled back, Django forgets its hooks, this among them."""

    def __init__(self, names):
        self.undo = weakref.finalize(self, discard, names)

    def __call__(self):
        self.undo.detach()


def discard(names):
    for name in names:
        default_storage.delete(name)


@transaction.atomic
def keep(model, files, *, by, at, **owner):
    """Rows of `model` for each Checked, their files on the disk before the transaction ends, and gone if it fails."""
    rows = []
    for checked in files:
        names = []
        transaction.on_commit(Unsettled(names))
        row = model(
            name=checked.name,
            kind=checked.kind,
            size=len(checked.content),
            sha256=checked.sha256,
            by=by,
            at=at,
            **owner,
        )
        row.file.name = write(random_name(row, ""), checked.content, names)
        if checked.preview:
            row.preview.name = write(preview_name(row, ""), checked.preview, names)
        rows.append(row)
    return model.objects.bulk_create(rows)


def write(name, content, names):
    """The name under which it is kept, noted before a byte is written; on the disk when this returns."""
    names.append(name)
    name = default_storage.save(name, ContentFile(content))
    with default_storage.open(name) as file:
        os.fsync(file.fileno())
    return name


@transaction.atomic
def drop(row):
    """Delete the row now, its files once that is certain."""
    names = [file.name for file in (row.file, row.preview) if file]
    row.delete()
    transaction.on_commit(lambda: discard(names))


def orphans(before):
    """Names of files older than the moment that no row has: what a crash between disk and database left behind."""
    kinds = [model for model in apps.get_models() if issubclass(model, Attachment)]
    known = {name for model in kinds for pair in model.objects.values_list("file", "preview") for name in pair}
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name not in known and path.is_file() and path.stat().st_mtime < before.timestamp():
            yield name


def serve(request, row):
    """A row that the person may see: pictures are shown, all else is saved. `?preview` is the small picture.

    Nothing is shown from the browser's store unasked: desks are shared, and what may be seen changes.
    """
    small = "preview" in request.GET and bool(row.preview)
    etag = f'"{row.sha256}{"-small" if small else ""}"'
    return get_conditional_response(request, etag=etag) or file_response(row, small, etag)


def file_response(row, small, etag):
    try:
        opened = (row.preview if small else row.file).open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    return FileResponse(
        opened,
        as_attachment=not row.is_picture,
        filename=row.name,
        content_type=CONTENT_TYPES[Kind.WEBP if small else Kind(row.kind)],
        headers={
            "Cache-Control": "private, no-cache",
            "Content-Security-Policy": SANDBOX,
            "Cross-Origin-Resource-Policy": "same-origin",
            "ETag": etag,
            "X-Content-Type-Options": "nosniff",
        },
    )


class FilesInput(forms.FileInput):
    """Several files; on a phone, the camera too. Without `capture`, which would take the album away."""

    allow_multiple_selected = True

    def __init__(self, attrs=None):
        super().__init__({"accept": uploads.ACCEPT, **(attrs or {})})

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if files else []


class FilesField(forms.FileField):
    """Cleans to a list of Checked, each refusal a sentence with the file's name."""

    widget = FilesInput

    def __init__(self, *, most=None, **options):
        self.most = most or settings.UPLOAD_MOST
        options.setdefault("label", gettext_lazy("Attachments"))
        options.setdefault(
            "help_text", format_lazy(ALLOWED, most=self.most, megabytes=settings.UPLOAD_LARGEST // 1024**2)
        )
        super().__init__(**options)

    def clean(self, data, initial=None):
        files = [file for file in data or [] if file]
        if not files:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        if len(files) > self.most:
            raise ValidationError(str(Refused("upload_too_many", most=self.most)), code="upload_too_many")
        return self.checked(files)

    def checked(self, files):
        kept, wrong = [], []
        for file in files:
            try:
                kept.append(uploads.check(file))
            except Refused as refused:
                said = {"name": uploads.shown_name(file.name), "problem": refused}
                wrong.append(ValidationError(_("“%(name)s”: %(problem)s") % said, code=refused.code))
        if wrong:
            raise ValidationError(wrong)
        return kept
