"""Whatever people do, in whatever order: a case can be brought to its end, and strangers never see it."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcentre.refusals import Refused
from escalations import actions, audit, timers
from escalations.models import Case, FollowUp, Instruction
from escalations.steps import STEPS
from tests import make, make_escalations

pytestmark = pytest.mark.django_db

PEOPLE = ("agent", "leader", "director", "centre_director", "other", "inspector", "administrator")
STRANGERS = ("other", "inspector", "administrator")
KINDS = st.sampled_from(["request", "report"])
CATEGORIES = st.sampled_from(["beyond_remit", "confidential", "difficult_caller", "danger"])
GOES_TO = st.sampled_from(["", "director", "centre_director"])
STEP = st.tuples(st.sampled_from([*STEPS, "follow_up", "acknowledge_follow_up", "wait"]), st.sampled_from(PEOPLE))
SAID = {"text": "已核实。"}


class Story:
    """One case and its people, five minutes from step to step."""

    def __init__(self, people, case):
        self.people, self.case, self.minutes = people, case, 0
        self.given = {}

    @property
    def at(self):
        return make.at(9) + dt.timedelta(minutes=self.minutes)

    def take(self, step, who):
        self.minutes += 5
        try:
            with transaction.atomic():
                self._take(step, getattr(self.people, who))
        except Refused as refused:
            assert str(refused)
        self.case = Case.objects.get(pk=self.case.pk)
        self.must_hold()

    def _take(self, step, person):
        if step == "wait":
            self.minutes += 600
            timers.keep_time(sender=None, at=self.at)
            audit.keep_moving(sender=None, at=self.at)
        elif step in STEPS:
            STEPS[step].action(case=self.case, by=person, at=self.at, **SAID)
        else:
            for follow_up in FollowUp.objects.with_names().filter(case=self.case):
                getattr(actions, step)(follow_up=follow_up, by=person, at=self.at, **SAID)

    def must_hold(self):
        case = self.case
        assert (case.waits_for_id is None) == (case.status in ("closed", "withdrawn"))
        assert case.stuck_since is None
        owed = FollowUp.objects.owed().filter(case=case).exists()
        assert not (owed and case.closed_at)
        instructions = dict(Instruction.objects.filter(case=case).values_list("pk", "text"))
        assert instructions | self.given == instructions, "an instruction changed or went away"
        self.given = instructions
        for stranger in STRANGERS:
            assert not Case.objects.visible_to(getattr(self.people, stranger)).exists()

    def who(self, person):
        return next(name for name in PEOPLE if getattr(self.people, name) == person)

    def end(self):
        """The shortest way on from wherever the story is; each step must be open."""
        for _step in range(12):
            case = self.case
            if case.closed_at:
                return
            level = self.who(case.level.person)
            if FollowUp.objects.owed().filter(case=case).exists():
                self.take("follow_up", "agent")
            elif case.status in ("submitted", "passed_up", "acknowledged", "returned"):
                self.take("close" if case.instruction_id or not case.is_request else "instruct", level)
            elif case.status == "instructed":
                self.take("carry_out", "agent")
            elif case.dissent and case.dissent.is_raised:
                self.take("uphold", level)
            else:
                self.take("close", level)
        raise AssertionError(f"no end in sight: {self.case.status}")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=KINDS, category=CATEGORIES, goes_to=GOES_TO, steps=st.lists(STEP, max_size=14))
def test_a_case_can_always_be_brought_to_its_end(kind, category, goes_to, steps):
    with transaction.atomic():
        people = make_escalations.line()
        skipping = {"urgent": True, "goes_to": goes_to, "skip_reason": "等不及。"} if goes_to else {}
        story = Story(people, make_escalations.case(people, kind=kind, category=category, **skipping))
        for step, who in steps:
            story.take(step, who)
        story.end()
        transaction.set_rollback(True)
