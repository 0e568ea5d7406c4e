"""What is left of the rulebook: each clause, and what makes it live."""

import json
from collections import Counter
from itertools import groupby

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from board import liveness
from callcentre import clock
from people.models import Centre
from rulebook.register import SECTIONS

DOCUMENT = settings.BASE_DIR / "docs" / "clauses.md"
HEAD = """\
# Clauses

Made by `manage.py clauses --write` from what the code registers beside each rule, duty, record and checklist;
`make check` fails when the two differ. A clause is live when each of its ways is complete.
"""
TABLE = "| clause | state | says | how it is live |\n| --- | --- | --- | --- |"


class Command(BaseCommand):
    help = "Print every clause with what makes it live; fail where an app claims a clause with nothing behind it."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json", "markdown"], default="text")
        parser.add_argument("--write", action="store_true", help="write docs/clauses.md, in English, and print nothing")
        parser.add_argument("--check", action="store_true", help="only fail where docs/clauses.md is out of date")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="zh-hans")

    def handle(self, *, format, language, write, check, **options):
        broken = [{"app": app, "clause": clause, "kind": kind} for app, clause, kind in liveness.broken_claims()]
        if write or check:
            keep_document(check=check)
        else:
            with translation.override(language):
                self.print(format, broken)
        if broken:
            raise CommandError(
                "nothing is behind: " + ", ".join("{app} {clause} {kind}".format(**one) for one in broken)
            )

    def print(self, format, broken):
        rows = rows_of(self.switched_on())
        report = {"summary": summary(rows), "broken_claims": broken, "clauses": rows}
        if format == "json":
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        elif format == "markdown":
            self.stdout.write(markdown(rows), ending="")
        else:
            self.write_text(report)

    def switched_on(self):
        """Pending clauses in force at every centre; none where there is no centre yet."""
        at = clock.now()
        sets = [liveness.switched_on(centre, clock.local_date(centre, at)) for centre in Centre.objects.all()]
        return frozenset.intersection(*sets) if sets else frozenset()

    def write_text(self, report):
        for row in report["clauses"]:
            self.stdout.write(f"{row['number']}  {row['id']}  [{row['status_label']}]  {row['text']}")
            for way in row["ways"]:
                self.stdout.write(f"    {way['label']}: {said_of(way)}")
        self.stdout.write("")
        self.stdout.write(", ".join(f"{name} {count}" for name, count in report["summary"].items()))


def rows_of(switched_on):
    return [row_of(found) for found in liveness.everything(switched_on).values()]


def row_of(found):
    return {
        "id": found.clause.id,
        "section": SECTIONS[found.clause.section].name,
        "number": found.clause.number,
        "text": found.clause.text,
        "status": str(found.status),
        "status_label": str(found.status.label),
        "ways": [
            {
                "kind": way.kind,
                "label": str(way.label),
                "complete": way.complete,
                "found": [{"what": str(one.what), "source": one.source} for one in way.found],
                "lacking": [str(text) for text in way.lacking],
            }
            for way in found.ways
        ],
    }


def said_of(way):
    """One line: what is behind it, what is lacking, or a dash for nothing."""
    said = "; ".join(f"{one['what']} ({one['source']})" for one in way["found"]) or "–"
    return said + "".join(f" [… {text}]" for text in way["lacking"])


def summary(rows):
    counts = Counter(row["status"] for row in rows)
    return {"clauses": len(rows)} | {str(status): counts[status] for status in liveness.Status}


def keep_document(*, check):
    """Write docs/clauses.md, or only compare. It tells of the product, so no centre's switches count."""
    with translation.override("en"):
        text = markdown(rows_of(frozenset()))
    if not check:
        DOCUMENT.write_text(text)
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != text:
        raise CommandError("docs/clauses.md is out of date: run `manage.py clauses --write`.")


def markdown(rows):
    """A table for each section: what the clause says, in which ways it is to be live, and what is behind each."""
    counts = summary(rows)
    statuses = ", ".join(f"{counts[str(status)]} {status.label}" for status in liveness.Status if counts[str(status)])
    parts = [HEAD, f"{counts['clauses']} clauses: {statuses}.\n"]
    for section, found in groupby(rows, key=lambda row: row["section"]):
        parts += [f"## {section}\n", TABLE, *map(table_row, found), ""]
    return "\n".join(parts)


def table_row(row):
    ways = "<br>".join(f"**{way['label']}**: {way_of(way)}" for way in row["ways"])
    return f"| `{row['id']}` | {row['status_label']} | {row['text']} | {ways} |"


def way_of(way):
    """The sentences behind one way, each once, then what is still to come."""
    said = "; ".join(dict.fromkeys(one["what"].rstrip(".") for one in way["found"])) or "–"
    return said + "".join(f" (still to come: {text.rstrip('.')})" for text in way["lacking"])
