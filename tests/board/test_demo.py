"""The demo centre: the living week, its limits, and that it is the same every time. Its past: test_demo_past."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from board.demo import history
from board.demo.centre import found
from callcentre import clock
from escalations import reports
from escalations.models import Case
from handover import sealing
from handover.models import Entry
from journal.verifying import problems
from people.models import Centre, Person
from shifts.models import Shift, Swap
from tests import make

pytestmark = pytest.mark.django_db

MOMENT = "2026-11-23T10:30:00+08:00"
UNTIL = make.MONDAY - dt.timedelta(days=7)


@pytest.fixture
def committed(settings, tmp_path, django_capture_on_commit_callbacks):
    """Seals are written outside the database when a transaction is committed, which a test's never is."""
    settings.SEAL_DIR = tmp_path
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_the_living_week(committed, capsys):
    with committed():
        call_command("load_demo", at=MOMENT)
    centre = Centre.objects.get()
    assert centre.is_demo
    assert centre.opened_on == make.MONDAY - dt.timedelta(days=7)
    assert Person.objects.count() == 57
    on_floor = Shift.objects.published().on_floor(centre, clock.parse(MOMENT)).get()
    assert on_floor.leader.employee_number == "1100"
    assert list(problems(centre)) == []
    assert list(sealing.all_problems(centre)) == []
    call_command("load_demo", at=MOMENT)  # twice: it is there already
    assert Centre.objects.count() == 1


@pytest.mark.parametrize("time", ["00:05", "22:55", "23:55"])
def test_it_can_be_begun_at_any_hour(time):
    call_command("load_demo", at=f"2026-11-23T{time}:00+08:00")
    assert Swap.objects.filter(status=Swap.Status.ACCEPTED).exists()


def test_two_living_months_of_requests():
    call_command("load_demo", at=MOMENT)
    director, november = Person.objects.get(employee_number="8001"), reports.Period.of_month(2026, 11)
    now, before, _lines = reports.read(director, november, clock.parse(MOMENT))
    assert min(len(now.cases), len(before.cases)) > 10
    assert min(now.times().risen, before.times().risen) > 0
    assert now.skipped > 0
    assert len(now.dissents) > 0


def test_it_stays_out_of_a_real_centre():
    make.person()
    with pytest.raises(CommandError, match="real people"):
        call_command("load_demo", at=MOMENT)


@pytest.mark.parametrize("size", [{"agents": 12}, {"years": -1}, {"years": 11}])
def test_sizes_have_their_limits(size):
    with pytest.raises(CommandError):
        call_command("load_demo", at=MOMENT, **size)
    assert Centre.objects.count() == 0


def test_the_past_is_the_same_every_time():
    def told():
        with transaction.atomic():
            centre = found(make.MONDAY, make.at(10, 30), agents=48, opened_on=UNTIL - dt.timedelta(days=9))
            history.live(centre, UNTIL)
            rows = Entry.objects.values_list("text", "written_at", "author__employee_number")
            cases = Case.objects.values_list("what_happened", "submitted_at", "reporter__employee_number")
            result = list(rows.order_by("pk")), list(cases.order_by("pk"))
            transaction.set_rollback(True)
        return result

    assert told() == told()
