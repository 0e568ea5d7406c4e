"""Several relays at once, on real connections: every message once, whichever of them is quicker."""

import os
import signal
import threading

import pytest
from django.core.management import call_command
from django.db import OperationalError

from callcentre import signals
from delivery import actions
from delivery.management.commands import relay
from delivery.models import Announcement, Message
from tests import make
from tests.make_delivery import announcement
from tests.races import ROUNDS, at_once

RELAYS = 2


@pytest.mark.django_db(transaction=True)
def test_two_relays_send_everything_once():
    people = [make.person() for _i in range(3)]
    for _i in range(ROUNDS):
        announcement(to=people)
    sent = at_once(*[actions.send_queued] * RELAYS)
    assert sum(sent) == ROUNDS
    assert Message.objects.count() == ROUNDS * len(people)
    assert Announcement.objects.queued().count() == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_two_relays_do_the_work_twice(monkeypatch):
    """The guard removed: the same test must see it, else it proves nothing."""
    people = [make.person()]
    for _i in range(ROUNDS):
        announcement(to=people)
    monkeypatch.setattr(actions, "move", lambda announcement, status: None)
    sent = at_once(*[actions.send_queued] * RELAYS)
    assert sum(sent) == ROUNDS * RELAYS
    assert Message.objects.count() == ROUNDS  # the database's uniqueness still held


@pytest.mark.django_db
def test_once_empties_the_outbox_and_stops(monkeypatch):
    person = make.person()
    for _i in range(3):
        announcement(to=[person])
    monkeypatch.setattr(actions.send_queued, "__defaults__", (2,))
    call_command("relay", "--once")
    assert Message.objects.count() == 3


@pytest.mark.django_db
def test_each_round_is_told_to_the_apps():
    told = []

    def hear(at, **_more):
        told.append(at)

    signals.relayed.connect(hear)
    try:
        call_command("relay", "--once")
    finally:
        signals.relayed.disconnect(hear)
    assert len(told) == 1


@pytest.mark.django_db(transaction=True)
def test_sigterm_stops_it_after_its_work(capsys):
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    announcement(to=[make.person()])
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()
    try:
        call_command("relay")
    finally:
        timer.join()
        for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(number, handler)
    assert capsys.readouterr().out == "relay: sending\nrelay: stopped\n"
    assert Message.objects.count() == 1


def test_it_survives_a_database_that_does_not_answer(monkeypatch, caplog):
    stop, answers = threading.Event(), [OperationalError("gone"), OperationalError("gone"), 0]

    def send_queued():
        answer = answers.pop(0)
        if not answers:
            stop.set()
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(actions, "send_queued", send_queued)
    monkeypatch.setattr(relay.Couriers, "send_out", lambda self, at: None)
    monkeypatch.setattr(relay.Couriers, "tell_apps", lambda self, at: None)
    monkeypatch.setattr(relay, "PAUSE", 0.001)
    monkeypatch.setattr(relay, "close_old_connections", lambda: None)
    monkeypatch.setattr(relay, "connection", type("Closed", (), {"close": staticmethod(lambda: None)}))
    relay.run(stop)
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
