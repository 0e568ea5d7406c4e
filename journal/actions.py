from django.db import connection

from journal import locks
from journal.macs import row_mac
from journal.models import Entry


def entry(verb, obj, *, by, at, centre=None, clause="", restricted=False, **facts):
    """An unsaved journal row about `obj`, for `record` and `record_all`."""
    row = Entry(
        centre_id=(centre or obj.centre).pk,
        at=at,
        actor=by,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        clause=clause,
        facts=facts,
        restricted=restricted,
    )
    row.mac = row_mac(row)
    return row


def record(verb, obj, *, by, at, centre=None, clause="", restricted=False, **facts):
    """Write one row in the caller's transaction, so that a step and its record stand or fall together.

    by: the Person who did it, None for the software itself. facts: ids and codes, never names or text.
    """
    return record_all([entry(verb, obj, by=by, at=at, centre=centre, clause=clause, restricted=restricted, **facts)])[0]


def record_all(rows):
    """Write rows made by `entry` at once. Raises RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a journal row belongs to the transaction of the step that it records")
    locks.share(connection)
    return Entry.objects.bulk_create(rows)
