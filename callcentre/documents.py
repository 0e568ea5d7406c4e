"""What a PDF or an Excel file may not hold: whatever runs, opens something else, or hides another file."""

import io
import re
import zipfile
import zlib

from callcentre.packages import check_package
from callcentre.refusals import Refused

LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_STREAMS = 5000
LARGEST_PART = 1024 * 1024  # of those that name the others
DICTIONARY = 4096  # bytes in which the dictionary of a stream stands
RUNNING = ("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA", "ImportData", "SubmitForm")
MACROS = ("vbaproject", "macrosheets/", "activex/", "ctrlprops/", "dialogsheets/")
WORKBOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
END_OF_PACKAGE = b"PK\x05\x06"


def spelled(*names):
    """Finds names of a PDF, each letter of which may be written as #xx."""
    letters = ("".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in name) for name in names)
    return re.compile(f"/(?:{'|'.join(letters)})(?![A-Za-z])".encode())


FORBIDDEN, ENCRYPTED, PACKED = spelled(*RUNNING), spelled("Encrypt"), spelled("ObjStm")
DEFLATED = re.compile(rb"/Filter\s*(/FlateDecode|\[\s*/FlateDecode\s*\])")


def check_pdf(data):
    """Raises Refused: "upload_damaged", "upload_encrypted", "upload_active"."""
    if not re.match(rb"%PDF-[12]\.[0-9]", data) or b"%%EOF" not in data[-1024:] or b"startxref" not in data[-2048:]:
        raise Refused("upload_damaged")
    if ENCRYPTED.search(data):
        raise Refused("upload_encrypted")
    if FORBIDDEN.search(data) or any(FORBIDDEN.search(content) for content in packed_objects(data)):
        raise Refused("upload_active")


def packed_objects(data):
    """The contents of the compressed streams in which a PDF may keep its objects."""
    unpacked = 0
    for number, found in enumerate(PACKED.finditer(data), start=1):
        content = unpack(data, found.start())
        unpacked += len(content)
        if number > MOST_STREAMS or unpacked > LARGEST_UNPACKED:
            raise Refused("upload_damaged")
        yield content


def unpack(data, place):
    """Only what every writer does: deflated once, or plain. What we cannot read nobody is to open."""
    start = data.find(b"stream", place, place + DICTIONARY)
    dictionary = data[max(0, place - DICTIONARY) : start].rpartition(b"obj")[2]
    if start < 0 or b"#" in dictionary or b"Predictor" in dictionary:
        raise Refused("upload_damaged")
    if b"Filter" not in dictionary:
        return b""  # it was searched with the rest
    if not DEFLATED.search(dictionary):
        raise Refused("upload_damaged")
    start += len(b"stream\r\n" if data.startswith(b"stream\r\n", start) else b"stream\n")
    return inflate(data[start : data.find(b"endstream", start)])


def inflate(packed):
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(packed, LARGEST_UNPACKED)
    except zlib.error as error:
        raise Refused("upload_damaged") from error
    if not inflater.eof:
        raise Refused("upload_damaged")
    return content


def check_xlsx(data):
    """Raises Refused: "upload_damaged", "upload_macros", "upload_linked"."""
    try:
        parts = check_package(data, LARGEST_UNPACKED)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            check_parts(data, parts)
            check_content(package)
    except Refused:
        raise
    except Exception as error:  # a hostile package fails in as many ways as there are parsers
        raise Refused("upload_damaged") from error


def check_parts(data, parts):
    """A plain package from the first byte to the last, its parts where a workbook has them."""
    names = [part.filename.lower() for part in parts]
    whole = data[-22:-18] == END_OF_PACKAGE and min(part.header_offset for part in parts) == 0
    tidy = len(set(names)) == len(names) and not any(name.startswith("/") or ".." in name for name in names)
    if not whole or not tidy or any(part.flag_bits & 1 for part in parts):
        raise Refused("upload_damaged")
    if any(word in name for name in names for word in MACROS):
        raise Refused("upload_macros")
    if any("externallinks/" in name or "embeddings/" in name for name in names):
        raise Refused("upload_linked")


def check_content(package):
    types = small(package, package.getinfo("[Content_Types].xml"))
    if b"macroEnabled" in types:
        raise Refused("upload_macros")
    if WORKBOOK not in types:
        raise Refused("upload_not_one_of_these")
    for part in package.infolist():
        if part.filename.lower().endswith(".rels"):
            check_relations(small(package, part))


def small(package, part):
    if part.file_size > LARGEST_PART:
        raise Refused("upload_damaged")
    return package.read(part)


def check_relations(content):
    """A link that somebody may click is plain; a picture or table that is fetched by itself is not."""
    for relation in RELATION.findall(content):
        if b"External" in relation and b"/hyperlink" not in relation:
            raise Refused("upload_linked")
