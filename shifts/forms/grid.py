"""What the grid and its cell pages send: cells as `person:date:code`, and after another colon what they held before."""

import dataclasses
import datetime as dt
import re

from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused, texts
from people.models import Person, Team
from shifts.windows import parse_date

CELL = re.compile(r"([1-9][0-9]{0,17}):(2[0-9]{3}-[0-9]{2}-[0-9]{2}):([A-Z0-9+]{0,40})(?::([A-Z0-9+]{0,40}))?")
MOST = 5000  # cells at once: 80 rows of a month and more

texts(
    {
        "cells_unreadable": _("The page sent cells that cannot be read. Load it again."),
        "too_many_cells": _("Up to %(most)s cells are changed at once. Choose fewer."),
    }
)


@dataclasses.dataclass(frozen=True)
class SentCells:
    """`cells` {(person id, date): codes with blanks between}, `expected` the same as the editor saw them."""

    cells: dict
    expected: dict

    @property
    def people(self):
        return {person_id for person_id, _on in self.cells}

    @property
    def wanted(self):
        return [(person_id, on, code) for (person_id, on), code in self.cells.items()]


def read_cells(post):
    """The SentCells of a POST: its fields `cell`, each one or more with blanks between.

    Raises Refused: "cells_unreadable", "too_many_cells".
    """
    cells, expected = {}, {}
    for text in " ".join(post.getlist("cell")).split():
        place, code, seen = read_cell(text)
        cells[place] = code
        if seen is not None:
            expected[place] = seen
    if not cells:
        raise Refused("cells_unreadable")
    if len(cells) > MOST:
        raise Refused("too_many_cells", most=MOST)
    return SentCells(cells, expected)


def read_cell(text):
    """((person id, date), code, code as the editor saw it or None) of `12:2026-11-23:D:N`."""
    found = CELL.fullmatch(text)
    try:
        on = dt.date.fromisoformat(found[2])
    except (TypeError, ValueError):
        raise Refused("cells_unreadable") from None
    return (int(found[1]), on), found[3].replace("+", " "), found[4] and found[4].replace("+", " ")


def read_fill(post, roster):
    """What actions.fill_roster takes besides: the days (all of the roster's by default), and a team or people or all.

    Raises Refused("cells_unreadable").
    """
    from_on = parse_date(post.get("from_on")) or roster.from_on
    found = {"from_on": from_on, "until_on": parse_date(post.get("until_on")) or roster.until_on}
    team, people = read_numbers(post.get("team", "")), read_numbers(post.get("people", ""))
    if team:
        found["teams"] = list(Team.objects.filter(centre=roster.centre_id, pk__in=team))
    if people:
        found["people"] = list(Person.objects.filter(centre=roster.centre_id, pk__in=people))
    return found


def read_numbers(text):
    numbers = text.split()[:MOST]
    if not all(re.fullmatch(r"[1-9][0-9]{0,17}", number) for number in numbers):
        raise Refused("cells_unreadable")
    return [int(number) for number in numbers]
