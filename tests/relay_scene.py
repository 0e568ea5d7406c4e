"""What a relay is to send while it is killed again and again: run by tests/delivery/test_relay_faults.py as a program.

`prepare ADDRESS COUNT`, `held` (what there is, as JSON), `careless` (a relay whose claim and whose messages are two
transactions, as it must not be).
"""

import json
import sys
import time
from collections import Counter

import django

TEXT = "escalation.closed"  # a kind that robots hear of, with the number of a case


def prepare(address, count):
    from callcentre import clock  # noqa: PLC0415 - in the process that has the site's settings
    from tests import make, make_delivery  # noqa: PLC0415

    make_delivery.channel(address=address, topics=["requests"])
    people = [make.person() for _number in range(3)]
    for case in range(int(count)):
        make_delivery.announcement(to=people, at=clock.now(), kind=TEXT, urgent=True, case=case)


def held():
    from delivery.models import Announcement, Dispatch, Message  # noqa: PLC0415

    pairs = Counter((facts["case"], person) for facts, person in Message.objects.values_list("facts", "person"))
    sent = Dispatch.objects.filter(status=Dispatch.Status.SENT)
    return {
        "queued": Announcement.objects.queued().count(),
        "bells of a case and person": Counter(pairs.values()),
        "different bells": len(pairs),
        "dispatches": Counter(Dispatch.objects.values_list("status", flat=True)),
        "cases sent outside": sent.values("announcement").distinct().count(),
    }


def careless():
    from delivery import actions  # noqa: PLC0415
    from delivery.management.commands import relay  # noqa: PLC0415

    move = actions.move

    def slow(*args):
        move(*args)
        time.sleep(0.05)  # here it is killed

    actions.move, actions.send = slow, actions.send.__wrapped__
    relay.Command().execute(once=False, no_color=True, force_color=False, skip_checks=True)


if __name__ == "__main__":
    django.setup()
    what, *arguments = sys.argv[1:]
    if said := {"prepare": prepare, "held": held, "careless": careless}[what](*arguments):
        print(json.dumps(said))
