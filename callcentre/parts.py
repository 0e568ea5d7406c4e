"""What a screen that stays open shows, part by part: drawn once for all who see the same, and sent when it changed.

A screen names the version that it shows. It is made of the journal's mark, of the moment from which the clock alone
changes something (a duty becomes overdue), and of the build: while all three stand nothing is drawn.
"""

import collections
import dataclasses
import datetime as dt
import hashlib
import math
import threading

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

# So old may a drawing be that others are shown while every second brings something new: with the two seconds between
# two polls nobody's screen is older than three.
YOUNG = dt.timedelta(seconds=0.75)


@dataclasses.dataclass(frozen=True)
class Part:
    code: str
    html: str
    digest: str

    @classmethod
    def drawn(cls, code, template, context, *, without=""):
        """`without`: what differs each time and means nothing, a form's token."""
        html = render_to_string(template, context)
        return cls(code, html, hashlib.blake2s(html.replace(without or "\0", "").encode(), digest_size=6).hexdigest())


@dataclasses.dataclass(frozen=True)
class Drawn:
    """Parts as they were at `at` and stay until `until`, unless the journal's mark moves."""

    mark: int
    at: object
    until: object
    parts: tuple = ()

    def holds(self, mark, at):
        return self.mark == mark and self.at <= at < self.until

    @property
    def html(self):
        return mark_safe("".join(part.html for part in self.parts))  # noqa: S308 - drawn by templates

    def is_young(self, at):
        return self.at <= at < min(self.until, self.at + YOUNG)

    @property
    def version(self):
        return version(self.mark, self.until)


class Kept:
    """The newest Drawn of each centre and language: what a hundred screens show is drawn once a process.

    A process draws anew at most once in YOUNG, however much happens, unless a `fresh` one is asked for.
    """

    def __init__(self, draw):
        self.draw = draw
        self.locks, self.found = collections.defaultdict(threading.Lock), {}

    def get(self, centre, mark, at, *, fresh=False):
        key = centre.pk, get_language()
        with self.locks[key]:
            drawn = self.found.get(key)
            if drawn is None or not (drawn.holds(mark, at) or (drawn.is_young(at) and not fresh)):
                drawn = self.found[key] = self.draw(centre, mark, at)
        return drawn

    def forget(self):
        self.found.clear()


def build():
    """Names the static files of this release; nothing where their names carry no hash."""
    return getattr(staticfiles_storage, "manifest_hash", "") or ""


def version(mark, until):
    return f"{mark}.{math.ceil(until.timestamp())}.{build()}"


def is_current(said, mark, at):
    """Whether a screen that says this version shows what there is."""
    of, _dot, rest = said.partition(".")
    until, _dot, built = rest.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) < 12):
        return False
    return of == str(mark) and at.timestamp() < int(until) and built == build()


def changed(request, parts):
    """Those whose digest is not the one that the screen says it shows."""
    return [part for part in parts if request.GET.get(part.code) != part.digest]


def stamped(response, at, said):
    """With what the screen says of itself and asks with next time."""
    response["X-Live-At"] = at.isoformat()
    response["X-Live-Version"] = said
    response["X-Live-Build"] = build()
    response["Cache-Control"] = "no-store"
    return response


def unchanged(at, said):
    """204, never 304: a browser turns that into 200 with the old content."""
    return stamped(HttpResponse(status=204), at, said)
