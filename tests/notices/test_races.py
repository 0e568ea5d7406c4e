"""Two people act at once, each on a connection of their own: one wins, the other is told, nothing is kept twice."""

import functools

import pytest

from callcentre.refusals import Refused
from journal.models import Entry
from notices import actions, reading, rules
from notices.actions import confirming
from notices.models import Confirmation, NoticeVersion
from tests import make, make_notices, races
from tests.make_notices import NINE
from tests.races import answer, at_once, told

pytestmark = pytest.mark.django_db(transaction=True)


def publish_twice():
    notice = make_notices.draft()
    publish = functools.partial(actions.publish, notice=notice, by=notice.written_by, at=NINE)
    outcomes = at_once(publish, publish)
    assert NoticeVersion.objects.filter(notice=notice).count() == 1, "published twice"
    assert told(outcomes) == [None, "wrong_state"]


def change_twice(notice):
    """Two directors change the same text; one of them is told that it has changed."""
    notice.refresh_from_db()
    version = notice.version
    steps = [
        functools.partial(
            actions.revise,
            notice=notice,
            title=notice.title,
            body=f"{name}{version}",
            version=version,
            by=notice.written_by,
            at=NINE,
        )
        for name in "甲乙"
    ]
    outcomes = at_once(*steps)
    assert told(outcomes) == [None, "notice_changed_meanwhile"]
    assert notice.versions.count() == version + 1


def test_a_notice_is_published_by_one_of_two():
    for _round in range(races.ROUNDS):
        publish_twice()


def test_of_two_changed_texts_one_is_the_next_version():
    notice = make_notices.notice()
    for _round in range(races.ROUNDS):
        change_twice(notice)


def test_without_the_look_at_its_version_a_change_is_lost(monkeypatch):
    monkeypatch.setattr(rules, "check_version", lambda notice, version: None)
    notice = make_notices.notice()
    races.must_be_lost(lambda: change_twice(notice))


def confirm_twice():
    agent, notice = make.person(), make_notices.notice()
    confirm = functools.partial(actions.confirm, notice=notice, version=1, by=agent, at=NINE)
    outcomes = at_once(confirm, confirm)
    kept = Confirmation.objects.filter(person=agent).count()
    recorded = Entry.objects.filter(verb="notice.confirmed", actor=agent).count()
    assert (told(outcomes), kept, recorded) == ([None, None], 1, 1)


def test_a_confirmation_is_kept_once():
    for _round in range(races.ROUNDS):
        confirm_twice()


def test_a_confirmation_never_counts_for_the_version_that_comes_at_the_same_moment():
    """Whichever is first: the person has confirmed what they read, or is told, and is asked for the new text."""
    agent, notice = make.person(), make_notices.notice()
    for version in range(1, races.ROUNDS + 1):
        confirmed, revised = at_once(
            functools.partial(actions.confirm, notice=notice, version=version, by=agent, at=NINE),
            functools.partial(
                actions.revise,
                notice=notice,
                title="甲",
                body=f"文{version}",
                version=version,
                by=notice.written_by,
                at=NINE,
            ),
        )
        assert (answer(confirmed) in (None, "notice_changed"), isinstance(revised, Refused)) == (True, False)
        assert [one.number for one in reading.required_unread(agent, NINE)] == [version + 1]


def test_two_reminders_at_once_remind_nobody_twice(monkeypatch):
    people = [make.person(), make.person()]
    monkeypatch.setattr(confirming, "on_floor_now", lambda centre, at: [person.pk for person in people])
    notice = make_notices.notice()
    remind = functools.partial(actions.nudge, notice=notice, by=notice.written_by, at=NINE)
    assert told(at_once(remind, remind)) == [None, "nobody_to_nudge"]
