"""Writers and the sealer on PostgreSQL: writers share a lock, the sealer needs it alone.

Row numbers are drawn before a transaction commits, so a low number can appear after a seal has passed it. While the
sealer holds the lock no writer is under way, and every number up to the highest is settled. The sealer only ever tries:
waiting in line it would make all writers wait behind it, and could deadlock two of them. SQLite has one writer anyway.
"""

KEY = 0x6A6F7572  # "jour"


def share(connection):
    """Taken by every writer until its transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [KEY])


def try_alone(connection):
    """True when no writer is under way, and none begins before this transaction ends."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [KEY])
        return cursor.fetchone()[0]
