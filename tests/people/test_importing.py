import time

import pytest
from openpyxl import Workbook

from callcentre.refusals import Refused
from people import importing
from people.importing import Entry
from tests.make_people import HEADER, LI, WANG, csv_list, excel_list, saved, with_part

ENTRIES = [
    Entry(2, "1101", "李娜", "客户服务部", "甲班", ("agent",), "13800000001", "zh-hans"),
    Entry(3, "1100", "王芳", "客户服务部", "甲班", ("leader",), "", ""),
]


def problems(reading):
    return [(problem.row, problem.field, problem.refused.code) for problem in reading.problems]


@pytest.mark.parametrize(
    "data",
    [
        csv_list(LI, WANG),
        csv_list(LI, WANG, encoding="utf-8-sig"),
        csv_list(LI, WANG, encoding="gb18030"),
        csv_list(LI, WANG, separator="\t"),
        csv_list(LI, WANG, separator=";"),
        csv_list(LI, WANG).replace(b"\n", b"\r\n"),
        excel_list(LI, WANG),
        excel_list((1101, "李娜", "客户服务部", "甲班", "业务代表", 13800000001.0, "中文"), (1100.0, *WANG[1:])),
    ],
)
def test_a_list_reads_the_same_from_any_file(data):
    reading = importing.read(data)
    assert reading.problems == []
    assert reading.entries == ENTRIES


def test_english_names_of_columns_and_roles():
    data = csv_list(
        ("1101", "Li Na", "agent/shift leader", "English"), header=("Employee number", "Name", "Role", "Language")
    )
    assert importing.read(data).entries == [Entry(2, "1101", "Li Na", roles=("agent", "leader"), language="en")]


def test_columns_in_any_order_and_unknown_ones_named():
    data = csv_list(("李娜", "x", "1101"), header=("姓名", "备注", "工号"))
    reading = importing.read(data)
    assert reading.entries == [Entry(2, "1101", "李娜")]
    assert reading.ignored == ["备注"]


def test_empty_rows_are_passed_over_and_rows_keep_their_numbers():
    data = csv_list(("", "", "", "", "", "", ""), LI)
    assert [entry.row for entry in importing.read(data).entries] == [3]


@pytest.mark.parametrize(
    ("field", "written", "read"),
    [
        ("工号", "１１０１", "1101"),
        ("工号", " a 1101 ", "A1101"),
        ("姓名", " 李\u200b娜 ", "李娜"),
        ("姓名", "Li   Na", "Li Na"),
        ("角色", "班长、质检员", ("inspector", "leader")),
        ("电话", "＋86 138-0000-0001", "+8613800000001"),
        ("语言", "ENGLISH", "en"),
    ],
)
def test_what_is_written_sloppily_is_understood(field, written, read):
    row = dict(zip(HEADER, LI, strict=True)) | {field: written}
    entry = importing.read(excel_list(tuple(row.values()))).entries[0]
    names = dict(zip(HEADER, ("number", "name", "department", "team", "roles", "phone", "language"), strict=True))
    assert getattr(entry, names[field]) == read


