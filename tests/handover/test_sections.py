import pytest

from handover.sections import Section, file_lines
from rulebook.register import CLAUSES

E, H, S = Section.EQUIPMENT, Section.HARD_QUESTIONS, Section.STAFF_CHANGES


@pytest.mark.parametrize(
    ("text", "filed"),
    [
        ("耳机有杂音", [(E, "耳机有杂音")]),
        ("第一行\n第二行", [(E, "第一行\n第二行")]),
        ("#疑难 积分怎么查", [(H, "积分怎么查")]),
        ("＃疑难：积分怎么查", [(H, "积分怎么查")]),
        ("#疑难积分怎么查", [(H, "积分怎么查")]),
        ("  #调班 1103 与 1205 换班", [(S, "1103 与 1205 换班")]),
        ("#hard how to look up points", [(H, "how to look up points")]),
        ("#HARD how", [(H, "how")]),
        ("#hardware is old", [(E, "#hardware is old")]),
        ("#午餐 十二点", [(E, "#午餐 十二点")]),
        ("工单 #设备 1024", [(E, "工单 #设备 1024")]),
        ("耳机有杂音\n#疑难 积分\n已换备用", [(E, "耳机有杂音\n已换备用"), (H, "积分")]),
        ("#疑难 甲\n#疑难 乙", [(H, "甲\n乙")]),
        ("#设备", []),
        ("", []),
    ],
)
def test_lines_are_filed_by_their_tags(text, filed):
    assert file_lines(text, "equipment") == filed


def test_without_a_section_untagged_lines_have_none():
    assert file_lines("甲\n#疑难 乙", None) == [(None, "甲"), (H, "乙")]


def test_every_section_has_its_own_tags():
    tags = [tag for section in Section for tag in section.tags]
    assert len(tags) == len(set(tags)) == 14


def test_every_tag_files_under_its_section():
    for section in Section:
        for tag in section.tags:
            other = next(one for one in Section if one != section)
            assert file_lines(f"#{tag} 内容", other) == [(section, "内容")]


def test_each_section_names_a_clause_of_the_rulebook():
    assert {section.value: section.clause for section in Section} == {
        "equipment": "handover.6",
        "hard_questions": "handover.6",
        "staff_changes": "handover.6",
        "business_changes": "meeting.1",
        "instructions": "meeting.1",
        "customer_voice": "meeting.1",
        "process_changes": "meeting.1",
    }
    assert {section.clause for section in Section} <= set(CLAUSES)
