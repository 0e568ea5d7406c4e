"""Two people act at once, each on a connection of their own: one wins, the other is told, nothing is lost."""

import datetime as dt

import pytest
from django.db import connection

from callcentre import clock
from handover import actions, rules, sealing, triggers
from handover.actions import logs as log_steps
from handover.models import Log, Mark
from handover.sections import Section
from journal.models import Entry as JournalRow
from shifts.models import Shift
from tests import make, make_handover, make_shifts, races
from tests.races import answer, at_once, told

pytestmark = pytest.mark.django_db(transaction=True)
EDITS = 5


class Signing:
    """One shift after the other of a roster: its log is talked through, and whoever takes over signs on two screens."""

    def __init__(self, monkeypatch):
        days = dt.timedelta(days=races.ROUNDS // 3)
        self.roster = make_shifts.roster(until_on=make.MONDAY + max(days, dt.timedelta(days=6)))
        self.shifts = Shift.objects.filter(roster=self.roster).order_by("starts_at").values_list("on", "type__code")
        self.rounds = iter(self.shifts)
        self.monkeypatch = monkeypatch

    def screens(self):
        """The next log, and two browsers of its next leader."""
        on, code = next(self.rounds)
        floor = make_handover.floor(type=code, on=on, roster=self.roster)
        self.talk_through(floor)
        self.monkeypatch.setattr(clock, "now", lambda: floor.shift.ends_at)
        return floor.log, races.actors(floor.next_leader, floor.next_leader)

    def talk_through(self, floor):
        """As make_handover.talked_through, without the fifteen steps of each round."""
        at, sides = floor.shift.ends_at, {Mark.Kind.NOTHING: floor.leader, Mark.Kind.ACCEPTED: floor.next_leader}
        Mark.objects.bulk_create(
            Mark(log=floor.log, section=section, kind=kind, by=by, at=at)
            for section in Section
            for kind, by in sides.items()
        )
        Log.objects.filter(pk=floor.log.pk).update(status="submitted", submitted_by=floor.leader, submitted_at=at)
        floor.log.refresh_from_db()

    def accept_twice(self):
        log, screens = self.screens()
        answers = at_once(*(screen.posts("handover:accept_log", log.pk) for screen in screens))
        signatures = JournalRow.objects.about(log).filter(verb="handover.accepted")
        assert signatures.count() == 1, "signed twice"
        assert told(answers) == [(302, None), (409, "wrong_state")]
        log.refresh_from_db()
        assert (log.status, log.digest) == ("accepted", signatures.get().facts["digest"])
        assert sealing.problems(log) == []

    def accept_and_send_back(self):
        log, screens = self.screens()
        steps = (
            screens[0].posts("handover:accept_log", log.pk),
            screens[1].posts("handover:send_back_log", log.pk, remark="缺编号"),
        )
        answers = at_once(*steps)
        assert told(answers) == [(302, None), (409, "wrong_state")]
        log.refresh_from_db()
        assert log.status == ("accepted" if answer(answers[0]) == (302, None) else "open")


@pytest.fixture
def signing(monkeypatch):
    return Signing(monkeypatch)


def test_of_two_acceptances_one_wins(signing):
    for _round in range(races.ROUNDS):
        signing.accept_twice()


def test_a_log_is_accepted_or_sent_back(signing):
    for _round in range(races.ROUNDS):
        signing.accept_and_send_back()


def test_without_the_guards_a_log_would_be_signed_twice(signing, monkeypatch):
    """Away with the lock, the look at the state that stands, and the triggers: each believes what its screen showed."""

    def anyhow(obj, to, **changes):
        type(obj).objects.filter(pk=obj.pk).update(status=to, **changes)

    def as_shown(log, by):
        row = Log.objects.with_names().with_next_shift().seen_by(by).get(pk=log.pk)
        row.status = log.status
        return row

    monkeypatch.setattr(log_steps, "move", anyhow)
    monkeypatch.setattr(log_steps, "locked", as_shown)
    triggers.drop(connection)
    try:
        races.must_be_lost(signing.accept_twice, match="signed twice")
    finally:
        triggers.install()


class Editing:
    """The author of a note and the leader of the shift, both in its form."""

    def __init__(self, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: make.at(9))
        self.floor = make_handover.floor()
        self.browsers = races.actors(self.floor.agents[0], self.floor.leader)

    def edit_twice(self):
        entry = make_handover.entry(self.floor, text="旧")
        said = {"section": "equipment", "version": 1}
        texts = ("组员写的", "班长写的")
        steps = [
            browser.posts("handover:edit_entry", entry.pk, **said, text=text)
            for browser, text in zip(self.browsers, texts, strict=True)
        ]
        answers = at_once(*steps)
        assert told(answers) == [(302, None), (422, None)], "one wrote over the other"
        entry.refresh_from_db()
        lost = next(answer for answer in answers if answer.status_code == 422)
        theirs, mine = ("".join(piece.text for piece in lost.context[side]) for side in ("theirs", "mine"))
        assert (theirs, {theirs, mine}) == (entry.text, set(texts))
        assert list(entry.versions.values_list("text", flat=True)) == ["旧"]


def test_of_two_edits_one_wins_and_the_other_is_shown_both(monkeypatch):
    editing = Editing(monkeypatch)
    for _round in range(races.ROUNDS):
        editing.edit_twice()


def test_without_the_version_one_edit_would_be_written_over(monkeypatch):
    editing = Editing(monkeypatch)
    monkeypatch.setattr(rules, "must_be_version", lambda entry, version: None)
    races.must_be_lost(editing.edit_twice, match="one wrote over the other")


def test_two_editors_of_one_entry_lose_nothing():
    floor = make_handover.floor()
    entry = make_handover.entry(floor, text="0")
    for version in range(1, EDITS + 1):
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
        assert told(at_once(*steps)) == [None, "entry_changed_meanwhile"]
    entry.refresh_from_db()
    assert (entry.version, entry.versions.count()) == (EDITS + 1, EDITS)


def test_an_entry_comes_before_the_submission_or_is_refused():
    floor = make_handover.answered(make_handover.floor())

    def write():
        actions.add_entry(log=floor.log, section="equipment", text="耳机", by=floor.agents[0], at=make.at(15, 59))

    def submit():
        actions.submit(log=floor.log, by=floor.leader, at=make.at(15, 59))

    written, submitted = map(answer, at_once(write, submit))
    assert (submitted, written in (None, "log_not_open")) == (None, True)
    assert floor.log.entries.count() == (0 if written else 1)


def test_a_log_opened_twice_at_once_is_one():
    floor = make_handover.floor()
    steps = [lambda: actions.open_log(shift=floor.next_shift, by=None, at=make.at(16))] * 2
    assert told(at_once(*steps)) == [None, None]
    assert Log.objects.filter(shift=floor.next_shift).count() == 1
