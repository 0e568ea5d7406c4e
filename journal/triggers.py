"""The database refuses to change the journal, whoever asks.

Made again after every migrate: Django rebuilds a SQLite table when it changes and drops its triggers silently.
"""

from django.db import connections

TABLES = ("journal_entry", "journal_seal")
MESSAGE = "the journal is append-only"


def install(sender=None, using="default", **kwargs):
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    for table in TABLES:
        if table in existing:
            _run(connection, _drops(connection, table) + _creates(connection, table))


def drop(connection):
    """For test databases only, which empty their tables between tests."""
    existing = set(connection.introspection.table_names())
    for table in TABLES:
        if table in existing:
            _run(connection, _drops(connection, table))


def _run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _drops(connection, table):
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{event}" for event in ("update", "delete")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
    ]


def _creates(connection, table):
    if connection.vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            for event in ("update", "delete")
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
