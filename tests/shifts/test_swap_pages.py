"""The pages of swaps: an offer in three steps, the buttons, the tabs, and who may not."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from callcentre.refusals import Refused
from journal.models import Entry
from people.models import Role
from shifts import actions
from shifts.models import Swap
from tests import make, make_swaps
from tests.make_swaps import SOON, WEDNESDAY, fair

pytestmark = pytest.mark.django_db
OFFER, LIST = reverse("shifts:offer_swap"), reverse("shifts:list_swaps")
STEPS = {
    "accept": "accepted",
    "decline": "declined",
    "approve": "approved",
    "refuse": "refused",
    "withdraw": "withdrawn",
}


@pytest.fixture(autouse=True)
def sunday_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SOON.astimezone(dt.UTC))


@pytest.fixture
def floor():
    return make_swaps.floor()


def address(step, swap):
    return reverse(f"shifts:{step}_swap", args=[swap.pk])


def ready_for(step, floor):
    """(a swap for which the step is next, who takes it)"""
    if step in ("approve", "refuse"):
        return make_swaps.accepted(**fair(floor)), floor.leaders[2]
    swap = make_swaps.offer(**fair(floor))
    return swap, swap.giver if step == "withdraw" else swap.taker


# Offering


def test_an_offer_is_made_in_three_steps(client_of, floor):
    wanted = fair(floor)
    giver, gives, taker, takes = wanted.values()
    client = client_of(giver)
    assert gives in client.get(OFFER).context["shifts"]
    page = client.get(OFFER, {"shift": gives.pk})
    assert (f"p{taker.pk}", str(taker)) in dict(page.context["offer"].choices)["乙班"]
    step = f"{OFFER}?shift={gives.pk}&to=p{taker.pk}"
    assert takes in client.get(step).context["offer"].returns
    answer = client.post(step, {"takes": takes.pk, "reason": "家里有事"})
    swap = Swap.objects.get()
    assert (answer.status_code, answer.url) == (302, swap.get_absolute_url())
    assert (swap.giver, swap.gives, swap.taker, swap.takes, swap.reason) == (giver, gives, taker, takes, "家里有事")
    assert [entry.verb for entry in Entry.objects.about(swap)] == ["swap.offered"]


def test_a_shift_is_offered_to_a_team(client_of, floor):
    agent, gives = floor.agents[0][0], floor.shift(WEDNESDAY)
    client_of(agent).post(f"{OFFER}?shift={gives.pk}&to=t{floor.teams[1].pk}", {})
    assert Swap.objects.values_list("team", "taker", "takes").get() == (floor.teams[1].pk, None, None)


def test_a_leader_offers_for_somebody_absent(client_of, floor):
    leader, agent, gives = floor.leaders[2], floor.agents[0][0], floor.shift(WEDNESDAY)
    client = client_of(leader)
    assert gives in client.get(OFFER, {"number": agent.employee_number}).context["shifts"]
    assert agent in client.get(OFFER, {"shift": gives.pk}).context["people"]
    client.post(f"{OFFER}?shift={gives.pk}&giver={agent.pk}&to=p{floor.agents[1][0].pk}", {})
    swap = Swap.objects.get()
    assert (swap.giver, swap.offered_by) == (agent, leader)


def test_an_offer_for_somebody_else_is_not_an_agents(client_of, floor):
    one, other = floor.agents[0]
    step = f"{OFFER}?shift={floor.shift(WEDNESDAY).pk}&giver={other.pk}&to=p{floor.agents[1][0].pk}"
    answer = client_of(one).post(step, {})
    assert (answer.status_code, answer.context["refused"].code) == (422, "swap_not_yours_to_offer")
    assert Swap.objects.count() == 0


def test_who_cannot_take_it_is_not_among_the_choices(client_of, floor):
    agent, gives = floor.agents[0][0], floor.shift(WEDNESDAY)
    step = f"{OFFER}?shift={gives.pk}&to=p{floor.agents[0][1].pk}"
    page = client_of(agent).post(step, {})
    assert (page.status_code, page.context["unknown"]) == (422, True)


def test_a_colleague_with_whom_every_exchange_is_a_breach_is_refused_with_it(client_of, floor):
    agent, gives = floor.agents[0][0], floor.shift(make.MONDAY + make_swaps.DAY)
    step = f"{OFFER}?shift={gives.pk}&to=p{floor.agents[3][0].pk}"
    page = client_of(agent).post(step, {})
    assert (page.status_code, page.context["offer"].breach.facts["finding"]) == (422, "rest")


def test_only_what_breaches_nothing_is_offered_in_return(client_of, floor):
    giver, gives, taker, _takes = fair(floor).values()
    offer = client_of(giver).get(OFFER, {"shift": gives.pk, "to": f"p{taker.pk}"}).context["offer"]
    assert (offer.may_be_for_nothing, [shift.on for shift in offer.returns]) == (True, [make_swaps.SATURDAY])


def test_what_changed_meanwhile_is_said_on_the_form_with_what_was_typed(client_of, floor):
    wanted = fair(floor)
    make_swaps.offer(**wanted)
    step = f"{OFFER}?shift={wanted['gives'].pk}&to=p{wanted['taker'].pk}"
    answer = client_of(wanted["giver"]).post(step, {"takes": "", "reason": "家里有事"})
    assert (answer.status_code, answer.context["form"]["reason"].value()) == (422, "家里有事")
    assert answer.context["form"].non_field_errors() == [str(Refused("turn_offered_already"))]


def test_a_shift_of_another_centre_or_a_draft_is_not_found(client_of, floor):
    agent = floor.agents[0][0]
    stranger = make.person(centre=make.centre(name="别的中心"))
    gives = floor.shift(WEDNESDAY)
    assert client_of(stranger).get(OFFER, {"shift": gives.pk}).status_code == 404
    assert client_of(agent).get(OFFER, {"shift": gives.pk, "giver": stranger.pk}).status_code == 404
    assert client_of(agent).get(OFFER, {"shift": "９"}).status_code == 200


# Steps


@pytest.mark.parametrize("step", STEPS)
def test_a_step_works_and_is_recorded(client_of, floor, step):
    swap, by = ready_for(step, floor)
    answer = client_of(by).post(address(step, swap), {"remark": "好"})
    assert (answer.status_code, answer.url) == (302, swap.get_absolute_url())
    swap.refresh_from_db()
    assert swap.status == STEPS[step]
    assert [entry.verb for entry in Entry.objects.about(swap)][-1] == f"swap.{STEPS[step]}"


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("accept", "swap_not_for_you"),
        ("decline", "swap_not_for_you"),
        ("approve", "swap_not_yours_to_decide"),
        ("refuse", "swap_not_yours_to_decide"),
        ("withdraw", "swap_not_yours"),
    ],
)
def test_a_step_of_somebody_else_is_refused(client_of, floor, step, code):
    swap, _by = ready_for(step, floor)
    head = make.person(role=Role.CENTRE_DIRECTOR)
    answer = client_of(head).post(address(step, swap))
    assert (answer.status_code, answer["X-Refusal"]) == (409, code)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_in_the_wrong_state_is_refused(client_of, floor, step):
    swap, by = ready_for(step, floor)
    Swap.objects.update(status="expired")
    answer = client_of(by).post(address(step, swap))
    assert (answer.status_code, answer["X-Refusal"]) == (409, "wrong_state")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_not_for_strangers_nor_by_get(client_of, floor, step):
    swap, by = ready_for(step, floor)
    for person in (floor.agents[2][0], make.person(role=Role.DIRECTOR, centre=make.centre(name="别的中心"))):
        assert client_of(person).post(address(step, swap)).status_code == 404
        assert client_of(person).get(swap.get_absolute_url()).status_code == 404
    assert client_of(by).get(address(step, swap)).status_code == 405


def test_from_the_start_page_it_takes_one_tap(client_of, floor):
    swap = make_swaps.offer(**fair(floor))
    client = client_of(swap.taker)
    assert address("accept", swap) in client.get(reverse("board:start")).content.decode()
    assert client.post(address("accept", swap), {"back": "start"}).url == reverse("board:start")
    client = client_of(floor.leaders[2])
    assert address("approve", swap) in client.get(reverse("board:start")).content.decode()


def test_a_remark_that_is_too_long_is_asked_for_again(client_of, floor):
    swap, by = ready_for("refuse", floor)
    answer = client_of(by).post(address("refuse", swap), {"remark": "长" * 201})
    assert (answer.status_code, list(answer.context["remark_form"].errors)) == (422, ["remark"])


# The page of one, and the lists


def test_the_page_says_what_stands_against_it(client_of, floor):
    first, second = (make_swaps.accepted(**fair(floor, giver=number)) for number in (0, 1))
    client = client_of(floor.leaders[2])
    page = client.get(second.get_absolute_url())
    assert page.context["problem"] is None
    assert [button.step.code for button in page.context["deciding"]] == ["approve", "refuse"]
    actions.approve_swap(swap=first, by=floor.leaders[3], at=SOON)
    assert client.get(second.get_absolute_url()).context["problem"].code == "turn_gone"


def test_the_tabs_hold_what_they_say(client_of, floor):
    leader, director = floor.leaders[2], floor.director
    decided = make_swaps.approved(
        giver=floor.agents[0][0], gives=floor.shift(make.MONDAY), taker=floor.agents[2][0], by=leader
    )
    waits = make_swaps.accepted(**fair(floor))
    to_team = make_swaps.offer(giver=floor.agents[0][1], gives=floor.shift(WEDNESDAY), team=floor.teams[1])

    def rows(person, tab):
        return [row.pk for row in client_of(person).get(LIST, {"tab": tab}).context["rows"]]

    assert (rows(leader, "waiting"), rows(leader, "decided"), rows(leader, "mine")) == ([waits.pk], [decided.pk], [])
    assert rows(director, "waiting") == [waits.pk]
    assert rows(floor.agents[1][1], "waiting") == [to_team.pk]
    assert rows(floor.agents[0][0], "mine") == [waits.pk, decided.pk]
    assert rows(floor.leaders[1], "waiting") == [waits.pk]  # a leader of the team is not an agent who could take it


@pytest.mark.parametrize("tab", ["waiting", "mine"])
def test_the_list_costs_the_same_for_one_row_and_four(client_of, floor, tab):
    reader = floor.agents[1][0]
    days = [make.MONDAY, make.MONDAY + make_swaps.DAY, WEDNESDAY, WEDNESDAY + make_swaps.DAY]
    client, counts = client_of(reader), []
    for count in (1, 4):
        for on in days[Swap.objects.count() : count]:
            giver = floor.agents[0][0]
            Swap.objects.create(
                centre=floor.centre, giver=giver, gives=floor.shift(on), taker=reader, offered_by=giver,
                offered_at=SOON, expires_at=floor.shift(on).starts_at,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST, {"tab": tab})
        assert len(page.context["rows"]) == count
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_the_rosters_versions_lead_to_the_swap(client_of, floor):
    swap = make_swaps.approved(**fair(floor), by=floor.leaders[2])
    page = client_of(floor.director).get(reverse("shifts:list_versions", args=[swap.gives.roster_id]))
    assert page.content.decode().count(f'<a href="{reverse("shifts:show_swap", args=[swap.pk])}">') == 1
