"""Reading a roster's sheet: from the bytes of a workbook to its dates and rows. Nothing here asks the database."""

import dataclasses
import datetime as dt
import io
import re
import zipfile

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import from_excel

from callcentre.packages import check_package
from callcentre.refusals import Refused, texts
from people.importing import HEADINGS, NAME, NUMBER, Formula, clean_code, clean_text, is_printable, shown
from shifts.sheets import TOTAL

LARGEST_FILE = 3 * 1024 * 1024
LARGEST_UNPACKED = 24 * 1024 * 1024
LARGEST_PART = 1024 * 1024  # of those that hold no cells: styles, names, properties
CELL, ROW = re.compile(rb"<(?:\w+:)?c[\s/>]"), re.compile(rb"<(?:\w+:)?row[\s>]")
MOST_ROWS = 3000
MOST_COLUMNS = 250
HEADING_ROWS = 20  # among which the one with the employee number and the dates is looked for
SERIALS = range(36526, 73415)  # what the format counts the days of 2000 to 2100 as

texts(
    {
        "sheet_not_excel": _("This is no Excel file (.xlsx). Save the sheet as one, then choose that file."),
        "sheet_too_big": _("The file is larger than %(megabytes)s MB. Split it by team."),
        "sheet_too_many_rows": _("The sheet has more than %(rows)s rows. Split it by team."),
        "sheet_not_a_roster": _(
            "No sheet of this file has a row with “%(number)s” and the dates. Begin with a downloaded roster."
        ),
        "sheet_several": _("Several sheets look like a roster: %(sheets)s. Keep the one to be read."),
        "sheet_merged": _("These cells are merged. Separate them and fill in each."),
        "sheet_formula": _("This is a formula. Write the plain code instead."),
        "sheet_unprintable": _("There are characters here that cannot be printed. Type the text again."),
        "sheet_day_twice": _("This date has a column already: %(first)s. Keep one of the two."),
        "sheet_without_number": _("This row has shifts and no employee number. Fill it in, or empty the row."),
    }
)


@dataclasses.dataclass(frozen=True)
class Problem:
    """What is wrong in which cell, and what to do about it."""

    address: str
    value: str
    refused: Refused

    @property
    def place(self):
        """To sort by: row, column."""
        column, row, *_end = range_boundaries(self.address)
        return row, column


@dataclasses.dataclass
class Line:
    row: int
    number: str
    name: str
    cells: dict  # {column: text}, the empty ones too


@dataclasses.dataclass
class Table:
    """`dates` {column: date}; `heading`, `number_column`, `name_column` (0 for none) say where things stand."""

    sheet: str
    heading: int
    number_column: int
    name_column: int
    dates: dict
    lines: list = dataclasses.field(default_factory=list)
    problems: list = dataclasses.field(default_factory=list)

    def add(self, row, column, code, value="", **facts):
        self.problems.append(Problem(address(row, column), shown(value), Refused(code, **facts)))


def address(row, column):
    return f"{get_column_letter(column)}{row}"


