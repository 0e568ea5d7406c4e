"""Files for tests: pictures, PDFs and Excel files, good and bad, built as bytes."""

import io
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image

from tests.make_people import saved, with_part

SECRET = b"CANON-EOS-31.2304"
ORIENTATION, MAKER, PLACE = 0x0112, 0x010F, 0x8825


def uploaded(content, name="照片.jpg", content_type="image/jpeg"):
    return SimpleUploadedFile(name, content, content_type)


def picture(form="JPEG", *, size=(60, 40), mode="RGB", colour="teal", **options):
    made = io.BytesIO()
    Image.new(mode, size, colour).save(made, form, **options)
    return made.getvalue()


def taken_sideways():
    """A photograph of a phone held upright: 60 × 40 stored, 40 × 60 meant, with its maker and its place."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, SECRET.decode()
    exif.get_ifd(PLACE).update({1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 11.0)})
    return picture(exif=exif, comment=SECRET)


def bomb(side=20_000):
    """A PNG of a few hundred bytes that says it has 400 million pixels."""
    good = picture("PNG", mode="L", colour=0)
    header = b"IHDR" + side.to_bytes(4, "big") * 2 + good[24:29]
    return good[:12] + header + zlib.crc32(header).to_bytes(4, "big") + good[33:]


def pdf(*objects, trailer=b"", packed=None):
    """A PDF of one empty page and the objects given; `packed` go into a compressed object stream."""
    body = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", *objects]
    if packed is not None:
        stream = zlib.compress(packed)
        body.append(
            b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
            % (len(stream), stream)
        )
    made = b"%PDF-1.7\n"
    for number, each in enumerate(body, start=1):
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    return made + b"trailer\n<< /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(made))


def xlsx(*rows):
    book = Workbook()
    for row in rows or [("工号", "姓名"), ("1101", "李娜")]:
        book.active.append(row)
    return saved(book)


def xlsx_with(name, content=b"<x/>"):
    return with_part(xlsx(), name, content)
