"""Draws the grid. A month of 60 people has 1,860 cells and some ten that differ: each of those is drawn once."""

import collections
import dataclasses
import html

from django.template.defaultfilters import floatformat
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from people.models import CalendarDay
from shifts.grid import ROWS
from shifts.models import Colour

PLACE = "@@"  # stands in a drawn cell for the person and the day


@dataclasses.dataclass(frozen=True)
class Row:
    """A person's cells and what they add up to, drawn; `by_day` {date: codes}, `key` the person's id."""

    key: str
    member: object
    is_reader: bool
    cells: str
    totals: str
    by_day: dict


@dataclasses.dataclass(frozen=True)
class Grid:
    """`rows` of people, `feet` [(type, drawn cells)], `types` for the legend, `after`: where the next page begins."""

    days: list
    rows: list
    feet: list
    types: list
    has_leave: bool
    after: str


def paint(plan, people, reader, *, marks=None, editable=False):
    """The Grid of a page of these people (as `grid.members` finds them). `marks` {(person id, date): Mark}."""
    page, rest = people[:ROWS], people[ROWS:]
    painter = Painter(plan, marks or {}, editable)
    rows = [painter.row(member, member.pk == reader.pk) for member in page]
    types = [kind for kind in plan.types.values() if editable or kind.code in painter.used]
    return Grid(plan.days, rows, painter.feet(types), types, bool(plan.away), page[-1].number if rest else "")


class Painter:
    def __init__(self, plan, marks, editable):
        self.plan, self.marks, self.editable = plan, marks, editable
        self.used = {code for _on, code in [*plan.heads, *plan.wanted]}
        self.holidays = {day.on for day in plan.days if day.mark == CalendarDay.Kind.HOLIDAY}
        self.weekends = {day.on for day in plan.days if day.is_rest} - self.holidays
        self.nights = {code for code, kind in plan.types.items() if kind.colour == Colour.NIGHT}
        self.keys = [(day.on, day.on.isoformat(), day.is_rest, day.on in plan.planned) for day in plan.days]
        self.template, self.foot_template = get_template("shifts/_cell.html"), get_template("shifts/_foot_cell.html")
        self.drawn, self.drawn_feet = {}, {}

    def row(self, member, is_reader):
        turns, by_day = self.plan.turns.get(member.pk, ()), collections.defaultdict(tuple)
        for turn in turns:
            by_day[turn.on] += (turn.code,)
        return Row(str(member.pk), member, is_reader, self.cells(member.pk, by_day), self.totals(turns), by_day)

    def totals(self, turns):
        """Turns, hours, nights, turns on weekends and on public holidays."""
        hours = floatformat(sum([turn.minutes for turn in turns]) / 60)
        nights = len([turn for turn in turns if turn.code in self.nights])
        weekends = len([turn for turn in turns if turn.on in self.weekends])
        holidays = len([turn for turn in turns if turn.on in self.holidays])
        figures = len(turns), hours, nights, weekends, holidays
        return mark_safe("".join([f'<td class="number">{figure}</td>' for figure in figures]))  # noqa: S308 - numbers

    def cells(self, person_id, by_day):
        """A month of 60 people has thousands: no call for one that looks like one before."""
        drawn, away, marks, cells = self.drawn, self.plan.away, self.marks, []
        for on, date, is_rest, is_planned in self.keys:
            place = person_id, on
            key = is_rest, by_day.get(on, ()), is_planned, place in away
            cell = drawn.get(key) or self.draw(key)
            if self.editable:
                cell = cell.replace(PLACE, f"cells/{person_id}/{date}/")
            if place in marks:
                cell = marked(cell, f"c{person_id}-{date}", marks[place])
            cells.append(cell)
        return mark_safe("".join(cells))  # noqa: S308 - drawn by a template

    def draw(self, key):
        rest, codes, planned, away = key
        types = [self.plan.types[code] for code in codes]
        context = {"rest": rest, "types": types, "planned": planned, "away": away, "place": self.editable and PLACE}
        context["code"] = " ".join(codes)
        self.drawn[key] = drawn = self.template.render(context).strip()
        return drawn

    def feet(self, types):
        """[(type, its cells)] of how many people each day has, beside how many it needs."""
        return [(kind, mark_safe("".join([self.foot(kind, day) for day in self.plan.days]))) for kind in types]  # noqa: S308 - drawn by a template

    def foot(self, kind, day):
        place = day.on, kind.code
        key = self.plan.heads.get(place, 0), self.plan.wanted.get(place)
        if key not in self.drawn_feet:
            heads, wanted = key
            self.drawn_feet[key] = self.foot_template.render(foot_words(heads, wanted)).strip()
        return self.drawn_feet[key]


def foot_words(heads, wanted):
    short = max((wanted or 0) - heads, 0)
    return {"heads": heads, "wanted": wanted, "short": short, "over": wanted is not None and heads > wanted}


def day_list(grid, plan, on):
    """A day of the grid for a narrow screen: [(type, [Row])] of who works what, those who rest, and who is away."""
    rows = {row.member.pk: row for row in grid.rows}
    groups = [(kind, [row for row in grid.rows if kind.code in row.by_day.get(on, ())]) for kind in grid.types]
    away = [rows[pk] for pk, day in plan.away if day == on and pk in rows]
    rest = [row for row in grid.rows if not row.by_day.get(on) and row not in away]
    groups = [(kind, sorted(found, key=lambda row: not row.member.leads)) for kind, found in groups if found]
    return {"day": next(day for day in grid.days if day.on == on), "groups": groups, "rest": rest, "away": away}


def marked(cell, name, mark):
    """The drawn cell with what a check found in it: an id that the list of findings links to, and the sentences."""
    return f'<td id="{name}" data-breach="{mark.effect}" title="{html.escape(mark.text)}"{cell[3:]}'


@dataclasses.dataclass(frozen=True)
class Mark:
    effect: str
    text: str
