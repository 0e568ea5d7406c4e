"""The page of checks and demand, and the actions behind it: dated, the director's, in the journal."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from callcentre.refusals import Refused
from journal.models import Entry
from people.models import Role
from shifts import actions, limits
from shifts.checking import CHECKS, Period
from shifts.checking.loading import load_limits
from shifts.models import Demand, Limit
from tests import make, make_shifts

pytestmark = pytest.mark.django_db

AT = make.at(9)
TODAY, TOMORROW = make.MONDAY, make.MONDAY + dt.timedelta(days=1)


@pytest.fixture
def director():
    return make_shifts.director()


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("callcentre.clock.now", lambda: AT)


def day_shift(centre=None):
    return actions.ensure_shift_type(centre or make.centre(), "D")


def set_limit(director, **changes):
    facts = {"check": "rest", "effect": "warn", "value": 600, "from_on": TODAY, "by": director, "at": AT}
    return actions.set_limit(**{"centre": director.centre} | facts | changes)


def set_demand(director, **changes):
    facts = {"day": "every", "heads": 3, "from_on": TODAY, "by": director, "at": AT}
    return actions.set_demand(**{"type": day_shift()} | facts | changes)


def refused(step, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        step(*args, **kwargs)
    return caught.value.code, caught.value.field


# The actions


def test_a_limit_holds_from_its_day_on_and_is_recorded(director):
    row = set_limit(director, from_on=TOMORROW)
    made = load_limits(director.centre)
    assert [(made.on("rest", on).effect, made.on("rest", on).value) for on in (TODAY, TOMORROW)] == [
        ("refuse", 660),
        ("warn", 600),
    ]
    entry = Entry.objects.about(row).get()
    facts = {"check": "rest", "effect": "warn", "value": 600, "from_on": "2026-11-24"}
    assert (entry.verb, entry.actor, entry.facts) == ("limit.set", director, facts)


def test_a_second_setting_of_a_day_replaces_the_first(director):
    set_limit(director)
    set_limit(director, effect="ignore")
    assert Limit.objects.get().effect == "ignore"
    assert Entry.objects.filter(verb="limit.set").count() == 2


def test_limits_that_are_refused(director):
    yesterday = TODAY - dt.timedelta(days=1)
    assert refused(set_limit, director, from_on=yesterday) == ("limit_begins_too_early", "from_on")
    assert refused(set_limit, director, value=2881) == ("limit_out_of_range", "value")
    assert refused(set_limit, director, value=None) == ("limit_out_of_range", "value")
    assert refused(set_limit, director, check="holiday", value=1) == ("limit_out_of_range", "value")
    assert refused(set_limit, director, check="overlap", effect="warn", value=None) == ("check_is_fixed", None)
    assert refused(set_limit, director, check="beauty") == ("check_unknown", None)
    assert refused(set_limit, director, effect="shout") == ("check_unknown", None)
    leader = make.person(role=Role.LEADER)
    assert refused(set_limit, director, by=leader) == ("roster_not_yours", None)
    elsewhere = make_shifts.director(centre=make.centre(name="别处"))
    assert refused(set_limit, director, by=elsewhere) == ("roster_not_yours", None)
    assert not Limit.objects.exists()


@pytest.mark.parametrize("check", [check for check in CHECKS.values() if check.value is not None], ids=lambda c: c.code)
def test_the_range_of_a_limit(director, check):
    for value in (check.least, check.most):
        assert set_limit(director, check=check.code, value=value).value == value
    for value in (check.least - 1, check.most + 1):
        assert refused(set_limit, director, check=check.code, value=value) == ("limit_out_of_range", "value")


def test_a_working_time_system_says_which_hours_are_checked_and_keeps_the_numbers(director):
    set_limit(director, check="quarter_hours", effect="ignore", value=600)
    actions.set_system(centre=director.centre, system="quarter", from_on=TOMORROW, by=director, at=AT)
    made = load_limits(director.centre)
    effects = {code: made.on(code, TOMORROW).effect for code in limits.HOURS}
    assert effects == {
        "week_hours": "ignore",
        "month_hours": "ignore",
        "quarter_hours": "warn",
        "year_hours": "ignore",
    }
    assert made.on("quarter_hours", TOMORROW).value == 600
    assert made.on("week_hours", TODAY).effect == "warn"


@pytest.mark.parametrize("system", limits.SYSTEMS)
def test_the_page_knows_the_system_again(director, system):
    actions.set_system(centre=director.centre, system=system, from_on=TODAY, by=director, at=AT)
    assert limits.system_of(limits.check_rows(director.centre, TODAY)).code == system


def test_in_the_beginning_hours_are_standard_and_a_mixture_is_ones_own(director):
    assert limits.system_of(limits.check_rows(director.centre, TODAY)).code == "standard"
    set_limit(director, check="month_hours", effect="ignore", value=201)
    assert limits.system_of(limits.check_rows(director.centre, TODAY)) is None


def test_demand_is_dated_and_recorded(director):
    row = set_demand(director)
    set_demand(director, heads=5, from_on=TOMORROW)
    period = Period.load(director.centre, TODAY, TOMORROW)
    assert [period.demand(on, "D") for on in (TODAY, TOMORROW)] == [3, 5]
    entry = Entry.objects.about(row).get()
    facts = {"type": row.type_id, "day": "every", "heads": 3, "from_on": "2026-11-23"}
    assert (entry.verb, entry.actor, entry.facts) == ("demand.set", director, facts)


def test_a_second_demand_of_a_day_replaces_the_first(director):
    set_demand(director)
    set_demand(director, heads=0)
    assert Demand.objects.get().heads == 0


def test_demand_that_is_refused(director):
    yesterday = TODAY - dt.timedelta(days=1)
    assert refused(set_demand, director, from_on=yesterday) == ("limit_begins_too_early", "from_on")
    assert refused(set_demand, director, heads=-1) == ("limit_out_of_range", "heads")
    assert refused(set_demand, director, heads=5001) == ("limit_out_of_range", "heads")
    assert refused(set_demand, director, by=make.person(role=Role.LEADER)) == ("roster_not_yours", None)
    theirs = day_shift(make.centre(name="别处"))
    assert refused(set_demand, director, type=theirs) == ("roster_not_yours", None)
    assert not Demand.objects.exists()


def test_the_database_knows_the_effects_and_one_row_a_day(director):
    set_limit(director)
    for wrong in ({"effect": "shout", "from_on": TOMORROW}, {"effect": "warn", "from_on": TODAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Limit.objects.create(centre=director.centre, check_code="rest", **wrong)
    row = set_demand(director)
    with pytest.raises(IntegrityError), transaction.atomic():
        Demand.objects.create(centre=row.centre, type=row.type, day=row.day, heads=1, from_on=row.from_on)


# The page


def test_the_page_shows_every_check_with_its_effect_its_number_and_since_when(client_of, director):
    set_limit(director)
    set_limit(director, effect="ignore", from_on=TOMORROW)
    response = client_of(director).get(reverse("shifts:show_limits"))
    rows = {row.check.code: row for row in response.context["checks"]}
    assert set(rows) == set(CHECKS)
    rest = rows["rest"]
    assert (rest.now.effect, rest.now.value, rest.now.from_on) == ("warn", 600, TODAY)
    assert [(step.effect, step.from_on) for step in rest.coming] == [("ignore", TOMORROW)]
    assert [(step.effect, step.from_on) for step in rest.past] == [("refuse", None)]
    assert response.context["may_change"] is True


def test_leaders_read_it_and_change_nothing(client_of):
    leader = make.person(role=Role.LEADER)
    response = client_of(leader).get(reverse("shifts:show_limits"))
    assert response.context["may_change"] is False
    for name, args in (("set_limit", ["rest"]), ("set_system", []), ("set_demand", [])):
        assert client_of(leader).get(reverse(f"shifts:{name}", args=args)).status_code == 403
        assert client_of(leader).post(reverse(f"shifts:{name}", args=args)).status_code == 403
    assert client_of(make.person()).get(reverse("shifts:show_limits")).status_code == 403


def test_demand_of_the_page(client_of, director):
    row = set_demand(director)
    set_demand(director, heads=4, from_on=TOMORROW)
    set_demand(director, heads=2, day="rest")
    response = client_of(director).get(reverse("shifts:show_limits"))
    ((kind, cells),) = response.context["demand"]
    assert kind == row.type
    assert [(cell.now and cell.now.heads, cell.coming and cell.coming.heads) for cell in cells] == [
        (3, 4),
        (None, None),
        (2, None),
        (None, None),
    ]


def test_a_check_is_set_by_its_form(client_of, director):
    client = client_of(director)
    url = reverse("shifts:set_limit", args=["rest"])
    form = client.get(url).context["form"]
    assert form.initial == {"effect": "refuse", "value": 660, "from_on": TODAY}
    response = client.post(url, {"effect": "warn", "value": "600", "from_on": "2026-11-24"})
    assert (response.status_code, response["Location"]) == (302, reverse("shifts:show_limits"))
    row = Limit.objects.get()
    assert (row.check_code, row.effect, row.value, row.from_on) == ("rest", "warn", 600, TOMORROW)


def test_a_check_without_a_number(client_of, director):
    url = reverse("shifts:set_limit", args=["holiday"])
    client_of(director).post(url, {"effect": "warn", "value": "7", "from_on": "2026-11-23"})
    assert Limit.objects.get().value is None


def test_what_the_form_does_not_take_keeps_what_was_typed(client_of, director):
    client, url = client_of(director), reverse("shifts:set_limit", args=["rest"])
    response = client.post(url, {"effect": "warn", "value": "9999", "from_on": "2026-11-24"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["value"]
    response = client.post(url, {"effect": "warn", "value": "600", "from_on": "2026-11-22"})
    assert list(response.context["form"].errors) == ["from_on"]
    response = client.post(url, {"effect": "warn", "value": "x", "from_on": ""})
    assert list(response.context["form"].errors) == ["value", "from_on"]
    assert not Limit.objects.exists()


def test_there_is_no_form_for_what_cannot_be_set(client_of, director):
    for code in ("overlap", "beauty"):
        assert client_of(director).get(reverse("shifts:set_limit", args=[code])).status_code == 404


def test_the_system_is_set_by_its_form(client_of, director):
    client, url = client_of(director), reverse("shifts:set_system")
    assert client.get(url).context["form"].initial == {"system": "standard", "from_on": TODAY}
    response = client.post(url, {"system": "month", "from_on": "2026-11-23"})
    assert response.status_code == 302
    assert limits.system_of(limits.check_rows(director.centre, TODAY)).code == "month"
    assert client.post(url, {"system": "lunar", "from_on": "2026-11-23"}).status_code == 422


def test_demand_is_set_by_its_form(client_of, director):
    client, url, kind = client_of(director), reverse("shifts:set_demand"), day_shift()
    assert client.get(url, {"type": kind.pk, "day": "rest"}).status_code == 200
    response = client.post(url, {"type": kind.pk, "day": "rest", "heads": "4", "from_on": "2026-11-23"})
    assert response.status_code == 302
    row = Demand.objects.get()
    assert (row.type, row.day, row.heads, row.from_on) == (kind, "rest", 4, TODAY)
    theirs = day_shift(make.centre(name="别处"))
    response = client.post(url, {"type": theirs.pk, "day": "rest", "heads": "4", "from_on": "2026-11-23"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["type"])


def test_another_method(client_of, director):
    client = client_of(director)
    assert client.post(reverse("shifts:show_limits")).status_code == 405
    for name, args in (("set_limit", ["rest"]), ("set_system", []), ("set_demand", [])):
        assert client.put(reverse(f"shifts:{name}", args=args)).status_code == 405


def test_the_statements_do_not_grow_with_the_settings(client_of, director):
    client, counts = client_of(director), []
    for number in range(12):
        set_limit(director, from_on=TODAY + dt.timedelta(days=number))
        set_demand(director, from_on=TODAY + dt.timedelta(days=number))
        if number in (0, 11):
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("shifts:show_limits"))
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_the_other_centres_settings_are_not_shown(client_of, director):
    other = make_shifts.director(centre=make.centre(name="别处"))
    actions.set_limit(centre=other.centre, check="rest", effect="warn", value=1, from_on=TODAY, by=other, at=AT)
    rows = client_of(director).get(reverse("shifts:show_limits")).context["checks"]
    assert {row.now.from_on for row in rows} == {None}


def test_the_admin_shows_them_and_edits_none(client_of, director):
    row, demand = set_limit(director), set_demand(director)
    client = client_of(director)
    for name, made in (("limit", row), ("demand", demand)):
        assert client.get(reverse(f"admin:shifts_{name}_changelist")).status_code == 200
        url = reverse(f"admin:shifts_{name}_change", args=[made.pk])
        assert client.get(url).status_code == 200
        assert client.post(url, {}).status_code == 403
        assert client.get(reverse(f"admin:shifts_{name}_add")).status_code == 403


def test_every_effect_and_check_has_a_word(director):
    with translation.override("en"):
        labels = [str(check.label) for check in CHECKS.values()]
    assert len(set(labels)) == len(CHECKS)
    assert set(limits.LOOKS) == set(Limit.Effect.values)
