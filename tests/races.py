"""Several act at once, each on a connection of their own: what the tests of races are made of.

    first, second = races.actors(leader, deputy)
    answers = races.at_once(first.posts("handover:accept_log", log.pk), second.posts("handover:accept_log", log.pk))
    assert races.told(answers) == [(302, None), (409, "wrong_state")]

A race proves something only if it is lost without its guard: beside it stands a control, which removes the guard and
calls `must_be_lost`. Such tests need `pytest.mark.django_db(transaction=True)`.
"""

import functools
import os
import threading

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from callcentre.refusals import Refused

ROUNDS = int(os.environ.get("ROUNDS", "10"))
PATIENCE = 60  # seconds until a thread that hangs fails its test


class Actor:
    """A person with a browser of their own in which they have signed in."""

    def __init__(self, person):
        self.person = person
        self.client = Client(raise_request_exception=False)
        self.client.force_login(person)

    def posts(self, name, *args, **data):
        """A step for `at_once`: post `data` to the URL of that name."""
        return functools.partial(self.client.post, reverse(name, args=args), data)


def actors(*people):
    return [Actor(person) for person in people]


def at_once(*steps):
    """What came of each step, in their order: what it returned, or the Refused that it raised.

    Each runs in a thread that has its connection before all are released together. Anything else that one of them
    raises is raised here.
    """
    gate, outcomes = threading.Barrier(len(steps), timeout=PATIENCE), [None] * len(steps)

    def act(place, step):
        try:
            connection.ensure_connection()
            gate.wait()
            outcomes[place] = step()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=pair, daemon=True) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return outcomes


def answer(outcome):
    """None where the step went through, else the refusal's code; of a response, its status and its refusal's code."""
    if isinstance(outcome, HttpResponseBase):
        return outcome.status_code, outcome.headers.get("X-Refusal")
    return outcome.code if isinstance(outcome, Refused) else None


def told(outcomes):
    """The answers, whoever got which: those who went through come first."""
    return sorted(map(answer, outcomes), key=str)


def must_be_lost(race, *, match=None, rounds=ROUNDS):
    """The control of a race, its guard removed by the caller: one of the rounds must fail, else they prove nothing."""
    with pytest.raises(AssertionError, match=match):
        for _round in range(rounds):
            race()
