"""What stands beside a note's text: the answer to a hard question, desk and equipment, whom it mentions."""

import pytest

from delivery.models import Announcement
from handover import actions, mentions
from handover.equipment import desk_codes_in, equipment_in
from handover.models import EntryTerm, Mention
from handover.sections import Section
from journal.models import Entry as JournalRow
from tests import make, make_handover, make_shifts

pytestmark = pytest.mark.django_db
MORNING = make_handover.MORNING


@pytest.fixture
def floor():
    return make_handover.floor()


def told():
    rows = Announcement.objects.filter(kind="handover.mentioned").order_by("pk")
    return [row.to for row in rows]


def test_a_hard_question_has_its_answer_and_may_need_analysis(floor):
    entry = make_handover.question(floor, answer_given="以公告为准。", needs_analysis=True)
    assert (entry.section, entry.answer_given, entry.needs_analysis) == ("hard_questions", "以公告为准。", True)


def test_an_answer_goes_with_the_question_and_not_with_tagged_lines(floor):
    step = {"log": floor.log, "section": Section.HARD_QUESTIONS, "by": floor.leader, "at": MORNING}
    made = actions.add_entry(**step, text="#客户 建议\n积分怎么查", answer_given="登录查询。", needs_analysis=True)
    assert [(entry.section, entry.answer_given, entry.needs_analysis) for entry in made] == [
        ("customer_voice", "", False),
        ("hard_questions", "登录查询。", True),
    ]


def test_under_another_section_the_answer_stays_with_the_earlier_text(floor):
    entry = make_handover.question(floor, answer_given="以公告为准。", needs_analysis=True)
    step = {"entry": entry, "text": entry.text, "version": 1, "by": floor.leader, "at": MORNING}
    edited = actions.edit_entry(**step, section="customer_voice")
    assert (edited.answer_given, edited.needs_analysis) == ("", False)
    assert (edited.versions.get().answer_given, edited.versions.get().needs_analysis) == ("以公告为准。", True)


def test_a_changed_answer_is_a_new_version(floor):
    entry = make_handover.question(floor, answer_given="一")
    step = {"entry": entry, "section": entry.section, "text": entry.text, "by": floor.leader, "at": MORNING}
    assert actions.edit_entry(**step, version=1, answer_given="一").version == 1
    assert actions.edit_entry(**step, version=1, answer_given="二").version == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A07 号机耳机左侧无声", "headset"),
        ("大屏幕排队数延迟，信息科已知晓", "screen"),
        ("话务软件卡死，耳机正常", "software"),
        ("一切正常", ""),
        ("The HEADSET crackles", "headset"),
    ],
)
def test_equipment_is_read_from_the_text(text, found):
    assert equipment_in(text) == found


def test_desk_codes_are_read_from_the_text():
    assert desk_codes_in("A07 号机和ｂ１２，又 A07；IPTV 和 A1234567 不是") == ["A07", "B12"]


def test_the_desk_that_a_note_names_is_kept(floor):
    one, two, _three = make_shifts.desks()
    assert make_handover.entry(floor, text=f"{one.code.lower()} 号席耳机有杂音").desk == one
    assert make_handover.entry(floor, text=f"{one.code} 与 {two.code} 都断网").desk is None
    assert make_handover.entry(floor, text="Z99 不存在").desk is None


def test_another_centres_desk_is_not_meant(floor):
    make_shifts.desks(centre=make.centre(name="别处"), count=9)
    assert make_handover.entry(floor, text="A09 断网").desk is None


def test_an_edit_reads_nothing_into_the_text(floor):
    entry = make_handover.entry(floor, text="耳机有杂音")
    step = {"entry": entry, "section": "equipment", "text": "耳机无声", "by": floor.leader, "at": MORNING}
    assert actions.edit_entry(**step, version=1, equipment="").equipment == ""


def test_who_is_mentioned_is_told_once(floor):
    entry = make_handover.entry(floor, text=f"请 @{floor.leader.name} 与＠{floor.next_leader.employee_number} 跟进")
    assert set(Mention.objects.values_list("person", flat=True)) == {floor.leader.pk, floor.next_leader.pk}
    assert told() == [sorted([floor.leader.pk, floor.next_leader.pk])]
    rows = [row.facts for row in JournalRow.objects.about(floor.log) if row.verb == "handover.mentioned"]
    assert {row["person"] for row in rows} == {floor.leader.pk, floor.next_leader.pk}
    step = {"entry": entry, "section": "equipment", "version": 1, "by": floor.leader, "at": MORNING}
    actions.edit_entry(**step, text=f"请 @{floor.leader.name} 与 @{floor.agents[1].employee_number} 跟进")
    assert told()[1:] == [[floor.agents[1].pk]]


def test_nobody_is_told_of_their_own_mention_or_from_another_shift(floor):
    stranger = make_handover.outsider()
    make_handover.entry(floor, by=floor.leader, text=f"@{floor.leader.name} 已处理，@{stranger.name} 不在本班")
    assert (told(), Mention.objects.count()) == ([], 1)


def test_of_two_people_with_one_name_the_number_tells_them_apart():
    one, two = make.person(name="李娜", number="1103"), make.person(name="李娜", number="1107")
    longer = make.person(name="李娜娜", number="1109")
    people = [one, two, longer]
    assert mentions.people_in("请 @李娜 1107 跟进", people) == [two]
    assert mentions.people_in("请 @李娜1103跟进", people) == [one]
    assert mentions.people_in("请 @李娜跟进", people) == [one, two]
    assert mentions.people_in("请 @李娜娜 跟进", people) == [longer]
    assert mentions.people_in("a@b.cn", people) == []


def test_names_are_found_by_their_syllables():
    assert mentions.keys("李娜") == ("ln", "lina")


def test_what_is_noted_is_found_from_then_on(floor):
    entry = make_handover.entry(floor, text="流量包")
    assert EntryTerm.objects.filter(document=entry).count() == 3
    step = {"entry": entry, "section": "equipment", "text": "套餐", "version": 1, "by": floor.leader, "at": MORNING}
    actions.edit_entry(**step)
    assert EntryTerm.objects.filter(document=entry).count() == 2
