"""What the database itself refuses, whoever asks: rows that are never changed or removed once they say so.

Triggers are made again after every migrate and out of the way before it: SQLite rebuilds a table by renaming, which
fails while a trigger of another table names it, and drops the table's own triggers silently.
"""

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

ALL = []


class Refusing:
    """Triggers of one app. conditions: {(table, event): SQL over OLD and NEW, true where refused}.

    event: "insert", which has no OLD, "update", or "delete", which has no NEW.
    """

    def __init__(self, name, message, conditions):
        self.name, self.message, self.conditions = name, message, conditions
        ALL.append(self)

    def connect(self, sender):
        pre_migrate.connect(self._clear, sender=sender)
        post_migrate.connect(self._install, sender=sender)

    def install(self, connection):
        self.drop(connection)
        creates = self._on_sqlite if connection.vendor == "sqlite" else self._on_postgresql
        for (table, event), when in self._of_tables(connection):
            run(connection, creates(table, event, when))

    def drop(self, connection):
        for (table, event), _when in self._of_tables(connection):
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            run(connection, [f"DROP TRIGGER IF EXISTS {self._trigger(table, event)}{on_table}"])

    def _of_tables(self, connection):
        existing = set(connection.introspection.table_names())
        return [(key, when) for key, when in self.conditions.items() if key[0] in existing]

    def _trigger(self, table, event):
        return f"{table}_{self.name}_{event}"

    def _on_sqlite(self, table, event, when):
        return [
            f"CREATE TRIGGER {self._trigger(table, event)} BEFORE {event} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        ]

    def _on_postgresql(self, table, event, when):
        """A function of its own for each: there a trigger's WHEN may not look into another table."""
        trigger, row = self._trigger(table, event), "OLD" if event == "delete" else "NEW"
        return [
            f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when} THEN RAISE EXCEPTION '{self.message}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$",
            f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()",
        ]

    def _clear(self, sender=None, using="default", **kwargs):
        self.drop(connections[using])

    def _install(self, sender=None, using="default", **kwargs):
        self.install(connections[using])


def drop_all(connection):
    """For test databases only, which empty their tables between tests."""
    for refusing in ALL:
        refusing.drop(connection)


def run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
