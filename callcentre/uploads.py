"""Files that people add: what they are is read from their bytes, never from their names or what the browser says."""

import dataclasses
import hashlib
import re
import unicodedata

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from callcentre.documents import check_pdf, check_xlsx
from callcentre.images import redraw
from callcentre.refusals import Refused, texts

LONGEST_NAME = 80  # 240 bytes in Chinese: file systems take 255

texts(
    {
        "upload_empty": _("This file is empty. Choose another one."),
        "upload_too_big": _("This file is larger than %(megabytes)s MB. Make it smaller, or split it."),
        "upload_too_many": _("At most %(most)s files at once. Send the others afterwards."),
        "upload_not_one_of_these": _(
            "This is neither a picture (JPEG, PNG, WebP) nor PDF nor Excel (.xlsx). Save it as one of these."
        ),
        "upload_old_excel": _(
            "This is the old Excel format, or locked by a password. Save it as .xlsx without a password."
        ),
        "upload_damaged": _(
            "This file is damaged or of an unusual kind. Save or export it again, then choose that file."
        ),
        "upload_too_many_pixels": _("This picture has more than %(megapixels)s million pixels. Make it smaller."),
        "upload_encrypted": _("This PDF is locked. Export it again without a password or restrictions."),
        "upload_active": _(
            "This PDF holds a script, a form that sends, or another file. Print it to a new PDF and choose that one."
        ),
        "upload_macros": _("This Excel file has macros or controls. Save it as .xlsx without them."),
        "upload_linked": _(
            "This Excel file takes data from another file. Turn the links into values, then choose it again."
        ),
    }
)


class Kind(models.TextChoices):
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    WEBP = "webp", "WebP"
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "Excel"

    @property
    def is_picture(self):
        return self in (Kind.JPEG, Kind.PNG, Kind.WEBP)

    @property
    def suffix(self):
        return "jpg" if self == Kind.JPEG else self.value


CONTENT_TYPES = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
    Kind.PDF: "application/pdf",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ACCEPT = ",".join([*CONTENT_TYPES.values(), ".pdf", ".xlsx"])
BEGINNINGS = (
    (Kind.JPEG, re.compile(rb"\xff\xd8\xff")),
    (Kind.PNG, re.compile(rb"\x89PNG\r\n\x1a\n")),
    (Kind.WEBP, re.compile(rb"RIFF....WEBP", re.DOTALL)),
    (Kind.PDF, re.compile(rb"%PDF-")),
    (Kind.XLSX, re.compile(rb"PK\x03\x04")),
)
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
OWN_SUFFIXES = {"jpg", "jpeg", *(kind.value for kind in Kind)}


@dataclasses.dataclass(frozen=True)
class Checked:
    """A file that may be kept: `content` and `preview` (of pictures) are as they will be stored."""

    name: str
    kind: Kind
    content: bytes
    preview: bytes = b""

    @property
    def sha256(self):
        return hashlib.sha256(self.content).hexdigest()


def check(file):
    """The Checked of an uploaded file.

    Raises Refused: "upload_empty", "upload_too_big", "upload_not_one_of_these", "upload_old_excel", "upload_damaged",
    "upload_too_many_pixels", "upload_encrypted", "upload_active", "upload_macros", "upload_linked".
    """
    data = file.read(settings.UPLOAD_LARGEST + 1)
    if not data:
        raise Refused("upload_empty")
    if len(data) > settings.UPLOAD_LARGEST:
        raise Refused("upload_too_big", megabytes=settings.UPLOAD_LARGEST // 1024 // 1024)
    kind = kind_of(data)
    name = clean_name(file.name or "", kind)
    if kind.is_picture:
        return Checked(name, kind, *redraw(data, kind.value.upper()))
    (check_pdf if kind == Kind.PDF else check_xlsx)(data)
    return Checked(name, kind, data)


def kind_of(data):
    """The Kind by the first bytes. Raises Refused("upload_not_one_of_these"), ("upload_old_excel")."""
    for kind, beginning in BEGINNINGS:
        if beginning.match(data):
            return kind
    raise Refused("upload_old_excel" if data.startswith(OLD_EXCEL) else "upload_not_one_of_these")


def shown_name(name):
    """A name without folders, without what nobody sees or what turns the writing round, and not too long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in UNSEEN)
    return " ".join(re.sub(r'[<>:"|?*]', "_", seen).split()).strip(". ")[:LONGEST_NAME]


def clean_name(name, kind):
    """The shown name, ending as the kind does: what a computer opens it with follows from what it is."""
    stem, dot, suffix = shown_name(name).rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,5}", suffix):
        stem = shown_name(name)
    while stem.rpartition(".")[2].lower() in OWN_SUFFIXES and "." in stem:
        stem = stem.rpartition(".")[0]
    end = f".{kind.suffix}"
    return (stem[: LONGEST_NAME - len(end)].strip(". ") or pgettext("file name", "file")) + end
