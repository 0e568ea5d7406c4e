"""Two people act at once, each on a connection of their own: one wins, the other is told, nothing is kept twice."""

import threading

import pytest
from django.db import connection

from callcentre.refusals import Refused
from journal.models import Entry
from notices import actions, reading
from notices.models import Confirmation, NoticeVersion
from tests import make, make_notices
from tests.make_notices import NINE

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


def test_a_notice_is_published_by_one_of_two():
    notice = make_notices.draft()

    def publish():
        actions.publish(notice=notice, by=notice.written_by, at=NINE)

    assert sorted(at_once(publish, publish), key=str) == [None, "wrong_state"]
    assert NoticeVersion.objects.count() == 1


def test_of_two_changed_texts_one_is_the_next_version():
    notice = make_notices.notice()
    for version in range(1, ROUNDS + 1):
        steps = [
            lambda body=f"{name}{version}", version=version: actions.revise(
                notice=notice, title=notice.title, body=body, version=version, by=notice.written_by, at=NINE
            )
            for name in "甲乙"
        ]
        assert sorted(at_once(*steps), key=str) == [None, "notice_changed_meanwhile"]
    assert list(notice.versions.values_list("number", flat=True)) == list(range(1, ROUNDS + 2))


def test_a_confirmation_is_kept_once():
    agent, notice = make.person(), make_notices.notice()

    def confirm():
        actions.confirm(notice=notice, version=1, by=agent, at=NINE)

    for _round in range(ROUNDS):
        assert at_once(confirm, confirm) == [None, None]
    assert (Confirmation.objects.count(), Entry.objects.filter(verb="notice.confirmed").count()) == (1, 1)


def test_a_confirmation_never_counts_for_the_version_that_comes_at_the_same_moment():
    agent, notice = make.person(), make_notices.notice()
    for version in range(1, ROUNDS + 1):
        confirmed, revised = at_once(
            lambda version=version: actions.confirm(notice=notice, version=version, by=agent, at=NINE),
            lambda version=version: actions.revise(
                notice=notice, title="甲", body=f"文{version}", version=version, by=notice.written_by, at=NINE
            ),
        )
        assert (confirmed in (None, "notice_changed"), revised) == (True, None)
        assert [one.number for one in reading.required_unread(agent, NINE)] == [version + 1]