@pytest.mark.parametrize(
    ("field", "written", "problem"),
    [
        ("工号", "", ("number", "import_required")),
        ("工号", "11", ("number", "import_bad_number")),
        ("工号", "1101\u0661", ("number", "import_bad_number")),
        ("工号", "1" * 13, ("number", "import_too_long")),
        ("工号", "一一零一", ("number", "import_bad_number")),
        ("姓名", "", ("name", "import_required")),
        ("姓名", "\u200b\u2060\ufeff", ("name", "import_required")),
        ("姓名", "=1+1", ("name", "import_formula")),
        ("姓名", "＝cmd", ("name", "import_formula")),
        ("姓名", "@SUM(A1)", ("name", "import_formula")),
        ("姓名", "李" * 51, ("name", "import_too_long")),
        ("姓名", "李\x7f娜", ("name", "import_unprintable")),
        ("姓名", "李\ue000娜", ("name", "import_unprintable")),
        ("班组", "-甲班", ("team", "import_formula")),
        ("角色", "经理", ("role", "import_unknown_role")),
        ("角色", "、", ("role", "import_unknown_role")),
        ("电话", "138 call me", ("phone", "import_bad_phone")),
        ("电话", "123", ("phone", "import_bad_phone")),
        ("语言", "法语", ("language", "import_unknown_language")),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(field, written, problem):
    row = dict(zip(HEADER, LI, strict=True)) | {field: written}
    reading = importing.read(csv_list(WANG, tuple(row.values())))
    assert problems(reading) == [(3, *problem)]
    assert [entry.number for entry in reading.entries] == ["1100"]


def test_every_problem_of_a_row_is_shown():
    reading = importing.read(csv_list(("11", "", "", "", "x", "y", "z")))
    assert [code for _row, _field, code in problems(reading)] == [
        "import_bad_number",
        "import_required",
        "import_unknown_role",
        "import_bad_phone",
        "import_unknown_language",
    ]


def test_a_number_twice_names_the_first_row():
    reading = importing.read(csv_list(LI, WANG, ("１１０１", "别人", "", "", "", "", "")))
    assert problems(reading) == [(4, "number", "import_number_twice")]
    assert reading.problems[0].refused.facts == {"first": 2}


def test_a_formula_is_a_problem_not_a_value():
    reading = importing.read(excel_list(('=HYPERLINK("https://example.com")', *LI[1:])))
    assert problems(reading) == [(2, "number", "import_formula")]


def test_a_lone_surrogate_is_shown_safely():
    problem = importing.read(csv_list(("1101", "\x01李", "", "", "", "", ""))).problems[0]
    assert (problem.refused.code, problem.value) == ("import_unprintable", "\N{REPLACEMENT CHARACTER}李")
    assert not importing.is_printable("\ud800")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import_empty"),
        (b"\n\n", "import_empty"),
        (csv_list(), "import_empty"),
        (excel_list(), "import_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "import_old_excel"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "import_not_a_table"),
        (b"PK\x03\x04 and then nothing of a package", "import_unreadable"),
        (excel_list(LI)[:900], "import_unreadable"),
        (b"\xff\xff\xff", "import_unreadable"),
        (b'\xe5\xb7\xa5\xe5\x8f\xb7,"unfinished', "import_unreadable"),
        (csv_list(LI, header=("工号", *"abcdef")), "import_missing_column"),
        (csv_list(LI, header=("工号", "姓名", "name", *"abcd")), "import_doubled_column"),
        (b"a" * (importing.LARGEST_FILE + 1), "import_too_big"),
        (with_part(excel_list(LI), "xl/workbook.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), "import_unreadable"),
        (with_part(excel_list(LI), "bomb.bin", b"0" * (importing.LARGEST_UNPACKED + 1)), "import_unreadable"),
    ],
)
def test_what_is_no_list_is_refused_whole(data, code):
    with pytest.raises(Refused) as refused:
        importing.read(data)
    assert refused.value.code == code


def numbered(count):
    return [(str(10_000 + i), f"员工{i}", "客户服务部", "甲班", "业务代表", "", "") for i in range(count)]


@pytest.mark.parametrize("make_list", [csv_list, excel_list])
def test_ten_thousand_rows_are_read_and_no_more(make_list):
    began = time.process_time()
    assert len(importing.read(make_list(*numbered(importing.MOST_ROWS))).entries) == importing.MOST_ROWS
    assert time.process_time() - began < 20
    with pytest.raises(Refused) as refused:
        importing.read(make_list(*numbered(importing.MOST_ROWS + 1)))
    assert refused.value.code == "import_too_many_rows"


def test_a_row_far_below_is_not_waited_for():
    book = Workbook()
    book.active.append(HEADER)
    book.active.cell(row=1_000_000, column=1, value="1101")
    with pytest.raises(Refused) as refused:
        importing.read(saved(book))
    assert refused.value.code == "import_too_many_rows"


def test_an_e_mail_address_comes_along():
    data = csv_list(
        ("1101", "李娜", "li@example.cn"),
        ("1102", "王芳", "王芳"),
        ("1103", "赵敏", ""),
        header=("工号", "姓名", "邮箱"),
    )
    reading = importing.read(data)
    assert [(entry.number, entry.email) for entry in reading.entries] == [("1101", "li@example.cn"), ("1103", "")]
    assert problems(reading) == [(3, "email", "import_bad_email")]
