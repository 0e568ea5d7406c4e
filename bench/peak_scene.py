"""Who does what at a change of shift: for `bench.counts`, in the process that has the site's settings.

`python -m bench.peak_scene` says afterwards what the centre holds, as JSON.
"""

import datetime as dt
import json

import django
from django.db.models import Count
from django.urls import reverse

from bench.counts import Visitor, body

CLOSING = {"confirmed": "on", "remarks": "", "before": ""}
WEEK = dt.timedelta(days=7)


def pages():
    """The parts of the change with their requests: everybody signed in, a notice published that they must read."""
    from callcentre import clock  # noqa: PLC0415 - in the process that has the site's settings
    from handover import tending  # noqa: PLC0415
    from handover.models import DeskRelief  # noqa: PLC0415
    from people.models import Person  # noqa: PLC0415
    from shifts.models import Call, RollCall, Shift  # noqa: PLC0415

    at = clock.now()
    director, leader = (Person.objects.get(employee_number=number) for number in ("8001", "1100"))
    centre = director.centre
    following = Shift.objects.published().coming(centre, at).select_related("leader").first()
    tending.prepare(centre=centre, at=at)
    roll_call = RollCall.objects.get(shift=following)
    crew = list(Person.objects.filter(assignments__shift=following).select_related("centre").order_by("pk"))
    read_the_others(crew, at)
    notice = must_read(director, at)
    next_leader = asks(following.leader)
    expected = set(roll_call.calls.filter(outcome=Call.Outcome.EXPECTED).values_list("person", flat=True))
    askers = {person.pk: asks(person) for person in crew}
    reliefs = list(DeskRelief.objects.open(centre).select_related("incoming", "outgoing"))
    yield {
        "name": "peak",
        "boards": [asks(leader)("board:poll_live"), next_leader("handover:poll_reliefs")],
        "crew": [
            {
                "read": ask("board:start"),
                "confirm": ask("notices:confirm_notice", notice.pk, post={"version": "1"}),
                "here": [next_leader("shifts:mark_here", following.pk, pk, post={})] if pk in expected else [],
            }
            for pk, ask in askers.items()
        ],
        "close": next_leader("shifts:close_roll_call", following.pk, post=CLOSING),
        "reliefs": [
            steps(relief.pk, askers[relief.incoming_id], asks(relief.outgoing))
            for relief in reliefs
            if relief.incoming_id in askers
        ],
        "notice": notice.pk,
        "shift": following.pk,
    }


def steps(pk, comes, goes):
    """One desk's relief, step by step, by both sides."""
    return [
        comes("board:show_my_desk"),
        comes("handover:arrive", pk, post={}),
        goes("board:show_my_desk"),
        goes("handover:brief", pk, post={}),
        comes("board:show_my_desk"),
        comes("handover:assume", pk, post={}),
        goes("handover:sign_out", pk, post={}),
    ]


def asks(person):
    """`asks(person)(name, pk, post={...})` is a request of theirs."""
    cookie = Visitor(person).cookie

    def ask(name, *args, post=None):
        return {
            "name": name,
            "path": reverse(name, args=args),
            "body": None if post is None else body(post),
            "cookie": cookie,
        }

    return ask


def read_the_others(crew, at):
    """The demo's own notices, which would keep some from their desks."""
    from notices import actions  # noqa: PLC0415
    from notices.models import Notice  # noqa: PLC0415

    for person in crew:
        for notice in Notice.objects.waiting_for(person, at):
            actions.confirm(notice=notice, version=notice.version, by=person, at=at)


def must_read(director, at):
    from notices import actions  # noqa: PLC0415
    from notices.models import Notice  # noqa: PLC0415

    made = actions.write(
        by=director, at=at, title="晚高峰话务预案", body="今晚起按二级预案排队播报。", kind=Notice.Kind.INSTRUCTION,
        audience=Notice.Audience.ALL, must_confirm=True, in_force_from=at, in_force_until=at + WEEK,
    )  # fmt: skip
    actions.publish(notice=made, by=director, at=at)
    return made


def found(notice, shift):
    """What the centre holds after the change."""
    from handover.models import DeskRelief, Turn  # noqa: PLC0415
    from notices.models import Confirmation  # noqa: PLC0415
    from shifts.models import Call  # noqa: PLC0415

    states = DeskRelief.objects.filter(next_shift=shift).values_list("status").annotate(count=Count("pk"))
    return {
        "confirmations": Confirmation.objects.filter(version__notice=notice, person__assignments__shift=shift).count(),
        "present": Call.objects.filter(roll_call__shift=shift, outcome__in=Call.PRESENT, leads=False).count(),
        "reliefs": dict(states.order_by()),
        "turns": Turn.objects.filter(shift=shift, until_at=None).count(),
    }


if __name__ == "__main__":
    import sys

    django.setup()
    print(json.dumps(found(*map(int, sys.argv[1:]))))
