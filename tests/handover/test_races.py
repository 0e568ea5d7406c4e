"""Two people act at once, each on a connection of their own: one wins, the other is told, nothing is lost."""

import threading

import pytest
from django.db import connection

from callcentre.refusals import Refused
from handover import actions, sealing
from handover.models import Log
from tests import make, make_handover

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def at_once(*steps):
    """What each step answered: None, or the code of its refusal. Anything else it raised is raised here."""
    start, answers = threading.Barrier(len(steps)), [None] * len(steps)

    def run(number, step):
        start.wait()
        try:
            step()
        except Refused as refused:
            answers[number] = refused.code
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def test_of_two_acceptances_one_wins():
    floor = make_handover.talked_through()

    def accept():
        actions.accept(log=floor.log, by=floor.next_leader, at=make.at(16, 5))

    assert sorted(at_once(accept, accept), key=str) == [None, "wrong_state"]
    assert sealing.problems(Log.objects.get()) == []


def test_two_editors_of_one_entry_lose_nothing():
    floor = make_handover.floor()
    entry = make_handover.entry(floor, text="0")
    for version in range(1, ROUNDS + 1):
        steps = [
            lambda text=text, version=version: actions.edit_entry(
                entry=entry,
                section="equipment",
                text=f"{text}{version}",
                version=version,
                by=floor.leader,
                at=make.at(9),
            )
            for text in "ab"
        ]
        assert sorted(at_once(*steps), key=str) == [None, "entry_changed_meanwhile"]
    entry.refresh_from_db()
    assert (entry.version, entry.versions.count()) == (ROUNDS + 1, ROUNDS)


def test_an_entry_comes_before_the_submission_or_is_refused():
    floor = make_handover.answered(make_handover.floor())

    def write():
        actions.add_entry(log=floor.log, section="equipment", text="耳机", by=floor.agents[0], at=make.at(15, 59))

    def submit():
        actions.submit(log=floor.log, by=floor.leader, at=make.at(15, 59))

    written, submitted = at_once(write, submit)
    assert (submitted, written in (None, "log_not_open")) == (None, True)
    assert floor.log.entries.count() == (0 if written else 1)


def test_a_log_opened_twice_at_once_is_one():
    floor = make_handover.floor()
    steps = [lambda: actions.open_log(shift=floor.next_shift, by=None, at=make.at(16))] * 2
    assert at_once(*steps) == [None, None]
    assert Log.objects.filter(shift=floor.next_shift).count() == 1
