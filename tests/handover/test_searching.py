"""The search over all logs: its filters, its pages, and that history does not make it dearer."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from handover import actions, searching, views
from handover.models import Entry, EntryTerm
from people.models import Role
from tests import make, make_handover, make_shifts

pytestmark = pytest.mark.django_db
URL = "/handover/search/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def floor(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.at(15))
    return make_handover.floor()


def texts(client, **asked):
    return [entry.text for entry, _marked in client.get(URL, asked).context["lines"]]


def history(floor, count, text="流量包第 {} 条"):
    """Entries of long ago, made in bulk."""
    rows = [
        Entry(
            log=floor.log,
            centre=floor.centre,
            section="equipment",
            text=text.format(number),
            author=floor.agents[0],
            written_at=make.at(0) - number * dt.timedelta(minutes=1),
        )
        for number in range(count)
    ]
    rows = Entry.objects.bulk_create(rows, 500)
    EntryTerm.objects.reindex({row.pk: [(row.text, 2)] for row in rows})
    return rows


def test_words_are_found_and_marked(floor, client_of):
    make_handover.entry(floor, text="A03 号席耳机有杂音")
    make_handover.entry(floor, text="打印机缺墨")
    make_handover.question(floor, answer_given="换备用耳机。")
    client = client_of(floor.agents[0])
    assert texts(client, q="耳机") == ["合约期内换套餐是否收违约金？", "A03 号席耳机有杂音"]
    assert texts(client, q="耳机 杂音") == ["A03 号席耳机有杂音"]
    assert texts(client, q="a03") == ["A03 号席耳机有杂音"]
    assert texts(client, q="空调") == []
    assert "<mark>耳机</mark>有杂音" in client.get(URL, {"q": "耳机"}).text


def test_each_filter_narrows(floor, client_of):
    desk = make_shifts.desks()[0]
    one = make_handover.entry(floor, text=f"{desk.code} 耳机无声", by=floor.agents[0], at=make.at(9))
    make_handover.entry(floor, section="customer_voice", text="客户表扬", by=floor.leader, at=make.at(10))
    client = client_of(floor.leader)
    assert texts(client) == ["客户表扬", one.text]
    assert texts(client, section="customer_voice") == ["客户表扬"]
    assert texts(client, desk=desk.code.lower()) == [one.text]
    assert texts(client, equipment="headset") == [one.text]
    assert texts(client, person=floor.leader.employee_number) == ["客户表扬"]
    assert texts(client, person="甲班") == ["客户表扬"]
    assert texts(client, person="jbz") == ["客户表扬"]
    assert texts(client, person="没有此人") == []
    assert texts(client, since="2026-11-23", until="2026-11-23") == ["客户表扬", one.text]
    assert texts(client, since="2026-11-24") == []
    assert texts(client, until="2026-11-22") == []


def test_a_wrong_filter_says_so(floor, client_of):
    page = client_of(floor.leader).get(URL, {"desk": "Z99", "since": "gestern"})
    assert (page.context["found"], sorted(page.context["form"].errors)) == (None, ["desk", "since"])


def test_withdrawn_notes_and_other_centres_are_not_found(floor, client_of):
    entry = make_handover.entry(floor)
    elsewhere = make.person(role=Role.LEADER, centre=make.centre(name="别处"))
    assert texts(client_of(elsewhere), q="耳机") == []
    assert client_of(elsewhere).get(URL, {"before": entry.pk}).status_code == 404
    actions.withdraw_entry(entry=entry, by=floor.leader, at=make.at(10))
    assert texts(client_of(floor.leader), q="耳机") == []


def test_pages_lead_on_and_back(floor, client_of):
    rows = history(floor, 45)
    client = client_of(floor.leader)
    first = client.get(URL, {"q": "流量"})
    second = client.get(URL + first.context["older"])
    third = client.get(URL + second.context["older"])
    pages = [[entry for entry, _text in page.context["lines"]] for page in (first, second, third)]
    assert pages == [rows[:20], rows[20:40], rows[40:]]
    assert (first.context["newer"], third.context["older"]) == (None, None)
    back = client.get(URL + third.context["newer"])
    assert [entry for entry, _text in back.context["lines"]] == rows[20:40]


def test_counts_are_capped(floor, client_of):
    history(floor, 120)
    found = client_of(floor.leader).get(URL, {"q": "流量"}).context["found"]
    assert (found.count, found.is_capped) == (101, True)


def test_words_that_many_entries_have_are_found_the_other_way(floor, client_of, monkeypatch):
    monkeypatch.setattr(searching, "FEW", 10)
    history(floor, 30)
    make_handover.entry(floor, text="流量包下架，耳机正常")
    client = client_of(floor.leader)
    assert len(texts(client, q="流量包")) == 20
    assert texts(client, q="流量包 耳机") == ["流量包下架，耳机正常"]
    monkeypatch.setattr(searching, "FEW", 1000)
    assert texts(client, q="流量包 耳机") == ["流量包下架，耳机正常"]


ASKED = [
    {},
    {"q": "流量"},
    {"q": "耳机"},
    {"section": "equipment"},
    {"q": "流量", "section": "equipment"},
    {"since": "2026-11-23"},
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_the_statements_are_the_same_however_long_the_history(asked, floor, client_of):
    client = client_of(floor.leader)
    history(floor, 3)
    few = statements(client, asked)
    history(floor, 300)
    assert statements(client, asked) == few <= 8


def statements(client, asked):
    client.get(URL, asked)
    with CaptureQueriesContext(connection) as queries:
        client.get(URL, asked)
    return len(queries)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts SQLite's own steps")
@pytest.mark.parametrize("asked", [{}, {"q": "流量"}, {"section": "equipment"}], ids=str)
def test_the_work_is_the_same_however_long_the_history(asked, floor, client_of):
    """From some hundred notes on: the page and the capped count are full."""
    client = client_of(floor.leader)
    rows = history(floor, 1100)
    few = steps(client, asked)
    more = history(floor, 6000)
    assert (len(rows), len(more)) == (1100, 6000)
    assert steps(client, asked) <= 1.05 * few


def steps(client, asked):
    """Hundreds of SQLite's virtual machine steps of a warm request."""
    client.get(URL, asked)
    counted = [0]

    def count():
        counted[0] += 1

    connection.connection.set_progress_handler(count, 100)
    try:
        client.get(URL, asked)
    finally:
        connection.connection.set_progress_handler(None, 0)
    return counted[0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts SQLite's own steps")
def test_the_list_and_a_log_work_the_same_however_many_logs(floor, client_of, monkeypatch):
    monkeypatch.setattr(views, "ROWS", 5)  # as many rows before as after
    client = client_of(floor.leader)
    pages = [reverse("handover:list_logs"), reverse("handover:show_log", args=[floor.log.pk])]
    for day in range(1, 7):
        make_handover.floor(on=make.MONDAY + day * DAY, next_type=None, roster=floor.roster)
    few = [work(client, page) for page in pages]
    for day in range(1, 7):
        for type in "MN":
            make_handover.floor(on=make.MONDAY + day * DAY, type=type, next_type=None, roster=floor.roster)
    assert [now <= 1.3 * then for now, then in zip([work(client, page) for page in pages], few, strict=True)] == [
        True,
        True,
    ]


def work(client, page):
    client.get(page)
    counted = [0]

    def count():
        counted[0] += 1

    connection.connection.set_progress_handler(count, 100)
    try:
        client.get(page)
    finally:
        connection.connection.set_progress_handler(None, 0)
    return counted[0]
