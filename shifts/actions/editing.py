"""The verbs of a roster's cells: edit them, undo and redo, fill them from the rotation."""

import datetime as dt
import itertools

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused
from journal.actions import record
from journal.verbs import verbs
from shifts import rules
from shifts.actions import changes
from shifts.actions.rosters import crews_of
from shifts.cells import Cells, Staff, codes_of
from shifts.models import Assignment, Edit, Roster, Shift
from shifts.rotations import code_on, dates

verbs(
    {
        "roster.edited": _("edited the draft"),
        "roster.edit_undone": _("undid a step"),
        "roster.edit_redone": _("redid a step"),
    }
)

BATCH = 500
ROWS_A_DELETE = 10_000  # ids a statement: SQLite allows 32,766 variables


@transaction.atomic
def edit_roster(*, roster, cells, by, at, kind=Edit.Kind.CELLS, reason="", expected=None):
    """Give people these turns: `cells` are (person id, date, code), each the whole day; "" is rest, "D M" two turns.

    expected: {(person id, date): code as the editor saw it}, for cells that somebody else may have changed meanwhile.
    Returns the Edit of a draft, the Version of a published roster; an unsaved one where nothing differs.
    Raises Refused: "draft_not_yours", "roster_not_yours", "wrong_state", "day_outside_roster", "code_unknown",
    "person_not_here", "person_is_away", "person_without_team", "cell_changed_meanwhile", "turns_overlap"; of a
    published roster also "change_without_reason", "turn_begun", "roster_breach".
    """
    locked = changes.lock_roster(roster)
    wanted = {(person_id, on): codes_of(code) for person_id, on, code in cells}
    seen = {cell: codes_of(code) for cell, code in (expected or {}).items()}
    if locked.status == Roster.Status.PUBLISHED:
        version = changes.change_cells(locked, wanted, seen, by=by, at=at, reason=reason)
        roster.version = version.number
        return version
    rules.check_is_draft(locked)
    rules.check_may_draft(by, locked.centre, at)
    board = changes.load(locked, wanted, seen)
    return keep(board, wanted, lambda: board.set(wanted), kind=kind, by=by, at=at)


def keep(board, wanted, change, *, kind, by, at):
    """Change the draft's cells and keep the step, so that it can be undone. What was undone before is dropped."""
    before = {cell: board.of(*cell) for cell in wanted}
    change()
    changed = [(cell, turns, board.of(*cell)) for cell, turns in before.items() if board.of(*cell) != turns]
    numbers = Edit.objects.filter(roster=board.roster, undone_at=None).aggregate(last=Max("number"))
    edit = Edit(roster=board.roster, number=numbers["last"] or 0, kind=kind, cells=[], by=by, at=at)
    if not changed:
        return edit
    save(board)
    Edit.objects.filter(roster=board.roster).exclude(undone_at=None).delete()
    edit.number += 1
    edit.cells = [[person, str(on), codes(old), codes(new)] for (person, on), old, new in changed]
    edit.places = [[places(old), places(new)] for _cell, old, new in changed]
    edit.save(force_insert=True)
    facts = {"number": edit.number, "kind": str(kind), "cells": len(changed)}
    record("roster.edited", board.roster, by=by, at=at, **facts)
    return edit


def codes(turns):
    return [turn.code for turn in turns]


def places(turns):
    return [turn.place for turn in turns]


def save(board):
    """Write what the edit of a draft removed and added: a number of statements that does not grow with the cells.

    People leave their turns before others take them, so that no two overlap in between.
    Raises Refused("turns_overlap").
    """
    rules.check_no_overlap(board.overlap(), board.staff.people)
    with changes.no_overlap():
        rows = [turn.row for turn in board.removed if turn.row]
        for start in range(0, len(rows), ROWS_A_DELETE):
            Assignment.objects.filter(pk__in=rows[start : start + ROWS_A_DELETE]).delete()
        Shift.objects.filter(pk__in=[shift.pk for shift in board.vacated()]).update(leader=None)
        Shift.objects.bulk_update(board.newly_led(), ["leader"], BATCH)
        Shift.objects.bulk_create(board.made, BATCH)
        added = [turn for turn in board.added if not turn.leads]
        Assignment.objects.bulk_create(
            (Assignment.to(turn.shift, turn.person_id, turn.desk_id) for turn in added), BATCH
        )
        drop_stray(board)


