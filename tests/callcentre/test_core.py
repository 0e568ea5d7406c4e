import datetime as dt

import pytest
from django.test import override_settings

from callcentre import clock
from callcentre.checks import clock_moves_only_in_a_demo
from callcentre.refusals import Refused, refusal, texts
from callcentre.signals import tick, ticked
from callcentre.states import move
from duties.models import Duty
from people.models import Centre
from tests import make, make_duties

BERLIN = Centre(name="Berlin", timezone="Europe/Berlin")


def test_a_local_time_that_is_skipped_moves_forward():
    assert clock.moment(BERLIN, dt.date(2026, 3, 29), dt.time(2, 30)) == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)


def test_a_local_time_that_is_doubled_is_the_first():
    assert clock.moment(BERLIN, dt.date(2026, 10, 25), dt.time(2, 30)) == dt.datetime(
        2026, 10, 25, 0, 30, tzinfo=dt.UTC
    )


def test_the_date_is_the_centres():
    shanghai = Centre(name="上海", timezone="Asia/Shanghai")
    at = dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC)
    assert (clock.local_date(shanghai, at), clock.local_date(BERLIN, at)) == (
        dt.date(2026, 11, 23),
        dt.date(2026, 11, 22),
    )


def test_a_moment_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        clock.parse("2026-11-23T07:50:00")


def test_only_a_demo_moves_its_clock(tmp_path):
    moved = tmp_path / "clock"
    moved.write_text("86400")
    with override_settings(CLOCK_FILE=str(moved), DEMO=True):
        ahead = clock.now()
        assert clock_moves_only_in_a_demo(None) == []
    with override_settings(CLOCK_FILE=str(moved), DEMO=False):
        assert ahead - clock.now() > dt.timedelta(hours=23)
        assert [error.id for error in clock_moves_only_in_a_demo(None)] == ["callcentre.E001"]


def test_a_refusal_is_the_rules_or_none():
    def rule(fine):
        if not fine:
            raise Refused("changed_meanwhile")

    assert refusal(rule, True) is None
    assert refusal(rule, False).code == "changed_meanwhile"


def test_a_code_is_declared_once():
    with pytest.raises(ValueError, match="changed_meanwhile"):
        texts({"changed_meanwhile": "again"})


@pytest.mark.django_db
def test_of_two_who_move_at_once_one_is_told():
    duty = make_duties.duty(status=Duty.Status.OPEN)
    first, second = Duty.objects.get(pk=duty.pk), Duty.objects.get(pk=duty.pk)
    move(first, Duty.Status.STARTED, started_at=make.at(9))
    with pytest.raises(Refused) as told:
        move(second, Duty.Status.STARTED, started_at=make.at(9))
    assert told.value.code == "changed_meanwhile"


@pytest.mark.django_db
def test_a_move_that_the_table_does_not_have_is_refused():
    duty = make_duties.duty(status=Duty.Status.OPEN)
    with pytest.raises(Refused) as told:
        move(duty, Duty.Status.VERIFIED)
    assert told.value.code == "wrong_state"


@pytest.mark.django_db
def test_a_receiver_that_fails_does_not_stop_the_rest(caplog):
    heard = []

    def fails(sender, at, **kwargs):
        raise ZeroDivisionError

    def hears(sender, at, **kwargs):
        heard.append(at)

    ticked.connect(fails)
    ticked.connect(hears)
    try:
        failed = tick(make.at(8))
    finally:
        ticked.disconnect(fails)
        ticked.disconnect(hears)
    assert heard == [make.at(8)]
    assert failed == [f"{fails.__module__}.{fails.__name__}"]
