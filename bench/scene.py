"""The product's pages that are measured, and who asks for them: the leader on duty, an agent, the director."""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse

from bench.counts import Visitor
from callcentre import clock, parts
from delivery.bell import Bell
from escalations.models import Case
from handover.models import Log
from journal.marks import mark_of
from people.models import Person
from shifts.models import Leave, Roster, Swap


def pages():
    people = Person.objects.select_related("centre")
    leader, agent, director = (people.get(employee_number=number) for number in ("1100", "1101", "8001"))
    log = Log.objects.current(leader.centre, clock.now()).get()
    case = Case.objects.visible_to(leader).filter(status=Case.Status.PASSED_UP).last()
    bell = Bell.of(leader)
    boss, colleague, above = Visitor(leader), Visitor(agent), Visitor(director)
    yield boss.page("start page, leader", reverse("board:start"))
    yield colleague.page("start page, agent", reverse("board:start"))
    yield colleague.page("my desk", reverse("board:show_my_desk"))
    yield colleague.page("my month", reverse("shifts:show_mine"))
    yield boss.page("roster month", reverse("shifts:show_roster"))
    draft = Roster.objects.filter(status=Roster.Status.DRAFT).first()
    yield boss.page("roster draft", reverse("shifts:show_draft", args=[draft.pk]))
    yield above.page("publish a roster", reverse("shifts:publish_roster", args=[draft.pk]))
    yield boss.page("open swap", Swap.objects.filter(status=Swap.Status.ACCEPTED).first().get_absolute_url())
    yield boss.page("open leave", Leave.objects.filter(status=Leave.Status.REQUESTED).first().get_absolute_url())
    yield boss.page("log", reverse("handover:show_log", args=[log.pk]))
    yield boss.page("logs", reverse("handover:list_logs"))
    yield boss.page("search the logs", f"{reverse('handover:search_logs')}?{urlencode({'q': '耳机'})}")
    yield boss.page("case", reverse("escalations:show_case", args=[case.pk]))
    yield boss.page("bell, unchanged", f"{reverse('delivery:poll_bell')}?shown={bell}")
    yield boss.page("live floor", reverse("board:show_live"))
    shown = parts.version(mark_of(leader.centre_id), clock.now() + dt.timedelta(days=1))
    yield boss.page("live floor, unchanged", f"{reverse('board:poll_live')}?v={shown}&bell={bell}")
    yield colleague.page("search answers", f"{reverse('notices:search_answers')}?q=宽带断网怎么办")
    yield Visitor().page("health", reverse("health_live"))
    # The last one: each entry makes the log longer.
    note = {"section": "equipment", "text": "三号席耳机有杂音"}
    yield colleague.page("write an entry", reverse("handover:add_entry", args=[log.pk]), post=note)
