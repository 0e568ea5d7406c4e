"""A roster as an Excel sheet and back: what is written is read again, and every cell that cannot be is named."""

import dataclasses
import datetime as dt
import io
import shutil
import subprocess
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from callcentre import clock
from callcentre.refusals import Refused
from journal.models import Entry
from people.models import CalendarDay, Centre, Role
from shifts import actions, matrix, sheet_reading, sheets, uploading
from shifts.models import Assignment, Edit, Roster, Shift, ShiftType
from shifts.months import Day
from shifts.rotations import TYPES, dates
from tests import debian, make, make_files, make_shifts

MONDAY = make.MONDAY
SUNDAY = MONDAY + dt.timedelta(days=6)
DAY = dt.timedelta(days=1)
HEADING = ["工号", "姓名", "班组", "角色"]


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.at(9).astimezone(dt.UTC))


# Without a database: what is written is read again

CODES = tuple(TYPES)
CENTRE = Centre(pk=1, name="星海客服中心", timezone="Asia/Shanghai", opened_on=make.FIRST_DAY)
KINDS = {
    number: ShiftType(pk=number, centre=CENTRE, **dataclasses.asdict(preset))
    for number, preset in enumerate(TYPES.values(), start=1)
}
NAMES = ["李娜", "=HYPERLINK(1)", "+86", "-", "@王", "O'Neil & Söhne", "∑", "1100", "休"]


def matrix_of(cells, days=7, first=MONDAY, names=("李娜",), kinds=KINDS):
    """`cells` {(row, day): [type id]} of workers 1, 2, ..."""
    workers = [
        matrix.Worker(number, str(1000 + number), names[number % len(names)], 1, "甲班", leads=number == 1)
        for number in range(1, 1 + max([row for row, _day in cells], default=1))
    ]
    turns = {
        (row, first + day * DAY): [matrix.Turn(kinds[pk], 8.0, leads=row == 1) for pk in ids]
        for (row, day), ids in cells.items()
    }
    return matrix.Matrix([Day(on) for on in dates(first, first + (days - 1) * DAY)], workers, turns, kinds)


def reread(found, change=None):
    """The Plan of the matrix against its own sheet, which `change` may alter."""
    content = sheets.written(found, "排班")
    if change:
        book = make_files.opened(content)
        change(book.worksheets[0])
        content = make_files.saved(book)
    return uploading.compare(found, sheet_reading.read(content))


def told(plan):
    return [(problem.address, problem.refused.code) for problem in plan.problems]


def changes(plan):
    return {
        (worker.number, change.address): (change.before, change.after)
        for worker, each in plan.people
        for change in each
    }


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 6), st.integers(0, 9)),
        st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=2, unique=True),
    ),
    st.sampled_from([MONDAY, dt.date(2028, 2, 25), dt.date(2026, 12, 28)]),
    st.lists(st.sampled_from(NAMES), min_size=1),
)
def test_what_is_written_is_read_again(cells, first, names):
    """Two turns a day too, over the end of a month and of a year, whatever people are called."""
    plan = reread(matrix_of(cells, days=10, first=first, names=names))
    assert (told(plan), plan.people) == ([], [])
    assert plan.read == max([row for row, _day in cells], default=1)


@settings(max_examples=20, deadline=None)
@given(st.tuples(st.integers(1, 3), st.integers(0, 6)), st.sampled_from([[], *([pk] for pk in KINDS)]), st.booleans())
def test_a_changed_cell_is_the_one_that_changes(cell, ids, in_words):
    before = {(row, day): [1] for row in (1, 2, 3) for day in (0, 2, 4, 6)}
    row, day = cell
    kinds = [KINDS[pk] for pk in ids]

    def change(sheet):
        sheet.cell(row + 3, day + 5).value = " ".join(kind.name_zh if in_words else kind.letter_en for kind in kinds)

    plan = reread(matrix_of(before), change)
    held, wanted = ("D",) if (row, day) in before else (), tuple(kind.code for kind in kinds)
    address = sheet_reading.address(row + 3, day + 5)
    assert changes(plan) == ({} if held == wanted else {(str(1000 + row), address): (held, wanted)})


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("D", ("D",)),
        ("d", ("D",)),
        ("Ｄ", ("D",)),
        ("日", ("D",)),
        ("日班", ("D",)),
        ("Day shift", ("D",)),
        ("DL", ("DL",)),
        ("N M", ("N", "M")),
        ("夜、中", ("N", "M")),
        ("N/M", ("N", "M")),
        ("休", ()),
        ("–", ()),
        ("off", ()),
        (" ", ()),
    ],
)
def test_codes_letters_and_names_are_understood(typed, codes):
    table = sheet_reading.read(make_files.workbook([[*HEADING, MONDAY], ["1001", "李娜", "", "", typed]]))
    plan = uploading.compare(matrix_of({(1, 0): [6]}), table)
    assert (told(plan), changes(plan)) == ([], {("1001", "E2"): (("W",), codes)})


