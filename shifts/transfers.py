"""A transfer of published turns in memory: who leaves which shift, who comes onto it, and what their days become."""

import collections

from callcentre.refusals import Refused
from shifts.cells import DAY, Staff, Turn, overlaps
from shifts.models import PUBLISHED_PLAN, Assignment, Shift


def turns_of(centre, person_ids, from_on, until_on):
    """{person id: [published Turn]} of the dates, both included, in two statements; the shifts have their type."""
    days = Shift.objects.filter(plan=PUBLISHED_PLAN).between(centre, from_on, until_on)
    assigned = Assignment.objects.filter(person__in=person_ids).in_shifts(days).select_related("shift__type")
    found = collections.defaultdict(list)
    for row in assigned:
        found[row.person_id].append(Turn(row.person_id, row.shift, False, row.desk_id, row.pk))
    for shift in days.filter(leader__in=person_ids).select_related("type"):
        found[shift.leader_id].append(Turn(shift.leader_id, shift, True))
    return found


class Transfer:
    """removed, added: {(person id, shift id): desk id or None}; shifts: {id: Shift} of both, as they are now."""

    def __init__(self, centre, shifts, removed, added):
        """Raises Refused: "changed_meanwhile" where somebody is not, or is already, on the shift."""
        self.shifts = shifts
        days = [shift.on for shift in shifts.values()]
        self.staff = Staff(centre.pk, {person_id for person_id, _shift in removed | added})
        self.turns = turns_of(centre, self.staff.people, min(days) - DAY, max(days) + DAY)
        self.before = self._days(removed | added)
        self.removed = [self._take(*pair) for pair in removed]
        self.vacated = [turn.shift.pk for turn in self.removed if turn.leads]
        self.leaders = {pk: None if pk in self.vacated else shift.leader_id for pk, shift in shifts.items()}
        self.newly_led = {}
        self.taken = self._taken_desks()
        self.added = [self._give(person_id, shift_id, desk) for (person_id, shift_id), desk in added.items()]
        self.after = self._days(removed | added)

    def _days(self, pairs):
        """{(person id, date): types} of the days that change."""
        cells = {(person_id, self.shifts[shift_id].on) for person_id, shift_id in pairs}
        return {(person_id, on): self._types(person_id, on) for person_id, on in cells}

    def _types(self, person_id, on):
        turns = sorted(self.turns[person_id], key=lambda turn: turn.shift.starts_at)
        return [turn.shift.type for turn in turns if turn.shift.on == on]

    def _held(self, person_id, shift_id):
        return next((turn for turn in self.turns[person_id] if turn.shift.pk == shift_id), None)

    def _take(self, person_id, shift_id):
        turn = self._held(person_id, shift_id)
        if turn is None:
            raise Refused("changed_meanwhile")
        self.turns[person_id].remove(turn)
        return turn

    def _taken_desks(self):
        gone = {turn.row for turn in self.removed}
        rows = Assignment.objects.filter(shift__in=self.shifts).exclude(desk=None)
        return {(shift, desk) for pk, shift, desk in rows.values_list("pk", "shift", "desk") if pk not in gone}

    def _give(self, person_id, shift_id, desk_id):
        """Who may lead, leads a shift without a leader. A desk that somebody else has by now is not given."""
        shift = self.shifts[shift_id]
        if person_id not in self.staff.people or self._held(person_id, shift_id):
            raise Refused("changed_meanwhile")
        leads = self.leaders[shift_id] is None and self.staff.may_lead(person_id, shift.on)
        if leads:
            self.leaders[shift_id] = self.newly_led[shift_id] = person_id
        turn = Turn(person_id, shift, leads, None if leads else self._desk(shift_id, desk_id))
        self.turns[person_id].append(turn)
        return turn

    def _desk(self, shift_id, desk_id):
        if desk_id is None or (shift_id, desk_id) in self.taken:
            return None
        self.taken.add((shift_id, desk_id))
        return desk_id

    def overlap(self):
        """The first (turn, later turn) of one person that share a moment, or None."""
        pairs = (overlaps(self.turns[turn.person_id]) for turn in self.added)
        return next((pair for found in pairs for pair in found), None)

    def changed_days(self):
        """{(person id, date): (types before, types after)}"""
        return {cell: (self.before[cell], self.after[cell]) for cell in self.before}
