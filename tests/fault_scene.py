"""Who raises requests while a server of theirs is killed: for `bench.counts`, in the process that has the settings.

`python -m tests.fault_scene` says afterwards what the centre holds of them, as JSON; with an address it gives the
centre a group that hears of requests there.
"""

import json
import sys
from collections import Counter

import django
from django.urls import reverse

TEXT = "演练：第%s通来电，客户要求当场答复赔偿。"
NUMBERS = [str(number) for number in range(1101, 1113)]


def pages():
    from bench.counts import Visitor  # noqa: PLC0415 - in the process that has the site's settings
    from people.models import Person  # noqa: PLC0415

    people = {person.employee_number: person for person in Person.objects.filter(employee_number__in=NUMBERS)}
    path = reverse("escalations:new_case")
    yield {"name": "raise", "path": path, "cookies": [Visitor(people[number]).cookie for number in NUMBERS]}


def give_group(address):
    from people.models import Person  # noqa: PLC0415
    from tests import make_delivery  # noqa: PLC0415

    centre = Person.objects.get(employee_number=NUMBERS[0]).centre
    make_delivery.channel(address=address, centre=centre, topics=["requests"])


def held():
    """Counts of counts: {"1": 1000} says that each of a thousand has one."""
    from delivery.models import Announcement, Dispatch, Message  # noqa: PLC0415
    from escalations.models import Case  # noqa: PLC0415
    from journal.models import Entry  # noqa: PLC0415

    cases = Case.objects.filter(what_happened__startswith=TEXT[:3])
    addressees = {case.pk: case.level.person_id for case in cases.select_related("level")}
    rows = Entry.objects.filter(verb="escalation.submitted", object_id__in=list(addressees))
    journal = Counter(rows.values_list("object_id", flat=True))
    told = Message.objects.filter(kind__startswith="escalation.waits").values_list("facts", "person")
    bells = Counter((facts["case"], person) for facts, person in told if facts["case"] in addressees)
    outside = Dispatch.objects.filter(announcement__kind__startswith="escalation.waits")
    waited = Counter(facts["case"] for facts in outside.values_list("announcement__facts", flat=True))
    return {
        "cases": len(addressees),
        "texts": cases.values("what_happened").distinct().count(),
        "queued": Announcement.objects.queued().count(),
        "journal rows a case": Counter(journal[pk] for pk in addressees),
        "bells of its addressee": Counter(bells[pair] for pair in addressees.items()),
        "bells": sum(bells.values()),
        "dispatches a case": Counter(waited[pk] for pk in addressees),
        "dispatches": Counter(Dispatch.objects.values_list("status", flat=True)),
        "tick": seconds_since_tick(),
    }


def seconds_since_tick():
    from callcentre import clock  # noqa: PLC0415
    from duties.models import Heartbeat  # noqa: PLC0415

    ticked = Heartbeat.objects.values_list("ticked_at", flat=True).first()
    return (clock.now() - ticked).total_seconds()


if __name__ == "__main__":
    django.setup()
    if sys.argv[1:]:
        give_group(*sys.argv[1:])
    else:
        print(json.dumps(held()))