def test_rows_and_columns_go_by_what_they_are_called():
    """Another order, fewer people, fewer days, dates as text, numbers as numbers, columns of one's own."""
    rows = [
        ["我的名单"],
        ["备注", "2026-11-25", "Employee number", "2026年11月24日", "2026/11/23"],
        ["x", "M", 1002, None, "D"],
        [],
        [None, None, None, None, None],
    ]
    plan = uploading.compare(
        matrix_of({(2, 0): [1], (2, 1): [1], (1, 0): [3]}), sheet_reading.read(make_files.workbook(rows))
    )
    assert told(plan) == []
    assert changes(plan) == {("1002", "B3"): ((), ("M",)), ("1002", "D3"): (("D",), ())}


def test_every_problem_is_named_by_its_cell():
    def spoil(sheet):
        sheet["E4"] = "X"
        sheet["F4"] = "=E4"
        sheet["G4"] = "D\ue000"
        sheet["A5"] = "9999"
        sheet["A6"] = "1001"
        sheet["B7"] = "别人"
        sheet["A8"] = None
        sheet["H4"] = 8
        sheet["I4"] = "D N Q"
        sheet["K3"] = dt.date(2026, 12, 9)
        sheet["K4"] = "D"

    cells = {(row, day): [1] for row in range(1, 6) for day in range(6)}
    plan = reread(matrix_of(cells), spoil)
    assert told(plan) == [
        ("K3", "sheet_day_outside"),
        ("E4", "sheet_unknown_code"),
        ("F4", "sheet_formula"),
        ("G4", "sheet_unprintable"),
        ("H4", "sheet_unknown_code"),
        ("I4", "sheet_unknown_code"),
        ("A5", "sheet_unknown_number"),
        ("A6", "sheet_row_twice"),
        ("B7", "sheet_other_name"),
        ("A8", "sheet_without_number"),
    ]
    assert plan.problems[1].value == "X"
    assert str(plan.problems[1].refused) == "没有这种班次。请用：D M N DL NL W。休息日留空。"


def test_merged_cells_are_refused_where_they_matter():
    def merge(sheet):
        sheet.merge_cells("A1:H1")
        sheet.merge_cells("F4:G4")
        sheet.merge_cells("L5:M6")

    plan = reread(matrix_of({(1, 0): [1], (2, 0): [1]}), merge)
    assert told(plan) == [("F4:G4", "sheet_merged")]


def test_a_date_has_one_column():
    rows = [[*HEADING, MONDAY, "2026-11-23"], ["1001", "", "", "", "D", "M"]]
    plan = uploading.compare(matrix_of({(1, 0): [1]}), sheet_reading.read(make_files.workbook(rows)))
    assert told(plan) == [("F1", "sheet_day_twice")]


def test_turns_that_share_hours_are_refused_by_their_cell():
    """A long night ends at eight, when the night has been under way for eight hours."""
    ids = {code: pk for pk, code in enumerate(CODES, start=1)}

    def change(sheet):
        sheet["F4"] = "N"
        sheet["H4"] = "D DL"

    assert told(reread(matrix_of({(1, 0): [ids["NL"]]}), change)) == [("F4", "sheet_overlap"), ("H4", "sheet_overlap")]


def test_a_letter_of_two_shifts_is_refused():
    kinds = {
        1: KINDS[1],
        2: ShiftType(pk=2, code="T", name_zh="培训", name_en="Training", letter_zh="日", letter_en="T"),
    }
    with pytest.raises(Refused) as refused:
        uploading.Codes(kinds.values()).read("日")
    assert (refused.value.code, refused.value.facts) == ("sheet_ambiguous_code", {"codes": "D T"})


# Files that are no roster


