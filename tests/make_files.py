"""Calendars and sheets for tests: the private address of a person, a published change, a workbook."""

import io

from django.urls import reverse
from openpyxl import Workbook, load_workbook

from people.models import Role
from shifts import actions
from shifts.models import Version
from tests import make, make_shifts


def address(person, *, at=None):
    """A new calendar address of the person: its path."""
    token = actions.renew_feed(person=person, by=person, at=at or make.at(8, on=make.FIRST_DAY))
    return reverse("shifts:read_feed", args=[token])


def shift(**fields):
    """A shift whose roster was published long before it."""
    made = make_shifts.shift(**fields)
    if made.roster.published_at:
        made.roster.published_at = make.at(8, on=make.FIRST_DAY)
        made.roster.save()
    return made


def change(*, removed=(), added=(), at, by=None, kind=Version.Kind.EDITED):
    """Published turns go and come: (person, shift) each."""
    by = by or make.person(role=Role.DIRECTOR, name="周主任")
    turns = ([(person, shift, None) for person, shift in each] for each in (removed, added))
    return actions.change_turns(removed=next(turns), added=next(turns), by=by, at=at, kind=kind, reason="换班")


def opened(content):
    return load_workbook(io.BytesIO(content))


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook(rows, *, title="排班表"):
    """The bytes of a workbook with one sheet of these rows."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return saved(book)
