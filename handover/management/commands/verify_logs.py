from django.core.management.base import BaseCommand, CommandError

from handover.models import Log
from handover.sealing import all_problems
from people.models import Centre


class Command(BaseCommand):
    help = "Check every accepted log against its seal; exit 1 and name each one that is not as it was signed."

    def handle(self, **options):
        found = [problem for centre in Centre.objects.all() for problem in all_problems(centre)]
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"The logs are broken in {len(found)} places.")
        count = Log.objects.filter(status=Log.Status.ACCEPTED).count()
        self.stdout.write(f"The logs are whole: {count} sealed.")
