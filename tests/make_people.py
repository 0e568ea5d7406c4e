"""Staff lists for tests."""

import io
import zipfile

from openpyxl import Workbook

HEADER = ("工号", "姓名", "部门", "班组", "角色", "电话", "语言")
LI = ("1101", "李娜", "客户服务部", "甲班", "业务代表", "13800000001", "中文")
WANG = ("1100", "王芳", "客户服务部", "甲班", "班长", "", "")


def csv_list(*rows, header=HEADER, encoding="utf-8", separator=","):
    return "\n".join(separator.join(row) for row in (header, *rows)).encode(encoding)


def excel_list(*rows, header=HEADER):
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    return saved(book)


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_part(data, name, content):
    """The same package with another part in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return made.getvalue()
