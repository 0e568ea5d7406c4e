from django.db import DatabaseError
from django.db.models import Subquery
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from board import waiting
from board.search import LONGEST, search
from callcentre import clock
from callcentre.access import EVERYONE, PUBLIC, access
from delivery.models import Announcement, Channel, Message
from duties.ticking import is_alive
from duties.waiting import waiting_for as duties_waiting_for
from people.models import Role
from shifts import line
from shifts.models import Shift

NEWEST = 5
WRITERS = (Role.AGENT, Role.LEADER)


@access(EVERYONE)
@require_safe
def start(request):
    """What waits for me now, who is on, when I am on next, today's duties, the newest messages."""
    person, at = request.user, clock.now()
    duties = duties_waiting_for(person, at, shifts_around(person, at))
    on_floor = [shift for shift in duties.shifts if shift.is_on_floor(at)]
    coming = [shift for shift in duties.shifts if shift.starts_at > at and (shift.has_reader or shift.leader == person)]
    context = {
        "at": at,
        "today": clock.local_date(person.centre, at),
        "items": waiting.waiting_for(person, at, duties),
        "on_floor": sorted(on_floor, key=line.duty_order, reverse=True),
        "mine": coming[0] if coming else None,
        "duties": duties.of_day,
        "messages_newest": Message.objects.newest_of(person)[:NEWEST],
        "writes": person.has_role(*WRITERS),
    }
    return render(request, "board/start.html", context)


def shifts_around(person, at):
    """The shifts on the floor, and the person's next one."""
    published = Shift.objects.published()
    following = published.coming(person.centre, at).with_on_it(person).values("pk")[:1]
    next_one = Shift.objects.filter(pk=Subquery(following))
    on_floor = published.on_floor(person.centre, at)
    return Shift.objects.filter(pk__in=on_floor.order_by().values("pk").union(next_one.order_by().values("pk")))


@access(EVERYONE)
@require_safe
def search_all(request):
    query = request.GET.get("q", "").strip()[:LONGEST]
    return render(request, "board/search.html", {"search_query": query, "kinds": search(request.user, query)})


@access(PUBLIC)
@require_safe
@never_cache
def ready(request):
    """Whether this centre works: its database answers, its clock ticks, its relay sends. 503 tells a watchdog.

    A channel outside that does not get through is said too, and is no reason for 503: the bell rings all the same.
    """
    at = clock.now()
    try:
        ticking, stuck = is_alive(at), Announcement.objects.stuck(at)
        failing = Channel.objects.failing().count()
    except DatabaseError:
        return JsonResponse({"database": "no answer"}, status=503)
    said = {
        "database": "ok",
        "tick": "ok" if ticking else "none for three minutes",
        "relay": "none for three minutes" if stuck else "ok",
        "channels": f"{failing} not getting through" if failing else "ok",
    }
    return JsonResponse(said, status=200 if ticking and not stuck else 503)
