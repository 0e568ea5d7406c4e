"""The bare project's pages, and the rows that they show."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.core.management import call_command

from bench.bare.models import Desk, Room, Visit
from bench.bare.views import AT
from bench.counts import Visitor

VISITS = 200  # of each user
USERS = 20


def pages():
    call_command("migrate", verbosity=0)  # the users' table first: an app without migrations is made before the others
    call_command("migrate", run_syncdb=True, verbosity=0)
    visitor = Visitor(fill())
    for name in "abc":
        yield visitor.page(f"({name})", f"/{name}/")
    yield visitor.page("(w)", "/w/", post={"title": "one more"})


def fill():
    """Returns the user who visits."""
    create = get_user_model().objects.create
    users = [create(username=str(1100 + number)) for number in range(USERS)]
    rooms = Room.objects.bulk_create([Room(name=f"Room {number}") for number in range(10)])
    desks = Desk.objects.bulk_create([Desk(room=rooms[number % 10], code=f"A{number:02}") for number in range(40)])
    Visit.objects.bulk_create([visit(owner, number, desks) for owner in users for number in range(VISITS)])
    return users[0]


def visit(owner, number, desks):
    return Visit(
        desk=desks[number % len(desks)],
        owner=owner,
        title=f"Visit {number} of {owner.username}",
        on=AT.date() + dt.timedelta(days=number),
        starts_at=AT + dt.timedelta(minutes=number),
        minutes=number % 60,
        is_done=number % 3 == 0,
    )
