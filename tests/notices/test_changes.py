import pytest

from notices.changes import compare


@pytest.mark.parametrize(
    ("old", "new", "html"),
    [
        ("同", "同", "同"),
        ("五折", "六折", "<del>五</del><ins>六</ins>折"),
        ("甲\n乙", "甲\n丙丁\n乙", "甲\n<ins>丙丁</ins>\n乙"),
        ("甲\n乙", "甲", "甲\n<del>乙</del>"),
        ("<b>", "<i>", "&lt;<del>b</del><ins>i</ins>&gt;"),
        ("甲", "甲\n\n乙", "甲\n\n<ins>乙</ins>"),
        ("a" * 800, "b" * 800, f"<del>{'a' * 800}</del><ins>{'b' * 800}</ins>"),
    ],
)
def test_what_has_changed_is_marked(old, new, html):
    assert compare(old, new) == html
