"""Only added to, and whatever is done to it behind the application's back is found."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from journal import sealing, triggers
from journal.actions import record
from journal.macs import row_mac
from journal.models import AppendOnly, Entry, Seal
from journal.verifying import problems
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outside(tmp_path):
    with override_settings(SEAL_DIR=tmp_path / "seals"):
        yield tmp_path / "seals"


@pytest.fixture
def sealed(django_capture_on_commit_callbacks):
    """`sealed(person, 3, 2)`: three rows under a first seal, two under a second."""

    def seal(person, *counts):
        for minute, count in enumerate(counts):
            write(person, count, minute)
            with django_capture_on_commit_callbacks(execute=True):
                sealing.seal_all(None, make.at(8, minute))
        return person.centre

    return seal


@pytest.fixture
def person():
    return make.person()


def write(person, count=1, minute=0):
    with transaction.atomic():
        return [record("person.imported", person, by=person, at=make.at(8, minute), row=n) for n in range(count)]


def behind_its_back(sql, *params):
    """What somebody with the database's own password could do."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    triggers.install()


def test_a_whole_journal_has_no_problem(person, sealed):
    centre = sealed(person, 3, 0, 2)
    assert list(problems(centre)) == []
    assert list(Seal.objects.values_list("number", "rows")) == [(1, 3), (2, 2)]


@pytest.mark.parametrize(
    "sql", ["UPDATE journal_entry SET verb = 'x'", "DELETE FROM journal_entry", "DELETE FROM journal_seal"]
)
def test_the_database_refuses(person, sql, sealed):
    sealed(person, 2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_orm_refuses(person):
    (row,) = write(person)
    row.verb = "x"
    for change in (
        row.save,
        row.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(verb="x"),
        lambda: Entry.objects.bulk_update([row], ["verb"]),
    ):
        with pytest.raises(AppendOnly):
            change()


def test_a_row_belongs_to_its_steps_transaction(person):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("person.imported", person, by=person, at=make.at(8))
        raise ZeroDivisionError
    assert Entry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_nothing_is_written():
    person = make.person()
    with pytest.raises(RuntimeError):
        record("person.imported", person, by=person, at=make.at(8))


TAMPERINGS = {
    "edit": "UPDATE journal_entry SET verb = 'person.password_changed' WHERE id = {middle}",
    "edit of the facts": "UPDATE journal_entry SET facts = '{{}}' WHERE id = {middle}",
    "delete in the middle": "DELETE FROM journal_entry WHERE id = {middle}",
    "delete the sealed tail": "DELETE FROM journal_entry WHERE id = {last}",
    "reorder": "UPDATE journal_entry SET id = id + 1000 WHERE id = {middle}",
    "insert": (
        "INSERT INTO journal_entry (uid, centre_id, at, actor_id, verb, object_type, object_id, clause, facts,"
        " restricted, mac) SELECT '00000000000000000000000000000001', centre_id, at, actor_id, verb, object_type,"
        " object_id, clause, facts, restricted, mac FROM journal_entry WHERE id = {middle}"
    ),
    "remove a seal": "DELETE FROM journal_seal WHERE number = 2",
    "remove the last seal": "DELETE FROM journal_seal WHERE number = 3",
    "change a seal": "UPDATE journal_seal SET rows = 1, last_entry = {middle} WHERE number = 1",
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_tampering_is_found(person, how, sealed):
    centre = sealed(person, 3, 3, 3)
    rows = list(Entry.objects.values_list("pk", flat=True))
    behind_its_back(TAMPERINGS[how].format(middle=rows[4], last=rows[-1]))
    assert list(problems(centre)) != []
    with pytest.raises(CommandError):
        call_command("verify_journal")


def test_a_journal_recomputed_without_the_key_is_found(person, sealed):
    centre = sealed(person, 3)
    triggers.drop(connection)
    with override_settings(JOURNAL_KEY="guessed"), connection.cursor() as cursor:
        for row in Entry.objects.all():
            row.verb = "person.password_changed"
            cursor.execute(
                "UPDATE journal_entry SET verb = %s, mac = %s WHERE id = %s", [row.verb, row_mac(row), row.pk]
            )
    triggers.install()
    assert len(list(problems(centre))) == 4


def test_a_journal_cut_off_with_its_seals_is_found_by_the_outside_copy(person, sealed):
    centre = sealed(person, 2, 2)
    first = Seal.objects.get(number=1)
    behind_its_back("DELETE FROM journal_entry WHERE id > %s", first.last_entry)
    behind_its_back("DELETE FROM journal_seal WHERE number > 1")
    assert list(problems(centre)) == ["seal 2: the outside copy has another, or it was removed"]


def test_a_lost_outside_copy_is_said(person, outside, sealed):
    centre = sealed(person, 1)
    for path in outside.iterdir():
        path.unlink()
    assert list(problems(centre)) == [f"centre-{centre.pk}.jsonl: the seals' outside copy is missing"]


def test_a_moment_keeps_its_value_whatever_zone_it_was_given_in(person):
    with transaction.atomic():
        record(
            "person.imported", person, by=person, at=dt.datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=person.centre.tz)
        )
    assert list(problems(person.centre)) == []


def test_restricted_rows_show_on_their_own_page_only(person):
    with transaction.atomic():
        row = record("person.imported", person, by=person, at=make.at(8), restricted=True)
    assert list(Entry.objects.visible_to(person)) == []
    assert list(Entry.objects.about(person)) == [row]


def test_the_command_says_that_it_is_whole(person, capsys, sealed):
    sealed(person, 2)
    call_command("verify_journal")
    assert capsys.readouterr().out == "The journal is whole: 2 rows under 1 seals.\n"
