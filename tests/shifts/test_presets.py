import datetime as dt
import re

import pytest
from django.urls import reverse

from callcentre import clock
from callcentre.refusals import Refused
from journal.models import Entry
from people.models import Role
from shifts.models import Rotation, ShiftType
from shifts.rotations import PRESETS
from tests import make, make_shifts

pytestmark = pytest.mark.django_db
PAGE = reverse("shifts:make_rotation")
ROSTERS = reverse("shifts:list_rosters")


@pytest.fixture(autouse=True)
def wednesday_morning(monkeypatch):
    """Pages read the clock once; the clock is the edge of the process."""
    monkeypatch.setattr(clock, "now", lambda: make.at(9, on=dt.date(2026, 11, 18)).astimezone(dt.UTC))


def teams(count=5, **where):
    return [make.team(name=name, **where) for name in make_shifts.TEAM_NAMES[:count]]


def plan(chosen, preset="4x3", **changes):
    places = {f"team_{number}": team.pk for number, team in enumerate(chosen, start=1)}
    return {"preset": preset, "starts_on": "2026-11-23", **places, **changes}


def letters_of_choices(page):
    """The letters drawn at each choice."""
    cycles = re.findall(r'<span class="cycle">(.*?)</span>\s*</span>\s*</label>', page.content.decode(), re.DOTALL)
    return [re.sub("<[^>]*>", "", cycle.replace("休息", "")) for cycle in cycles]


def test_the_page_draws_each_cycle_from_the_first_teams_first_day(client_of):
    page = client_of(make_shifts.director()).get(PAGE)
    cycles = ["日日中中––夜夜", "长晚––", "日日中中––––夜夜", "长长晚晚––", "日日日日––", "白白白白白––"]
    assert letters_of_choices(page) == cycles


def test_the_page_draws_the_letters_of_the_centres_own_types(client_of):
    director = make_shifts.director()
    make_shifts.actions.ensure_shift_type(director.centre, "D")
    ShiftType.objects.update(letter_zh="早")
    assert letters_of_choices(client_of(director).get(PAGE))[0] == "早早中中––夜夜"


def test_the_page_proposes_what_is_not_made_yet(client_of):
    director = make_shifts.director()
    make_shifts.rotation(teams=teams(4))
    last = teams(5)[4]
    proposed = client_of(director).get(PAGE).context["form"].initial
    assert proposed == {"preset": "4x2", "starts_on": make.MONDAY, "team_1": last}


@pytest.mark.parametrize("key", PRESETS)
def test_making_a_rotation_works_and_is_recorded(client_of, key):
    director, chosen = make_shifts.director(), teams(len(PRESETS[key].phases))[::-1]
    answer = client_of(director).post(PAGE, plan(chosen, preset=key))
    rotation = Rotation.objects.get()
    assert (answer.status_code, answer.url) == (302, ROSTERS)
    assert (rotation.centre, rotation.starts_on) == (director.centre, make.MONDAY)
    phases = {place.team: place.phase for place in rotation.places.all()}
    assert [phases[team] for team in chosen] == list(PRESETS[key].phases)
    row = Entry.objects.about(rotation).get()
    assert (row.verb, row.actor, row.facts["preset"]) == ("rotation.made", director, key)


def test_places_that_the_rotation_has_not_are_not_read(client_of):
    director, chosen = make_shifts.director(), teams(2)
    client_of(director).post(PAGE, plan([*chosen, chosen[0]], preset="weekdays", team_4="0"))
    assert list(Rotation.objects.get().teams.all()) == chosen[:1]


def test_the_preview_shows_two_weeks_and_saves_nothing(client_of):
    chosen = teams(4)
    page = client_of(make_shifts.director()).post(PAGE, plan(chosen, preview="1"))
    weeks = page.context["weeks"]
    drawn = {team.name: "".join(kind.letter if kind else "–" for kind in types) for team, types in weeks["rows"]}
    assert page.status_code == 200
    assert [weeks["days"][0].on, weeks["days"][-1].on] == [make.MONDAY, dt.date(2026, 12, 6)]
    assert drawn == {
        "甲班": "日日中中––夜夜日日中中––",
        "乙班": "中中––夜夜日日中中––夜夜",
        "丙班": "––夜夜日日中中––夜夜日日",
        "丁班": "夜夜日日中中––夜夜日日中中",
    }
    assert (Rotation.objects.count(), ShiftType.objects.count(), Entry.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"preset": "6x9"}, "preset"),
        ({"preset": ""}, "preset"),
        ({"team_3": ""}, "team_3"),
        ({"team_4": "0"}, "team_4"),
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"preset": "weekdays", "starts_on": "2026-11-24"}, "starts_on"),
        ({"preset": "5x3"}, "team_5"),
    ],
)
@pytest.mark.parametrize("button", [{}, {"preview": "1"}])
def test_a_wrong_rotation_comes_back_with_what_was_typed(client_of, changes, field, button):
    typed = plan(teams(4), **changes, **button)
    answer = client_of(make_shifts.director()).post(PAGE, typed)
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, [field])
    assert [str(form[name].value()) for name in ("preset", "team_1")] == [typed["preset"], str(typed["team_1"])]
    assert Rotation.objects.count() == 0


def test_a_refusal_is_said_at_its_field(client_of):
    client, chosen = client_of(make_shifts.director()), teams(4)
    said = Refused("team_named_twice", team="甲班")
    twice = client.post(PAGE, plan([*chosen[:3], chosen[0]]))
    assert (twice.status_code, twice.context["form"].errors) == (422, {"team_4": [str(said)]})
    assert client.post(PAGE, plan(chosen)).status_code == 302
    again = client.post(PAGE, plan(chosen))
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["preset"])
    assert Rotation.objects.count() == 1


def test_a_team_of_another_centre_is_not_offered(client_of):
    director, theirs = make_shifts.director(), teams(4, centre=make.centre(name="别的中心"))
    answer = client_of(director).post(PAGE, plan(theirs))
    assert list(answer.context["form"].errors) == ["team_1", "team_2", "team_3", "team_4"]
    assert list(answer.context["form"].fields["team_1"].queryset) == []
    assert (answer.status_code, Rotation.objects.count()) == (422, 0)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DIRECTOR])
def test_only_the_director_chooses(client_of, role):
    client = client_of(make.person(role=role))
    assert [client.get(PAGE).status_code, client.post(PAGE, plan(teams(4))).status_code] == [403, 403]
    assert Rotation.objects.count() == 0


def test_wrong_methods_are_refused(client_of):
    client = client_of(make_shifts.director())
    assert [client.put(PAGE).status_code, client.delete(PAGE).status_code] == [405, 405]


def test_the_page_in_english_holds_no_chinese_of_its_own(client_of):
    director = make.person(role=Role.DIRECTOR, language="en", name="Zhou", team=None)
    chosen = [make.team(name=name) for name in ("A", "B", "C", "D")]
    page = client_of(director).post(PAGE, plan(chosen, preview="1")).content.decode()
    assert page.count("班") + page.count("日") == 0


def test_the_rosters_page_leads_there(client_of):
    client, rotations = client_of(make_shifts.director()), reverse("shifts:list_rotations")
    assert client.get(ROSTERS).content.decode().count(f'href="{PAGE}"') == 1
    make_shifts.rotation()
    assert client.get(ROSTERS).content.decode().count(f'href="{rotations}"') == 1
    assert client.get(rotations).content.decode().count(f'href="{PAGE}"') == 1
