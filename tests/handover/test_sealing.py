import contextlib
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from handover import actions, sealing, triggers
from handover.models import Addendum, Entry, EntryVersion, ItemAnswer, Log, Mark, Mention
from journal.macs import keyed
from tests import make, make_handover

pytestmark = pytest.mark.django_db


def sealed():
    """A sealed log with an entry edited once, an open item and a section marked 无."""
    floor = make_handover.floor()
    entry = make_handover.entry(floor)
    at = make_handover.MORNING
    make_handover.question(floor, answer_given="以公告为准。", needs_analysis=True)
    make_handover.entry(floor, text=f"请 @{floor.leader.name} 处理")
    actions.edit_entry(entry=entry, section="equipment", text="A03 已修好。", version=1, by=floor.leader, at=at)
    actions.follow_up(entry=entry, owner=floor.next_leader, by=floor.leader, at=at)
    return make_handover.accepted(make_handover.submitted(floor)).log


@contextlib.contextmanager
def without_triggers():
    triggers.drop(connection)
    yield
    triggers.install()


def verify():
    out = io.StringIO()
    call_command("verify_logs", stdout=out)
    return out.getvalue().splitlines()


def test_a_sealed_log_is_whole():
    sealed()
    assert verify() == ["The logs are whole: 1 sealed."]


def test_what_there_is_none_of_is_not_in_the_text():
    """So that logs sealed before there was any are still whole."""
    floor = make_handover.floor()
    make_handover.entry(floor, section="customer_voice", text="客户表扬。")
    log = make_handover.accepted(make_handover.submitted(floor)).log
    beside = {"staff", "open_elsewhere", "details", "earlier_details", "mentions"}
    assert beside & json.loads(log.snapshot).keys() == set()


def test_additions_leave_the_seal_whole():
    log = sealed()
    actions.add_addendum(log=log, text="补充", by=log.accepted_by, at=make.at(17))
    assert sealing.problems(log) == []


def test_renaming_a_signer_leaves_the_seal_whole():
    log = sealed()
    log.accepted_by.name = "新名字"
    log.accepted_by.save()
    assert sealing.problems(log) == []


TAMPERED = {
    "text": lambda log: Entry.objects.filter(log=log).update(text="别的"),
    "author": lambda log: Entry.objects.filter(log=log).update(author=log.accepted_by),
    "earlier text": lambda log: EntryVersion.objects.filter(entry__log=log).update(text="别的"),
    "answer given": lambda log: Entry.objects.filter(log=log, needs_analysis=True).update(answer_given="别的"),
    "equipment": lambda log: Entry.objects.filter(log=log, equipment="headset").update(equipment="phone"),
    "earlier equipment": lambda log: EntryVersion.objects.filter(entry__log=log).update(equipment="phone"),
    "removed mention": lambda log: Mention.objects.filter(entry__log=log).delete(),
    "pulled in": lambda log: Log.objects.filter(pk=log.pk).update(pulled_in=[["leave", 1, 1, None, None]]),
    "removed mark": lambda log: Mark.objects.filter(log=log).first().delete(),
    "owner": lambda log: ItemAnswer.objects.filter(log=log).update(owner=log.submitted_by),
    "time": lambda log: Log.objects.filter(pk=log.pk).update(accepted_at=make.at(16, 6)),
    "signer": lambda log: Log.objects.filter(pk=log.pk).update(submitted_by=make.person()),
    "added entry": lambda log: Entry.objects.create(
        log=log, centre=log.centre, section="equipment", text="后加", author=log.accepted_by, written_at=make.at(17)
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_changed_row_is_found(how):
    log = sealed()
    with without_triggers():
        TAMPERED[how](log)
    assert sealing.problems(Log.objects.get()) == [f"log {log.pk}: its rows are not what was sealed"]


def test_a_changed_row_with_a_changed_text_is_found():
    log = sealed()
    with without_triggers():
        Entry.objects.filter(log=log).update(text="别的")
        text = sealing.snapshot(log, accepted_by=log.accepted_by_id, accepted_at=log.accepted_at)
        Log.objects.filter(pk=log.pk).update(snapshot=text)
    assert sealing.problems(Log.objects.get()) == [f"log {log.pk}: its seal does not fit the sealed text"]


def test_a_seal_made_again_with_the_key_is_found():
    log = sealed()
    with without_triggers():
        Entry.objects.filter(log=log).update(text="别的")
        text = sealing.snapshot(log, accepted_by=log.accepted_by_id, accepted_at=log.accepted_at)
        Log.objects.filter(pk=log.pk).update(snapshot=text, digest=keyed(text))
    assert sealing.problems(Log.objects.get()) == [f"log {log.pk}: the journal knows another seal"]


def test_a_log_opened_again_behind_its_back_is_found():
    log = sealed()
    with without_triggers():
        Log.objects.filter(pk=log.pk).update(status="submitted")
    with pytest.raises(CommandError):
        verify()
    assert list(sealing.all_problems(log.centre)) == [
        f"log {log.pk}: the journal says that it was accepted, but it is not there"
    ]


REFUSED = {
    "log": lambda log: Log.objects.filter(pk=log.pk).update(remark="x"),
    "log removed": lambda log: Log.objects.filter(pk=log.pk)._raw_delete("default"),
    "entry": lambda log: Entry.objects.filter(log=log).update(text="x"),
    "entry removed": lambda log: Entry.objects.filter(log=log)._raw_delete("default"),
    "entry added": TAMPERED["added entry"],
    "earlier text": lambda log: EntryVersion.objects.filter(entry__log=log).update(text="x"),
    "mark removed": lambda log: Mark.objects.filter(log=log).delete(),
    "mark added": lambda log: Mark.objects.create(
        log=log, section="equipment", kind="nothing", by=log.accepted_by, at=make.at(17)
    ),
    "mention": lambda log: Mention.objects.filter(entry__log=log)._raw_delete("default"),
    "answer": lambda log: ItemAnswer.objects.filter(log=log).update(outcome="solved"),
}


@pytest.mark.parametrize("how", REFUSED)
def test_the_database_refuses_to_change_a_sealed_log(how):
    log = sealed()
    with pytest.raises(DatabaseError, match=triggers.MESSAGE), transaction.atomic():
        REFUSED[how](log)
    assert sealing.problems(Log.objects.get()) == []


def test_the_database_refuses_to_change_an_addendum():
    log = sealed()
    actions.add_addendum(log=log, text="补充", by=log.accepted_by, at=make.at(17))
    for change in (lambda rows: rows.update(text="x"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match=triggers.MESSAGE), transaction.atomic():
            change(Addendum.objects.all())


def test_an_entry_cannot_be_moved_into_a_sealed_log():
    log = sealed()
    other = make_handover.floor(type="M", roster=log.shift.roster)
    entry = make_handover.entry(other)
    with pytest.raises(DatabaseError, match=triggers.MESSAGE), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(log=log)
