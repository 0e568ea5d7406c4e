"""What a sheet would change in a draft: every cell that differs, and every cell that cannot be read, by its address."""

import collections
import dataclasses
import datetime as dt
import itertools
import re

from django.core import signing
from django.utils.translation import gettext_lazy as _

from callcentre import words
from callcentre.refusals import Refused, texts
from people.importing import clean_code, shown
from shifts.sheet_reading import Problem, address

LASTS = 60 * 60
LARGEST_TOKEN = 2_000_000  # a form of ours may be 2.5 MB
REST = frozenset(("", "-", "–", "—", "休", "休息", "off", "rest"))
BETWEEN = re.compile(r"[\s,、;+/]+")

texts(
    {
        "sheet_unknown_code": _("There is no such shift. Use one of: %(known)s. A day of rest is left empty."),
        "sheet_ambiguous_code": _("Several shifts are called so: %(codes)s. Write the code."),
        "sheet_unknown_number": _("Nobody of this centre has this employee number. Correct it or remove the row."),
        "sheet_row_twice": _("Row %(first)s has the same employee number. Keep one of the two rows."),
        "sheet_other_name": _("Employee number %(number)s is %(name)s. Correct the number or the name."),
        "sheet_day_outside": _("This day is not in the roster (%(from_on)s to %(until_on)s). Remove the column."),
        "sheet_left": _("%(name)s has left, so only rest can be entered."),
        "sheet_overlap": _("%(late)s begins before %(early)s on %(day)s ends. Change one of them."),
        "sheet_token_expired": _("The checked sheet is older than an hour or not yours. Check the file again."),
        "sheet_too_many_changes": _("These are too many changes for one file. Split it by team."),
    }
)


@dataclasses.dataclass(frozen=True)
class Change:
    on: dt.date
    before: tuple
    after: tuple
    address: str


@dataclasses.dataclass
class Plan:
    """`people`: [(Worker, [Change])] of whom something changes."""

    people: list = dataclasses.field(default_factory=list)
    problems: list = dataclasses.field(default_factory=list)
    read: int = 0

    @property
    def count(self):
        return sum(len(changes) for _worker, changes in self.people)

    @property
    def cells(self):
        """[[person id, date, codes before, codes after]] as plain text."""
        return [
            [worker.pk, str(change.on), " ".join(change.before), " ".join(change.after)]
            for worker, changes in self.people
            for change in changes
        ]


class Codes:
    """Reads what a cell says: codes, letters and names of shifts in both languages, whichever somebody typed."""

    def __init__(self, types):
        self.known = [kind.code for kind in types]
        self.named = collections.defaultdict(set)
        for kind in types:
            for name in (kind.letter_zh, kind.letter_en, kind.name_zh, kind.name_en):
                self.named[clean_code(name).casefold()].add(kind.code)
        for code in self.known:
            self.named[code.casefold()] = {code}  # a code is never mistaken for another's letter
        self.seen = {}

    def read(self, text):
        """The codes. Raises Refused: "sheet_unknown_code", "sheet_ambiguous_code"."""
        if text not in self.seen:
            self.seen[text] = self._read(text)
        return self.seen[text]

    def _read(self, text):
        whole = text.casefold()
        if whole in REST and whole not in self.named:
            return ()
        parts = [text] if whole in self.named else [part for part in BETWEEN.split(text) if part]
        return tuple(dict.fromkeys(self._one(part) for part in parts))

    def _one(self, part):
        found = self.named.get(part.casefold(), set())
        if not found:
            raise Refused("sheet_unknown_code", known=" ".join(self.known))
        if len(found) > 1:
            raise Refused("sheet_ambiguous_code", codes=" ".join(sorted(found)))
        return next(iter(found))


def compare(matrix, table):
    """The Plan for a Table against the roster that `matrix` holds, whole."""
    made = Plan(problems=list(table.problems), read=len(table.lines))
    dates = known_dates(made, matrix, table)
    codes = Codes(list(matrix.types.values()))
    for line, worker in known_workers(made, matrix, table):
        if changes := changes_of(made, matrix, line, worker, dates, codes):
            made.people.append((worker, changes))
    for worker, changes in made.people:
        made.problems += overlaps(matrix, worker, changes)
    made.problems.sort(key=lambda problem: problem.place)
    return made


