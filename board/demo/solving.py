"""What the demo centre's people wish for the first month that has no roster yet."""

import datetime as dt
import itertools
import random

from callcentre import clock
from people.models import Person, Role
from shifts import actions as shifts
from shifts import wishes
from shifts.models import Roster, Wish, month_span
from shifts.rotations import dates

HOURS_AGO = dt.timedelta(hours=20)
WISHING = 26  # people
IMPORTANT, PLAIN = 3, 1


def wish(centre, at):
    """Days off for the most part, some shifts: the same for the same moment."""
    rng = random.Random(centre.opened_on.isoformat())  # noqa: S311 - the same wishes every time, no secret
    last = Roster.objects.published().filter(centre=centre).latest("until_on").until_on
    first = last + dt.timedelta(days=1)
    people = list(Person.objects.filter(centre=centre).with_role(Role.AGENT, clock.local_date(centre, at)))
    types = list(wishes.types_to_wish(people[0]))
    for person in rng.sample(people[:48], WISHING):
        person.centre = centre
        days = rng.sample(dates(first, month_span(first.year, first.month)[1]), rng.randint(1, 4))
        for on, is_important in zip(sorted(days), itertools.chain([True], itertools.repeat(False)), strict=False):
            kind, chosen = (Wish.Kind.ON, rng.choice(types)) if rng.random() < 0.2 else (Wish.Kind.OFF, None)
            weight = IMPORTANT if is_important else PLAIN
            shifts.make_wish(on=on, kind=kind, type=chosen, weight=weight, by=person, at=at - HOURS_AGO)
