import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from duties.models import Duty
from hygiene import actions
from hygiene.models import Clean, Plant
from people.models import CalendarDay, Role
from tests import make, make_hygiene, make_shifts

pytestmark = pytest.mark.django_db
STEPS = ("start_clean", "name_helpers", "finish_clean", "verify_clean", "undo_clean", "skip_plant")
ITEM_STEPS = ("tick_item", "untick_item", "excuse_item")


@pytest.fixture
def crew():
    team, leader, agents = make_shifts.crew(agents=3)
    make_shifts.shift(team=team, leader=leader, people=agents)
    return leader, agents


@pytest.fixture
def duty(crew):
    return make_hygiene.duty()


def url(name, duty, *more):
    return reverse(f"hygiene:{name}", args=[duty.pk, *more])


def begin(duty, leader, helpers=()):
    return actions.start(duty=duty, by=leader, at=make.at(9), helpers=helpers)


def first_item(duty):
    return actions.items_of(duty)[0].pk


def test_the_leader_runs_the_clean_in_the_browser(client_of, crew, duty):
    leader, agents = crew
    client = client_of(leader)
    chosen = {"helpers": [agents[0].pk], "numbers": agents[2].employee_number}
    response = client.post(url("start_clean", duty), chosen)
    assert (response.status_code, response["Location"]) == (302, url("show_clean", duty))
    assert list(Clean.objects.get().helpers.all()) == [agents[0], agents[2]]
    for item in actions.items_of(duty):
        client.post(url("tick_item", duty, item.pk))
    assert client.post(url("finish_clean", duty), {"note": ""}).status_code == 302
    assert client_of(make.person(role=Role.LEADER)).post(url("verify_clean", duty)).status_code == 302
    duty.refresh_from_db()
    assert duty.status == Duty.Status.VERIFIED


def test_a_tick_by_htmx_answers_with_the_fragment_of_the_page(client_of, crew, duty):
    leader, _agents = crew
    begin(duty, leader)
    client = client_of(leader)
    address = url("tick_item", duty, first_item(duty))
    fragment = client.post(address, headers={"HX-Request": "true"}).content.decode()
    page = client.get(url("show_clean", duty)).content.decode()
    start, end = page.index('<section class="card" id="work"'), page.index("</section>", page.index('id="work"'))
    assert without_tokens(fragment.strip()) == without_tokens(page[start : end + len("</section>")])


def without_tokens(html):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_a_tick_without_htmx_leads_back_to_the_checklist(client_of, crew, duty):
    leader, _agents = crew
    begin(duty, leader)
    response = client_of(leader).post(url("tick_item", duty, first_item(duty)))
    assert (response.status_code, response["Location"]) == (302, f"{url('show_clean', duty)}#work")


def test_an_item_is_excused_with_a_reason_only(client_of, crew, duty):
    leader, _agents = crew
    clean = begin(duty, leader)
    client, address = client_of(leader), url("excuse_item", duty, first_item(duty))
    response = client.post(address, {"reason": " "})
    assert (response.status_code, response["X-Refusal"]) == (409, "clean_item_reason_missing")
    client.post(address, {"reason": "停水"})
    assert clean.ticks.get().excuse == "停水"


def test_an_unknown_number_keeps_what_was_chosen(client_of, crew, duty):
    leader, agents = crew
    response = client_of(leader).post(url("start_clean", duty), {"helpers": [agents[1].pk], "numbers": "9999999"})
    assert response.status_code == 422
    form = response.context["helpers_form"]
    assert (form["helpers"].value(), form["numbers"].value()) == ([str(agents[1].pk)], "9999999")
    duty.refresh_from_db()
    assert duty.status == Duty.Status.OPEN


def test_who_is_not_of_the_centre_is_no_helper(client_of, crew, duty):
    leader, _agents = crew
    stranger = make.person(centre=make.centre(name="别处"))
    response = client_of(leader).post(url("start_clean", duty), {"numbers": stranger.employee_number})
    assert response.status_code == 422
    response = client_of(leader).post(url("start_clean", duty), {"helpers": [stranger.pk]})
    assert response.status_code == 422