def read(data):
    """The Table of a workbook. Raises Refused where it holds no roster at all."""
    check_file(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        tables = [table for sheet in book.worksheets if (table := read_sheet(sheet, data))]
    except Refused:
        raise
    except Exception as error:  # a hostile package fails in as many ways as there are parsers
        raise Refused("import_unreadable") from error
    if not tables:
        raise Refused("sheet_not_a_roster", number=HEADINGS[NUMBER][0])
    if len(tables) > 1:
        raise Refused("sheet_several", sheets=" / ".join(shown(table.sheet) for table in tables))
    return tables[0]


def check_file(data):
    """Raise Refused for what cannot be a workbook, or unpacks to more than a roster ever does."""
    if len(data) > LARGEST_FILE:
        raise Refused("sheet_too_big", megabytes=LARGEST_FILE // 1024 // 1024)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("import_old_excel")
    if not data.startswith(b"PK\x03\x04"):
        raise Refused("sheet_not_excel")
    try:
        check_package(data, LARGEST_UNPACKED)
        check_parts(data)
    except Refused:
        raise
    except Exception as error:
        raise Refused("import_unreadable") from error


def check_parts(data):
    """A few kilobytes may unpack to rows of a million empty cells, each of which costs the reader an object."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.infolist():
            has_cells = part.filename.startswith(("xl/worksheets/sheet", "xl/sharedStrings"))
            if part.filename.endswith(".xml") and not has_cells and part.file_size > LARGEST_PART:
                raise Refused("import_unreadable")
            if has_cells and max(len(CELL.findall(row)) for row in ROW.split(package.read(part))) > 4 * MOST_COLUMNS:
                raise Refused("import_unreadable")


def read_sheet(sheet, data):
    """The sheet's Table, or None for one that is no roster. Bounded by what is read, not by what the file says."""
    sheet.reset_dimensions()
    table = None
    for row, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if row > MOST_ROWS:
            raise Refused("sheet_too_many_rows", rows=MOST_ROWS)
        if table:
            read_line(table, row, cells)
        elif row > HEADING_ROWS:
            return None
        else:
            table = read_heading(sheet, row, cells)
    if table:
        check_merged(table, sheet, data)
    return table


def read_heading(sheet, row, cells):
    """A Table where the row names the employee numbers and at least one date."""
    columns = {
        clean_code(cell_text(cell)).casefold(): number for number, cell in reversed([*enumerate(cells, start=1)])
    }
    number = next((columns[name] for name in HEADINGS[NUMBER] if name in columns), 0)
    dates = {column: on for column, cell in enumerate(cells, start=1) if (on := date_of(cell))}
    if not number or not dates:
        return None
    name = next((columns[name] for name in HEADINGS[NAME] if name in columns), 0)
    table = Table(sheet.title, row, number, name, dates)
    first = {}
    for column, on in list(dates.items()):
        if on in first:
            table.add(row, column, "sheet_day_twice", str(on), first=address(row, first[on]))
            del dates[column]
        first.setdefault(on, column)
    return table


def date_of(cell):
    """The date of a heading: of a cell with a date, of its bare number, or of a text such as 2026-11-23."""
    value = cell.value
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        if isinstance(value, int | float) and int(value) in SERIALS:
            return from_excel(int(value)).date()
        found = re.fullmatch(r"(2[0-9]{3})\D([0-9]{1,2})\D([0-9]{1,2})日?", clean_code(str(value or "")))
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def cell_text(cell):
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Formula(str(value))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def read_line(table, row, cells):
    """Add the row's Line, or each of its problems. Rows that only count, and empty ones, say nothing."""
    found = [cell_text(cell) for cell in cells]
    wanted = {column: found[column - 1] if column <= len(found) else "" for column in table.dates}
    number = found[table.number_column - 1] if table.number_column <= len(found) else ""
    if clean_code(number) == TOTAL or not (number.strip() or any(text.strip() for text in wanted.values())):
        return
    texts_of_row = {table.number_column: number, **wanted}
    wrong = {column: code for column, text in texts_of_row.items() if (code := wrong_text(text))}
    for column, code in wrong.items():
        table.add(row, column, code, texts_of_row[column])
    if table.number_column in wrong:
        return
    if not clean_code(number):
        table.add(row, table.number_column, "sheet_without_number")
        return
    name = found[table.name_column - 1] if 0 < table.name_column <= len(found) else ""
    cells_of_line = {column: clean_code(text) for column, text in wanted.items() if column not in wrong}
    table.lines.append(Line(row, clean_code(number).replace(" ", "").upper(), clean_text(name), cells_of_line))


def wrong_text(text):
    if isinstance(text, Formula):
        return "sheet_formula"
    return "" if is_printable(clean_text(text)) else "sheet_unprintable"


def check_merged(table, sheet, data):
    """Of merged cells only the first has a text: the others would read as rest."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content = package.read(sheet._worksheet_path)
    columns = {table.number_column, *table.dates}
    for name in re.findall(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]{2,20})"', content):
        first_column, _first_row, last_column, last_row = range_boundaries(name.decode())
        if last_row >= table.heading and columns & set(range(first_column, min(last_column, MOST_COLUMNS) + 1)):
            table.problems.append(Problem(name.decode(), "", Refused("sheet_merged")))
