"""Excel files of plain cells."""

import io

import pytest
from openpyxl import load_workbook

from callcentre import workbooks


def cells(rows, **options):
    answer = workbooks.download("表" * 40, rows, "list.xlsx", **options)
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return sheet, [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", "2026-11-23"])
def test_a_text_is_a_text_however_it_begins(text):
    assert cells([[text]])[1] == [[(text, "s")]]


def test_numbers_stay_numbers_and_nothing_stays_empty():
    assert cells([["a", 3, None, -2]])[1] == [[("a", "s"), (3, "n"), (None, "n"), (-2, "n")]]


def test_a_sheet_has_a_title_that_excel_takes_and_a_wide_first_column():
    sheet, _rows = cells([["a"]], first_width=36)
    assert (sheet.title, sheet.column_dimensions["A"].width) == ("表" * 31, 36)