def package(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return content.getvalue()


def replaced(content, name, text):
    """The workbook with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, text if part == name else old.read(part))
    return out.getvalue()


GOOD = make_files.workbook([[*HEADING, MONDAY], ["1001", "", "", "", "D"]])
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_not_excel"),
        (b"a,b\n1,2\n", "sheet_not_excel"),
        (b"%PDF-1.7", "sheet_not_excel"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "import_old_excel"),
        (b"PK\x03\x04" + b"\x00" * 100, "import_unreadable"),
        (GOOD[:-300], "import_unreadable"),
        (b"PK\x03\x04" + b"0" * sheet_reading.LARGEST_FILE, "sheet_too_big"),
        (package(**{"a.xml": "x"}), "import_unreadable"),
        (replaced(GOOD, SHEET, "<!DOCTYPE a><worksheet/>"), "import_unreadable"),
        (
            replaced(
                GOOD, SHEET, f"<worksheet {NAMESPACE}><sheetData><row>{'<c/>' * 5000}</row></sheetData></worksheet>"
            ),
            "import_unreadable",
        ),
        (replaced(GOOD, "xl/styles.xml", " " * 2**21), "import_unreadable"),
        (replaced(GOOD, SHEET, " " * 2**25), "import_unreadable"),
        (make_files.workbook([[*HEADING, MONDAY], *[["1001"]] * 3000]), "sheet_too_many_rows"),
        (make_files.workbook([]), "sheet_not_a_roster"),
        (make_files.workbook([HEADING, ["1001", "李娜"]]), "sheet_not_a_roster"),
        (make_files.workbook([[MONDAY], ["D"]]), "sheet_not_a_roster"),
        (make_files.workbook([*[[]] * 30, [*HEADING, MONDAY]]), "sheet_not_a_roster"),
    ],
)
def test_a_file_that_is_no_roster_is_refused(content, code):
    with pytest.raises(Refused) as refused:
        sheet_reading.read(content)
    assert refused.value.code == code


def test_two_sheets_that_look_like_rosters_are_refused():
    book = make_files.opened(GOOD)
    book.copy_worksheet(book.worksheets[0])
    with pytest.raises(Refused) as refused:
        sheet_reading.read(make_files.saved(book))
    assert refused.value.code == "sheet_several"


def test_the_roster_is_found_among_other_sheets():
    book = make_files.opened(GOOD)
    book.create_sheet("说明", 0).append(["请看第二张"])
    assert sheet_reading.read(make_files.saved(book)).sheet == "排班表"


def test_a_row_far_below_costs_nothing():
    row = f'<worksheet {NAMESPACE}><sheetData><row r="1048576"><c r="A1048576"/></row></sheetData></worksheet>'
    with pytest.raises(Refused):
        sheet_reading.read(replaced(GOOD, SHEET, row))


# How it looks


def test_the_sheet_is_ready_to_print():
    found = matrix_of({(1, 0): [1], (1, 2): [3, 2], (2, 0): [2]}, names=("李娜", "=1+1"))
    book = make_files.opened(sheets.written(found, "甲班 & 乙班", paper="a3"))
    sheet, legend = book.worksheets
    assert [sheet.title, legend.title] == ["排班表", "图例"]
    assert sheet.freeze_panes == "E4"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$3", "$A:$B")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        8,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert [cell.value for cell in sheet[3]][:5] == [*HEADING, dt.datetime(2026, 11, 23)]
    assert [cell.value for cell in sheet[4]] == [
        "1001",
        "=1+1",
        "甲班",
        "班长",
        "D",
        None,
        "N M",
        None,
        None,
        None,
        None,
        3,
        24,
        1,
    ]
    assert sheet["B4"].data_type == "s"
    assert [cell.value for cell in sheet[6]][:6] == ["∑", "日班人数", None, None, 1, None]
    assert [cell.value for cell in legend[2]] == ["D", "日", "日班", "08:00–16:00"]


def test_cells_have_the_colours_of_the_pages_and_leaders_are_underlined():
    sheet = make_files.opened(sheets.written(matrix_of({(1, 0): [1], (2, 0): [3]}), "x")).worksheets[0]
    assert [sheet[name].fill.fgColor.rgb for name in ("E4", "E5")] == ["FF8FC7F0", "FF2F3E6E"]
    assert [(sheet[name].font.underline, sheet[name].font.color.rgb) for name in ("E4", "E5")] == [
        ("single", "FF000000"),
        (None, "FFFFFFFF"),
    ]


# On its pages


@pytest.fixture
def draft(db):
    rotation = make_shifts.rotation()
    by = make_shifts.director()
    roster = make_shifts.roster(rotation=rotation, published=False, by=by)
    roster.director = by
    return roster


def address(name, roster):
    return reverse(f"shifts:{name}", args=[roster.pk])


def upload(client, roster, content):
    return client.post(address("upload_sheet", roster), {"file": SimpleUploadedFile("roster.xlsx", content)})


def turns(roster):
    led = Shift.objects.filter(roster=roster).exclude(leader=None).values_list("leader", "on", "type__code")
    rows = Assignment.objects.filter(shift__roster=roster).values_list("person", "shift__on", "shift__type__code")
    return sorted([*led, *rows])


def changed_sheet(client, roster):
    """The downloaded roster with agent 1's Monday emptied and their Tuesday changed to M, and who that is."""
    book = make_files.opened(client.get(address("download_roster", roster)).content)
    sheet = book.worksheets[0]
    row = next(row for row in sheet.iter_rows(min_row=4) if row[3].value is None and row[4].value == "D")
    row[4].value, row[5].value = None, "中"
    return make_files.saved(book), row[0].value


def test_a_downloaded_draft_comes_back_without_a_change(client_of, draft):
    client = client_of(draft.director)
    response = client.get(address("download_roster", draft))
    assert response["Content-Disposition"] == 'attachment; filename="roster-2026-11-23--2026-11-29.xlsx"'
    page = upload(client, draft, response.content)
    assert (page.status_code, page.context["problems"], page.context["people"], page.context["token"]) == (
        200,
        [],
        [],
        "",
    )
    assert page.context["plan"].read == 12


def test_a_changed_sheet_is_checked_then_read_and_can_be_undone(client_of, draft):
    client, before = client_of(draft.director), turns(draft)
    content, number = changed_sheet(client, draft)
    page = upload(client, draft, content)
    assert (page.status_code, page.context["plan"].count, turns(draft)) == (200, 2, before)
    done = client.post(address("confirm_sheet", draft), {"token": page.context["token"]})
    assert done.status_code == 302
    edit = Edit.objects.get()
    assert (edit.kind, [cell[1:] for cell in edit.cells]) == (
        "imported",
        [["2026-11-23", ["D"], []], ["2026-11-24", ["D"], ["M"]]],
    )
    assert Entry.objects.filter(verb="roster.edited").count() == 1
    assert turns(draft) != before
    actions.undo_edit(roster=draft, by=draft.director, at=make.at(10))
    assert turns(draft) == before


def test_a_sheet_with_problems_changes_nothing(client_of, draft):
    client, before = client_of(draft.director), turns(draft)
    book = make_files.opened(client.get(address("download_roster", draft)).content)
    book.worksheets[0]["F5"] = "X"
    book.worksheets[0]["E5"] = "M"
    page = upload(client, draft, make_files.saved(book))
    assert (page.status_code, page.context["token"], turns(draft)) == (422, "", before)
    assert told(page.context["plan"]) == [("F5", "sheet_unknown_code")]
    assert "F5" in page.content.decode()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(client_of, draft):
    client = client_of(draft.director)
    content, number = changed_sheet(client, draft)
    token = upload(client, draft, content).context["token"]
    person = Assignment.objects.get(person__employee_number=number, shift__on=MONDAY).person
    actions.edit_roster(roster=draft, cells=[(person.pk, MONDAY, "N")], by=draft.director, at=make.at(9))
    before = turns(draft)
    response = client.post(address("confirm_sheet", draft), {"token": token})
    assert (response.status_code, turns(draft)) == (422, before)


def test_the_checked_sheet_is_for_one_person_and_one_roster(client_of, draft):
    content, _number = changed_sheet(client_of(draft.director), draft)
    token = upload(client_of(draft.director), draft, content).context["token"]
    other = make_shifts.director()
    for client, sent in ((client_of(other), token), (client_of(draft.director), token[:-1] + "x")):
        response = client.post(address("confirm_sheet", draft), {"token": sent})
        assert (response.status_code, Edit.objects.count()) == (422, 0)


def test_a_published_roster_takes_no_sheet(client_of):
    by = make_shifts.director()
    roster = make_shifts.roster(by=by)
    client = client_of(by)
    assert client.get(address("upload_sheet", roster)).context["refused"].code == "wrong_state"
    content = client.get(address("download_roster", roster)).content
    page = upload(client, roster, content)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["file"])


