import pytest

from callcentre.refusals import Refused
from callcentre.signals import tick
from journal.models import Entry
from people.models import Centre
from rulebook import actions, checklists, evidence
from rulebook.models import Checklist, ChecklistItem
from tests import make, make_rulebook

pytestmark = pytest.mark.django_db

FLOOR = ("地面整洁。", "Floor clean.", ["hygiene.room.2"])
DUST = ("桌椅无尘。", "No dust.", ["hygiene.room.1"])


@pytest.fixture(autouse=True)
def registries():
    with make_rulebook.registries():
        checklists.DEFINITIONS.clear()
        yield


def define(*items):
    checklists.DEFINITIONS.pop("room", None)
    checklists.define("room", "机房卫生", "Machine-room hygiene", list(items))


def test_a_centre_gets_the_defined_checklists():
    define(FLOOR, DUST)
    centre = make.centre()
    actions.ensure_checklists(centre=centre, at=make.at(8))
    checklist = Checklist.objects.of(centre, "room")
    assert str(checklist) == "机房卫生"
    assert [(item.text, item.clauses, item.active) for item in checklist.active_items()] == [
        ("地面整洁。", ["hygiene.room.2"], True),
        ("桌椅无尘。", ["hygiene.room.1"], True),
    ]
    assert Entry.objects.get().verb == "checklist.made"


def test_again_changes_nothing(django_assert_num_queries):
    define(FLOOR)
    centre = make.centre()
    actions.ensure_checklists(centre=centre, at=make.at(8))
    actions.switch_item(item=ChecklistItem.objects.get(), active=False, by=make_rulebook.director(), at=make.at(9))
    with django_assert_num_queries(3):  # savepoint, one query, release
        actions.ensure_checklists(centre=centre, at=make.at(10))
    assert ChecklistItem.objects.get().active is False
    assert Entry.objects.filter(verb="checklist.made").count() == 1


def test_an_item_that_a_new_version_defines_is_added():
    define(FLOOR)
    centre = make.centre()
    actions.ensure_checklists(centre=centre, at=make.at(8))
    define(FLOOR, DUST)
    actions.ensure_checklists(centre=centre, at=make.at(9))
    assert [item.text for item in Checklist.objects.get().active_items()] == ["地面整洁。", "桌椅无尘。"]


def test_a_centre_made_since_gets_them_with_the_minute():
    define(FLOOR)
    Centre.objects.create(name="新中心", opened_on=make.MONDAY)
    assert tick(make.at(8)) == []
    assert ChecklistItem.objects.filter(checklist__centre__name="新中心").count() == 1


def test_an_item_is_evidence_of_inspection():
    define(FLOOR)
    assert (evidence.EVIDENCE[-1].clause, evidence.EVIDENCE[-1].kind) == ("hygiene.room.2", "inspection")
    assert str(evidence.EVIDENCE[-1].what) == "机房卫生：地面整洁。"


def test_a_key_is_defined_once():
    define(FLOOR)
    with pytest.raises(ValueError):
        checklists.define("room", "机房", "Room", [])


def test_an_unknown_checklist_is_none():
    assert Checklist.objects.of(make.centre(), "nowhere") is None


def test_a_director_adds_an_item_at_the_end():
    checklist = make_rulebook.checklist()
    director = make_rulebook.director()
    item = actions.add_item(
        checklist=checklist,
        text_zh=" 窗明。",
        text_en="Windows bright.",
        clauses=["hygiene.room.2"],
        by=director,
        at=make.at(9),
    )
    assert (item.order, item.text, item.number) == (2, "窗明。", None)
    entry = Entry.objects.about(checklist).last()
    assert (entry.verb, entry.actor, entry.facts) == ("checklist.item_added", director, {"item": item.pk})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"clauses": ["floor.9"]}, "unknown_clause"),
        ({"text_en": " "}, "item_needs_a_text"),
        ({"text_zh": ""}, "item_needs_a_text"),
    ],
)
def test_a_wrong_item_is_refused(changes, code):
    options = {"text_zh": "窗明。", "text_en": "Windows bright.", "clauses": ["hygiene.room.2"]} | changes
    checklist = make_rulebook.checklist()
    with pytest.raises(Refused) as caught:
        actions.add_item(checklist=checklist, by=make_rulebook.director(), at=make.at(9), **options)
    assert caught.value.code == code
    assert str(caught.value)
    assert ChecklistItem.objects.count() == 1


def test_items_are_switched_off_and_on_by_directors_only():
    item = make_rulebook.checklist().items.get()
    with pytest.raises(Refused) as caught:
        actions.switch_item(item=item, active=False, by=make_rulebook.leader(), at=make.at(9))
    assert caught.value.code == "only_directors_change_rules"
    director = make_rulebook.director()
    actions.switch_item(item=item, active=False, by=director, at=make.at(9))
    assert list(item.checklist.active_items()) == []
    actions.switch_item(item=item, active=True, by=director, at=make.at(9))
    assert list(item.checklist.active_items()) == [item]
    assert [entry.verb for entry in Entry.objects.about(item.checklist)] == [
        "checklist.made",
        "checklist.item_switched_off",
        "checklist.item_switched_on",
    ]


def test_of_two_who_switch_at_once_the_second_is_told():
    item = make_rulebook.checklist().items.get()
    director = make_rulebook.director()
    actions.switch_item(item=ChecklistItem.objects.get(), active=False, by=director, at=make.at(9))
    with pytest.raises(Refused) as caught:
        actions.switch_item(item=item, active=False, by=director, at=make.at(9))
    assert caught.value.code == "changed_meanwhile"


def test_items_citing_a_clause():
    item = make_rulebook.checklist().items.get()
    assert ChecklistItem.objects.citing(item.checklist.centre, "hygiene.room.2") == [item]
    assert ChecklistItem.objects.citing(item.checklist.centre, "hygiene.room.1") == []
