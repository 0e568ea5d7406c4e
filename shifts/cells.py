"""A roster's cells in memory: the turns of each person on each day, and what an edit takes away and adds."""

import collections
import dataclasses
import datetime as dt
import itertools

from callcentre import words
from callcentre.refusals import Refused
from people.models import Person, Role, RoleAssignment
from shifts import planning, rules
from shifts.models import Assignment, Desk, Shift, ShiftType

DAY = dt.timedelta(days=1)
NOBODY = planning.Crew({})


@dataclasses.dataclass(frozen=True)
class Turn:
    """A person's part in a shift. `row` is its saved assignment; who leads has none."""

    person_id: int
    shift: Shift
    leads: bool
    desk_id: int | None = None
    row: int | None = None

    @property
    def code(self):
        return self.shift.type.code

    @property
    def place(self):
        """As an Edit keeps it beside the code."""
        return [self.shift.team_id, self.leads, self.desk_id]


class Staff:
    """The people of an edit, and on which dates they hold the leader's role: two statements."""

    def __init__(self, centre_id, ids):
        self.people = Person.objects.filter(centre=centre_id).in_bulk(ids)
        rows = RoleAssignment.objects.filter(person__in=self.people, role=Role.LEADER)
        self.leading = collections.defaultdict(list)
        for row in rows:
            self.leading[row.person_id].append(row)

    def may_lead(self, person_id, on):
        return any(row.covers(on) for row in self.leading[person_id])


def key(shift):
    """What is unique in a roster, and known before the shift is saved."""
    return shift.type.code, shift.team_id, shift.on


def codes_of(text):
    """The codes of a cell as somebody wrote it: "" for rest, "D", or several turns of one day with a blank between."""
    return tuple(dict.fromkeys(text.split() if isinstance(text, str) else text))


