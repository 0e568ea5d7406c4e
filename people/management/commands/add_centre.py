import datetime as dt

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from callcentre import clock
from people import actions
from people.models import Centre


class Command(BaseCommand):
    help = "Add a centre to this installation. Its people come next, with import_staff."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--timezone", default="Asia/Shanghai")
        parser.add_argument(
            "--opened-on",
            type=dt.date.fromisoformat,
            metavar="DATE",
            help="the day from which it runs by the rulebook: duties are made from it on; today when left out",
        )

    def handle(self, *, name, timezone, opened_on, **options):
        at = clock.now()
        centre = Centre(name=name, timezone=timezone, opened_on=opened_on or at.date())
        try:
            centre.clean_fields()
            if opened_on is None:
                centre.opened_on = clock.local_date(centre, at)
            centre.validate_unique()
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        actions.save_centre(centre=centre, changed=["name", "opened_on", "timezone"], by=None, at=at)
        self.stdout.write(f"Centre {centre.pk}: {centre.name}, {centre.timezone}, from {centre.opened_on}.")
