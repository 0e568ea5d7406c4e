from django.core.management.base import BaseCommand, CommandError

from callcentre import clock, signals


class Command(BaseCommand):
    help = "Do by hand what the scheduler does every minute. Safe to run twice, late, or beside it."

    def add_arguments(self, parser):
        parser.add_argument("--at", help="the moment, as in 2026-11-23T07:50:00+08:00; now when left out")

    def handle(self, *, at, **options):
        try:
            moment = clock.parse(at) if at else clock.now()
        except ValueError as wrong:
            raise CommandError(f"--at {at}: {wrong}") from wrong
        if failed := signals.tick(moment):
            raise CommandError(f"The tick of {moment.isoformat()} failed in: {', '.join(failed)}.")
        self.stdout.write(f"Ticked at {moment.isoformat()}.")
