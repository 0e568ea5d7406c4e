"""How much a page makes its database read: counts that a busy machine does not change."""

import json

from django.db import connection

SELECTS = ("SELECT", "(SELECT")  # the second: a UNION
SCANS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan")


def reads(visitor, path):
    """{what: how much} of a warm request."""
    return steps(visitor, path) if connection.vendor == "sqlite" else blocks(visitor, path)


def steps(visitor, path):
    """Instructions of SQLite's virtual machine."""
    visitor.request(path)
    counted = 0

    def count():
        nonlocal counted
        counted += 1

    connection.connection.set_progress_handler(count, 1)
    try:
        visitor.request(path)
    finally:
        connection.connection.set_progress_handler(None, 1)
    return {"VM steps": counted}


def blocks(visitor, path):
    """Blocks that PostgreSQL touches, in memory or not, and rows that its scans look at, over all SELECTs of a page."""
    plans = [plan for sql in visitor.statements(path) if sql.startswith(SELECTS) for plan in [explained(sql)]]
    touched = sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans)
    return {"blocks": touched, "rows looked at": sum(map(looked_at, plans))}


def explained(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def looked_at(plan):
    own = 0
    if plan["Node Type"] in SCANS:
        own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return own + sum(map(looked_at, plan.get("Plans", [])))