def test_helpers_are_named_later(client_of, crew, duty):
    leader, agents = crew
    clean = begin(duty, leader)
    client_of(leader).post(url("name_helpers", duty), {"helpers": [agents[1].pk]})
    assert list(clean.helpers.all()) == [agents[1]]
    response = client_of(agents[0]).post(url("name_helpers", duty), {"helpers": []})
    assert (response.status_code, response["X-Refusal"]) == (409, "duty_not_yours")


def test_a_plant_is_left_out_and_taken_in_again(client_of, crew):
    leader, _agents = crew
    duty, plant = make_hygiene.duty(code="watering"), make_hygiene.plant()
    clean = begin(duty, leader)
    client = client_of(leader)
    response = client.post(url("skip_plant", duty), {"plant": plant.pk, "reason": ""})
    assert (response.status_code, response["X-Refusal"]) == (409, "clean_item_reason_missing")
    client.post(url("skip_plant", duty), {"plant": plant.pk, "reason": "刚换盆"})
    assert clean.skips.count() == 1
    client.post(url("unskip_plant", duty, plant.pk))
    assert clean.skips.count() == 0
    assert client.get(url("unskip_plant", duty, plant.pk)).status_code == 405


def test_undo_takes_the_start_back(client_of, crew, duty):
    leader, _agents = crew
    client = client_of(leader)
    client.post(url("start_clean", duty))
    assert client.post(url("undo_clean", duty)).status_code == 302
    duty.refresh_from_db()
    assert duty.status == Duty.Status.OPEN


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("start_clean", "duty_not_yours"),
        ("tick_item", "clean_not_yours"),
        ("untick_item", "clean_not_yours"),
        ("excuse_item", "clean_not_yours"),
        ("finish_clean", "duty_not_yours"),
        ("undo_clean", "duty_undo_not_yours"),
    ],
)
def test_another_leader_is_refused(client_of, crew, duty, step, code):
    leader, _agents = crew
    if step != "start_clean":
        begin(duty, leader)
    if step == "finish_clean":
        make_hygiene.answer_all(duty, by=leader)
    more = [first_item(duty)] if step in ITEM_STEPS else []
    response = client_of(make.person(role=Role.LEADER)).post(url(step, duty, *more), {"reason": "x"})
    assert (response.status_code, response["X-Refusal"]) == (409, code)


def test_an_agent_signs_nothing_off(client_of, duty):
    assert client_of(make.person()).post(url("verify_clean", duty)).status_code == 403


@pytest.mark.parametrize("step", [*STEPS, *ITEM_STEPS])
def test_another_centres_clean_is_not_there(client_of, duty, step):
    stranger = make.person(role=Role.DIRECTOR, centre=make.centre(name="别处"))
    more = [first_item(duty)] if step in ITEM_STEPS else []
    assert client_of(stranger).post(url(step, duty, *more), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("step", [*STEPS, *ITEM_STEPS])
def test_a_step_is_a_post(client_of, crew, duty, step):
    leader, _agents = crew
    more = [first_item(duty)] if step in ITEM_STEPS else []
    client = client_of(make.person(role=Role.DIRECTOR) if step == "verify_clean" else leader)
    assert client.get(url(step, duty, *more)).status_code == 405


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("name_helpers", "clean_not_begun"),
        ("tick_item", "clean_not_begun"),
        ("untick_item", "clean_not_begun"),
        ("excuse_item", "clean_not_begun"),
        ("finish_clean", "clean_not_begun"),
        ("undo_clean", "clean_not_begun"),
        ("verify_clean", "wrong_state"),
    ],
)
def test_a_step_before_the_start_is_refused(client_of, duty, step, code):
    more = [first_item(duty)] if step in ITEM_STEPS else []
    director = make.person(role=Role.DIRECTOR)
    response = client_of(director).post(url(step, duty, *more), {"reason": "x"})
    assert (response.status_code, response["X-Refusal"]) == (409, code)


