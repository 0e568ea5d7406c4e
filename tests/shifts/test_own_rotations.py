"""Cycles of one's own: of any length, for any number of teams; a change concerns only what is not published."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from callcentre.refusals import Refused
from journal.models import Entry
from people.models import Role
from shifts import actions, versions
from shifts.models import Roster, Rotation, RotationPlace, ShiftType
from tests import make, make_editing, make_shifts
from tests.make_editing import AT

pytestmark = pytest.mark.django_db
OWN, LIST, PREVIEW = (reverse(f"shifts:{name}") for name in ("make_own_rotation", "list_rotations", "preview_rotation"))


@pytest.fixture(autouse=True)
def wednesday_morning(monkeypatch):
    """Pages read the clock once; the clock is the edge of the process."""
    monkeypatch.setattr(clock, "now", lambda: make.at(9, on=dt.date(2026, 11, 18)).astimezone(dt.UTC))


@pytest.fixture
def director():
    return make_shifts.director()


def code_of(step, **kwargs):
    with pytest.raises(Refused) as refused:
        step(**kwargs)
    assert str(refused.value)
    return refused.value.code


def plan(*places, cycle=("D", "D", "D", ""), **changes):
    own = {"name_zh": "三休一", "name_en": "Three on", "cycle": list(cycle), "starts_on": make.MONDAY}
    return {**own, "places": list(places), **changes}


def form(*places, cycle="D D D -", **changes):
    """The fields of the page; a place is a team and the day of the cycle, counted from 1."""
    own = {"name_zh": "三休一", "name_en": "", "cycle": cycle, "starts_on": "2026-11-23"}
    return {**own, **{f"team_{team.pk}": number for team, number in places}, **changes}


def places_of(rotation):
    return dict(RotationPlace.objects.filter(rotation=rotation).values_list("team__name", "phase"))


def test_a_cycle_of_ones_own_is_made_with_its_types_and_recorded(director):
    teams = [make.team(name=name) for name in make_shifts.TEAM_NAMES]
    places = [(team, number) for number, team in enumerate(teams)]
    cycle = ["D", "D", "M", "M", "DL", "", ""]
    rotation = actions.make_own_rotation(centre=director.centre, by=director, at=AT, **plan(*places, cycle=cycle))
    assert (rotation.cycle, places_of(rotation)) == (cycle, {team.name: number for team, number in places})
    assert sorted(ShiftType.objects.values_list("code", flat=True)) == ["D", "DL", "M"]
    row = Entry.objects.about(rotation).get()
    facts = {"cycle": cycle, "starts_on": "2026-11-23", "places": [[team.pk, number] for team, number in places]}
    assert (row.verb, row.actor, row.facts) == ("rotation.made", director, facts)


def test_what_is_refused(director):
    team, step = make.team(), {"centre": director.centre, "by": director, "at": AT}
    make_shifts.rotation(teams=[team], preset="4on2off")
    wrong = {
        "rotation_name_taken": plan((team, 0), name_zh="做四休二"),
        "cycle_without_work": plan((team, 0), cycle=["", ""]),
        "cycle_too_long": plan((team, 0), cycle=["D"] * 401),
        "code_unknown": plan((team, 0), cycle=["D", "X"]),
        "places_missing": plan(),
        "phase_outside_cycle": plan((team, 4)),
    }
    assert {code: code_of(actions.make_own_rotation, **step, **own) for code, own in wrong.items()} == {
        code: code for code in wrong
    }
    for person in (make.person(role=Role.LEADER), make_shifts.director(centre=make.centre(name="别的中心"))):
        assert code_of(actions.make_own_rotation, **{**step, "by": person}, **plan((team, 0))) == "roster_not_yours"
    assert Rotation.objects.count() == 1


def test_a_change_concerns_only_what_is_not_published(director):
    published = make_shifts.roster(by=director)
    rotation, monday = published.rotation, make.MONDAY + dt.timedelta(days=7)
    draft = make_shifts.roster(rotation=rotation, from_on=monday, by=director, published=False)
    before, drafted = versions.cells(published), versions.cells(draft)
    places = [(place.team, number) for number, place in enumerate(rotation.places.order_by("team"))]
    actions.change_rotation(rotation=rotation, by=director, at=AT, **plan(*places))
    assert (versions.cells(published), versions.cells(draft)) == (before, drafted)
    actions.fill_roster(roster=draft, from_on=draft.from_on, until_on=draft.until_on, by=director, at=AT)
    assert {codes for codes in versions.cells(draft).values()} == {("D",)}
    assert Entry.objects.about(rotation).last().verb == "rotation.changed"


# Pages


def test_the_page_makes_it(client_of, director):
    team = make.team()
    answer = client_of(director).post(OWN, form((team, 2), cycle="d，D　－ 休"))
    assert (answer.status_code, answer.url) == (302, reverse("shifts:list_rosters"))
    rotation = Rotation.objects.get()
    assert (rotation.cycle, places_of(rotation)) == (["D", "D", "", ""], {"甲班": 1})


def test_the_page_changes_it_and_offers_to_fill_its_drafts(client_of, director):
    draft = make_editing.draft(by=director)
    rotation, client = draft.rotation, client_of(director)
    url = reverse("shifts:change_rotation", args=[rotation.pk])
    page = client.get(url)
    assert page.context["form"]["cycle"].value() == "N N D D M M - -"
    assert (list(page.context["drafts"]), page.context["published"]) == ([draft], None)
    assert len(page.context["weeks"]["rows"]) == 4
    team = rotation.teams.get(name="甲班")
    assert client.post(url, form((team, 1))).url == url
    assert (Rotation.objects.get().cycle, places_of(rotation)) == (["D", "D", "D", ""], {"甲班": 0})
    answer = client.post(reverse("shifts:refill_draft", args=[draft.pk]))
    assert (answer.status_code, answer.url) == (302, reverse("shifts:show_draft", args=[draft.pk]))
    assert {codes for (person, _on), codes in versions.cells(draft).items() if person in ids(team)} == {("D",)}


def ids(team):
    return set(team.person_set.values_list("pk", flat=True))


def test_nothing_typed_is_lost_and_each_field_says_what_is_wrong(client_of, director):
    team = make.team()
    page = client_of(director).post(OWN, form((team, 9), cycle="D Q"))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["cycle"])
    page = client_of(director).post(OWN, form((team, 9)))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [f"team_{team.pk}"])
    page = client_of(director).post(OWN, form())
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["__all__"])
    page = client_of(director).post(OWN, form(cycle="", name_zh=""))
    assert (page.status_code, sorted(page.context["form"].errors)) == (422, ["cycle", "name_zh"])
    assert Rotation.objects.count() == 0


def test_the_preview_draws_two_weeks_and_saves_nothing(client_of, director):
    team, client = make.team(), client_of(director)
    whole = client.post(OWN, form((team, 2), preview="1"))
    part = client.post(PREVIEW, form((team, 2), name_zh=""))
    for answer in (whole, part):
        weeks = answer.context["weeks"]
        codes = "".join(type.code if type else "-" for type in weeks["rows"][0][1])
        assert (answer.status_code, codes) == (200, "DD-DDD-DDD-DDD")
    assert Rotation.objects.count() == 0


@pytest.mark.parametrize("part", [{"cycle": ""}, {"starts_on": ""}, {"cycle": "D X"}, {"cycle": "\x00"}])
def test_an_unfinished_preview_is_empty_or_says_why(client_of, director, part):
    answer = client_of(director).post(PREVIEW, {**form((make.team(), 1)), **part})
    assert (answer.status_code, answer.context["weeks"]) == (200, None)


def test_the_list_shows_each_rotation_and_until_when_it_is_published(client_of, director):
    roster = make_shifts.roster(by=director)
    [(rotation, types)] = client_of(director).get(LIST).context["rows"]
    assert (rotation, rotation.published_until, len(types)) == (roster.rotation, roster.until_on, 8)


def test_the_list_asks_the_same_of_one_rotation_and_five(client_of, director):
    counts, client = [], client_of(director)
    for presets in (["4x3"], ["4x2", "3x2", "5x3", "4on2off"]):
        for preset in presets:
            make_shifts.rotation(preset=preset, teams=[make.team(name=f"{preset}{number}") for number in range(3)])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_only_the_director_sees_to_rotations(client_of, director):
    draft = make_editing.draft(by=director)
    change = reverse("shifts:change_rotation", args=[draft.rotation_id])
    refill = reverse("shifts:refill_draft", args=[draft.pk])
    for role in (Role.LEADER, Role.AGENT, Role.CENTRE_DIRECTOR):
        client = client_of(make.person(role=role))
        assert [client.get(url).status_code for url in (LIST, OWN, change)] == [403] * 3
        assert client.post(change, form()).status_code == 403
        assert client.post(refill).status_code == (302 if role == Role.LEADER else 403)
    foreign = client_of(make_shifts.director(centre=make.centre(name="别的中心")))
    assert [foreign.get(change).status_code, foreign.post(refill).status_code] == [404, 404]
    client = client_of(director)
    assert [client.get(url).status_code for url in (refill, PREVIEW)] == [405, 405]
    assert [client.post(LIST).status_code, client.put(OWN).status_code] == [405, 405]


def test_a_published_roster_is_not_filled_again(client_of, director):
    roster = make_shifts.roster(by=director)
    answer = client_of(director).post(reverse("shifts:refill_draft", args=[roster.pk]))
    assert (answer.status_code, answer["X-Refusal"]) == (409, "wrong_state")
    assert Roster.objects.get().version == 1


def test_the_pages_in_english_hold_no_chinese_of_their_own(client_of):
    director = make.person(role=Role.DIRECTOR, language="en", name="Zhou", team=None)
    team = make.team(name="A")
    client = client_of(director)
    client.post(OWN, form((team, 1), name_zh="Own", name_en="Own"))
    for url in (LIST, OWN, reverse("shifts:change_rotation", args=[Rotation.objects.get().pk])):
        page = client.get(url).content.decode()
        assert page.count("班") + page.count("轮") == 0