def known_dates(made, matrix, table):
    """{column: date} of the roster's days. A column of another day is wrong as soon as it holds anything."""
    days = [day.on for day in matrix.days]
    inside = {column: on for column, on in table.dates.items() if days[0] <= on <= days[-1]}
    span = {"from_on": words.day(days[0]), "until_on": words.day(days[-1])}
    for column, on in table.dates.items():
        if column not in inside and any(line.cells.get(column) for line in table.lines):
            where = address(table.heading, column)
            made.problems.append(Problem(where, str(on), Refused("sheet_day_outside", **span)))
    return inside


def known_workers(made, matrix, table):
    """Yields (Line, Worker), each worker once."""
    by_number, rows = {worker.number: worker for worker in matrix.workers}, {}
    for line in table.lines:
        where, worker = address(line.row, table.number_column), by_number.get(line.number)
        if worker is None:
            made.problems.append(Problem(where, shown(line.number), Refused("sheet_unknown_number")))
        elif line.number in rows:
            refused = Refused("sheet_row_twice", first=rows[line.number])
            made.problems.append(Problem(where, line.number, refused))
        elif line.name and line.name != worker.name:
            refused = Refused("sheet_other_name", number=worker.number, name=worker.name)
            made.problems.append(Problem(address(line.row, table.name_column), shown(line.name), refused))
        else:
            rows[line.number] = line.row
            yield line, worker


def changes_of(made, matrix, line, worker, dates, codes):
    changes = []
    for column, text in line.cells.items():
        if column not in dates:
            continue
        on, where = dates[column], address(line.row, column)
        before = matrix.codes(worker.pk, on)
        try:
            after = codes.read(text)
            if sorted(before) == sorted(after):
                continue
            if after and not worker.is_active:
                raise Refused("sheet_left", name=worker.name)
            changes.append(Change(on, before, after, where))
        except Refused as refused:
            made.problems.append(Problem(where, shown(text), refused))
    return changes


def overlaps(matrix, worker, changes):
    """A Problem for each pair of the worker's turns that would share hours: in the cell that the sheet changes."""
    changed = {change.on: change for change in changes}
    by_code = {kind.code: kind for kind in matrix.types.values()}
    turns = []
    for day in matrix.days:
        codes = changed[day.on].after if day.on in changed else matrix.codes(worker.pk, day.on)
        turns += [(*by_code[code].span(day.on), by_code[code], day.on) for code in codes]
    turns.sort(key=lambda turn: turn[0])
    for early, late in itertools.pairwise(turns):
        change = changed.get(late[3]) or changed.get(early[3])
        if late[0] < early[1] and change:
            facts = {"late": late[2].name, "early": early[2].name, "day": words.day(early[3])}
            yield Problem(change.address, " ".join(change.after), Refused("sheet_overlap", **facts))


def pack(person, roster, plan):
    """The checked changes, signed for this person and this roster: any web process can go on with them.

    Raises Refused("sheet_too_many_changes") where they do not fit into a form.
    """
    token = signing.dumps([person.pk, roster.pk, plan.cells], salt="shifts.sheet", compress=True)
    if len(token) > LARGEST_TOKEN:
        raise Refused("sheet_too_many_changes")
    return token


def unpack(person, roster, token):
    """({(person id, date): codes}, the same as they were), for edit_roster. Raises Refused("sheet_token_expired")."""
    try:
        owner, roster_pk, rows = signing.loads(token, salt="shifts.sheet", max_age=LASTS)
    except signing.BadSignature as bad:
        raise Refused("sheet_token_expired") from bad
    if (owner, roster_pk) != (person.pk, roster.pk):
        raise Refused("sheet_token_expired")
    days = [(pk, dt.date.fromisoformat(on), before, after) for pk, on, before, after in rows]
    return (
        [(pk, on, after) for pk, on, _before, after in days],
        {(pk, on): before for pk, on, before, _after in days},
    )
