"""The relay's threads: who does not answer keeps nobody else waiting. Endpoints hang until the test lets them go."""

import threading
import time

import pytest

from callcentre import clock, signals
from delivery import actions, endpoints
from delivery.couriers import Couriers
from delivery.models import Channel, Dispatch, Message
from tests import endpoints as ends
from tests import make
from tests.make_delivery import announcement, channel

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60  # seconds; waited for, not slept through


@pytest.fixture
def couriers():
    made = Couriers()
    yield made
    made.stop()


@pytest.fixture
def hanging(couriers, settings, monkeypatch):
    """A group that takes a message and says nothing until the test is over, whatever the relay's patience."""
    monkeypatch.setattr(endpoints, "TIMEOUT", 2 * PATIENCE)
    with ends.group() as group:
        group.hangs = True
        settings.ROBOT_HOSTS = [group.host]
        yield group
        group.go_on.set()
        couriers.stop()


def until(holds):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def states(made):
    return list(Dispatch.objects.filter(channel=made).order_by("pk").values_list("status", flat=True))


def test_an_endpoint_that_never_answers_holds_up_no_other_channel_and_no_request(
    couriers, hanging, settings, client_of
):
    person = make.person()
    with ends.group() as answering:
        settings.ROBOT_HOSTS = [hanging.host, answering.host]
        dead, alive = channel(address=hanging.address()), channel(address=answering.address())
        for number in range(1, 4):
            announcement(to=[person], at=clock.now())
            actions.send_queued()
            until(lambda number=number: couriers.send_out(clock.now()) or states(alive) == ["sent"] * number)
            assert hanging.taken.wait(PATIENCE)
            assert states(dead) == ["sending", *["waiting"] * (number - 1)]
        assert len(answering.posted) == 3
    assert len(hanging.posted) == 1
    browser = client_of(person)
    assert browser.get("/notifications/").status_code == 200
    assert browser.post("/notifications/read/").status_code == 302
    assert Message.objects.unread(person).count() == 0


def test_a_channel_has_one_courier(couriers, hanging):
    made = channel(address=hanging.address())
    for _i in range(3):
        announcement(to=[make.person()], at=clock.now())
    actions.send_queued()
    couriers.send_out(clock.now())
    assert hanging.taken.wait(PATIENCE)
    Channel.objects.update(busy_until=None)  # the lease alone does not keep the second from going
    for _round in range(3):
        couriers.send_out(clock.now())
    assert (couriers.out, len(hanging.posted)) == ({made.pk}, 1)


def test_apps_that_wait_for_the_broker_hold_up_no_bell_and_no_channel(couriers, settings):
    began, go_on, rounds = threading.Event(), threading.Event(), []

    def wait(at, **_more):
        rounds.append(at)
        began.set()
        go_on.wait(PATIENCE)

    signals.relayed.connect(wait)
    try:
        with ends.group() as group:
            settings.ROBOT_HOSTS = [group.host]
            made, person = channel(address=group.address()), make.person()
            for number in range(1, 4):
                couriers.tell_apps(clock.now())
                assert began.wait(PATIENCE)
                announcement(to=[person], at=clock.now())
                assert actions.send_queued() == 1
                until(lambda number=number: couriers.send_out(clock.now()) or states(made) == ["sent"] * number)
        assert len(rounds) == 1
    finally:
        go_on.set()
        couriers.stop()
        signals.relayed.disconnect(wait)


def test_one_that_breaks_is_logged_and_goes_again(couriers, monkeypatch, caplog):
    announced, told = [], threading.Event()

    def work(pk):
        announced.append(pk)
        if len(announced) == 1:
            raise RuntimeError("no such thing")
        told.set()

    monkeypatch.setattr("delivery.posting.work", work)
    made = channel()
    announcement(to=[make.person()], at=clock.now())
    actions.send_queued()
    until(lambda: couriers.send_out(clock.now()) or told.is_set())
    assert announced[:2] == [made.pk, made.pk]
    assert caplog.messages[0] == f"{made.pk}: what waited could not be sent"
