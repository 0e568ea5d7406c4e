"""Two leaders approve at once, over HTTP, what cannot both be: one outcome, nobody lost, no shift covered twice."""

import collections
import datetime as dt
import itertools

import pytest

from callcentre import clock
from people.models import Role
from shifts import actions, transfers
from shifts.actions import swaps
from shifts.cells import Turn
from shifts.models import Assignment, Swap
from tests import make, make_shifts, races
from tests.make_swaps import DAY, SOON
from tests.races import ROUNDS

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY, THURSDAY, SATURDAY = (make.MONDAY + days * DAY for days in (1, 3, 5))


class Race:
    """Three shifts on days apart, each with a roster and two agents of its own; a free agent; two leaders decide."""

    def __init__(self):
        team = make.team()
        self.agents = [make.person(team=team) for _number in range(7)]
        self.desks = make_shifts.desks(count=2)
        days = zip((TUESDAY, THURSDAY, SATURDAY), (0, 2, 4), strict=True)
        self.shifts = [make_shifts.shift(on=on, team=team, people=self.agents[of : of + 2]) for on, of in days]
        beside = make.team(name="乙班")
        self.shifts.append(make_shifts.shift(on=TUESDAY, team=beside, people=[make.person(team=beside)]))
        self.beside = self.shifts[3].assignments.get().person
        self.base = list(Assignment.objects.values("shift_id", "person_id", "desk_id", "starts_at", "ends_at", "plan"))
        self.leaders = races.actors(*(make.person(role=Role.LEADER, team=team) for _leader in range(2)))

    def accepted(self, giver, gives, taker, takes=None):
        swap = actions.offer_swap(giver=giver, gives=gives, taker=taker, takes=takes, by=giver, at=SOON)
        return actions.accept_swap(swap=swap, by=taker, at=SOON)

    # What the two leaders have before them

    def one_shift_promised_to_two(self):
        a, _a, b, _b, c, *_rest = self.agents
        tuesday, thursday, saturday, _beside = self.shifts
        return [self.accepted(a, tuesday, b, thursday), self.accepted(c, saturday, b, thursday)]

    def a_with_b_and_b_with_c(self):
        a, _a, b, _b, c, *_rest = self.agents
        tuesday, thursday, saturday, _beside = self.shifts
        return [self.accepted(a, tuesday, b, thursday), self.accepted(b, thursday, c, saturday)]

    def one_swap_on_two_desks(self):
        return [self.accepted(self.agents[0], self.shifts[0], self.agents[2], self.shifts[1])] * 2

    def two_shifts_at_one_time_to_one_person(self):
        free = self.agents[6]
        return [self.accepted(self.agents[0], self.shifts[0], free), self.accepted(self.beside, self.shifts[3], free)]

    VARIANTS = (
        one_shift_promised_to_two,
        a_with_b_and_b_with_c,
        one_swap_on_two_desks,
        two_shifts_at_one_time_to_one_person,
    )

    def run(self, variant):
        """Both approve at once; then everything must be as if one had come after the other."""
        promised = variant(self)
        pairs = zip(self.leaders, promised, strict=True)
        self.check(races.at_once(*(leader.posts("shifts:approve_swap", swap.pk) for leader, swap in pairs)))
        self.restore()

    def check(self, answers):
        heads = collections.Counter(Assignment.objects.values_list("shift", flat=True))
        assert heads == self.heads, "covered twice, or not at all"
        assert [status for status, _code in races.told(answers)] == [302, 409]
        assert Swap.objects.approved().count() == 1
        turns = collections.defaultdict(list)
        for row in Assignment.objects.order_by("starts_at"):
            turns[row.person_id].append(row)
        for mine in turns.values():
            assert all(later.starts_at >= turn.ends_at for turn, later in itertools.pairwise(mine))
        self.check_exchange(Swap.objects.approved().get(), turns)

    def check_exchange(self, swap, turns):
        """Exactly what was approved has happened: each other turn is where it was."""
        expected = {(row["shift_id"], row["person_id"]) for row in self.base}
        expected = expected - {(swap.gives_id, swap.giver_id)} | {(swap.gives_id, swap.taker_id)}
        if swap.takes_id:
            expected = expected - {(swap.takes_id, swap.taker_id)} | {(swap.takes_id, swap.giver_id)}
        assert {(row.shift_id, row.person_id) for mine in turns.values() for row in mine} == expected

    @property
    def heads(self):
        return collections.Counter(row["shift_id"] for row in self.base)

    def restore(self):
        Swap.objects.all().delete()
        Assignment.objects.all().delete()
        Assignment.objects.bulk_create(Assignment(**row) for row in self.base)


@pytest.fixture
def race(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SOON.astimezone(dt.UTC))
    return Race()


def test_of_two_approvals_at_once_there_is_one_outcome(race):
    for number in range(ROUNDS):
        race.run(Race.VARIANTS[number % len(Race.VARIANTS)])


def without_looking_again(monkeypatch):
    """An approval that trusts what the offer looked like when it was accepted: the guard is gone."""
    honest, seen = swaps.check_exchange, {}

    def trusting(*offered):
        key = tuple(part and part.pk for part in offered)
        if key not in seen:
            seen[key] = honest(*offered)
        return seen[key]

    def take_what_is_not_there(transfer, person_id, shift_id):
        turn = transfer._held(person_id, shift_id)
        if turn is None:
            return Turn(person_id, transfer.shifts[shift_id], leads=False)
        transfer.turns[person_id].remove(turn)
        return turn

    monkeypatch.setattr(swaps, "check_exchange", trusting)
    monkeypatch.setattr(transfers.Transfer, "_take", take_what_is_not_there)


@pytest.mark.parametrize("variant", Race.VARIANTS[:2])
def test_without_the_guard_the_race_is_lost(race, monkeypatch, variant):
    without_looking_again(monkeypatch)
    races.must_be_lost(lambda: race.run(variant), match="covered twice")


def test_of_two_who_accept_an_offer_to_a_team_one_takes_it(race):
    tuesday, team = race.shifts[0], race.agents[0].team
    actors = races.actors(*race.agents[2:4])
    for _round in range(max(ROUNDS // 5, 2)):
        swap = actions.offer_swap(giver=race.agents[0], gives=tuesday, team=team, by=race.agents[0], at=SOON)
        answers = races.at_once(*(actor.posts("shifts:accept_swap", swap.pk) for actor in actors))
        assert [status for status, _code in races.told(answers)] == [302, 409]
        swap.refresh_from_db()
        assert (swap.status, swap.taker in race.agents[2:4]) == ("accepted", True)
        race.restore()
