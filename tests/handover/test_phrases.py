import pytest

from callcentre.refusals import Refused
from handover import actions, rules
from handover.models import Phrase
from journal.models import Entry as JournalRow
from people.models import Role
from tests import make

pytestmark = pytest.mark.django_db
AT = make.at(9)


def add(by, text="口径见最新通告。", section="business_changes"):
    return actions.add_phrase(centre=by.centre, section=section, text=text, by=by, at=AT)


def refused(step, *args, **options):
    with pytest.raises(Refused) as caught:
        step(*args, **options)
    return caught.value.code


def verbs():
    return list(JournalRow.objects.order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize("role", [Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR])
def test_leaders_and_directors_keep_text_templates(role):
    by = make.person(role=role)
    phrase = add(by)
    actions.change_phrase(phrase=phrase, section="instructions", text="按批示办理。", by=by, at=AT)
    assert list(Phrase.objects.values_list("section", "text")) == [("instructions", "按批示办理。")]
    actions.drop_phrase(phrase=phrase, by=by, at=AT)
    assert (Phrase.objects.count(), verbs()) == (
        0,
        ["handover.phrase_added", "handover.phrase_changed", "handover.phrase_dropped"],
    )


def test_nobody_else_keeps_them():
    phrase = add(make.person(role=Role.LEADER))
    for role in (Role.AGENT, Role.INSPECTOR, Role.SECURITY, Role.ADMINISTRATOR):
        by = make.person(role=role)
        assert refused(add, by) == "phrases_not_yours"
        step = {"phrase": phrase, "by": by, "at": AT}
        assert refused(actions.change_phrase, **step, section="equipment", text="x") == "phrases_not_yours"
        assert refused(actions.drop_phrase, **step) == "phrases_not_yours"


def test_a_text_stands_once_in_its_section():
    by = make.person(role=Role.LEADER)
    add(by)
    assert refused(add, by) == "phrase_there"
    add(by, section="instructions")
    phrase = add(by, "另一句。")
    step = {"phrase": phrase, "by": by, "at": AT}
    assert refused(actions.change_phrase, **step, section="instructions", text="口径见最新通告。") == "phrase_there"


def test_a_section_has_so_many_and_no_more():
    by = make.person(role=Role.LEADER)
    for number in range(rules.MOST_PHRASES):
        add(by, f"第 {number} 句。")
    assert refused(add, by, "再一句。") == "phrases_full"
