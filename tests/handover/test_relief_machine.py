"""Whatever people do at the desks, in whatever order: what must hold, holds."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from callcentre.refusals import Refused
from handover import desk_actions, desks, tending
from handover import relief_actions as steps
from handover.models import Closure, DeskRelief, Turn
from shifts import attendance
from tests import make, make_desks

pytestmark = pytest.mark.django_db
Status = DeskRelief.Status
DESKS = 3
WHOSE = st.integers(0, DESKS * 2 + 2)
WHICH = st.integers(0, DESKS - 1)


class Change(RuleBasedStateMachine):
    """Three desks at the change of 16:00: six agents, two leaders and a passer-by do what comes to their minds."""

    @initialize()
    def begin(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.floor = make_desks.floor(count=DESKS, called=False)
        floor = self.floor
        people = [*floor.agents, *floor.next_agents, floor.leader, floor.next_leader, make.person(name="路过组员")]
        self.people, self.at = people, make.at(15, 45)

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def tries(self, step, **options):
        self.at += dt.timedelta(seconds=40)
        try:
            with transaction.atomic():
                step(**options, at=self.at)
        except (Refused, DeskRelief.DoesNotExist, Turn.DoesNotExist):
            pass

    @rule(
        name=st.sampled_from(["arrive", "step_back", "brief", "unbrief", "assume", "sign_out"]), who=WHOSE, desk=WHICH
    )
    def anybody_takes_a_step(self, name, who, desk):
        for relief in DeskRelief.objects.filter(desk=self.floor.desks[desk]).order_by("-pk")[:1]:
            self.tries(getattr(steps, name), relief=relief.pk, by=self.people[who])

    @rule(name=st.sampled_from(["arrive", "brief", "assume", "sign_out"]), desk=WHICH)
    def the_right_one_takes_a_step(self, name, desk):
        people = self.floor.agents if name in ("brief", "sign_out") else self.floor.next_agents
        self.tries(getattr(steps, name), relief=make_desks.relief(self.floor, desk).pk, by=people[desk])

    @rule(who=WHOSE, desk=WHICH)
    def somebody_sits_down(self, who, desk):
        self.tries(desk_actions.take_desk, desk=self.floor.desks[desk], by=self.people[who])

    @rule(who=WHOSE, desk=WHICH, name=st.sampled_from(["close_desk", "open_desk"]))
    def a_desk_is_closed_or_opened(self, who, desk, name):
        self.tries(getattr(desk_actions, name), desk=self.floor.desks[desk], by=self.people[who])

    @rule(who=WHOSE, desk=WHICH, person=WHOSE)
    def somebody_is_seated(self, who, desk, person):
        options = {"person": self.people[person], "by": self.people[who]}
        self.tries(desk_actions.give_desk, desk=self.floor.desks[desk], **options)

    @rule(who=WHOSE, desk=WHICH, person=WHOSE)
    def a_substitute_is_named(self, who, desk, person):
        relief = make_desks.relief(self.floor, desk)
        self.tries(steps.substitute, relief=relief.pk, person=self.people[person], by=self.people[who])

    @rule(who=WHOSE, desk=WHICH, gone=st.booleans(), reason=st.sampled_from(["有事", ""]))
    def somebody_is_released(self, who, desk, gone, reason):
        for turn in Turn.objects.filter(desk=self.floor.desks[desk], until_at=None)[:1]:
            options = {"reason": reason, "nobody_there": gone, "by": self.people[who]}
            self.tries(desk_actions.release, turn=turn.pk, **options)

    @rule()
    def the_roll_is_called(self):
        if not hasattr(self.floor.next_shift, "roll_call"):
            self.at = max(self.at, make.at(15, 46))
            make_desks.call(self.floor)
            self.floor.next_shift.refresh_from_db()

    @rule(minutes=st.integers(0, 20))
    def the_minute_comes(self, minutes):
        self.at += dt.timedelta(minutes=minutes)
        for step in (tending.prepare, tending.follow_roster, tending.sign_out_forgotten, tending.report_waiting):
            step(centre=self.floor.centre, at=self.at)

    @invariant()
    def one_person_is_at_one_desk(self):
        now = list(Turn.objects.now(self.floor.centre).values_list("person", flat=True))
        held = list(Turn.objects.now(self.floor.centre).held().values_list("desk", flat=True))
        assert (len(now), len(held)) == (len(set(now)), len(set(held)))

    @invariant()
    def no_desk_of_the_old_shift_is_left_without_relief_or_word(self):
        ended = Turn.objects.filter(shift=self.floor.shift, handed_over_at=None).exclude(until_at=None)
        for relief in DeskRelief.objects.filter(turn__in=ended):
            assert relief.status in ("let_go", "cancelled", "closed")
            assert relief.ended_by_id
            assert relief.reason or relief.status == "closed"

    @invariant()
    def who_took_over_was_present_or_named(self):
        for relief in DeskRelief.objects.exclude(assumed_at=None).select_related("incoming", "next_shift"):
            on_shift = relief.next_shift.assignments.filter(person=relief.incoming).exists()
            assert attendance.is_present(relief.next_shift, relief.incoming) if on_shift else relief.named_by_id
            assert relief.at_desk_at <= relief.briefed_at <= relief.assumed_at

    @invariant()
    def every_desk_has_one_state(self):
        rows = desks.board(self.floor.centre, self.at)
        assert [row.code for row in rows] == [desk.code for desk in self.floor.desks]
        free = {row.desk_id for row in rows if row.person_id is None}
        assert set(Closure.objects.now(self.floor.centre).values_list("desk", flat=True)) <= free


def test_whatever_people_do_at_the_desks():
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Change,
        settings=settings(max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=quiet),
    )
