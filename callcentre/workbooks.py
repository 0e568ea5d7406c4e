"""Excel files of plain cells: what a page shows, to take along."""

import io

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TITLE = 31  # of a sheet, says Excel


def download(title, rows, filename, *, first_width=None):
    """Numbers stay numbers; every text is a text, however it begins: none of it is a formula.

    first_width: of the first column, in characters."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(title)[:LONGEST_TITLE])
    if first_width:
        sheet.column_dimensions["A"].width = first_width
    for row in rows:
        sheet.append([cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    response = HttpResponse(content.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def cell(sheet, value):
    if value is None or isinstance(value, int):
        return value
    made = WriteOnlyCell(sheet, str(value))
    made.data_type = "s"
    return made
