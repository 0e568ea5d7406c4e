"""What is left of the rulebook: each clause, and what makes it live."""

import json
from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from board import liveness
from callcentre import clock
from people.models import Centre


class Command(BaseCommand):
    help = "Print every clause with what makes it live; fail where an app claims a clause with nothing behind it."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="zh-hans")

    def handle(self, *, format, language, **options):
        with translation.override(language):
            rows = [row_of(found) for found in liveness.everything(self.switched_on()).values()]
            broken = [{"app": app, "clause": clause, "kind": kind} for app, clause, kind in liveness.broken_claims()]
            report = {"summary": summary(rows), "broken_claims": broken, "clauses": rows}
            if format == "json":
                self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            else:
                self.write_text(report)
        if broken:
            raise CommandError(
                "nothing is behind: " + ", ".join("{app} {clause} {kind}".format(**one) for one in broken)
            )

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


def row_of(found):
    return {
        "id": found.clause.id,
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
