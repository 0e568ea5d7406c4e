"""What a file may be: each good kind, and each bad one with the code of its refusal."""

import io
import zipfile

import pytest
from django.utils import translation
from PIL import Image, ImageCms

from callcentre import uploads
from callcentre.refusals import Refused
from callcentre.uploads import Kind, check
from tests.make_uploads import SECRET, bomb, pdf, picture, taken_sideways, uploaded, xlsx, xlsx_with

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def opened(content):
    return Image.open(io.BytesIO(content))


def refused(content, name="文件"):
    with pytest.raises(Refused) as caught:
        check(uploaded(content, name))
    assert str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (picture("JPEG"), "机房.jpeg", ("机房.jpg", Kind.JPEG)),
        (picture("PNG"), "屏幕.png", ("屏幕.png", Kind.PNG)),
        (picture("WEBP"), "a.webp", ("a.webp", Kind.WEBP)),
        (pdf(), "通告.pdf", ("通告.pdf", Kind.PDF)),
        (pdf(packed=b"1 0 << /Type /Page >>"), "packed.pdf", ("packed.pdf", Kind.PDF)),
        (xlsx(), "名单.xlsx", ("名单.xlsx", Kind.XLSX)),
    ],
)
def test_each_good_kind_is_kept(content, name, kept):
    checked = check(uploaded(content, name))
    assert (checked.name, checked.kind) == kept
    assert bool(checked.preview) == checked.kind.is_picture
    if not checked.kind.is_picture:
        assert checked.content == content


@pytest.mark.parametrize(
    ("content", "name"),
    [(picture("PNG"), "名单.xlsx"), (picture("PNG"), "屏幕.png.exe"), (picture("PNG"), "屏幕")],
)
def test_the_name_follows_what_the_file_is(content, name):
    assert check(uploaded(content, name, "application/x-msdownload")).name == f"{name.split('.')[0]}.png"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "upload_empty"),
        (b"GIF89a" + bytes(20), "upload_not_one_of_these"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "upload_not_one_of_these"),
        (b"<html><script>alert(1)</script>%PDF-1.7 %%EOF", "upload_not_one_of_these"),
        (b"MZ" + picture(), "upload_not_one_of_these"),
        (b"\xd0\xcf\x11\xe0" + bytes(512), "upload_old_excel"),
        (picture()[:300], "upload_damaged"),
        (b"\xff\xd8\xff" + b"<script>", "upload_damaged"),
        (b"\x89PNG\r\n\x1a\n" + picture(), "upload_damaged"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "upload_damaged"),
        (bomb(), "upload_too_many_pixels"),
        (bomb(side=9_000), "upload_too_many_pixels"),
    ],
)
def test_each_bad_kind_is_refused(content, code):
    assert refused(content) == code


def test_a_file_of_the_largest_size_is_kept_and_one_byte_more_is_not(settings):
    settings.UPLOAD_LARGEST = len(xlsx_with("padding.xml"))
    assert check(uploaded(xlsx_with("padding.xml"))).kind == Kind.XLSX
    settings.UPLOAD_LARGEST -= 1
    assert refused(xlsx_with("padding.xml")) == "upload_too_big"


def test_a_picture_is_turned_upright_and_says_nothing_of_place_and_device():
    data = taken_sideways()
    assert SECRET in data
    checked = check(uploaded(data))
    for content in (checked.content, checked.preview):
        assert opened(content).size == (40, 60)
        assert dict(opened(content).getexif()) == {}
        assert SECRET not in content


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_no_profile(form):
    data = picture(form, icc_profile=PROFILE)
    assert opened(data).info["icc_profile"] == PROFILE
    assert "icc_profile" not in opened(check(uploaded(data)).content).info


def test_what_stands_behind_a_picture_is_gone():
    polyglot = picture() + xlsx() + b"<script>alert(1)</script>"
    content = check(uploaded(polyglot)).content
    assert b"<script>" not in content
    assert not zipfile.is_zipfile(io.BytesIO(content))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_is_reduced(form):
    checked = check(uploaded(picture(form, size=(5200, 1300))))
    assert opened(checked.content).size == (2560, 640)
    assert opened(checked.preview).size == (480, 120)


@pytest.mark.parametrize(
    ("mode", "colour", "kept"),
    [("CMYK", (0, 0, 0, 0), (255, 255, 255)), ("L", 200, (200, 200, 200))],
)
def test_other_colour_spaces_become_plain(mode, colour, kept):
    content = check(uploaded(picture("JPEG", mode=mode, colour=colour))).content
    assert opened(content).convert("RGB").getpixel((5, 5)) == kept


@pytest.mark.parametrize(
    ("mode", "colour", "kept"),
    [("RGBA", (1, 2, 3, 100), (1, 2, 3, 100)), ("LA", (9, 80), (9, 9, 9, 80)), ("I;16", 32768, (128, 128, 128, 255))],
)
def test_a_png_keeps_what_shows_through(mode, colour, kept):
    content = check(uploaded(picture("PNG", mode=mode, colour=colour))).content
    assert opened(content).convert("RGBA").getpixel((5, 5)) == kept


