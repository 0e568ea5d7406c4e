import pytest

from board.search import MOST, search
from people.models import Role
from tests import make, make_duties, make_escalations, make_handover, make_notices

pytestmark = pytest.mark.django_db


def found(person, text):
    return {kind.code: [hit.title for hit in kind.hits] for kind in search(person, text)}


def test_clauses_by_number_and_by_either_language():
    person = make.person()
    for text in ("handover.4", "交接"):
        assert "clauses" in found(person, text)
    assert len(search(person, "handover.4")[0].hits) == 1


def test_people_by_number_and_name():
    person = make.person(number="1101", name="李娜")
    make.person(number="1102", name="李静")
    make.person(number="2101", name="李娜", centre=make.centre(name="别处"))
    assert found(person, "李")["people"] == ["李娜", "李静"]
    assert found(person, "1102")["people"] == ["李静"]


def test_only_an_administrator_goes_on_to_the_list_of_people():
    make.person(number="1101", name="李娜")
    urls = [search(make.person(role=role), "李娜")[0].hits[0].url for role in (Role.AGENT, Role.ADMINISTRATOR)]
    assert urls == ["", "/people/?q=1101"]


def test_log_entries_for_those_who_read_logs():
    floor = make_handover.floor()
    entry = make_handover.entry(floor, text="A03 号席耳机有杂音")
    assert found(floor.leader, "杂音")["entries"] == [entry.text]
    assert found(make.person(role=Role.ADMINISTRATOR), "杂音") == {}
    assert found(make.person(role=Role.LEADER, centre=make.centre(name="别处")), "杂音") == {}


def test_notices_and_unified_answers():
    agent = make.person()
    notice = make_notices.notice(title="双十二畅享包", body="每月流量 20GB")
    make_notices.draft(title="流量草稿")
    make_notices.answer(question="流量用完会停网吗", text="达量限速。")
    assert found(agent, "流量") == {"notices": ["流量用完会停网吗", notice.title], "answers": ["流量用完会停网吗"]}
    assert found(make.person(centre=make.centre(name="别处")), "流量") == {}


def test_requests_only_for_whom_they_have_reached():
    people = make_escalations.line()
    case = make_escalations.case(people, category="confidential", what_happened="涉及保密资料外泄")
    assert found(people.agent, "外泄") == {"cases": [case.what_happened]}
    for stranger in (people.other, people.administrator, people.inspector):
        assert found(stranger, "外泄") == {}


def test_duties_that_have_come_due():
    make_duties.duty()
    assert found(make.person(), "资料架")["duties"] == ["资料架整理"]


def test_each_kind_is_capped():
    for _i in range(MOST + 2):
        make.person(name="王磊")
    kind = search(make.person(), "王磊")[0]
    assert (len(kind.hits), kind.more) == (MOST, True)


@pytest.mark.parametrize("text", ["", "  ", "\x00", "%", "_", "' OR 1=1 --", "x" * 500, "\ud800"])
def test_odd_searches_find_nothing(text):
    make.person(name="王磊")
    assert found(make.person(), text) == {}


def test_the_page_costs_the_same_for_one_hit_and_ten(client_of, django_assert_num_queries):
    floor = make_handover.floor()
    client = client_of(floor.leader)
    for count in (1, 9):
        for _i in range(count):
            make_handover.entry(floor, text="甲班耳机")
            make.person(name="甲班", centre=floor.centre)
        with django_assert_num_queries(11):  # session, person with roles and unread, eight searches, the synonyms
            assert client.get("/search/", {"q": "甲班"}).status_code == 200


@pytest.mark.parametrize("query", ["", "nothing like this", "<script>", "\x00", "李"])
def test_the_page_opens(client_of, query):
    response = client_of(make.person()).get("/search/", {"q": query})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_it_is_read_only(client_of):
    assert client_of(make.person()).post("/search/").status_code == 405
