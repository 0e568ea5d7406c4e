"""Finding an answer: what is found, in which order, marked how, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices import actions, searching
from notices.models import AnswerTerm
from tests import make, make_notices
from tests.make_notices import NINE

pytestmark = pytest.mark.django_db


def found(text, centre=None):
    return [hit.answer.question for hit in searching.search(centre or make.centre(), text)[1]]


@pytest.fixture
def answers():
    by = make_notices.director()
    for question, text, keywords in [
        ("宽带断网怎么办", "请先查看光猫指示灯，再重启路由器。", "没网 上不了网 LOS"),
        ("如何办理5G套餐", "凭身份证在营业厅或 APP 办理。", "资费"),
        ("携号转网的条件", "号码实名且无在网约定；宽带需先退订。", "转网 10086"),
        ("发票怎么开", "次月 3 日起可在 APP 开具电子发票。", ""),
    ]:
        make_notices.answer(by=by, question=question, text=text, keywords=keywords)
    actions.keep_synonyms(words=["断网", "掉线"], by=by, at=NINE)
    actions.keep_synonyms(words=["套餐", "月租"], by=by, at=NINE)


@pytest.mark.parametrize(
    ("typed", "questions"),
    [
        ("断网", ["宽带断网怎么办"]),
        ("网", ["携号转网的条件", "宽带断网怎么办"]),  # the newest first
        ("宽带", ["宽带断网怎么办", "携号转网的条件"]),  # in the question, then in the answer
        ("转网", ["携号转网的条件"]),
        ("猫", ["宽带断网怎么办"]),
        ("办", ["如何办理5G套餐", "宽带断网怎么办"]),
        ("５ｇ", ["如何办理5G套餐"]),
        ("los", ["宽带断网怎么办"]),
        ("1008", ["携号转网的条件"]),
        ("app", ["发票怎么开", "如何办理5G套餐"]),
        ("月租", ["如何办理5G套餐"]),  # means the same as 套餐
        ("我家宽带掉线了", ["宽带断网怎么办"]),
        ("电子 发票", ["发票怎么开"]),
        ("骚扰电话", []),
        ("", []),
        ("，", []),
        ("%", []),
    ],
)
def test_what_is_typed_finds_the_answers_best_first(answers, typed, questions):
    assert found(typed) == questions


def test_what_was_found_is_marked(answers):
    _query, (hit,) = searching.search(make.centre(), "光猫 LOS")
    assert hit.question == "宽带断网怎么办"
    assert hit.text == "请先查看<mark>光猫</mark>指示灯，再重启路由器。"
    assert hit.keywords == "没网 上不了网 <mark>LOS</mark>"


def test_each_centre_finds_its_own(answers):
    elsewhere = make.centre(name="远山客服中心")
    make_notices.answer(centre=elsewhere, question="远山宽带")
    assert found("宽带", elsewhere) == ["远山宽带"]


def test_the_cost_does_not_grow_with_the_answers(monkeypatch):
    monkeypatch.setattr(searching, "CANDIDATES", 5)
    by = make_notices.director()
    make_notices.answer(by=by, question="宽带甲")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            hits = searching.search(by.centre, "宽带")[1]
        return len(queries), len(hits)

    assert cost() == (3, 1)
    for number in range(9):
        make_notices.answer(by=by, question=f"宽带{number}")
    assert cost() == (3, 5)


def test_the_index_is_written_at_once(django_assert_max_num_queries):
    rows = [make_notices.answer(question=f"宽带{number}") for number in range(3)]
    with django_assert_max_num_queries(4):  # savepoints among them
        actions.index(rows)
    assert AnswerTerm.objects.values("document").distinct().count() == 3
