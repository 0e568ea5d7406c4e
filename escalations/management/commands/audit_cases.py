"""Proves that no case is stuck: each open one with whose its next step is; exit 1 where one has nobody."""

import sys

from django.core.management.base import BaseCommand

from callcentre import clock
from escalations import audit
from people.models import Centre


class Command(BaseCommand):
    help = "Say of every open request and report whose its next step is, and which is stuck. Writes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--at", type=clock.parse, help="a moment as in 2026-11-23T07:50:00+08:00")

    def handle(self, *, at, **options):
        at = at or clock.now()
        found = [verdict for centre in Centre.objects.all() for verdict in audit.verdicts(centre, at)]
        for verdict in found:
            who = verdict.person.employee_number if verdict.person else "nobody"
            self.stdout.write(f"{verdict.case.pk}\t{verdict.case.status}\t{who}\t{verdict.why}")
        stuck = sum(verdict.person is None for verdict in found)
        self.stdout.write(f"{len(found)} open, {stuck} stuck")
        if stuck:
            sys.exit(1)
