"""The database refuses to change an accepted log or what is in it, whoever asks. Only addenda come after.

Made again after every migrate and out of the way before it: SQLite rebuilds a table by renaming, which fails while a
trigger of another table names it, and drops the table's own triggers silently.
"""

from django.db import connections

MESSAGE = "an accepted log is never changed"

# Where a row's log is, given OLD or NEW.
LOGS = {
    "handover_entry": "{row}.log_id",
    "handover_mark": "{row}.log_id",
    "handover_itemanswer": "{row}.log_id",
    "handover_entryfile": "(SELECT log_id FROM handover_entry WHERE id = {row}.entry_id)",
    "handover_mention": "(SELECT log_id FROM handover_entry WHERE id = {row}.entry_id)",
    "handover_entryversion": "(SELECT log_id FROM handover_entry WHERE id = {row}.entry_id)",
}
SEALED = "EXISTS (SELECT 1 FROM handover_log WHERE id = {log} AND status = 'accepted')"
EVENTS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def conditions():
    """{(table, event): when to refuse}"""
    found = {
        (table, event): " OR ".join(SEALED.format(log=place.format(row=row)) for row in rows)
        for table, place in LOGS.items()
        for event, rows in EVENTS.items()
    }
    found |= {("handover_log", event): "OLD.status = 'accepted'" for event in ("update", "delete")}
    return found | {("handover_addendum", event): "1 = 1" for event in ("update", "delete")}


def install(sender=None, using="default", **kwargs):
    connection = connections[using]
    drop(connection)
    existing = set(connection.introspection.table_names())
    creates = _creates_for_sqlite if connection.vendor == "sqlite" else _creates_for_postgresql
    for (table, event), when in conditions().items():
        if table in existing:
            _run(connection, creates(table, event, when))


def clear(sender=None, using="default", **kwargs):
    """Receiver of pre_migrate."""
    drop(connections[using])


def drop(connection):
    existing = set(connection.introspection.table_names())
    for table, event in conditions():
        if table in existing:
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            _run(connection, [f"DROP TRIGGER IF EXISTS {table}_sealed_{event}{on_table}"])


def _creates_for_sqlite(table, event, when):
    return [
        f"CREATE TRIGGER {table}_sealed_{event} BEFORE {event} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    ]


def _creates_for_postgresql(table, event, when):
    """A function of its own for each: there a trigger's WHEN may not look into another table."""
    function = f"{table}_sealed_{event}"
    row = "OLD" if event == "delete" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when} THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {row}; END $$",
        f"CREATE TRIGGER {function} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
    ]


def _run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
