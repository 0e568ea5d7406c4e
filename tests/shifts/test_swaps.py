"""Swaps: who offers what to whom, who accepts, who decides, and what the roster is afterwards."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from callcentre.refusals import Refused
from delivery import actions as delivery
from delivery.models import Message
from duties import who
from duties.models import Duty
from duties.planning import make_ahead
from duties.ticking import tick_centre
from hygiene.actions import start as start_clean
from journal.models import Entry
from people.models import Role
from shifts import actions, lapsing
from shifts.models import Assignment, Change, Shift, Swap, Version
from tests import make, make_shifts, make_swaps
from tests.make_swaps import DAY, SATURDAY, SOON, WEDNESDAY, fair, turns

pytestmark = pytest.mark.django_db
MONDAY = make.MONDAY


@pytest.fixture
def floor():
    return make_swaps.floor()


def verbs(swap):
    return [entry.verb for entry in Entry.objects.about(swap)]


def code_of(action, at=SOON, **arguments):
    with pytest.raises(Refused) as refused:
        action(at=at, **arguments)
    return refused.value.code


def told(person):
    delivery.send_queued()
    return set(Message.objects.filter(person=person, kind__startswith="swap.").values_list("kind", flat=True))


def lapses(hours, shift):
    return shift.starts_at - dt.timedelta(hours=hours)


# Offering


def test_a_shift_is_offered_to_a_colleague_for_one_in_return(floor):
    swap = make_swaps.offer(**fair(floor), reason=" 家里有事 ")
    assert (swap.status, swap.offered_by, swap.reason) == ("offered", swap.giver, "家里有事")
    assert swap.expires_at == lapses(2, swap.gives)
    assert verbs(swap) == ["swap.offered"]
    assert (told(swap.taker), told(swap.giver)) == ({"swap.offered"}, set())


def test_a_leader_offers_for_somebody_absent_who_is_told(floor):
    swap = make_swaps.offer(**fair(floor), by=floor.leaders[2])
    assert (swap.offered_by, told(swap.giver)) == (floor.leaders[2], {"swap.offered_for_you"})


def refused_offers(floor):
    """{code: what of a fair offer is changed}"""
    one, colleague = floor.agents[0]
    other = floor.agents[1][0]
    return {
        "swap_not_yours_to_offer": {"by": colleague},
        "swap_without_taker": {"taker": None, "takes": None},
        "swap_with_yourself": {"taker": one, "takes": None},
        "swap_not_for_team": {"taker": None, "team": floor.teams[1]},
        "swap_too_late": {"at": make.at(14, on=WEDNESDAY)},
        "turn_gone": {"giver": floor.agents[2][0], "by": floor.agents[2][0]},
        "swap_needs_agent": {"taker": floor.leaders[2], "takes": None},
        "swap_breach": {"gives": floor.shift(MONDAY + DAY), "takes": floor.shift(MONDAY + DAY, team=1), "taker": other},
    }


@pytest.mark.parametrize(
    "code",
    [
        "swap_not_yours_to_offer",
        "swap_without_taker",
        "swap_with_yourself",
        "swap_not_for_team",
        "swap_too_late",
        "turn_gone",
        "swap_needs_agent",
        "swap_breach",
    ],
)
def test_an_offer_is_refused(floor, code):
    with pytest.raises(Refused) as refused:
        make_swaps.offer(**fair(floor) | refused_offers(floor)[code])
    assert (refused.value.code, Swap.objects.count()) == (code, 0)


def test_a_breach_is_named_with_whose_it_is(floor):
    with pytest.raises(Refused) as refused:
        make_swaps.offer(**fair(floor) | refused_offers(floor)["swap_breach"])
    assert (refused.value.facts["person"], refused.value.facts["finding"]) == ("乙组员", "rest")


def test_somebody_on_leave_takes_no_shift(floor):
    taker = floor.agents[1][0]
    make_swaps.leave(person=taker, from_on=WEDNESDAY, approved_by=floor.leaders[0])
    with pytest.raises(Refused) as refused:
        make_swaps.offer(**fair(floor) | {"takes": None})
    assert (refused.value.code, refused.value.facts["finding"]) == ("swap_breach", "on_leave")


def test_a_turn_is_offered_once_at_a_time(floor):
    swap = make_swaps.offer(**fair(floor))
    offer = {key: value for key, value in fair(floor, taker=1).items()}
    assert code_of(actions.offer_swap, **offer, by=swap.giver) == "turn_offered_already"
    with pytest.raises(IntegrityError, match="a_turn_is_offered_once_at_a_time|UNIQUE"), transaction.atomic():
        Swap.objects.create(
            centre=swap.centre, giver=swap.giver, gives=swap.gives, taker=floor.agents[1][1], offered_by=swap.giver,
            offered_at=SOON, expires_at=swap.expires_at,
        )  # fmt: skip
    actions.withdraw_swap(swap=swap, by=swap.giver, at=SOON)
    assert make_swaps.offer(**offer).is_offered


def test_the_shift_of_a_leader_goes_to_a_leader_only(floor):
    gives = floor.shift(MONDAY)
    offer = {"giver": floor.leaders[0], "gives": gives}
    assert code_of(actions.offer_swap, **offer, taker=floor.agents[2][0], by=floor.leaders[0]) == "swap_needs_leader"
    assert make_swaps.offer(**offer, taker=floor.leaders[2]).is_offered


def test_an_offer_to_a_team_tells_those_who_could_take_it(floor):
    swap = make_swaps.offer(giver=floor.agents[0][0], gives=floor.shift(WEDNESDAY), team=floor.teams[1])
    assert (swap.taker, swap.team) == (None, floor.teams[1])
    assert [told(person) for person in (*floor.agents[1], floor.leaders[1])] == [{"swap.offered_to_team"}] * 2 + [set()]
    unsuited = make.team(name="空班")
    assert (
        code_of(actions.offer_swap, giver=swap.giver, gives=floor.shift(MONDAY), team=unsuited, by=swap.giver)
        == "swap_team_unsuited"
    )


# Accepting and declining


def test_the_taker_accepts_and_who_decides_is_told(floor):
    swap = make_swaps.accepted(**fair(floor))
    assert (swap.status, swap.accepted_at, verbs(swap)) == ("accepted", SOON, ["swap.offered", "swap.accepted"])
    assert told(swap.giver) == {"swap.accepted"}
    assert told(floor.director) == {"swap.to_decide"}  # on Sunday no shift is on duty yet


def test_of_a_team_the_first_who_accepts_takes_it(floor):
    swap = make_swaps.offer(giver=floor.agents[0][0], gives=floor.shift(WEDNESDAY), team=floor.teams[1])
    first, second = floor.agents[1]
    assert code_of(actions.accept_swap, swap=swap, by=floor.agents[2][0]) == "swap_not_for_you"
    assert code_of(actions.accept_swap, swap=swap, by=floor.leaders[1]) == "swap_needs_agent"
    actions.accept_swap(swap=swap, by=first, at=SOON)
    swap.refresh_from_db()
    assert swap.taker == first
    assert code_of(actions.accept_swap, swap=swap, by=second) == "wrong_state"


def test_nobody_else_accepts_or_declines(floor):
    swap = make_swaps.offer(**fair(floor))
    for action in (actions.accept_swap, actions.decline_swap):
        assert code_of(action, swap=swap, by=floor.agents[1][1]) == "swap_not_for_you"


def test_the_taker_declines(floor):
    swap = make_swaps.offer(**fair(floor))
    actions.decline_swap(swap=swap, by=swap.taker, at=SOON)
    swap.refresh_from_db()
    assert (swap.status, verbs(swap)[-1], told(swap.giver)) == ("declined", "swap.declined", {"swap.declined"})


def test_those_who_take_part_take_it_back(floor):
    swap = make_swaps.offer(**fair(floor), by=floor.leaders[0])
    assert code_of(actions.withdraw_swap, swap=swap, by=swap.taker) == "swap_not_yours"
    actions.accept_swap(swap=swap, by=swap.taker, at=SOON)
    assert code_of(actions.withdraw_swap, swap=swap, by=floor.leaders[1]) == "swap_not_yours"
    actions.withdraw_swap(swap=swap, by=swap.taker, at=SOON)
    assert (verbs(swap)[-1], "swap.withdrawn" in told(swap.giver)) == ("swap.withdrawn", True)


# Deciding


def test_an_approved_swap_exchanges_turns_and_desks(floor):
    offer = fair(floor)
    before = turns(offer["gives"], offer["takes"])
    make_swaps.approved(**offer, by=floor.leaders[2])
    giver, taker = offer["giver"], offer["taker"]
    (leader, given), (other, returned) = before
    given[taker], returned[giver] = given.pop(giver), returned.pop(taker)
    assert turns(offer["gives"], offer["takes"]) == [(leader, given), (other, returned)]


def test_an_approval_is_a_version_recorded_and_told(floor):
    swap = make_swaps.approved(**fair(floor), by=floor.leaders[2])
    assert (swap.status, swap.decided_by, swap.decided_at) == ("approved", floor.leaders[2], SOON)
    assert verbs(swap) == ["swap.offered", "swap.accepted", "swap.approved"]
    version = Version.objects.get(kind="swapped")
    assert (version.roster, version.by, version.number) == (swap.gives.roster, floor.leaders[2], 2)
    changes = set(Change.objects.filter(version=version).values_list("person", "shift", "is_added"))
    giver, gives, taker, takes = swap.giver_id, swap.gives_id, swap.taker_id, swap.takes_id
    assert changes == {(giver, gives, False), (taker, gives, True), (taker, takes, False), (giver, takes, True)}
    assert all("swap.approved" in told(person) for person in (swap.giver, swap.taker))


def test_a_refused_swap_changes_nothing(floor):
    offer = fair(floor)
    before = turns(offer["gives"], offer["takes"])
    swap = make_swaps.accepted(**offer)
    actions.refuse_swap(swap=swap, by=floor.leaders[2], at=SOON, remark=" 人手不够 ")
    swap.refresh_from_db()
    assert (swap.status, swap.decided_by, swap.remark) == ("refused", floor.leaders[2], "人手不够")
    assert (turns(offer["gives"], offer["takes"]), verbs(swap)[-1]) == (before, "swap.refused")


@pytest.mark.parametrize("step", ["approve", "refuse"])
def test_who_takes_part_or_offered_it_does_not_decide(floor, step):
    swap = make_swaps.accepted(**fair(floor), by=floor.leaders[0])
    action = getattr(actions, f"{step}_swap")
    for person in (swap.giver, swap.taker, floor.leaders[0]):
        assert code_of(action, swap=swap, by=person) == "swap_decided_by_third"
    for person in (floor.agents[2][0], make.person(role=Role.INSPECTOR)):
        assert code_of(action, swap=swap, by=person) == "swap_not_yours_to_decide"
    assert action(swap=swap, by=floor.leaders[1], at=SOON).decided_by == floor.leaders[1]


def test_a_swap_of_leaders_is_decided_by_the_director(floor):
    swap = make_swaps.accepted(giver=floor.leaders[0], gives=floor.shift(MONDAY), taker=floor.leaders[2])
    assert code_of(actions.approve_swap, swap=swap, by=floor.leaders[1]) == "swap_not_yours_to_decide"
    assert not Swap.objects.waiting_for(floor.leaders[1], SOON).exists()
    assert list(Swap.objects.waiting_for(floor.director, SOON)) == [swap]
    actions.approve_swap(swap=swap, by=floor.director, at=SOON)
    assert Shift.objects.get(pk=swap.gives_id).leader == floor.leaders[2]


def test_only_what_is_accepted_is_decided(floor):
    swap = make_swaps.offer(**fair(floor))
    assert code_of(actions.approve_swap, swap=swap, by=floor.leaders[2]) == "wrong_state"


def test_the_database_refuses_a_decision_on_ones_own(floor):
    swap = make_swaps.accepted(**fair(floor))
    with pytest.raises(IntegrityError, match="nobody_decides_their_own_swap"), transaction.atomic():
        Swap.objects.filter(pk=swap.pk).update(status="approved", decided_by=swap.taker, decided_at=SOON)


def test_it_is_judged_again_at_approval(floor):
    swap = make_swaps.accepted(**fair(floor))
    make_swaps.leave(person=swap.taker, from_on=WEDNESDAY, approved_by=floor.leaders[2])
    with pytest.raises(Refused) as refused:
        actions.approve_swap(swap=swap, by=floor.leaders[2], at=SOON)
    assert (refused.value.code, refused.value.facts["finding"]) == ("swap_breach", "on_leave")
    swap.refresh_from_db()
    assert swap.status == "accepted"


def test_a_shift_promised_to_two_goes_to_the_first(floor):
    first, second = (make_swaps.accepted(**fair(floor, giver=number)) for number in (0, 1))
    actions.approve_swap(swap=first, by=floor.leaders[2], at=SOON)
    assert code_of(actions.approve_swap, swap=second, by=floor.leaders[3]) == "turn_gone"


def test_a_swap_over_the_border_of_two_rosters_makes_a_version_of_each(floor):
    rotation = floor.shift(MONDAY).roster.rotation
    make_shifts.roster(rotation=rotation, from_on=MONDAY + 7 * DAY, by=floor.director)
    swap = make_swaps.approved(
        giver=floor.agents[0][0], gives=floor.shift(WEDNESDAY), taker=floor.agents[1][0],
        takes=floor.shift(MONDAY + 13 * DAY, team=1), by=floor.leaders[2],
    )  # fmt: skip
    assert set(Version.objects.filter(kind="swapped").values_list("roster", flat=True)) == {
        swap.gives.roster_id,
        swap.takes.roster_id,
    }


# Lapsing


def test_what_nobody_decided_lapses_by_itself_once(floor):
    swap, other = make_swaps.accepted(**fair(floor)), make_swaps.offer(**fair(floor, giver=1, taker=1))
    decided = make_swaps.approved(
        giver=floor.agents[0][0], gives=floor.shift(MONDAY), taker=floor.agents[2][0], by=floor.leaders[1]
    )
    lapsing.on_tick(None, lapses(2, swap.gives) - dt.timedelta(minutes=1))
    assert Swap.objects.open().count() == 2
    for _twice in range(2):
        lapsing.on_tick(None, lapses(2, swap.gives))
    assert {row.pk: row.status for row in Swap.objects.all()} == {
        swap.pk: "expired",
        other.pk: "expired",
        decided.pk: "approved",
    }
    assert (verbs(swap)[-1], "swap.expired" in told(swap.taker)) == ("swap.expired", True)


@pytest.mark.parametrize("step", ["accept", "decline", "approve", "refuse"])
def test_a_lapsed_swap_goes_no_further_even_before_the_minute_came(floor, step):
    offer = fair(floor)
    is_answer = step in ("accept", "decline")
    swap = make_swaps.offer(**offer) if is_answer else make_swaps.accepted(**offer)
    by = swap.taker if is_answer else floor.leaders[2]
    at = lapses(2, swap.gives)
    assert code_of(getattr(actions, f"{step}_swap"), at=at, swap=swap, by=by) == "swap_lapsed"


# What goes with the shift


def clean(floor, on=MONDAY):
    make_ahead(floor.centre, SOON)
    return Duty.objects.with_rule().get(rule__code="changing_room_clean", due_on=on)


def test_the_duties_of_the_day_move_with_the_lead(floor):
    duty = clean(floor)
    assert who.assignee(duty).person == floor.leaders[0]
    make_swaps.approved(giver=floor.leaders[0], gives=floor.shift(MONDAY), taker=floor.leaders[2], by=floor.director)
    assert who.assignee(duty).person == floor.leaders[2]


def test_a_duty_that_is_started_stays_with_who_started_it(floor):
    duty = clean(floor)
    tick_centre(floor.centre, make.at(8))
    duty.refresh_from_db()
    start_clean(duty=duty, by=floor.leaders[0], at=make.at(8, 30))
    Shift.objects.filter(pk=floor.shift(MONDAY).pk).update(leader=floor.leaders[2])
    duty = clean(floor)
    assert (who.assignee(duty).person, who.assignee(duty).why) == (floor.leaders[0], "started")


def test_nobody_ends_with_two_turns_and_no_shift_loses_heads(floor):
    heads = {shift.pk: shift.assignments.count() for shift in Shift.objects.all()}
    make_swaps.approved(**fair(floor), by=floor.leaders[2])
    assert {shift.pk: shift.assignments.count() for shift in Shift.objects.all()} == heads
    assert Assignment.objects.filter(shift__on=SATURDAY, person=floor.agents[0][0]).count() == 1
