"""Rows of another table as one list in a row of this one: a page reads them without a statement of their own.

    Log.objects.annotate(phrases=Nested(Phrase.objects.filter(centre=OuterRef("centre")), "section", "text"))

Each row is a list of plain values: text, numbers, booleans, None; a moment is a text for `moment`. Few and small ones.
"""

import datetime as dt

from django.db.models import JSONField, Subquery
from django.db.models.functions import JSONArray


class Nested(Subquery):
    template = "(SELECT JSON_GROUP_ARRAY(JSON(one)) FROM (%(subquery)s) AS many)"
    output_field = JSONField()

    def __init__(self, rows, *fields):
        super().__init__(rows.annotate(one=JSONArray(*fields)).values("one"), output_field=JSONField())

    def as_postgresql(self, compiler, connection, **extra):
        template = "(SELECT COALESCE(JSONB_AGG(one), '[]'::jsonb) FROM (%(subquery)s) AS many)"
        return super().as_sql(compiler, connection, template=template, **extra)


def moment(text):
    """The moment of a nested row: SQLite writes it in UTC without saying so."""
    at = dt.datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
