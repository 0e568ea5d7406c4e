from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from journal.models import Entry, Seal
from journal.verifying import problems


class Command(BaseCommand):
    help = "Check every row and seal of the journal; exit 1 and name each break when it is not as it was written."

    def handle(self, **options):
        found = [
            f"centre {centre.pk}: {problem}"
            for centre in apps.get_model("people", "Centre").objects.all()
            for problem in problems(centre)
        ]
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"The journal is broken in {len(found)} places.")
        self.stdout.write(f"The journal is whole: {Entry.objects.count()} rows under {Seal.objects.count()} seals.")
