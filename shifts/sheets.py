"""A roster as an Excel workbook: people by day, a legend, ready to print. `sheet_reading` reads it back.

Cells hold codes, which are the same in every language; headings, the legend and the notes are in the reader's.
"""

import functools
import io
import re

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from callcentre import words
from people.models import CalendarDay, Role
from shifts.models import Colour

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAPERS = {"a4": 9, "a3": 8}  # as the format counts them
TOTAL = "∑"  # stands for an employee number in the rows that only count
NAMED = 4  # columns before the days: employee number, name, team, role
HEAD = 3  # rows above the people: title, weekdays, dates
SHADES = {
    Colour.EARLY: "early",
    Colour.DAY: "day",
    Colour.MIDDLE: "mid",
    Colour.NIGHT: "night",
    Colour.TRAINING: "training",
    Colour.LEAVE: "leave",
}
PLAIN = Font(name="Microsoft YaHei", size=10)
BOLD = Font(name="Microsoft YaHei", size=10, bold=True)
TITLE = Font(name="Microsoft YaHei", size=14, bold=True)
RESTED = PatternFill("solid", fgColor="FFEDEDED")  # weekends and holidays, where nobody works
HAIR = Side(style="hair")
GRID = Border(left=HAIR, right=HAIR, top=HAIR, bottom=HAIR)
CENTRED = Alignment(horizontal="center", vertical="center")


@functools.cache
def tokens():
    """{name: colour} of the style sheets' one file of colours, so that a sheet and a page look alike."""
    text = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    return {name: shade.upper() for name, shade in re.findall(r"--([\w-]+): #([0-9a-f]{6});", text)}


@functools.cache
def fill_of(colour):
    shade = SHADES.get(colour)
    return PatternFill("solid", fgColor="FF" + tokens()[f"shift-{shade}"]) if shade else PatternFill()


@functools.cache
def font_of(colour, leads):
    """Who leads the shift is underlined: a mark that black and white keeps, and that is no part of the code."""
    underline, color = "single" if leads else None, "FFFFFFFF" if colour == Colour.NIGHT else "FF000000"
    return Font(name=PLAIN.name, size=PLAIN.size, bold=leads, underline=underline, color=color)


def written(matrix, title, *, paper="a4"):
    """The workbook's bytes."""
    book = Workbook(write_only=True)
    roster_sheet(book, matrix, title, paper)
    legend_sheet(book, matrix)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def roster_sheet(book, matrix, title, paper):
    sheet = book.create_sheet(pgettext("sheet", "Roster"))
    lay_out(sheet, matrix, title, paper)
    sheet.append([text_cell(sheet, title, font=TITLE)])
    sheet.append([*[None] * NAMED, *(weekday_cell(sheet, day) for day in matrix.days)])
    sheet.append(
        [
            *(heading_cell(sheet, name) for name in headings()),
            *(date_cell(sheet, day) for day in matrix.days),
            *(heading_cell(sheet, name) for name in totals_headings()),
        ]
    )
    for worker in matrix.workers:
        sheet.append(worker_row(sheet, matrix, worker))
    for kind, counts in matrix.heads():
        label = _("%(type)s: people") % {"type": kind.name}
        numbers = (number_cell(sheet, count or None) for count in counts)
        sheet.append([heading_cell(sheet, TOTAL), heading_cell(sheet, label), None, None, *numbers])


def lay_out(sheet, matrix, title, paper):
    widths = [9, 11, 10, 10, *[5.6] * len(matrix.days), *[7] * len(totals_headings())]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"{get_column_letter(NAMED + 1)}{HEAD + 1}"
    sheet.print_title_rows = f"1:{HEAD}"
    sheet.print_title_cols = "A:B"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = PAPERS[paper]
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes, each as wide as the paper
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.left.text = title.replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"


def headings():
    return [_("Employee number"), _("Name"), _("Team"), _("Role")]


def totals_headings():
    return [pgettext("how many", "Shifts"), pgettext("how many", "Hours"), pgettext("how many", "Nights")]


def worker_row(sheet, matrix, worker):
    turns = matrix.of(worker)
    role = Role.LEADER.label if worker.leads else ""
    nights = sum(turn.type.colour == Colour.NIGHT for turn in turns)
    return [
        *(text_cell(sheet, text, border=GRID) for text in (worker.number, worker.name, worker.team, str(role))),
        *(turns_cell(sheet, matrix.turns.get((worker.pk, day.on), ()), day) for day in matrix.days),
        *(number_cell(sheet, total) for total in (len(turns), sum(turn.hours for turn in turns), nights)),
    ]


def turns_cell(sheet, turns, day):
    cell = text_cell(sheet, " ".join(turn.type.code for turn in turns) or None, border=GRID, alignment=CENTRED)
    if turns:
        colour = turns[0].type.colour
        cell.fill, cell.font = fill_of(colour), font_of(colour, any(turn.leads for turn in turns))
    elif day.is_rest:
        cell.fill = RESTED
    return cell


def text_cell(sheet, text, **style):
    """Text, whatever it begins with: nothing in the sheet is a formula."""
    cell = WriteOnlyCell(sheet, text)
    cell.font = PLAIN
    if text is not None:
        cell.data_type = "s"
    for name, value in style.items():
        setattr(cell, name, value)
    return cell


def heading_cell(sheet, text):
    return text_cell(sheet, str(text), font=BOLD, border=GRID, alignment=Alignment(wrap_text=True))


def weekday_cell(sheet, day):
    marks = {
        CalendarDay.Kind.HOLIDAY: pgettext("public holiday mark", "off"),
        CalendarDay.Kind.WORKDAY: pgettext("make-up workday mark", "on"),
    }
    mark = str(marks.get(day.mark, ""))
    return text_cell(sheet, f"{day.weekday} {mark}".strip(), font=BOLD if day.is_rest else PLAIN, alignment=CENTRED)


def date_cell(sheet, day):
    cell = WriteOnlyCell(sheet, day.on)
    cell.number_format = "m/d"
    cell.font, cell.border, cell.alignment = BOLD, GRID, CENTRED
    if day.is_rest:
        cell.fill = RESTED
    return cell


def number_cell(sheet, number):
    cell = WriteOnlyCell(sheet, number)
    cell.font, cell.border, cell.alignment = PLAIN, GRID, CENTRED
    return cell


def legend_sheet(book, matrix):
    sheet = book.create_sheet(pgettext("sheet", "Legend"))
    for column, width in zip("ABCD", (10, 10, 24, 18), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.page_setup.paperSize = PAPERS["a4"]
    names = [_("Code"), _("Letter"), _("Shift"), pgettext("of a shift", "Times")]
    sheet.append([heading_cell(sheet, name) for name in names])
    for kind in matrix.types.values():
        code = text_cell(sheet, kind.code, fill=fill_of(kind.colour), font=font_of(kind.colour, False))
        sheet.append([code, *(text_cell(sheet, text) for text in (kind.letter, kind.name, kind.times))])
    sheet.append([])
    for note in notes():
        sheet.append([text_cell(sheet, note)])


def notes():
    return [
        _("An empty cell is a day of rest. Codes, letters and names of shifts are all understood in a sheet."),
        _("Underlined: leads the shift. Totals are as of the download; they are counted anew when the sheet is read."),
        _("Do not merge cells, and write no formulas. People and days that you remove stay as they are."),
    ]


def title_of(centre, from_on, until_on, *, name="", status=""):
    period = f"{words.long_date(from_on)} – {words.long_date(until_on)}"
    return " · ".join(filter(None, [centre.name, name, period, str(status)]))