def test_a_duty_of_another_kind_has_no_page_here(client_of, crew):
    leader, _agents = crew
    meeting = make_hygiene.duty(code="weekly_meeting")
    assert client_of(leader).get(url("show_clean", meeting)).status_code == 404


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "地面清扫、拖净"), ("en", "Floor swept and mopped")])
@pytest.mark.parametrize("status", [Duty.Status.SCHEDULED, Duty.Status.OPEN, Duty.Status.MISSED])
def test_the_page_in_both_languages(client_of, crew, language, said, status):
    duty = make_hygiene.duty(status=status)
    reader = make.person(language=language)
    page = client_of(reader).get(url("show_clean", duty)).content.decode()
    assert page.count(said) == 1


def test_the_rota_marks_holidays_and_makes_no_guess_about_other_months(client_of, crew):
    leader, _agents = crew
    centre = leader.centre
    make_hygiene.duty(on=dt.date(2026, 10, 5))
    CalendarDay.objects.create(centre=centre, on=dt.date(2026, 10, 5), kind="holiday", name="国庆节")
    response = client_of(leader).get(f"{reverse('hygiene:show_rota')}?month=2026-10")
    day = response.context["days"][4]
    assert (day.on, day.is_rest, day.calendar_day.name) == (dt.date(2026, 10, 5), True, "国庆节")
    assert len(response.context["days"]) == 31
    odd = client_of(leader).get(f"{reverse('hygiene:show_rota')}?month=2026-13")
    assert odd.context["first"] == clock.local_date(centre, clock.now()).replace(day=1)


def queries(client, address):
    with CaptureQueriesContext(connection) as context:
        assert client.get(address).status_code == 200
    return len(context)


def test_the_rota_asks_the_same_for_one_duty_and_for_ten(client_of, crew):
    leader, _agents = crew
    client, address = client_of(leader), f"{reverse('hygiene:show_rota')}?month=2026-11"
    make_hygiene.duty(code="watering", on=dt.date(2026, 11, 1))
    client.get(address)
    with_one = queries(client, address)
    for day in range(2, 11):
        make_hygiene.duty(code="watering", on=dt.date(2026, 11, day), status="done", done_by=leader)
    assert queries(client, address) == with_one


def test_the_clean_asks_the_same_for_one_tick_and_for_all(client_of, crew, duty):
    leader, agents = crew
    client = client_of(make.person(role=Role.DIRECTOR))
    begin(duty, leader, agents[:1])
    actions.tick_item(duty=duty, item=first_item(duty), by=agents[0], at=make.at(9))
    client.get(url("show_clean", duty))
    with_one = queries(client, url("show_clean", duty))
    make_hygiene.answer_all(duty, by=leader)
    actions.name_helpers(duty=duty, helpers=agents, by=leader, at=make.at(9))
    assert queries(client, url("show_clean", duty)) == with_one


def test_the_plant_register_asks_the_same_for_one_plant_and_for_ten(client_of, crew):
    leader, _agents = crew
    client, address = client_of(leader), reverse("hygiene:list_plants")
    make_hygiene.plant()
    client.get(address)
    with_one = queries(client, address)
    for number in range(9):
        make_hygiene.plant(place=f"{number} 号机房")
    make_hygiene.plant(species="枯了", active=False)
    assert queries(client, address) == with_one
    assert sum(len(plants) for _place, plants in client.get(address).context["places"]) == 10


def test_a_director_keeps_the_plant_register_in_the_admin(client_of):
    director = make.person(role=Role.DIRECTOR)
    client = client_of(director)
    response = client.post(reverse("admin:hygiene_plant_add"), {"place": "前台", "species": "绿萝", "active": "on"})
    assert response.status_code == 302
    assert Plant.objects.get().centre == director.centre
    assert client_of(make.person(role=Role.ADMINISTRATOR)).get(reverse("admin:hygiene_plant_add")).status_code == 403
