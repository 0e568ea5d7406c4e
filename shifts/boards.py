"""A roster's own grid as those see it who edit it: its cells, what the checks find in them, and what can be undone."""

import collections
import dataclasses
import itertools

from callcentre import clock, words
from people.models import Role
from shifts import checking, grid, months, painting
from shifts.models import PUBLISHED_PLAN, Roster, Shift
from shifts.windows import Window

LISTED = 100  # findings a page; who has more begins with the worst
WORST_FIRST = {checking.REFUSE: 0, checking.WARN: 1, checking.NOTE: 2}
KINDS = {checking.REFUSE: "danger", checking.WARN: "warn"}
MARKED = (checking.REFUSE, checking.WARN)


@dataclasses.dataclass(frozen=True)
class Chosen:
    """Whose rows a page shows: `team` or None for all, the people of the page and one more where there is a next."""

    teams: list
    team: object
    people: list
    is_everybody: bool
    all_fit: bool = True

    @classmethod
    def asked(cls, reader, window, after, shifts, span):
        """A centre too large for one page opens with the reader's own team. `span`: the first and the last day."""
        text, after = window.filters["q"], after[:12]
        teams = grid.teams_of(reader.centre, shifts)
        team = next((team for team in teams if str(team.pk) == window.filters["team"]), None)
        is_everybody = not (team or text or after)
        all_fit = not (is_everybody and teams) or teams[0].all_fit
        if not all_fit:
            team = next((team for team in teams if team.pk == reader.team_id), teams[0])
        people = grid.members(reader.centre, shifts, span, team, text, after)
        return cls(teams, team, people, is_everybody and all_fit, all_fit)

    @property
    def page(self):
        return self.people[: grid.ROWS]


@dataclasses.dataclass(frozen=True)
class Steps:
    """`token` changes with every step of editing, and with every change after publication."""

    token: str
    can_undo: bool
    can_redo: bool


def steps_of(roster):
    """As they stand now."""
    return steps_read(Roster.objects.with_steps().get(pk=roster.pk))


def steps_read(roster):
    """As they were when the roster was fetched `with_steps()`."""
    is_draft = roster.status == Roster.Status.DRAFT
    token = f"{roster.status}-{roster.version}-{roster.last_step or 0}"
    return Steps(token, is_draft and bool(roster.last_step), is_draft and bool(roster.undone))


@dataclasses.dataclass(frozen=True)
class Said:
    """A finding, whom it is about ("" for a whole shift), and the place in the grid to look at."""

    effect: str
    text: str
    name: str
    anchor: str

    @property
    def kind(self):
        return KINDS.get(self.effect, "muted")


