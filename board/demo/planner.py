"""What a bulk load owes the database's planner."""

from django.db import connection


def count_rows():
    """PostgreSQL plans by what it counted last. It counts by itself between transactions, and a demo is one of them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
