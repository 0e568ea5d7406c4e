import pytest
from django.urls import reverse

from duties.models import DutyRule
from journal.models import Entry
from people.models import Role
from tests import make, make_duties

pytestmark = pytest.mark.django_db
ADD = reverse("admin:duties_dutyrule_add")
TYPED = {
    "code": "shelf",
    "name_zh": "资料架整理",
    "name_en": "Tidy the shelf",
    "clause": "",
    "recurrence": "FREQ=WEEKLY;BYDAY=WE",
    "who": "day_leader",
    "opens": "08:00",
    "window_minutes": "120",
    "closes": "window",
    "on_holiday": "keep",
    "from_on": "2026-11-23",
    "until_on": "",
}


@pytest.fixture
def director(client_of):
    return client_of(make.person(role=Role.DIRECTOR, language="en"))


def change(rule):
    return reverse("admin:duties_dutyrule_change", args=[rule.pk])


def test_a_director_adds_a_rule_of_the_centres_own(director):
    response = director.post(ADD, TYPED)
    assert response.status_code == 302
    rule = DutyRule.objects.get(code="shelf")
    assert (rule.centre, rule.recurrence) == (make.centre(), "FREQ=WEEKLY;BYDAY=WE")
    assert [row.verb for row in Entry.objects.about(rule)] == ["duty_rule.saved"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("recurrence", "every week", "This is no recurrence rule."),
        ("recurrence", "FREQ=HOURLY", "A duty falls on days"),
        ("recurrence", "FREQ=WEEKLY;BYDAY=WE\nEXDATE:20261125", "A duty falls on days"),
        ("recurrence", "", "This field is required."),
        ("code", "watering", "This rule is a clause"),
        ("window_minutes", "0", "greater than or equal to 5"),
    ],
)
def test_a_rule_that_cannot_be_is_said_at_its_field(director, field, value, said):
    response = director.post(ADD, {**TYPED, field: value})
    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == [field]
    assert said in response.content.decode()
    assert not DutyRule.objects.exists()


def test_a_clauses_rule_is_read_only_and_shows_its_next_dates(director):
    rule = make_duties.rule()
    page = director.get(change(rule))
    assert page.status_code == 200
    assert "Mon " in page.content.decode()
    assert director.post(change(rule), {**TYPED, "code": rule.code}).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMINISTRATOR, 403), (Role.CENTRE_DIRECTOR, 403), (Role.LEADER, 302)]
)
def test_others_add_no_rule(client_of, role, status):
    assert client_of(make.person(role=role)).post(ADD, TYPED).status_code == status
    assert not DutyRule.objects.exists()


def test_another_centres_rule_is_not_there(director):
    rule = make_duties.own_rule(centre=make.centre(name="别处"))
    assert director.get(change(rule)).status_code == 302  # the admin's way to say that there is none
