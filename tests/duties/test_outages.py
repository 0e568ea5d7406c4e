"""Random plans of outages, with one to four beats at once: nothing lost, nothing doubled. On both databases.

Each plan is a centre of its own that is ticked at random moments over some days, by threads that start together.
Some beats die between making and opening. The control removes the uniqueness and must show doubles: else this would
prove nothing.
"""

import collections
import contextlib
import datetime as dt
import functools
import random

import pytest
from django.db import connection

from duties import planning, ticking
from duties.models import Duty
from journal.models import Entry
from tests import make
from tests.races import ROUNDS, at_once, told

CONTROL_PLANS = 40
SPAN = dt.timedelta(days=10)

ORACLE = {
    "changing_room_clean": lambda day: day.weekday() == 0,
    "watering": lambda day: True,
    "leaf_clean": lambda day: day.weekday() == 4,
    "weekly_meeting": lambda day: day.weekday() == 0,
    "monthly_meeting": lambda day: day.weekday() == 4 and 18 <= day.day <= 24,
}


def moments(rng):
    """A few minutes of life between long silences, the last one at the end."""
    first = make.at(7)
    offsets = sorted(rng.randrange(int(SPAN.total_seconds() // 60)) for _tick in range(rng.randint(1, 3)))
    return [first + dt.timedelta(minutes=minutes) for minutes in offsets] + [first + SPAN]


def beats(rng, centre, at, alone=False):
    """One to four beats at once; some die after making. Raises what any of them raised."""
    count = 1 if alone else rng.randint(1, 4)
    steps = [planning.make_ahead if rng.random() < 0.2 else ticking.tick_centre for _beat in range(count)]
    assert told(at_once(*(functools.partial(step, centre, at) for step in steps))) == [None] * count


def run_plan(seed):
    """The centre after the plan, and how often each (rule, date) is there."""
    rng = random.Random(seed)  # noqa: S311 - a plan to repeat, not a secret
    centre = make.centre(name=f"中心 {seed}", opened_on=make.MONDAY)
    plan = moments(rng)
    for at in plan:
        beats(rng, centre, at)
    beats(rng, centre, plan[-1] + dt.timedelta(minutes=1), alone=True)
    ticking.tick_centre(centre, plan[-1] + dt.timedelta(minutes=2))
    found = Duty.objects.filter(centre=centre).values_list("rule__code", "due_on")
    return centre, collections.Counter(found)


def expected(centre, last):
    days = [make.MONDAY + dt.timedelta(days=n) for n in range((last - make.MONDAY).days + 1)]
    return {(code, day): 1 for code, falls_on in ORACLE.items() for day in days if falls_on(day)}


def end_of_plan():
    return (make.at(7) + SPAN).date()


@pytest.mark.django_db(transaction=True)
def test_no_outage_loses_or_doubles_a_duty():
    for seed in range(ROUNDS):
        centre, found = run_plan(seed)
        assert found == expected(centre, end_of_plan() + planning.AHEAD), f"plan {seed}"
        past = Duty.objects.filter(centre=centre, due_at__lte=make.at(7) + SPAN)
        assert set(past.values_list("status", flat=True)) == {Duty.Status.MISSED}, f"plan {seed}"
        opened = Entry.objects.filter(centre=centre, verb="duty.opened").values_list("object_id", flat=True)
        assert len(opened) == len(set(opened)), f"plan {seed}"
        told = Entry.objects.filter(centre=centre, verb__in=["duty.missed", "duty.missed_in_outage"])
        assert sorted(told.values_list("object_id", flat=True)) == sorted(past.values_list("pk", flat=True)), (
            f"plan {seed}"
        )


@contextlib.contextmanager
def without_uniqueness():
    constraints = Duty._meta.constraints
    unique = next(made for made in constraints if made.name == "duty_is_made_once_for_its_date_and_slot")
    Duty._meta.constraints = [made for made in constraints if made is not unique]  # SQLite rebuilds from this list
    with connection.schema_editor() as editor:
        editor.remove_constraint(Duty, unique)
    try:
        yield
    finally:
        Duty.objects.all().delete()
        Duty._meta.constraints = constraints
        with connection.schema_editor() as editor:
            editor.add_constraint(Duty, unique)


@pytest.mark.django_db(transaction=True)
def test_without_the_uniqueness_there_are_doubles():
    with without_uniqueness():
        assert any(doubles_of(seed) for seed in range(CONTROL_PLANS))


def doubles_of(seed):
    rng = random.Random(seed)  # noqa: S311
    centre = make.centre(name=f"对照 {seed}", opened_on=make.MONDAY)
    for day in range(3):
        beats(rng, centre, make.at(7, on=make.MONDAY + day * planning.AHEAD))
    found = Duty.objects.filter(centre=centre).values_list("rule__code", "due_on")
    return sum(count > 1 for count in collections.Counter(found).values())