def test_of_several_frames_the_first_is_kept():
    other = [Image.new("RGB", (60, 40), "red")]
    content = check(uploaded(picture("WEBP", save_all=True, append_images=other, lossless=True))).content
    assert opened(content).n_frames == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n", "upload_damaged"),
        (pdf()[:-30], "upload_damaged"),
        (pdf() + xlsx(), "upload_damaged"),
        (pdf(trailer=b"/Encrypt 9 0 R"), "upload_encrypted"),
        (pdf(trailer=b"/Encr#79pt 9 0 R"), "upload_encrypted"),
        (pdf(b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"), "upload_active"),
        (pdf(b"<< /S /J#61vaScript /JS 4 0 R >>"), "upload_active"),
        (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "upload_active"),
        (pdf(b"<< /Type /EmbeddedFile /Length 0 >>"), "upload_active"),
        (pdf(b"<< /Names << /EmbeddedFiles 9 0 R >> >>"), "upload_active"),
        (pdf(b"<< /XFA 9 0 R >>"), "upload_active"),
        (pdf(packed=b"5 0 << /S /JavaScript /JS (1) >>"), "upload_active"),
        (pdf(packed=bytes(101 * 1024 * 1024)), "upload_damaged"),
        (pdf(b"<< /Type /ObjStm /Filter /ASCII85Decode >>\nstream\nxx\nendstream"), "upload_damaged"),
        (pdf(b"<< /Type /ObjStm /Filter [/FlateDecode /FlateDecode] >>\nstream\nxx\nendstream"), "upload_damaged"),
        (pdf(b"<< /Type /ObjStm /Fi#6cter /FlateDecode >>\nstream\nxx\nendstream"), "upload_damaged"),
        (pdf(b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\nnot deflated\nendstream"), "upload_damaged"),
    ],
)
def test_a_pdf_that_is_locked_or_runs_something_is_refused(content, code):
    assert refused(content, "通告.pdf") == code


def test_a_pdf_may_speak_of_java_in_its_text():
    assert check(uploaded(pdf(b"(JavaScript and /JavaScripting)"))).kind == Kind.PDF


EXTERNAL = b'<Relationships><Relationship Id="r1" Type="http://x/%s" Target="file:///c" TargetMode="External"/>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (xlsx()[:-40], "upload_damaged"),
        (xlsx() + b"tail", "upload_damaged"),
        (b"PK\x03\x04" + bytes(40), "upload_damaged"),
        (xlsx_with("../evil.xml"), "upload_damaged"),
        (xlsx_with("a.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]>"), "upload_damaged"),
        (xlsx_with("xl/media/bomb.bin", bytes(101 * 1024 * 1024)), "upload_damaged"),
        (xlsx_with("xl/vbaProject.bin"), "upload_macros"),
        (xlsx_with("xl/macrosheets/sheet1.xml"), "upload_macros"),
        (xlsx_with("xl/activeX/activeX1.xml"), "upload_macros"),
        (xlsx_with("[Content_Types].xml", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "upload_macros"),
        (xlsx_with("[Content_Types].xml", b"wordprocessingml.document.main+xml"), "upload_not_one_of_these"),
        (xlsx_with("xl/externalLinks/externalLink1.xml"), "upload_linked"),
        (xlsx_with("xl/embeddings/oleObject1.bin"), "upload_linked"),
        (xlsx_with("xl/worksheets/_rels/sheet1.xml.rels", EXTERNAL % b"image"), "upload_linked"),
    ],
)
def test_an_excel_file_with_more_than_cells_is_refused(content, code):
    assert refused(content, "名单.xlsx") == code


def test_an_excel_file_may_hold_links_to_click():
    content = xlsx_with("xl/worksheets/_rels/sheet1.xml.rels", EXTERNAL % b"hyperlink")
    assert check(uploaded(content)).kind == Kind.XLSX


def test_a_package_that_is_no_workbook_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("a.txt", "text")
    assert refused(made.getvalue()) == "upload_damaged"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("交接 记录（夜班）.pdf", "交接 记录（夜班）.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\wang\\通告.PDF", "通告.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("通告\u202efdp.exe", "通告fdp.pdf"),
        ("\u200b\u2066通告\u2069.pdf", "通告.pdf"),
        ("Cafe\u0301.pdf", "Café.pdf"),
        ("2026.11.23 报表.pdf", "2026.11.23 报表.pdf"),
        ("photo.jpg.php", "photo.pdf"),
        ("通告.pdf.pdf", "通告.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        (".pdf", "pdf.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ("班" * 200 + ".pdf", "班" * 76 + ".pdf"),
        ("😀.pdf", "😀.pdf"),
        ("\ud800.pdf", "pdf.pdf"),
    ],
)
def test_a_name_is_a_plain_one(given, kept):
    with translation.override("en"):
        assert uploads.clean_name(given, Kind.PDF) == kept