class Cells:
    """The turns of a roster on some days. `removed` and `added` gather what `set` and `restore` change."""

    def __init__(self, roster, days, staff):
        """Loads the days with their neighbours, in which an overlap is looked for: three statements."""
        self.roster, self.staff = roster, staff
        self.types = {
            row.code: row for row in ShiftType.objects.filter(centre=roster.centre_id).select_related("centre")
        }
        self.shifts: dict[tuple, Shift] = {}
        self.of_type: dict[tuple, list[Shift]] = collections.defaultdict(list)
        self.turns: dict[tuple, list[Turn]] = collections.defaultdict(list)
        self.heads: dict[tuple, int] = collections.Counter()
        self.desks: dict[tuple, set] = collections.defaultdict(set)
        self.removed: list[Turn] = []
        self.added: list[Turn] = []
        self.made: list[Shift] = []
        self._free_desks = None
        self._load(sorted({day + step * DAY for day in days for step in (-1, 0, 1)}))
        self.led = {shift.pk: shift.leader_id for shift in self.shifts.values()}

    def _load(self, days):
        types = {row.pk: row for row in self.types.values()}
        by_pk = {}
        for shift in Shift.objects.filter(roster=self.roster, on__in=days).order_by("pk"):
            shift.type, shift.roster = types[shift.type_id], self.roster
            by_pk[shift.pk] = self._keep(shift)
            if shift.leader_id:
                self._hold(Turn(shift.leader_id, shift, True))
        rows = Assignment.objects.filter(shift__roster=self.roster, shift__on__in=days)
        for pk, shift_id, person_id, desk_id in rows.values_list("pk", "shift_id", "person_id", "desk_id"):
            self._hold(Turn(person_id, by_pk[shift_id], False, desk_id, pk))

    def _keep(self, shift):
        self.shifts[key(shift)] = shift
        self.of_type[shift.type.code, shift.on].append(shift)
        return shift

    def _hold(self, turn):
        self.turns[turn.person_id, turn.shift.on].append(turn)
        if not turn.leads:
            self.heads[key(turn.shift)] += 1
            self.desks[key(turn.shift)].add(turn.desk_id)

    def of(self, person_id, on):
        """The person's turns of the day, in the order in which they begin."""
        return sorted(self.turns[person_id, on], key=lambda turn: (turn.shift.starts_at, turn.code))

    def codes(self, person_id, on):
        return tuple(turn.code for turn in self.of(person_id, on))

    # What changes them

    def set(self, wanted, *, own_team=False):
        """Give each cell of {(person id, date): codes} these turns and no others. What it already has stays as it is.

        A turn to be added is the person's team's shift of that type, else (unless `own_team`) the first of that type.
        """
        missing = []
        for (person_id, on), codes in wanted.items():
            held = self.codes(person_id, on)
            for turn in self.of(person_id, on):
                if turn.code not in codes:
                    self.remove(turn)
            missing += [(person_id, on, code) for code in codes if code not in held]
        # Who has a shift of their own team goes first: its own leader leads it, not a guest who came before.
        missing.sort(key=lambda cell: self._own(*cell) is None)
        for person_id, on, code in missing:
            shift = self._own(person_id, on, code) or (None if own_team else self._as_guest(person_id, on, code))
            self.join(person_id, shift or self._new(person_id, on, code))

    def restore(self, person_id, on, codes, places):
        """Take from the cell what is not among these turns: each has its team, its lead and its desk.

        Returns what is missing then, for `place`: first every cell gives up what it must.
        """
        wanted = [(code, *place) for code, place in zip(codes, places, strict=True)]
        for turn in self.of(person_id, on):
            if (turn.code, *turn.place) in wanted:
                wanted.remove((turn.code, *turn.place))
            else:
                self.remove(turn)
        return [(person_id, on, *place) for place in wanted]

    def place(self, person_id, on, code, team_id, leads, desk_id):
        shift = self.shifts.get((code, team_id, on)) or self._make(team_id, on, code)
        desk_id = None if desk_id in self.desks[key(shift)] else desk_id
        self._add(person_id, shift, leads and not shift.leader_id, desk_id)

    def remove(self, turn):
        self.turns[turn.person_id, turn.shift.on].remove(turn)
        self.removed.append(turn)
        if turn.leads:
            turn.shift.leader_id = None
        else:
            self.heads[key(turn.shift)] -= 1
            self.desks[key(turn.shift)].discard(turn.desk_id)

    def join(self, person_id, shift):
        """Lead the shift, for a leader where it has none; else work on it, at the next free desk."""
        leads = not shift.leader_id and self.staff.may_lead(person_id, shift.on)
        self._add(person_id, shift, leads, None if leads else self._free_desk(shift))

    def _add(self, person_id, shift, leads, desk_id):
        turn = Turn(person_id, shift, leads, None if leads else desk_id)
        if leads:
            shift.leader_id = person_id
        self._hold(turn)
        self.added.append(turn)

    def _own(self, person_id, on, code):
        return self.shifts.get((code, self.staff.people[person_id].team_id, on))

    def _as_guest(self, person_id, on, code):
        """The first of that type; for a leader the first without one, so that who stands in for a leader leads."""
        shifts = self.of_type[code, on]
        leads = self.staff.may_lead(person_id, on)
        return next((shift for shift in shifts if leads and not shift.leader_id), shifts[0] if shifts else None)

    def _new(self, person_id, on, code):
        person = self.staff.people[person_id]
        if person.team_id is None:
            raise Refused("person_without_team", person=person.name)
        return self._make(person.team_id, on, code)

    def _make(self, team_id, on, code):
        rules.check_codes([code], self.types)
        shift = planning.plan_shift(self.roster, team_id, self.types[code], on, NOBODY)
        if shift.ends_at <= shift.starts_at:
            raise Refused("turn_swallowed", day=words.day(on), type=shift.type.name)
        self.made.append(self._keep(shift))
        return shift

    def _free_desk(self, shift):
        if self._free_desks is None:
            self._free_desks = list(Desk.objects.of_centre(self.roster.centre_id).values_list("pk", flat=True))
        order, taken = planning.turned(self._free_desks, shift.on.toordinal()), self.desks[key(shift)]
        return next((desk for desk in order if desk not in taken), None)

    # What an edit leaves

    def overlap(self):
        """The first (turn, later turn) of one person that share a moment, or None; of those whose turns were added."""
        touched = {turn.person_id for turn in self.added}
        by_person: dict[int, list[Turn]] = collections.defaultdict(list)
        for (person_id, _on), turns in self.turns.items():
            if person_id in touched:
                by_person[person_id] += turns
        return next(itertools.chain.from_iterable(map(overlaps, by_person.values())), None)

    def vacated(self):
        """Saved shifts whose leader leaves."""
        return [shift for shift in self._saved() if self.led[shift.pk] and shift.leader_id != self.led[shift.pk]]

    def newly_led(self):
        return [shift for shift in self._saved() if shift.leader_id and shift.leader_id != self.led[shift.pk]]

    def emptied(self):
        """Saved shifts that lost the last of their people."""
        left = {turn.shift.pk: turn.shift for turn in self.removed}
        return [shift for shift in left.values() if not shift.leader_id and not self.heads[key(shift)]]

    def _saved(self):
        return (shift for shift in self.shifts.values() if shift.pk)


def overlaps(turns):
    """Pairs of one person's turns that share a moment."""
    in_order = sorted(turns, key=lambda turn: turn.shift.starts_at)
    return ((a, b) for a, b in itertools.pairwise(in_order) if b.shift.starts_at < a.shift.ends_at)
