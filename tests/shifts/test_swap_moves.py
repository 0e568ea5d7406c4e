"""Any sequence of steps by anybody: nobody ends with two turns at once, and no shift loses or gains a head."""

import collections
import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcentre.refusals import Refused
from people.models import Role, RoleAssignment
from shifts import actions
from shifts.models import Assignment, Shift, Swap
from tests import make, make_shifts, make_swaps
from tests.make_swaps import DAY, SOON

pytestmark = pytest.mark.django_db
some = st.integers(min_value=0, max_value=999)
STEPS = ["offer", "to_team", "accept", "approve", "settle", "decline", "withdraw", "refuse", "leave"]
MOVES = st.tuples(st.sampled_from(["offer", "offer", "settle", "settle", *STEPS]), some, some, some, some)
DAYS = [make.MONDAY + days * DAY for days in (1, 1, 3, 5)]


class Player:
    """Four shifts, two of them at the same time, each with a leader and two agents; two more of either are free."""

    def __init__(self):
        self.teams = [make.team(name=name) for name in ("甲班", "乙班")]
        self.agents = [make.person(team=self.teams[number % 2]) for number in range(10)]
        self.leaders = [make.person(role=Role.LEADER, team=self.teams[number % 2]) for number in range(6)]
        self.director = make_shifts.director()
        for number, on in enumerate(DAYS):
            crew = self.agents[2 * number : 2 * number + 2]
            make_shifts.shift(on=on, team=self.teams[number % 2], leader=self.leaders[number], people=crew)
        self.shifts = list(Shift.objects.with_names().select_related("centre", "roster"))

    def pick(self, among, number):
        return among[number % len(among)]

    def own(self, person, number):
        """A shift of the person; any, where they have none."""
        turns = Shift.objects.with_on_it(person).values_list("pk", flat=True)
        mine = [shift for shift in self.shifts if shift.pk in turns]
        return self.pick(mine or self.shifts, number)

    def play(self, step, a, b, c, d):
        """Most moves could be right; some are not, and are refused."""
        kind = self.leaders if d % 4 == 0 else self.agents
        giver, taker = self.pick(kind, a), self.pick(kind if d % 5 else self.agents, b)
        if step == "to_team":
            actions.offer_swap(giver=giver, gives=self.own(giver, c), team=self.pick(self.teams, b), by=giver, at=SOON)
        elif step == "offer":
            takes = self.own(taker, c) if d % 2 else None
            actions.offer_swap(giver=giver, gives=self.own(giver, c), taker=taker, takes=takes, by=giver, at=SOON)
        elif step == "leave":
            if d % 3 == 0:
                make_swaps.leave(person=giver, from_on=self.pick(DAYS, c), approved_by=self.director)
        elif step == "settle":
            self.settle(a, b)
        else:
            self.answer(step, a, b, d)

    def settle(self, a, b):
        """An open swap all the way."""
        swap = Swap.objects.open().order_by("pk")[a % max(Swap.objects.open().count(), 1) :].first()
        if swap and swap.is_offered:
            swap = actions.accept_swap(swap=swap, by=swap.taker or self.pick(self.agents, b), at=SOON)
        if swap:
            actions.approve_swap(swap=swap, by=self.director, at=SOON)

    def answer(self, step, a, b, d):
        rows = Swap.objects.filter(status="offered" if step in ("accept", "decline") else "accepted").order_by("pk")
        swaps = list(rows if step != "withdraw" else Swap.objects.open().order_by("pk"))
        if not swaps:
            return
        swap = self.pick(swaps, a)
        likely = {"withdraw": swap.giver, "approve": self.director, "refuse": self.director}
        by = likely.get(step, swap.taker or self.pick(self.agents, b))
        if d % 6 == 0:
            by = self.pick([*self.agents, *self.leaders], b)
        getattr(actions, f"{step}_swap")(swap=swap, by=by, at=SOON)


@pytest.fixture
def player():
    return Player()


def heads():
    return collections.Counter(Assignment.objects.values_list("shift", flat=True))


def check(before):
    assert heads() == before
    turns = collections.defaultdict(list)
    for row in Assignment.objects.select_related("shift"):
        turns[row.person_id].append(row.shift)
    for shift in Shift.objects.all():
        turns[shift.leader_id].append(shift)
        assert RoleAssignment.objects.filter(person=shift.leader_id, role="leader").exists()
    for shifts in turns.values():
        shifts.sort(key=lambda shift: shift.starts_at)
        assert all(later.starts_at >= shift.ends_at for shift, later in itertools.pairwise(shifts))


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=st.lists(MOVES, min_size=10, max_size=40))
def test_no_sequence_of_steps_breaks_the_roster(player, moves):
    with transaction.atomic():
        before = heads()
        for move in moves:
            try:
                with transaction.atomic():
                    player.play(*move)
            except Refused:
                continue
            check(before)
        transaction.set_rollback(True)