@pytest.mark.parametrize("name", ["download_roster", "upload_sheet", "confirm_sheet"])
def test_sheets_are_for_leaders_and_the_director_of_the_centre(client_of, draft, name):
    method = "post" if name == "confirm_sheet" else "get"
    agent, stranger = make.person(), make.person(role=Role.DIRECTOR, centre=make.centre(name="别的中心"))
    statuses = [getattr(client_of(person), method)(address(name, draft)).status_code for person in (agent, stranger)]
    assert statuses == [403, 404]
    leader = make.person(role=Role.LEADER)
    assert getattr(client_of(leader), method)(address(name, draft)).status_code in (200, 422)


def test_confirming_is_a_post(client_of, draft):
    assert client_of(draft.director).get(address("confirm_sheet", draft)).status_code == 405


def test_everybody_downloads_the_published_days_that_a_page_shows(client_of):
    roster = make_shifts.roster()
    agent = Assignment.objects.first().person
    response = client_of(agent).get(reverse("shifts:download_month"), {"month": "2026-11", "team": agent.team_id})
    sheet = make_files.opened(response.content).worksheets[0]
    numbers = [row[0].value for row in sheet.iter_rows(min_row=4) if row[0].value != "∑"]
    assert len(numbers) == 3
    assert agent.employee_number in numbers
    assert [cell.value for cell in sheet[3]][4:-3] == [dt.datetime(2026, 11, day) for day in range(1, 31)]
    assert roster.status == Roster.Status.PUBLISHED


