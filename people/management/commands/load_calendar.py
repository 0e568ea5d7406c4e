from django.core.management.base import BaseCommand, CommandError

from callcentre import clock
from people import actions
from people.holidays import days_of
from people.models import Centre


class Command(BaseCommand):
    help = "Write China's holidays and make-up workdays into the centres' calendars; announced days stay as they are."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, nargs="+", required=True)
        parser.add_argument("--centre", help="the centre's name; all centres where it is missing")

    def handle(self, *, year, centre, **options):
        centres = list(Centre.objects.filter(name=centre) if centre else Centre.objects.all())
        if not centres:
            raise CommandError("There is no such centre.")
        if not all(2001 <= one <= 2100 for one in year):
            raise CommandError("A year is between 2001 and 2100.")
        days = [day for one in sorted(set(year)) for day in days_of(one)]
        for one in centres:
            written = actions.load_calendar(centre=one, days=days, by=None, at=clock.now())
            self.stdout.write(f"{one}: {written} days")
