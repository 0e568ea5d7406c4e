"""Reading a staff list: from the bytes of a file to entries and problems. Nothing here asks or changes the database."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from openpyxl import load_workbook

from callcentre import words
from callcentre.packages import check_package
from callcentre.refusals import Refused, texts
from people.models import Role, employee_number_format

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 30

texts(
    {
        "import_too_big": _("The file is larger than %(megabytes)s MB. Split the list into several files."),
        "import_too_many_rows": _("The list has more than %(rows)s rows. Split it into several files."),
        "import_not_a_table": _("This is neither an Excel file (.xlsx) nor CSV. Save the list as one of these."),
        "import_old_excel": _("This is the old Excel format. Save the list as .xlsx and choose that file."),
        "import_unreadable": _("The file is damaged or its text cannot be read. Save it again as .xlsx."),
        "import_empty": _("The file has no row below the names of the columns."),
        "import_missing_column": _(
            "There is no column “%(column)s”. The first row must name the columns as the template does."
        ),
        "import_doubled_column": _("Two columns are called “%(column)s”. Remove one of them."),
        "import_formula": _("This is a formula or begins like one (= + - @). Write the plain text instead."),
        "import_unprintable": _("There are characters here that cannot be printed. Type the text again."),
        "import_required": _("This is empty. Fill it in."),
        "import_too_long": _("This is longer than %(most)s characters. Shorten it."),
        "import_bad_number": _("An employee number is 3 to 12 digits or Latin letters. Correct it."),
        "import_number_twice": _("Row %(first)s has the same employee number. Keep one of the two rows."),
        "import_unknown_role": _("There is no such role. Use one of: %(roles)s."),
        "import_bad_phone": _("A telephone number is 5 to 19 digits. Correct it or leave it empty."),
        "import_bad_email": _("This is no e-mail address. Correct it or leave it empty."),
        "import_unknown_language": _("Write 中文 or English, or leave it empty."),
    }
)

NUMBER, NAME, DEPARTMENT, TEAM, ROLE, PHONE, LANGUAGE, EMAIL = (
    "number",
    "name",
    "department",
    "team",
    "role",
    "phone",
    "language",
    "email",
)
COLUMNS = {
    NUMBER: _("Employee number"),
    NAME: _("Name"),
    DEPARTMENT: _("Department"),
    TEAM: _("Team"),
    ROLE: _("Role"),
    PHONE: _("Telephone"),
    LANGUAGE: _("Language"),
    EMAIL: _("E-mail"),
}
REQUIRED = (NUMBER, NAME)
# What the first row may call them, whatever the reader's language is.
HEADINGS = {
    NUMBER: ("工号", "员工号", "员工编号", "employee number", "number", "employee no", "employee id"),
    NAME: ("姓名", "名字", "name", "full name"),
    DEPARTMENT: ("部门", "department"),
    TEAM: ("班组", "组别", "team"),
    ROLE: ("角色", "岗位", "role", "roles"),
    PHONE: ("电话", "手机", "手机号", "联系电话", "phone", "telephone", "mobile"),
    LANGUAGE: ("语言", "界面语言", "language"),
    EMAIL: ("邮箱", "电子邮件", "电子邮箱", "e-mail", "email", "mail"),
}
HEADINGS_EN = ("Employee number", "Name", "Department", "Team", "Role", "Telephone", "Language", "E-mail")
LONGEST = {NUMBER: 12, NAME: 50, DEPARTMENT: 100, TEAM: 100, ROLE: 200, PHONE: 20, LANGUAGE: 20, EMAIL: 200}
ROLE_WORDS = {
    Role.AGENT: ("业务代表", "坐席", "agent"),
    Role.LEADER: ("班长", "shift leader", "leader"),
    Role.INSPECTOR: ("质检员", "quality inspector", "inspector"),
    Role.DIRECTOR: ("客服部主任", "部门主任", "department director", "director"),
    Role.CENTRE_DIRECTOR: ("中心主任", "centre director", "center director", "centre_director"),
    Role.SECURITY: ("保卫部", "security office", "security"),
    Role.ADMINISTRATOR: ("管理员", "administrator"),
}
ROLES = {word: role for role, spoken in ROLE_WORDS.items() for word in spoken}
LANGUAGES = {
    **dict.fromkeys(("中文", "简体中文", "汉语", "chinese", "zh", "zh-hans", "zh-cn"), "zh-hans"),
    **dict.fromkeys(("英文", "英语", "english", "en"), "en"),
}
FIELDS_OF_HEADINGS = {heading: name for name, headings in HEADINGS.items() for heading in headings}
CODES = (NUMBER, ROLE, PHONE, LANGUAGE)  # folded to their half-width form; names and notes never are
FORMULA_STARTS = tuple("=+-@＝＋－＠")


@dataclass
class Entry:
    """One person of the list. Empty: the list does not say."""

    row: int
    number: str = ""
    name: str = ""
    department: str = ""
    team: str = ""
    roles: tuple = ()
    phone: str = ""
    language: str = ""
    email: str = ""


@dataclass
class Problem:
    """What is wrong in which cell, and what to do about it."""

    row: int
    field: str
    value: str
    refused: Refused

    @property
    def column(self):
        return COLUMNS[self.field]


@dataclass
class Reading:
    entries: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    ignored: list = field(default_factory=list)  # columns that mean nothing here


class Formula(str):
    """The text of a cell that the spreadsheet would calculate."""


def read(data):
    """The Reading of a file's bytes. Raises Refused where it is no table of staff at all."""
    rows = (row for row in _rows(data) if any(row[1]))
    heading = next(rows, None)
    if heading is None:
        raise Refused("import_empty")
    fields, ignored = _fields(heading[1])
    reading = Reading(ignored=ignored)
    seen = {}
    for row, cells in rows:
        _read_row(reading, seen, row, {name: cells[i] if i < len(cells) else "" for i, name in fields.items()})
    if not reading.entries and not reading.problems:
        raise Refused("import_empty")
    return reading


