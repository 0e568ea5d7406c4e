"""The pages of unified answers and synonyms."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notices import actions
from notices.models import SynonymGroup, UnifiedAnswer
from people.models import Role
from tests import make, make_notices
from tests.make_notices import NINE

pytestmark = pytest.mark.django_db
SEARCH, SYNONYMS = "/notices/answers/", "/notices/answers/synonyms/"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr("callcentre.clock.now", lambda: NINE)


@pytest.fixture
def director():
    return make_notices.director()


def url(name, row):
    return reverse(f"notices:{name}", args=[row.pk])


def typed(**changes):
    return {"question": "宽带断网怎么办", "text": "先看光猫。", "keywords": "没网", "edit": "0", **changes}


def questions(response):
    return [hit.answer.question for hit in response.context["hits"]]


def test_an_agent_finds_an_answer(client_of):
    make_notices.answer(question="宽带断网怎么办")
    make_notices.answer(question="发票怎么开", text="在 APP 开。")
    client = client_of(make.person())
    assert questions(client.get(SEARCH)) == ["发票怎么开", "宽带断网怎么办"]  # the newest, before anything is typed
    assert questions(client.get(SEARCH, {"q": "断网"})) == ["宽带断网怎么办"]
    nothing = client.get(SEARCH, {"q": "骚扰"})
    assert (questions(nothing), nothing.context["found"]) == ([], True)


def test_what_htmx_swaps_in_is_the_pages_own_fragment(client_of):
    make_notices.answer(question="宽带断网怎么办")
    client = client_of(make.person())
    page = client.get(SEARCH, {"q": "断网"}).content.decode()
    fragment = client.get(SEARCH, {"q": "断网"}, headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip() in page
    assert fragment.strip().startswith('<section class="answers"')


def test_a_search_asks_for_few_statements(client_of):
    make_notices.answer(question="宽带断网怎么办")
    client = client_of(make.person())
    with CaptureQueriesContext(connection) as queries:
        client.get(SEARCH, {"q": "断网"}, headers={"HX-Request": "true"})
    assert len(queries) <= 5


def test_a_director_writes_and_publishes(client_of, director):
    client, agent = client_of(director), make.person()
    response = client.post("/notices/answers/new/", typed())
    answer = UnifiedAnswer.objects.get()
    assert (response.status_code, response["Location"]) == (302, url("show_answer", answer))
    assert [row.question for row in client.get(SEARCH).context["drafts"]] == ["宽带断网怎么办"]
    assert client_of(agent).get(url("show_answer", answer)).status_code == 404
    assert client.post(url("publish_answer", answer)).status_code == 302
    shown = client.get(url("show_answer", answer)).context
    assert (shown["read"], shown["everybody"], shown["steps"]["publish"].code) == (0, 1, "wrong_state")
    assert client_of(agent).get(url("show_answer", answer)).status_code == 200
    again = client.post(url("publish_answer", answer))
    assert (again.status_code, again["X-Refusal"]) == (409, "wrong_state")


@pytest.mark.parametrize("field", ["question", "text"])
def test_what_is_missing_is_said_at_its_field(client_of, director, field):
    response = client_of(director).post("/notices/answers/new/", typed(**{field: " "}))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_an_answer_is_changed_by_who_saw_it_last(client_of, director):
    answer = make_notices.answer(by=director)
    client = client_of(director)
    assert client.get(url("change_answer", answer)).context["form"].initial["edit"] == 1
    assert client.post(url("change_answer", answer), typed(text="新", edit="1")).status_code == 302
    late = client.post(url("change_answer", answer), typed(text="另", edit="1"))
    assert (late.status_code, late["X-Refusal"], late.context["current"].text) == (
        422,
        "answer_changed_meanwhile",
        "新",
    )


def test_an_answer_is_withdrawn_with_a_reason(client_of, director):
    answer = make_notices.answer(by=director)
    client = client_of(director)
    assert client.get(url("withdraw_answer", answer)).status_code == 200
    assert client.post(url("withdraw_answer", answer), {"reason": ""}).status_code == 422
    assert client.post(url("withdraw_answer", answer), {"reason": "口径已变"}).status_code == 302
    again = client.post(url("withdraw_answer", answer), {"reason": "口径已变"})
    assert (again.status_code, again["X-Refusal"]) == (409, "wrong_state")
    assert client_of(make.person()).get(url("show_answer", answer)).status_code == 404


def test_a_draft_is_thrown_away(client_of, director):
    draft = make_notices.answer_draft(by=director)
    assert client_of(director).post(url("discard_answer", draft))["Location"] == SEARCH
    assert UnifiedAnswer.objects.count() == 0


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEADER, Role.INSPECTOR, Role.SECURITY, Role.ADMINISTRATOR])
def test_other_roles_keep_nothing(client_of, role):
    answer, client = make_notices.answer(), client_of(make.person(role=role))
    steps = ["change_answer", "publish_answer", "discard_answer", "withdraw_answer"]
    assert [client.post(url(name, answer)).status_code for name in steps] == [403] * 4
    assert [client.post(path).status_code for path in ("/notices/answers/new/", SYNONYMS)] == [403] * 2


def test_another_centres_answer_is_not_there(client_of, director):
    answer = make_notices.answer(centre=make.centre(name="远山客服中心"))
    client = client_of(director)
    for name in ("show_answer", "change_answer", "withdraw_answer"):
        assert (name, client.get(url(name, answer)).status_code) == (name, 404)
    for name in ("publish_answer", "discard_answer"):
        assert (name, client.post(url(name, answer)).status_code) == (name, 404)
        assert (name, client.get(url(name, answer)).status_code) == (name, 405)


def test_a_director_keeps_the_synonyms(client_of, director):
    client = client_of(director)
    assert client.post(SYNONYMS, {"words": "套餐、资费"})["Location"] == SYNONYMS
    group = SynonymGroup.objects.get()
    assert client.post(url("change_synonyms", group), {"words": "套餐 资费 月租", "edit": 1}).status_code == 302
    (line,) = client.get(SYNONYMS).context["lines"]
    assert (str(line[0]), line[1].initial) == ("套餐 资费 月租", {"words": "套餐 资费 月租", "edit": 2})
    late = client.post(url("change_synonyms", group), {"words": "套餐 资费", "edit": 1})
    assert (late.status_code, late["X-Refusal"]) == (422, "synonyms_changed_meanwhile")
    few = client.post(SYNONYMS, {"words": "宽带"})
    assert (few.status_code, few["X-Refusal"]) == (422, "synonyms_too_few")
    assert client.post(url("drop_synonyms", group)).status_code == 302
    assert SynonymGroup.objects.count() == 0


def test_another_centres_synonyms_are_not_there(client_of, director):
    by = make_notices.director(centre=make.centre(name="远山客服中心"))
    group = actions.keep_synonyms(words=["套餐", "资费"], by=by, at=NINE)
    client = client_of(director)
    assert client.get(SYNONYMS).context["lines"] == []
    assert client.post(url("change_synonyms", group), {"words": "甲 乙", "edit": 1}).status_code == 404
    assert client.post(url("drop_synonyms", group)).status_code == 404


def test_the_synonyms_cost_the_same_for_one_and_for_ten(client_of, director):
    client = client_of(director)

    def statements():
        with CaptureQueriesContext(connection) as queries:
            client.get(SYNONYMS)
        return len(queries)

    actions.keep_synonyms(words=["套餐", "资费"], by=director, at=NINE)
    once = statements()
    for number in range(9):
        actions.keep_synonyms(words=[f"甲{number}", f"乙{number}"], by=director, at=NINE)
    assert statements() == once
