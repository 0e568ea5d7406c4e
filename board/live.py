"""The leader's live floor: every desk, the roll call, requests, duties, who is out; never more than 3 seconds old.

Most of it looks the same to all who may see it, and is drawn once. What depends on the reader (requests, and the
buttons of what they decide) is drawn for each.
"""

import collections
import datetime as dt
from functools import cached_property

from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from board import figures
from board.look import Look
from callcentre import clock, parts
from callcentre.access import access
from delivery.bell import Bell
from escalations.models import Case, Category
from floor import pages
from journal.marks import mark_of
from people.models import Role

READERS = (Role.LEADER, Role.INSPECTOR, Role.DIRECTOR, Role.CENTRE_DIRECTOR)
MOST_CASES = 200  # counted; more than that wait at no centre that works
MINE = 5  # requests of one's own that are shown with their buttons
EVERY = 2  # seconds between two polls
STALE = 10  # seconds after which the page says that it is out of date

MINUTE = dt.timedelta(minutes=1)  # who is out for how long is said by the minute
# Codes of the parts: drawn once for all readers, and for each. Under the figures stand two columns.
SHARED = ("figures", "desks", "calls", "duties", "unread")
OWN = ("requests", "out")
MAIN, SIDE = ("requests", "desks"), ("calls", "out", "duties", "unread")


def draw(centre, mark, at):
    """The parts that look the same to every reader."""
    look = Look(centre, at)
    context = {"look": look, "at": at, "figures": figures.of(look)}
    drawn = [parts.Part.drawn(code, f"board/live/_{code}.html", context) for code in SHARED]
    return parts.Drawn(mark, at, look.until, drawn)


KEPT = parts.Kept(draw)


class Screen:
    """The live floor as one reader sees it at the moment. own_step: the reader has just changed it themself."""

    def __init__(self, request, at, mark, *, own_step):
        self.request, self.person, self.at = request, request.user, at
        self.shared = KEPT.get(self.person.centre, mark, at, fresh=own_step)
        self.requests = Requests(self.person, at)
        self.away = pages.asked_or_out(self.person, at)

    @cached_property
    def parts(self):
        token = get_token(self.request)
        asked = [row for row in self.away if row.is_asked and row.expires_at > self.at]
        context = {"at": self.at, "csrf_token": token, "user": self.person, "requests": self.requests}
        context |= {"asked": asked, "out": [row for row in self.away if row.is_out]}
        own = [parts.Part.drawn(code, f"board/live/_{code}.html", context, without=token) for code in OWN]
        return [*self.shared.parts, *own]

    def part(self, code):
        return next(part for part in self.parts if part.code == code)

    @property
    def version(self):
        moments = [self.shared.until, *self.requests.moments, *([self.at + MINUTE] if self.away else [])]
        return parts.version(self.shared.mark, min(moments))


class Requests:
    """Open requests and reports that the reader may see: their own to answer, and of the others only what they are."""

    def __init__(self, person, at):
        cases = list(Case.objects.visible_to(person).open().with_names().order_by("-urgent", "pk")[:MOST_CASES])
        self.at, self.count = at, len(cases)
        self.mine = [case for case in cases if case.waits_for_id == person.pk]
        self.urgent = [case for case in cases if case.urgent and case.is_answerable]
        self.overdue = [case for case in cases if case.is_overdue(at)]
        self.moments = [case.answer_due_at for case in cases if case.answer_due_at and case.answer_due_at > at]

    @property
    def shown(self):
        return self.mine[:MINE]

    @property
    def more(self):
        return len(self.mine) - MINE

    @property
    def urgent_of_others(self):
        """[(category, how many, since when the oldest)]: whose they are and what they say stands on their pages."""
        found = collections.defaultdict(list)
        for case in self.urgent:
            if case not in self.shown:
                found[case.category].append(case)
        return [
            (Category(category), len(cases), min(case.submitted_at for case in cases))
            for category, cases in found.items()
        ]


@access(*READERS)
@require_safe
def show_live(request):
    request.carries_bell = True  # the poll of the page brings the bell along: it does not ask for itself
    at, mark = clock.now(), mark_of(request.user.centre_id)
    screen = Screen(request, at, mark, own_step=True)
    context = {
        "parts": screen.parts,
        "main": [screen.part(code) for code in MAIN],
        "side": [screen.part(code) for code in SIDE],
        "at": at,
        "version": screen.version,
        "every": EVERY,
        "stale": STALE,
        "build": parts.build(),
    }
    return parts.stamped(render(request, "board/live.html", context), at, screen.version)


@access(*READERS)
@require_safe
def poll_live(request):
    """What has changed since the version that the page shows; nothing (204) where nothing has."""
    at, mark = clock.now(), mark_of(request.user.centre_id)
    said, bell, stepped = request.GET.get("v", ""), bell_of(request), "said" in request.GET
    if parts.is_current(said, mark, at):
        changed = []
    else:
        screen = Screen(request, at, mark, own_step=stepped)
        changed, said = parts.changed(request, screen.parts), screen.version
    if not (changed or stepped) and bell is None:
        return parts.unchanged(at, said)
    context = {"parts": changed, "bell": bell, "said": stepped}
    request.carries_bell = True
    return parts.stamped(render(request, "board/live/_changed.html", context), at, said)


def bell_of(request):
    """The reader's bell, where the page asks and shows another; else None."""
    bell = Bell.of(request.user)
    return None if request.GET.get("bell", str(bell)) == str(bell) else bell
