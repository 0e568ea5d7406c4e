"""Unified answers: written, published as notices, changed, withdrawn; and the words that mean the same."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from callcentre.refusals import Refused
from journal.models import Entry
from notices import actions, reading, searching
from notices.models import AnswerTerm, Notice, SynonymGroup, SynonymWord, UnifiedAnswer
from people.models import Role
from tests import make, make_notices
from tests.make_notices import NINE

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def refused(code, step, **arguments):
    with pytest.raises(Refused) as refusal:
        step(**arguments)
    assert refusal.value.code == code
    return refusal.value


def written(row):
    return list(Entry.objects.about(row).values_list("verb", flat=True))


def change(answer, **changes):
    fields = {name: getattr(answer, name) for name in ("question", "text", "keywords", "edit")}
    return actions.change_answer(answer=answer, **{"by": answer.written_by, "at": NINE + DAY, **fields, **changes})


def found(text, centre=None):
    return [hit.answer.question for hit in searching.search(centre or make.centre(), text)[1]]


def test_a_published_answer_is_a_notice_that_every_agent_confirms():
    agent, leader = make.person(), make.person(role=Role.LEADER)
    answer = make_notices.answer(question="宽带断网怎么办", text="先看光猫。")
    notice = answer.notice
    assert (answer.status, notice.kind, notice.title, notice.body) == (
        "published",
        "answer",
        "宽带断网怎么办",
        "先看光猫。",
    )
    assert [version.notice for version in reading.required_unread(agent, NINE)] == [notice]
    assert list(reading.required_unread(leader, NINE)) == []
    assert written(answer) == ["answer.written", "answer.published"]
    assert found("断网") == ["宽带断网怎么办"]


def test_a_draft_is_not_found():
    make_notices.answer_draft(question="宽带断网怎么办")
    assert found("断网") == []
    assert Notice.objects.count() == 0


def test_a_changed_answer_is_a_new_version_of_its_notice():
    agent, answer = make.person(), make_notices.answer(question="宽带断网怎么办", text="先看光猫。")
    actions.confirm(notice=answer.notice, version=1, by=agent, at=NINE)
    change(answer, text="先看光猫，再看路由器。")
    answer.notice.refresh_from_db()
    assert (answer.notice.version, answer.notice.body) == (2, "先看光猫，再看路由器。")
    assert [version.number for version in reading.required_unread(agent, NINE + DAY)] == [2]
    assert (found("路由器"), written(answer)[-1]) == (["宽带断网怎么办"], "answer.changed")


def test_other_keywords_ask_nobody_to_confirm_again():
    answer = make_notices.answer(question="宽带断网怎么办")
    change(answer, keywords="没网")
    answer.notice.refresh_from_db()
    assert (answer.notice.version, found("没网")) == (1, ["宽带断网怎么办"])


def test_an_answer_is_changed_long_after_its_notice_is_over():
    agent, answer = make.person(), make_notices.answer()
    later = NINE + 200 * DAY
    fields = {"question": answer.question, "text": "新答复", "keywords": "", "edit": 1}
    actions.change_answer(answer=answer, by=answer.written_by, at=later, **fields)
    assert [version.number for version in reading.required_unread(agent, later)] == [2]


def test_a_change_on_an_old_text_or_none_at_all_is_refused():
    answer = make_notices.answer()
    refused("answer_same_text", change, answer=answer)
    change(answer, text="新")
    refused("answer_changed_meanwhile", change, answer=answer, text="另")


def test_a_withdrawn_answer_is_found_no_more_and_its_notice_ends():
    answer = make_notices.answer(question="宽带断网怎么办")
    by, notice = answer.written_by, answer.notice
    refused("notice_of_an_answer", actions.withdraw, notice=notice, reason="误", by=by, at=NINE)
    refused(
        "notice_of_an_answer",
        actions.revise,
        notice=notice,
        title="甲",
        body="乙",
        version=1,
        by=by,
        at=NINE,
    )
    refused("notice_reason_missing", actions.withdraw_answer, answer=answer, reason="", by=by, at=NINE)
    actions.withdraw_answer(answer=answer, reason="口径已变", by=by, at=NINE)
    answer.refresh_from_db()
    notice.refresh_from_db()
    assert (answer.status, notice.status, notice.reason) == ("withdrawn", "withdrawn", "口径已变")
    assert (found("断网"), AnswerTerm.objects.count()) == ([], 0)
    assert written(answer)[-1] == "answer.withdrawn"
    refused("wrong_state", change, answer=answer, text="新")
    refused("wrong_state", actions.withdraw_answer, answer=answer, reason="误", by=by, at=NINE)
    refused("wrong_state", actions.publish_answer, answer=answer, by=by, at=NINE)


def test_a_draft_is_thrown_away():
    draft = make_notices.answer_draft()
    actions.discard_answer(answer=draft, by=draft.written_by, at=NINE)
    assert (UnifiedAnswer.objects.count(), written(draft)) == (0, ["answer.written", "answer.discarded"])
    published = make_notices.answer()
    refused("wrong_state", actions.discard_answer, answer=published, by=published.written_by, at=NINE)


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEADER, Role.INSPECTOR, Role.ADMINISTRATOR])
def test_only_directors_keep_answers(role):
    by, answer = make.person(role=role), make_notices.answer()
    texts = {"question": "甲", "text": "乙"}
    refused("answer_not_yours", actions.write_answer, by=by, at=NINE, **texts)
    refused("answer_not_yours", actions.publish_answer, answer=answer, by=by, at=NINE)
    refused("answer_not_yours", actions.withdraw_answer, answer=answer, reason="误", by=by, at=NINE)
    refused("answer_not_yours", actions.keep_synonyms, words=["甲", "乙"], by=by, at=NINE)
    refused("answer_not_yours", change, answer=answer, by=by)


def test_a_status_without_its_notice_is_refused_by_the_database():
    draft = make_notices.answer_draft()
    for name, changes in [
        ("answer_status_is_one_of_three", {"status": "lost"}),
        ("published_answer_has_a_notice", {"status": "published"}),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            UnifiedAnswer.objects.filter(pk=draft.pk).update(**changes)


# ---- synonyms


def keep(words, **options):
    options = {"by": make_notices.director(), "at": NINE, **options}
    return actions.keep_synonyms(words=words.split(), **options)


def test_a_group_of_synonyms_is_kept_and_changed():
    group = keep("套餐 资费 ＷｉＦｉ")
    assert searching.known_synonyms(group.centre) == {
        "套餐": ["资费", "wifi"],
        "资费": ["套餐", "wifi"],
        "wifi": ["套餐", "资费"],
    }
    keep("套餐 月租", group=group, edit=1)
    assert searching.known_synonyms(group.centre) == {"套餐": ["月租"], "月租": ["套餐"]}
    refused("synonyms_changed_meanwhile", keep, words="套餐 资费", group=group, edit=1)
    assert written(group) == ["synonyms.kept", "synonyms.kept"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("synonyms_too_few", "套餐"),
        ("synonyms_too_few", "WiFi ＷＩＦＩ"),
        ("synonym_no_word", "套餐 ！"),
        ("synonym_too_long", f"套餐 {'长' * 21}"),
        ("synonym_taken", "宽带 流量"),
    ],
)
def test_what_is_no_group(code, words):
    keep("宽带 网络")
    assert refused(code, keep, words=words).field == "words"
    assert SynonymGroup.objects.count() == 1


def test_a_group_is_removed():
    group = keep("套餐 资费")
    actions.drop_synonyms(group=SynonymGroup.objects.get(), by=make_notices.director(), at=NINE)
    assert (SynonymGroup.objects.count(), SynonymWord.objects.count(), written(group)[-1]) == (0, 0, "synonyms.dropped")


def test_a_word_is_in_one_group_whoever_writes_it():
    group = keep("套餐 资费")
    other = SynonymGroup.objects.create(centre=group.centre)
    for name, folded in [("folded|word_is_in_one_group_of_its_centre", "套餐"), ("synonym_is_a_word", "")]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            SynonymWord.objects.create(group=other, centre=group.centre, word="x", folded=folded)
