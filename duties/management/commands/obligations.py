import dataclasses
import datetime as dt
import json

from django.core.management.base import BaseCommand, CommandError

from duties.obligations import obligations
from people.models import Centre


class Command(BaseCommand):
    help = "Print every dated obligation of a centre, one a line; nothing is written."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--format", choices=["json", "text"], default="text")
        parser.add_argument("--centre", help="the centre's name or number; needed where there are several")

    def handle(self, *, first, last, format, centre, **options):
        if last < first:
            raise CommandError(f"--to {last} is before --from {first}.")
        for obligation in obligations(self.centre(centre), first, last):
            row = {**dataclasses.asdict(obligation), "date": obligation.date.isoformat()}
            self.stdout.write(json.dumps(row, ensure_ascii=False) if format == "json" else "  ".join(row.values()))

    def centre(self, named):
        centres = list(Centre.objects.order_by("pk"))
        if named:
            centres = [centre for centre in centres if named in (centre.name, str(centre.pk))]
        if len(centres) != 1:
            there = ", ".join(f"{centre.pk} {centre.name}" for centre in Centre.objects.order_by("pk")) or "none"
            raise CommandError(f"Name one centre with --centre. There are: {there}.")
        return centres[0]