def drop_stray(board):
    """A shift that nobody is on any more, and that the rotation does not ask for, is gone: it would only be a gap."""
    emptied = board.emptied()
    if emptied:
        cycle = Cycle(board.roster.rotation)
        stray = [shift.pk for shift in emptied if cycle.code(shift.team_id, shift.on) != shift.type.code]
        Shift.objects.filter(pk__in=stray).delete()


class Cycle:
    """What the rotation asks of each team; of a roster without one, nothing."""

    def __init__(self, rotation):
        self.rotation = rotation
        self.phases = dict(rotation.places.values_list("team", "phase")) if rotation else {}

    def code(self, team_id, on):
        if team_id not in self.phases:
            return ""
        return code_on(self.rotation.cycle, starts_on=self.rotation.starts_on, phase=self.phases[team_id], on=on)


@transaction.atomic
def undo_edit(*, roster, by, at):
    """Take back the draft's last step. Raises Refused: "draft_not_yours", "wrong_state", "nothing_to_undo"."""
    edit = last(roster, Edit.objects.done(), "nothing_to_undo", by, at)
    replay(edit, before=True)
    edit.undone_at = at
    edit.save(update_fields=["undone_at"])
    record("roster.edit_undone", edit.roster, by=by, at=at, number=edit.number)
    return edit


@transaction.atomic
def redo_edit(*, roster, by, at):
    """Do again what was undone last. Raises Refused: "draft_not_yours", "wrong_state", "nothing_to_redo"."""
    edit = last(roster, Edit.objects.undone(), "nothing_to_redo", by, at)
    replay(edit, before=False)
    edit.undone_at = None
    edit.save(update_fields=["undone_at"])
    record("roster.edit_redone", edit.roster, by=by, at=at, number=edit.number)
    return edit


def last(roster, edits, nothing, by, at):
    locked = changes.lock_roster(roster)
    rules.check_is_draft(locked)
    rules.check_may_draft(by, locked.centre, at)
    edit = edits.filter(roster=locked).first()
    if edit is None:
        raise Refused(nothing)
    edit.roster = locked
    return edit


def replay(edit, *, before):
    """Give the step's cells exactly what they held before it, or after it."""
    side = 0 if before else 1
    steps = [
        (cell[0], dt.date.fromisoformat(cell[1]), cell[2 + side], place[side])
        for cell, place in zip(edit.cells, edit.places, strict=True)
    ]
    staff = Staff(edit.roster.centre_id, {person_id for person_id, *_rest in steps})
    board = Cells(edit.roster, {on for _person, on, *_rest in steps}, staff)
    for missing in [turn for step in steps for turn in board.restore(*step)]:
        board.place(*missing)
    save(board)


@transaction.atomic
def fill_roster(*, roster, from_on, until_on, by, at, teams=None, people=None):
    """Give the draft's days anew what the rotation's cycle asks, to these teams, or people, or to all of its teams.

    Returns the Edit. Raises Refused: "draft_not_yours", "wrong_state", "period_reversed", "day_outside_roster",
    "nothing_to_fill", "turns_overlap".
    """
    locked = changes.lock_roster(roster)
    rules.check_is_draft(locked)
    rules.check_may_draft(by, locked.centre, at)
    rules.check_period(from_on, until_on)
    rules.check_days(locked, (from_on, until_on))
    wanted = planned(locked, teams, people, dates(from_on, until_on))
    if not wanted:
        raise Refused("nothing_to_fill")
    board = changes.load(locked, wanted, {})
    return keep(board, wanted, lambda: board.set(wanted, own_team=True), kind=Edit.Kind.FILLED, by=by, at=at)


def planned(roster, teams, people, days):
    """{(person id, date): codes}: of each team its leader and its agents, as a new draft would have them."""
    cycle = Cycle(roster.rotation)
    chosen = cycle.phases.keys() & {team.pk for team in teams} if teams is not None else cycle.phases.keys()
    crews = crews_of(chosen, days[0], days[-1])
    only = {person.pk for person in people} if people is not None else None
    found = {}
    for team_id, on in itertools.product(sorted(crews), days):
        code = cycle.code(team_id, on)
        for person_id in crews[team_id].of_shift(on):
            if only is None or person_id in only:
                found[person_id, on] = (code,) if code else ()
    return found
