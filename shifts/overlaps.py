"""The database refuses two turns at once of one person, whoever asks: of those that they are assigned to and those that
they lead, within a plan.

PostgreSQL has an exclusion constraint for either table. What lies across the two, and all of it on SQLite, is looked at
by triggers. They are made again after every migrate and out of the way before it: SQLite rebuilds a table by renaming,
which fails while a trigger of another table names it, and drops the table's own triggers silently.
"""

from django.db import connections

NAME = "person_has_two_turns_at_once"
ASSIGNMENTS, SHIFTS = "shifts_assignment", "shifts_shift"
PERSONS = {ASSIGNMENTS: "person_id", SHIFTS: "leader_id"}
OTHER = {ASSIGNMENTS: SHIFTS, SHIFTS: ASSIGNMENTS}
EVENTS = {"insert": "INSERT", "update": "UPDATE OF {person}, plan, starts_at, ends_at"}

# No shift is longer than 25 hours, so those that may overlap began at most so long before: with the index of shifts by
# start that leaves a handful, whoever's they are, however long the history.
NEARBY = (
    "near.centre_id = {centre} "
    "AND near.starts_at > datetime(NEW.starts_at, '-25 hours') AND near.starts_at < NEW.ends_at"
)
CENTRE = {SHIFTS: "NEW.centre_id", ASSIGNMENTS: "(SELECT centre_id FROM shifts_shift WHERE id = NEW.shift_id)"}
SQLITE_TRIGGER = "CREATE TRIGGER {name} AFTER {on} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
SQLITE_WHEN = (
    "NEW.plan IS NOT NULL AND NEW.{person} IS NOT NULL AND ("
    "EXISTS (SELECT 1 FROM shifts_shift near WHERE {nearby} AND near.leader_id = NEW.{person} AND {led}) OR "
    "EXISTS (SELECT 1 FROM shifts_shift near CROSS JOIN shifts_assignment turn ON turn.shift_id = near.id "
    "WHERE {nearby} AND turn.person_id = NEW.{person} AND {assigned}))"
)
OVERLAPS = "{row}.plan = NEW.plan AND {row}.starts_at < NEW.ends_at AND {row}.ends_at > NEW.starts_at"

EXCLUSION = (
    "ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
    "({person} WITH =, plan WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (plan IS NOT NULL)"
)
EXCLUSIONS = {ASSIGNMENTS: NAME, SHIFTS: f"{NAME}_leading"}

# Two transactions at once see nothing of each other: one that gives a person a shift to lead waits for those that
# assign them, and the other way round. Those that assign do not wait for one another, for the constraint compares them.
LOCK_CLASS = 1_196_774_000
LOCKS = {ASSIGNMENTS: "pg_advisory_xact_lock_shared", SHIFTS: "pg_advisory_xact_lock"}

# One look for a whole statement, for a roster's publication changes thousands of rows.
POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION {table}_alone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "PERFORM {lock}({lock_class}, (person % 2147483647)::int) FROM ("
    "SELECT DISTINCT {person} AS person FROM fresh WHERE plan IS NOT NULL AND {person} IS NOT NULL ORDER BY 1) people; "
    "IF EXISTS (SELECT 1 FROM fresh JOIN {other} other ON other.{other_person} = fresh.{person} "
    "AND other.plan = fresh.plan "
    "AND tstzrange(other.starts_at, other.ends_at) && tstzrange(fresh.starts_at, fresh.ends_at)) THEN "
    "RAISE EXCEPTION '{message}' USING ERRCODE = 'exclusion_violation'; END IF; RETURN NULL; END $$"
)
POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING NEW TABLE AS fresh "
    "FOR EACH STATEMENT EXECUTE FUNCTION {table}_alone()"
)


def is_overlap(error):
    """Whether a database's IntegrityError is this refusal."""
    return NAME in str(error)


def install(sender=None, using="default", **kwargs):
    """Receiver of post_migrate: safe to run again."""
    connection = connections[using]
    drop(connection)
    if not PERSONS.keys() <= set(connection.introspection.table_names()):
        return  # migrated to before there were shifts
    if not _has_plans(connection):
        return
    _run(connection, _of_sqlite() if connection.vendor == "sqlite" else _of_postgresql(connection))


def clear(sender=None, using="default", **kwargs):
    """Receiver of pre_migrate. PostgreSQL's constraints stay: they hinder no change of the tables."""
    drop(connections[using])


def drop(connection):
    existing = set(connection.introspection.table_names())
    for table in PERSONS.keys() & existing:
        on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
        _run(connection, [f"DROP TRIGGER IF EXISTS {_trigger(table, event)}{on_table}" for event in EVENTS])


def _has_plans(connection):
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, ASSIGNMENTS)
    return "plan" in {column.name for column in columns}


def _trigger(table, event):
    return f"{table}_alone_{event}"


def _of_sqlite():
    """AFTER, for a new row has no id before; each row is compared with all but itself, in both tables."""
    for table, person in PERSONS.items():
        when = {
            "nearby": NEARBY.format(centre=CENTRE[table]),
            "led": OVERLAPS.format(row="near") + (" AND near.id <> NEW.id" if table == SHIFTS else ""),
            "assigned": OVERLAPS.format(row="turn") + (" AND turn.id <> NEW.id" if table == ASSIGNMENTS else ""),
            "person": person,
        }
        for event, on in EVENTS.items():
            name, on = _trigger(table, event), on.format(person=person)
            yield SQLITE_TRIGGER.format(name=name, on=on, table=table, when=SQLITE_WHEN.format(**when), message=NAME)


def _of_postgresql(connection):
    yield "CREATE EXTENSION IF NOT EXISTS btree_gist"
    for table, name in EXCLUSIONS.items():
        if not _has_constraint(connection, table, name):
            yield EXCLUSION.format(table=table, name=name, person=PERSONS[table])
    for table, person in PERSONS.items():
        yield from _cross_triggers(table, person)


def _has_constraint(connection, table, name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass", [name, table])
        return cursor.fetchone() is not None


def _cross_triggers(table, person):
    other = OTHER[table]
    facts = {"lock": LOCKS[table], "lock_class": LOCK_CLASS, "person": person, "other_person": PERSONS[other]}
    yield POSTGRESQL_FUNCTION.format(table=table, other=other, message=NAME, **facts)
    for event in EVENTS:
        yield POSTGRESQL_TRIGGER.format(name=_trigger(table, event), event=event, table=table)


def _run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
