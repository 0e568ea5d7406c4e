import datetime as dt

from django.core.management.base import BaseCommand

from callcentre import attachments, clock


class Command(BaseCommand):
    help = "Delete files that no record has: what a crash left behind. Younger than a day they may still get one."

    def handle(self, **options):
        names = list(attachments.orphans(clock.now() - dt.timedelta(days=1)))
        attachments.discard(names)
        self.stdout.write(f"{len(names)} discarded.")