class Board:
    """`query` is the page's own: it says the days and the people. `pending`, {(person id, date): codes}, are drawn and
    judged as if the published roster had them. `steps`: where they have been read already."""

    def __init__(self, roster, reader, query, at, pending=None, steps=None):
        self.roster, self.reader = roster, reader
        self.today = clock.local_date(roster.centre, at)
        self.window = Window.asked(query, max(roster.from_on, min(self.today, roster.until_on)))
        self.first = max(self.window.from_on, roster.from_on)
        self.last = min(self.window.until_on, roster.until_on)
        self.steps = steps or steps_of(roster)
        self.grid, self.chosen, self.said, self.counts = None, None, [], collections.Counter()
        if self.first <= self.last:
            self._fill(query.get("after", ""), pending or {})

    @property
    def is_draft(self):
        return self.roster.status == Roster.Status.DRAFT

    @property
    def mode(self):
        """draft: each edit is saved at once; published: edits wait for a reason; read: neither."""
        if self.is_draft:
            return "draft"
        may_change = self.roster.status == Roster.Status.PUBLISHED and self.reader.has_role(Role.DIRECTOR)
        return "published" if may_change else "read"

    @property
    def has_earlier(self):
        return self.window.from_on > self.roster.from_on

    @property
    def has_later(self):
        return self.window.until_on < self.roster.until_on

    def _fill(self, after, pending):
        roster = self.roster
        shifts = Shift.objects.filter(roster=roster).between(roster.centre, self.first, self.last)
        self.chosen = Chosen.asked(self.reader, self.window, after, shifts, (self.first, self.last))
        ids = [member.pk for member in self.chosen.page]
        draft = roster if self.is_draft else PUBLISHED_PLAN
        period = checking.Period.load(roster.centre, self.first, self.last, plan=draft, people=ids)
        types = grid.types_of(roster.centre)
        period = changed(period, pending, types) if pending else period
        days = months.days_of(period.calendar, self.first, self.last, self.today)
        plan = grid.plan_of(period, days, types, ids)
        if roster.plan != roster.pk:  # published beside others: only its own shifts
            plan = plan.of_shifts(set(shifts.values_list("pk", flat=True)))
        findings = checking.judge(period, ids)
        self.grid = painting.paint(
            plan, self.chosen.people, self.reader, marks=marks_of(findings), editable=self.mode != "read"
        )
        self._say(findings)

    def _say(self, findings):
        names = {member.pk: member.name for member in self.chosen.page}
        self.counts = collections.Counter(found.effect for found in findings)
        findings.sort(key=lambda found: (WORST_FIRST.get(found.effect, 3), found.on))
        self.said = [
            Said(found.effect, found.text, names.get(found.person_id, ""), anchor_of(found))
            for found in findings[:LISTED]
        ]

    @property
    def keys(self):
        """[(key, type)]: the Latin letter that sets a type, where one is free; o and s have their own meaning."""
        taken, found = set("os"), []
        for kind in self.grid.types:
            key = next(
                (
                    letter
                    for letter in f"{kind.code}{kind.letter_en}".lower()
                    if letter.isalpha() and letter not in taken
                ),
                "",
            )
            if key:
                taken.add(key)
                found.append((key, kind))
        return found

    @property
    def more(self):
        return self.window.query_with(team=self.chosen.team.pk if self.chosen.team else "", after=self.grid.after)

    @property
    def unsaid(self):
        return self.counts.total() - len(self.said)


def anchor_of(finding):
    """The id of the cell, or of the day's head where the finding is about nobody."""
    return f"c{finding.person_id}-{finding.on}" if finding.person_id else f"d{finding.on}"


def marks_of(findings):
    """{(person id, date): Mark} of what refuses or warns; a cell with several has the worst one's look."""
    found = collections.defaultdict(list)
    for finding in findings:
        if finding.person_id and finding.effect in MARKED:
            found[finding.person_id, finding.on].append(finding)
    return {place: mark_of(several) for place, several in found.items()}


def mark_of(findings):
    worst = min(findings, key=lambda found: WORST_FIRST[found.effect])
    return painting.Mark(worst.effect, words.pick("；", "; ").join(found.text for found in findings))


def changed(period, pending, types):
    """The Period in which the cells hold these codes: on a shift that there is, else on one made for them."""
    removed, added, numbers = [], [], itertools.count(-1, -1)
    slots = {(slot.on, slot.code): slot for slot in period.slots.values() if slot.is_own}
    for (person_id, on), codes in pending.items():
        held = [turn for turn in period.turns.get(person_id, ()) if turn.is_own and turn.on == on]
        wanted = [code for code in codes.split() if code in types]
        removed += [(person_id, period.slots[turn.shift_id]) for turn in held if turn.code not in wanted]
        for code in set(wanted) - {turn.code for turn in held}:
            slot = slots.setdefault((on, code), slot_of(types[code], on, period, next(numbers)))
            added.append((person_id, slot))
    return period.with_changes(removed=removed, added=added)


def slot_of(kind, on, period, number):
    """A shift that a pending edit would make."""
    names = period.names.setdefault(kind.code, (kind.name_zh, kind.name_en))
    return checking.Slot(number, on, kind.code, names, "", *kind.span(on), kind.colour == "N")