def test_a_download_keeps_to_the_filters_and_the_days_of_the_page(client_of):
    make_shifts.roster()
    query = {"from": "2026-11-23", "days": "14", "q": "乙班"}
    response = client_of(make.person()).get(reverse("shifts:download_month"), query)
    sheet = make_files.opened(response.content).worksheets[0]
    assert [row[1].value for row in sheet.iter_rows(min_row=4) if row[0].value != "∑"] == ["乙班长"]
    assert [sheet["E3"].value, sheet["R3"].value] == [dt.datetime(2026, 11, 23), dt.datetime(2026, 12, 6)]


def test_holidays_stand_above_their_days(client_of, draft):
    CalendarDay.objects.create(centre=draft.centre, on=MONDAY, kind=CalendarDay.Kind.HOLIDAY, name="中秋")
    sheet = make_files.opened(client_of(draft.director).get(address("download_roster", draft)).content).worksheets[0]
    assert [sheet["E2"].value, sheet["F2"].value] == ["一 休", "二"]


def test_a_download_asks_as_much_for_one_person_as_for_many(client_of, draft):
    client = client_of(draft.director)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("download_roster", draft)).status_code == 200
        return len(queries)

    before = count()
    team = make.team(name="戊班")
    for _number in range(10):
        make_shifts.shift(team=team, people=[make.person(team=team)])
    assert count() == before


# In another program


@pytest.mark.once
def test_libreoffice_opens_it_and_gives_back_the_same(tmp_path):
    """Read, saved anew and written as text by a program that knows nothing of what wrote it."""
    debian.install_missing("libreoffice-calc-nogui")
    cells = {(row, day): [1 + (row + day) % 6] for row in range(1, 13) for day in range(31) if (row + day) % 4}
    found = matrix_of({**cells, (1, 1): [3, 2]}, days=31, names=("李娜", "=1+1", "王芳"))
    (tmp_path / "roster.xlsx").write_bytes(sheets.written(found, "甲班 11月"))
    for format in ("xlsx:Calc MS Excel 2007 XML", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"):
        convert(tmp_path, format)
    again = (tmp_path / "out" / "roster.xlsx").read_bytes()
    plan = uploading.compare(found, sheet_reading.read(again))
    assert (told(plan), plan.people, plan.read) == ([], [], 12)
    book, ours = make_files.opened(again), make_files.opened((tmp_path / "roster.xlsx").read_bytes())
    assert [values(sheet) for sheet in book] == [values(sheet) for sheet in ours]
    assert (book.worksheets[0].print_title_rows, book.worksheets[0].page_setup.orientation) == ("$1:$3", "landscape")
    assert book.worksheets[0]["E4"].fill.fgColor.rgb == ours.worksheets[0]["E4"].fill.fgColor.rgb
    lines = (tmp_path / "out" / "roster.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3 + 12 + 6
    assert lines[3].split(",")[:4] == ["1001", "=1+1", "甲班", "班长"]


def values(sheet):
    """Row by row, without the empty cells at the ends."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    stripped = [row[: max((i + 1 for i, value in enumerate(row) if value is not None), default=0)] for row in rows]
    return stripped[: max((i + 1 for i, row in enumerate(stripped) if row), default=0)]


def convert(folder, format):
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [shutil.which("soffice"), profile, "--headless", "--convert-to", format]
    command += ["--outdir", str(folder / "out"), str(folder / "roster.xlsx")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
