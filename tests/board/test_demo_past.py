"""The years that can be made before the living week of a demo centre: forty days of them."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test import TestCase

from board.demo import history
from board.demo.centre import found
from callcentre import clock
from delivery.models import Announcement, Message
from duties import planning
from duties.models import Duty
from escalations.models import Case, Level, Party
from handover import sealing
from handover.models import Log, OpenItem
from hygiene.models import Clean
from journal.models import Entry as JournalRow
from journal.verifying import problems
from meetings.models import Attendance, Meeting
from shifts.models import Shift
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("past")]

UNTIL = make.MONDAY - dt.timedelta(days=7)
FIRST = UNTIL - dt.timedelta(days=40)


@pytest.fixture(scope="module")
def past(django_db_setup, django_db_blocker, tmp_path_factory):
    """The history and no living week after it, made once: each test is undone to here. Its seals, which are written
    outside the database when a transaction is committed, are written though this never is.
    """
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr("django.conf.settings.SEAL_DIR", tmp_path_factory.mktemp("seals"))
        with TestCase.captureOnCommitCallbacks(execute=True):
            centre = found(make.MONDAY, make.at(10, 30), agents=60, opened_on=FIRST)
            history.live(centre, UNTIL)
        yield centre
        transaction.set_rollback(True)


def shifts_of(centre):
    return Shift.objects.published().between(centre, FIRST, UNTIL - dt.timedelta(days=1))


def test_every_shift_of_the_past_has_its_sealed_log(past):
    logs = Log.objects.filter(centre=past)
    assert logs.count() == shifts_of(past).count() == 120
    assert set(logs.values_list("status", flat=True)) == {Log.Status.ACCEPTED}
    assert list(sealing.all_problems(past)) == []
    assert not OpenItem.objects.open(past).exists()


def test_every_duty_of_the_past_is_done_with_its_record(past):
    calendar = planning.Calendar(past, FIRST, UNTIL - dt.timedelta(days=1))
    expected = sorted((rule.code, on) for rule in planning.ensure_rules(past) for on in calendar.dates(rule))
    duties = Duty.objects.filter(centre=past)
    assert sorted(duties.values_list("rule__code", "due_on")) == expected
    assert set(duties.values_list("status", flat=True)) == {Duty.Status.DONE, Duty.Status.VERIFIED}
    assert not duties.filter(clean_record=None, meeting=None).exists()
    assert Clean.objects.count() + Meeting.objects.count() == len(expected)
    assert set(Meeting.objects.values_list("status", flat=True)) == {Meeting.Status.FINAL}
    assert not Attendance.objects.filter(status__in=["expected", "excused"]).exists()


def test_every_case_of_the_past_is_closed_where_its_chain_says(past):
    assert Case.objects.count() > 10
    assert set(Case.objects.values_list("status", flat=True)) == {Case.Status.CLOSED}
    connection.check_constraints()
    for case in Case.objects.select_related("level", "instruction"):
        reached = Level.objects.filter(case=case, reached_at__isnull=False)
        assert case.level == reached.last()
        assert case.instruction.by_id == case.level.person_id
        parties = {case.reporter_id, *reached.values_list("person", flat=True)}
        assert set(Party.objects.filter(case=case).values_list("person", flat=True)) == parties


def test_the_journal_of_the_past_is_whole(past):
    assert list(problems(past)) == []
    lived = JournalRow.objects.filter(verb__regex="^(handover|escalation|duty|clean|meeting|breach|pledge)[.]")
    assert lived.first().at < make.at(1, on=FIRST)
    assert lived.order_by("at").last().at < make.at(0)


def test_old_messages_are_read_and_say_something(past):
    assert not Announcement.objects.queued().exists()
    assert not Message.objects.filter(read_at=None).exists()
    unreadable = Message(kind="no such kind").text
    assert unreadable not in {message.text for message in Message.objects.all()[:200]}


def test_the_minute_finds_nothing_to_make_up_for(past):
    """What is older than the living week is complete: the tick adds only what is ahead."""
    before = Duty.objects.filter(due_on__lt=UNTIL).count(), Log.objects.count()
    planning.make_ahead(past, clock.midnight(past, UNTIL))
    assert (Duty.objects.filter(due_on__lt=UNTIL).count(), Log.objects.count()) == before