def template_headings():
    """The first row of an empty list in the reader's language; `read` knows them in both, whatever a catalogue says."""
    return [words.pick(known[0], english) for known, english in zip(HEADINGS.values(), HEADINGS_EN, strict=True)]


def clean_text(text):
    """Without blanks at its ends, doubled blanks, and characters that nobody sees (zero-width and the like)."""
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


def clean_code(text):
    """A number or code in its half-width form: １１０１ is 1101."""
    return clean_text(unicodedata.normalize("NFKC", text))


def is_printable(text):
    """Whether no character is a control character, half of a pair, or unassigned."""
    return all(unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") for c in text)


def _rows(data):
    if len(data) > LARGEST_FILE:
        raise Refused("import_too_big", megabytes=LARGEST_FILE // 1024 // 1024)
    if data.startswith(b"PK\x03\x04"):
        numbered = enumerate(_excel_rows(data), start=1)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("import_old_excel")
    else:
        numbered = _csv_rows(data)
    for count, (row, cells) in enumerate(numbered):
        if count > MOST_ROWS:
            raise Refused("import_too_many_rows", rows=MOST_ROWS)
        yield row, cells


def _excel_rows(data):
    """Bounded by what is read, never by what the file says of its own size."""
    try:
        check_package(data, LARGEST_UNPACKED)
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for cells in sheet.iter_rows(max_col=MOST_COLUMNS):
            yield [_cell_text(cell) for cell in cells]
    except Refused:
        raise
    except Exception as error:  # a hostile package fails in as many ways as there are parsers
        raise Refused("import_unreadable") from error


def _cell_text(cell):
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Formula(str(value))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _csv_rows(data):
    if b"\x00" in data:
        raise Refused("import_not_a_table")
    lines = io.StringIO(_decoded(data), newline="")
    first = lines.readline()
    lines.seek(0)
    reader = csv.reader(lines, delimiter=max(",\t;", key=first.count), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells[:MOST_COLUMNS]
    except csv.Error as error:
        raise Refused("import_unreadable") from error


def _decoded(data):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("import_unreadable")


def _fields(headings):
    fields, ignored = {}, []
    for i, heading in enumerate(headings):
        name = FIELDS_OF_HEADINGS.get(clean_code(heading).casefold().replace("_", " "))
        if name is None:
            ignored += [clean_text(heading)[:50]] if clean_text(heading) and is_printable(heading) else []
        elif name in fields.values():
            raise Refused("import_doubled_column", column=COLUMNS[name])
        else:
            fields[i] = name
    for name in REQUIRED:
        if name not in fields.values():
            raise Refused("import_missing_column", column=COLUMNS[name])
    return fields, ignored


def _read_row(reading, seen, row, cells):
    """Add the row's entry, or each of its problems."""
    values, problems = {}, []
    for name, text in cells.items():
        try:
            values[name] = _value(name, text)
        except Refused as refused:
            problems.append(Problem(row, name, shown(text), refused))
    number = values.get(NUMBER)
    if number and number in seen:
        problems.append(Problem(row, NUMBER, number, Refused("import_number_twice", first=seen[number])))
    elif number:
        seen[number] = row
    reading.problems += problems
    if not problems:
        reading.entries.append(Entry(row, roles=values.pop(ROLE, ()), **values))


def shown(text):
    """The text as a page may show it: its beginning, without what cannot be printed."""
    return "".join(c if is_printable(c) else "\N{REPLACEMENT CHARACTER}" for c in text)[:60]


def _value(name, text):
    if isinstance(text, Formula):
        raise Refused("import_formula")
    text = clean_code(text) if name in CODES else clean_text(text)
    if not is_printable(text):
        raise Refused("import_unprintable")
    if not text:
        if name in REQUIRED:
            raise Refused("import_required")
        return () if name == ROLE else ""
    if name != PHONE and text.startswith(FORMULA_STARTS):
        raise Refused("import_formula")
    if len(text) > LONGEST[name]:
        raise Refused("import_too_long", most=LONGEST[name])
    return READERS.get(name, str)(text)


def _number(text):
    number = text.replace(" ", "").upper()
    if not employee_number_format.regex.search(number):
        raise Refused("import_bad_number")
    return number


def _roles(text):
    wanted = [word.strip().casefold() for word in re.split(r"[、,;/|]", text) if word.strip()]
    if not wanted or any(word not in ROLES for word in wanted):
        spoken = pgettext("list", ", ").join(str(role.label) for role in Role)
        raise Refused("import_unknown_role", roles=spoken)
    return tuple(sorted({str(ROLES[word]) for word in wanted}))


def _phone(text):
    phone = re.sub(r"[ ()\-]", "", text)
    if not re.search(r"\A\+?[0-9]{5,19}\Z", phone):
        raise Refused("import_bad_phone")
    return phone


def _email(text):
    try:
        validate_email(text)
    except ValidationError as wrong:
        raise Refused("import_bad_email") from wrong
    return text


def _language(text):
    if text.casefold() not in LANGUAGES:
        raise Refused("import_unknown_language")
    return LANGUAGES[text.casefold()]


READERS = {NUMBER: _number, ROLE: _roles, PHONE: _phone, LANGUAGE: _language, EMAIL: _email}
