"""The page of the figures, and its Excel file."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from escalations.models import Category
from escalations.report_tables import Change, bars, plain
from people.models import Person
from tests import make, make_escalations, make_reports

pytestmark = pytest.mark.django_db
URL = reverse("escalations:show_report")


@pytest.fixture(autouse=True)
def afternoon(monkeypatch):
    monkeypatch.setattr("callcentre.clock.now", lambda: make_reports.NOW)


@pytest.fixture
def people():
    people = make_reports.line()
    make_reports.two_months(people)
    return people


def tables(page):
    return {table.code: table for table in page.context["tables"]}


def row(table, label):
    return next(row[1:] for row in table.rows if row[0] == label)


def shown(page):
    """The cells of the page's tables as they are read."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", page.content.decode(), re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for body in bodies for line in body.split("<tr")[1:]]
    return [line for line in cells if line]


def test_the_month_against_the_month_before(client_of, people):
    page = client_of(people.director).get(URL)
    found = tables(page)
    with translation.override("zh-hans"):
        label = str(Category.DIFFICULT_CALLER.label)
    assert list(found) == ["category", "level", "answered", "overdue", "skipped", "dissent"]
    assert page.status_code == 200
    assert row(found["category"], label) == [1, 1, 0, 1, 0, 0, 1]
    assert found["category"].rows[-1][1:] == [13, 2, 11, 12, 1, 3, 11]
    leader = found["level"].rows[0]
    assert leader[1:] == [10, 7, 15, -6, 40, 25, -25, 1, 30]
    assert [line[1:] for line in found["overdue"].rows] == [[1, 1, 0], [1, 0, 1], [2, 0, 2]]
    assert [line[1] for line in found["skipped"].rows] == [2, 0, 1, 1, 0]
    assert [line[1] for line in found["dissent"].rows] == [3, 1, 1, 1, 1]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_shows_what_the_tables_hold(client_of, people, language):
    Person.objects.filter(pk=people.director.pk).update(language=language)
    page = client_of(Person.objects.get(pk=people.director.pk)).get(URL)
    expected = [
        ["–" if value is None else str(value) for value in line]
        for table in page.context["tables"]
        for line in table.rows
    ]
    assert [[cell.replace("&#x27;", "'") for cell in line] for line in shown(page)] == expected


def test_the_page_says_which_cases_are_counted(client_of, people):
    said = {}
    for who in ("leader", "director", "centre_director"):
        page = client_of(getattr(people, who)).get(URL)
        said[who] = page.context["counted"]
        assert said[who] in page.content.decode()
    assert len(set(said.values())) == 3


@pytest.mark.parametrize(("who", "rows"), [("leader", 4), ("director", 4), ("centre_director", 5)])
def test_who_does_not_count_the_confidential_ones_is_not_told_of_a_nought(client_of, people, who, rows):
    client = client_of(getattr(people, who))
    page, asked = client.get(URL), client.get(URL, {"category": "confidential"})
    found = tables(page)
    assert [len(found[code].rows) for code in ("category", "answered")] == [rows + 1, rows]
    assert len(found["category"].chart.rows) == rows
    with translation.override("zh-hans"):
        assert (str(Category.CONFIDENTIAL.label) in page.content.decode()) is (rows == 5)
    assert asked.status_code == (200 if rows == 5 else 422)


def test_who_is_no_leader_and_no_director_is_refused(client_of, people):
    for who in ("agent", "inspector", "administrator"):
        assert client_of(getattr(people, who)).get(URL).status_code == 403
    assert client_of(people.director).post(URL).status_code == 405


def test_another_centre_counts_nothing(client_of, people):
    elsewhere = make_escalations.line(centre=make.centre(name="云港客服中心"), on_duty=False)
    page = client_of(elsewhere.centre_director).get(URL)
    assert page.context["is_empty"] is True


def test_a_period_and_its_filters_stand_in_the_address(client_of, people):
    client = client_of(people.director)
    october = client.get(URL, {"month": "2026-10"})
    assert (october.context["span_before"], tables(october)["category"].rows[-1][1]) == ("2026年9月", 2)
    day = client.get(URL, {"first": "2026-11-23", "last": "2026-11-23", "category": "danger"})
    assert (day.context["wanted"], tables(day)["category"].rows[-1][1]) == ({"category": "danger"}, 3)
    assert day.context["download"] == "first=2026-11-23&last=2026-11-23&category=danger&xlsx=1"
    level = client.get(URL, {"level": "director"})
    assert tables(level)["category"].rows[-1][1] == 5


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"first": "2026-11-23", "last": "2026-11-22"}, "last"),
        ({"first": "2025-11-01", "last": "2026-11-23"}, "last"),
        ({"first": "gestern", "last": "2026-11-22"}, "first"),
        ({"first": "0001-01-01"}, "first"),
        ({"last": "9999-12-31"}, "last"),
        ({"category": "nonsense"}, "category"),
        ({"level": "nonsense"}, "level"),
    ],
)
def test_a_wrong_address_is_said_and_shows_the_month(client_of, people, query, field):
    page = client_of(people.director).get(URL, query)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert page.context["span"] == "2026年11月"


def test_the_file_holds_what_the_page_shows_and_no_name(client_of, people):
    client = client_of(people.director)
    page = client.get(URL)
    answer = client.get(f"{URL}?{page.context['download']}")
    book = load_workbook(io.BytesIO(answer.content))
    rows = [list(line) for line in book.active.iter_rows(values_only=True)]
    held = [[value for value in line if value is not None] for line in rows]
    expected = [
        [plain(value) for value in line if value is not None] for table in page.context["tables"] for line in table.rows
    ]
    assert [line for line in held if line in expected] == expected
    assert page.context["counted"] in [line[0] for line in held if line]
    assert all(cell.data_type in "ns" for line in book.active.iter_rows() for cell in line)
    words = " ".join(str(value) for line in held for value in line)
    assert [person.name for person in Person.objects.all() if person.name in words] == []


def test_the_list_leads_to_the_figures_for_those_who_read_them(client_of, people):
    for who, leads in (("leader", True), ("director", True), ("agent", False), ("inspector", False)):
        page = client_of(getattr(people, who)).get(reverse("escalations:list_cases"))
        assert (who, URL in page.content.decode()) == (who, leads)


def test_the_supervision_desk_leads_to_the_figures(client_of, people):
    queue = client_of(people.director).get(reverse("admin:escalations_case_changelist"))
    assert f'<a href="{URL}">' in queue.content.decode()


def test_the_page_takes_the_same_statements_for_any_number(client_of):
    people = make_reports.line()
    client = client_of(people.director)

    def statements():
        with CaptureQueriesContext(connection) as counted:
            client.get(URL)
        return len(counted)

    make_reports.many(people, 10)
    client.get(URL)
    ten = statements()
    make_reports.many(people, 200, seed=2)
    assert statements() == ten <= 10


def test_a_chart_measures_by_its_longest_bar():
    rows = bars([("a", [("now", 4), ("before", 1)]), ("b", [("now", 0), ("before", 3)])])
    assert [[(bar.look, bar.value, bar.share) for bar in line] for _label, line in rows] == [
        [("now", 4, 100), ("before", 1, 25)],
        [("now", 0, 0), ("before", 3, 75)],
    ]
    assert bars([("a", [("now", 0)])])[0][1][0].share == 0


def test_a_difference_has_its_sign():
    assert [str(Change(number)) for number in (3, 0, -2)] == ["+3", "±0", "−2"]
