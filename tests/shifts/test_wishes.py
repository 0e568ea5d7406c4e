"""Wishes: what somebody asks of a roster that is still to be made, and who sees it."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from callcentre.refusals import Refused
from journal.models import Entry
from people.models import Person, Role
from shifts import actions, wishes
from shifts.models import Wish
from tests import make, make_shifts, make_solving
from tests.make_solving import ASKED, FIRST, LAST

pytestmark = pytest.mark.django_db
MAKE, MINE, ALL = (reverse(f"shifts:{name}") for name in ("make_wish", "show_wishes", "list_wishes"))
TODAY = make.MONDAY


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: ASKED.astimezone(dt.UTC))


@pytest.fixture
def rotation():
    return make_shifts.rotation()


@pytest.fixture
def person(rotation):
    return Person.objects.filter(role_assignments__role=Role.AGENT).order_by("employee_number").first()


def code_of(action, **arguments):
    with pytest.raises(Refused) as refused:
        action(**arguments)
    return refused.value.code


def off(person, on, **changes):
    return actions.make_wish(**{"on": on, "kind": "off", "by": person, "at": ASKED, **changes})


def withdraw(wish):
    return reverse("shifts:withdraw_wish", args=[wish.pk])


# ---- the rules


def test_a_wish_is_made_and_recorded(person):
    wish = off(person, FIRST, weight=3)
    assert (wish.person, wish.on, wish.kind, wish.type, wish.weight) == (person, FIRST, "off", None, 3)
    assert list(Entry.objects.about(wish).values_list("verb", "actor")) == [("wish.made", person.pk)]


def test_a_day_has_one_wish_the_last_one(person):
    off(person, FIRST)
    night = actions.ensure_shift_type(person.centre, "N")
    actions.make_wish(on=FIRST, kind="on", type=night, by=person, at=ASKED)
    assert list(Wish.objects.values_list("on", "kind", "type__code")) == [(FIRST, "on", "N")]


def test_points_of_a_month_are_limited(person):
    for number in range(1, 5):
        off(person, dt.date(2026, 12, number), weight=3)
    assert code_of(off, person=person, on=LAST) == "wish_points_spent"
    off(person, dt.date(2026, 12, 4), weight=2)  # a lighter one in its place
    off(person, LAST)
    off(person, dt.date(2027, 1, 1), weight=3)  # the next month has points of its own


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (TODAY, "wish_day_begun"),
        (TODAY - dt.timedelta(days=1), "wish_day_begun"),
        (TODAY + dt.timedelta(days=187), "wish_too_far"),
    ],
)
def test_days_that_are_not_open(person, on, code):
    assert code_of(off, person=person, on=on) == code


def test_wishing_closes_with_the_publication(person, rotation):
    wish = off(person, FIRST)
    make_shifts.roster(rotation=rotation, from_on=FIRST, until_on=LAST)
    assert code_of(off, person=person, on=LAST) == "wish_published"
    assert code_of(actions.withdraw_wish, wish=wish, by=person, at=ASKED) == "wish_published"


def test_a_draft_or_another_teams_roster_closes_nothing(person, rotation):
    make_solving.draft(rotation=rotation, by=make_shifts.director())
    make_shifts.shift(type="W", on=FIRST, team=make.team(name="己班"))
    assert off(person, FIRST).pk


def test_a_roster_without_a_rotation_closes_its_days_for_its_teams(person):
    make_shifts.shift(type="D", on=FIRST, team=person.team)
    assert code_of(off, person=person, on=FIRST) == "wish_published"


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.INSPECTOR, None])
def test_wishes_are_for_those_whom_a_roster_plans(rotation, role):
    assert code_of(off, person=make.person(role=role, team=make.team()), on=FIRST) == "wish_of_unplanned"
    assert code_of(off, person=make.person(), on=FIRST) == "wish_of_unplanned"  # without a team


def test_a_wish_is_taken_back_by_its_person(person):
    wish, other = off(person, FIRST), make.person(team=person.team)
    assert code_of(actions.withdraw_wish, wish=wish, by=other, at=ASKED) == "wish_not_yours"
    pk = wish.pk
    actions.withdraw_wish(wish=wish, by=person, at=ASKED)
    assert Wish.objects.count() == 0
    verbs = Entry.objects.filter(object_type="shifts.wish", object_id=pk).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["wish.made", "wish.withdrawn"]


def test_the_database_keeps_one_wish_a_day(person):
    make_solving.wish(person=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_solving.wish(person=person)
    with pytest.raises(IntegrityError, match="wish_is_off_or_on"), transaction.atomic():
        make_solving.wish(person=person, on=LAST, kind="may")


# ---- one's own page


def test_the_month_shows_what_is_open_and_what_was_wished(client_of, person, rotation):
    make_shifts.roster(rotation=rotation, from_on=FIRST, until_on=dt.date(2026, 12, 15))
    make_solving.wish(person=person, on=LAST, weight=3)
    context = client_of(person).get(MINE, {"month": "2026-12"}).context
    assert [row.day.on.day for row in context["days"] if row.is_open] == list(range(16, 32))
    assert [row.day.on for row in context["days"] if row.wish] == [LAST]
    assert (context["spent"], context["points"]) == (3, 12)
    assert {found.code for found in context["types"]} == {"D", "M", "N"}


def test_the_next_month_comes_first(client_of, person):
    assert client_of(person).get(MINE).context["month"] == "2026-12"


def test_a_month_that_is_published_is_passed_over(client_of, person, rotation):
    make_shifts.roster(rotation=rotation, from_on=FIRST, until_on=LAST)
    assert client_of(person).get(MINE).context["month"] == "2027-01"


def test_who_is_not_planned_is_told_so(client_of):
    context = client_of(make.person(role=Role.DIRECTOR)).get(MINE).context
    assert (context["is_planned"], [row for row in context["days"] if row.is_open]) == (False, [])


def test_a_tap_makes_a_wish_and_leads_back_to_its_day(client_of, person):
    response = client_of(person).post(MAKE, {"on": "2026-12-24", "wish": "off", "important": "on"})
    assert (response.status_code, response["Location"]) == (302, f"{MINE}?month=2026-12#wish-2026-12-24")
    assert list(Wish.objects.values_list("person", "kind", "weight")) == [(person.pk, "off", 3)]


def test_the_fragment_is_the_page_s_own(client_of, person):
    client = client_of(person)
    response = client.post(MAKE, {"on": "2026-12-24", "wish": "N"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert list(Wish.objects.values_list("kind", "type__code")) == [("on", "N")]
    without_tokens = [strip(text.content.decode()) for text in (response, client.get(f"{MINE}?month=2026-12"))]
    assert without_tokens[0] in without_tokens[1]


def strip(text):
    """Without the tokens of the forms, which are new in every answer."""
    return "".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.parametrize("wrong", [{"on": "soon"}, {"wish": "X"}, {"wish": ""}])
def test_what_the_page_does_not_offer_is_not_there(client_of, person, wrong):
    assert client_of(person).post(MAKE, {"on": "2026-12-24", "wish": "off"} | wrong).status_code == 404
    assert Wish.objects.count() == 0


def test_a_refused_wish_says_why(client_of, person):
    response = client_of(person).post(MAKE, {"on": str(TODAY), "wish": "off"})
    assert (response.status_code, response["X-Refusal"]) == (409, "wish_day_begun")


def test_a_wish_is_taken_back_on_the_page(client_of, person):
    wish = make_solving.wish(person=person)
    response = client_of(person).post(withdraw(wish))
    assert (response.status_code, Wish.objects.count()) == (302, 0)


def test_somebody_elses_wish_is_not_there(client_of, person):
    wish = make_solving.wish(person=make.person(team=person.team))
    assert client_of(person).post(withdraw(wish)).status_code == 404
    assert client_of(make.person(role=Role.LEADER, team=person.team)).post(withdraw(wish)).status_code == 404
    assert client_of(person).get(withdraw(wish)).status_code == 405
    assert client_of(person).get(MAKE).status_code == 405


def test_the_page_takes_the_same_statements(client_of, person):
    client = client_of(person)
    counts = [statements(client, MINE)]
    for number in range(1, 13):
        make_solving.wish(person=person, on=dt.date(2026, 12, number))
    assert counts[0] == statements(client, MINE) <= 12


def statements(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# ---- everybody's


def test_leaders_see_everybodys_wishes_of_a_month(client_of, person):
    leader = make.person(role=Role.LEADER)
    sooner = make_solving.wish(person=make.person(team=person.team), on=FIRST)
    later = make_solving.wish(person=person, on=LAST)
    make_solving.wish(person=person, on=dt.date(2027, 1, 1))
    elsewhere = make.person(centre=make.centre(name="别的中心"))
    make_solving.wish(person=elsewhere, on=FIRST)
    assert client_of(leader).get(ALL, {"month": "2026-12"}).context["rows"] == [sooner, later]
    assert client_of(person).get(ALL).status_code == 403


def test_the_list_takes_the_same_statements(client_of, person):
    client = client_of(make_shifts.director())
    make_solving.wish(person=person)
    few = statements(client, ALL)
    for number in range(2, 12):
        make_solving.wish(person=make.person(team=person.team), on=dt.date(2026, 12, number))
    assert statements(client, ALL) == few <= 12


def test_types_to_wish_are_those_of_the_team(person):
    actions.ensure_shift_type(person.centre, "W")
    assert {found.code for found in wishes.types_to_wish(person)} == {"D", "M", "N"}
    newcomer = make.person(team=make.team(name="己班"))
    assert {found.code for found in wishes.types_to_wish(newcomer)} == {"D", "M", "N", "W"}
