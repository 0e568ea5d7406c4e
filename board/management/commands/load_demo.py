import datetime as dt

from dateutil.relativedelta import relativedelta
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from board.demo import DEMO_PASSWORD, editing, history, notices, planner, solving, swaps
from board.demo.centre import found
from board.demo.week import Week
from callcentre import clock
from people.models import Centre, Person

WEEK = dt.timedelta(days=7)
MOST_YEARS = 10


class Command(BaseCommand):
    help = "Make a realistic demo centre around a moment. Refused where the database holds real people."

    def add_arguments(self, parser):
        parser.add_argument("--at", help="the moment, as in 2026-11-23T07:50:00+08:00; now when left out")
        parser.add_argument("--agents", type=int, default=48, help="how many agents, at least 48")
        parser.add_argument("--years", type=int, default=0, help="years of history before the living week")

    def handle(self, *, at, agents, years, **options):
        if Person.objects.exclude(centre__is_demo=True).exists():
            raise CommandError("This database holds real people: the demo centre stays out of it.")
        if demo := Centre.objects.filter(is_demo=True).first():
            self.stdout.write(f"The demo centre {demo.name} is there already.")
            return
        if agents < 48:
            raise CommandError(f"--agents {agents}: the demo centre has at least 48.")
        if not 0 <= years <= MOST_YEARS:
            raise CommandError(f"--years {years}: from 0 to {MOST_YEARS}.")
        moment = self.moment(at)
        on = clock.local_date(Centre(timezone="Asia/Shanghai"), moment)
        since = on - WEEK
        with transaction.atomic():  # all of it or nothing
            centre = found(on, moment, agents=agents, opened_on=since - relativedelta(years=years))
            history.live(centre, since)
            if not years:
                history.live_cases(centre, on, since)
            swaps.settle(centre, on, since)
            notices.fill(centre, moment)
            Week(centre, since, moment).live()
            swaps.wait(centre, on, moment)
            solving.wish(centre, moment)
            editing.edit(centre, moment)
            planner.count_rows()
        self.stdout.write(
            f"{centre.name}: {Person.objects.count()} people. Sign in as 1100 with the password {DEMO_PASSWORD}."
        )

    def moment(self, at):
        try:
            return clock.parse(at) if at else clock.now()
        except ValueError as wrong:
            raise CommandError(f"--at {at}: {wrong}") from wrong
