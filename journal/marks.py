"""A number that grows with every row of a centre's journal: by it a screen knows whether anything has happened."""

from django.db import connection

from journal.models import Entry

# On PostgreSQL a row's number is drawn before its transaction commits, so a lower one may appear after a higher one has
# been seen. The sum over the newest rows grows then too; the highest number alone would not.
NEWEST = 64
SUM = (
    f"SELECT COALESCE(SUM(id), 0) FROM (SELECT id FROM {Entry._meta.db_table} WHERE centre_id = %s "  # noqa: S608 - a constant
    f"ORDER BY id DESC LIMIT {NEWEST}) AS newest"
)


def mark_of(centre_id):
    """One statement, answered from the index, however long the journal."""
    with connection.cursor() as cursor:
        cursor.execute(SUM, [centre_id])
        return int(cursor.fetchone()[0])
