"""Changes of a published roster: each is a version of it, dated, by a named person, with a reason; never silent."""

import contextlib

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused
from journal.actions import entry, record_all
from journal.verbs import verbs
from shifts import checking, news, overlaps, rules
from shifts.cells import Cells, Staff
from shifts.models import PUBLISHED_PLAN, Assignment, Change, Roster, Shift, Version
from shifts.transfers import Transfer

verbs({"roster.changed": _("changed the published roster")})

BATCH = 500


def load(roster, wanted, expected):
    """The cells that `wanted`, {(person id, date): codes}, is about, when they may be given these codes.

    Raises Refused: "day_outside_roster", "code_unknown", "person_not_here", "person_is_away", "cell_changed_meanwhile".
    """
    days = {on for _person_id, on in wanted}
    rules.check_days(roster, days)
    staff = Staff(roster.centre_id, {person_id for person_id, _on in wanted})
    rules.check_people(wanted, staff.people)
    board = Cells(roster, days, staff)
    rules.check_codes({code for codes in wanted.values() for code in codes}, board.types)
    rules.check_expected(expected, {cell: board.codes(*cell) for cell in wanted}, staff.people)
    return board


def lock_roster(roster):
    """The roster as it is now, which nobody else changes until this transaction ends.

    Raises Refused("changed_meanwhile") where it is no longer what the caller took it for: a draft, or published.
    """
    rows = Roster.objects.select_for_update(of=("self",), no_key=True).select_related("centre", "rotation")
    locked = rows.get(pk=roster.pk)
    if locked.status != roster.status:
        raise Refused("changed_meanwhile")
    return locked


@contextlib.contextmanager
def no_overlap():
    """The database's own refusal of two turns of one person at once, in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not overlaps.is_overlap(error):
            raise
        raise Refused("turns_at_once") from error


def change_cells(roster, wanted, expected, *, by, at, reason):
    """Give people these turns in a published roster, which is locked. See edit_roster."""
    rules.check_may_plan(by, roster.centre, at)
    rules.check_reason(reason)
    board = load(roster, wanted, expected)
    board.set(wanted)
    removed = [(turn.person_id, turn.shift, turn.desk_id) for turn in board.removed]
    added = [(turn.person_id, turn.shift, turn.desk_id) for turn in board.added]
    if not removed and not added:
        return Version(roster=roster, number=roster.version, kind=Version.Kind.EDITED, by=by, at=at, reason=reason)
    rules.check_not_begun([shift for _person, shift, _desk in removed + added], at)
    for shift in board.made:
        shift.leader_id = None  # the transfer gives it one
    Shift.objects.bulk_create(board.made, BATCH)
    people = {pk: person.name for pk, person in board.staff.people.items()}
    rules.check_breaches(new_breaches(roster, removed, added), people)
    return change_turns(removed=removed, added=added, by=by, at=at, kind=Version.Kind.EDITED, reason=reason)[0]


def new_breaches(roster, removed, added):
    """The findings that a change of the published turns would bring, over the days that it touches."""
    days = [shift.on for _person, shift, _desk in removed + added]
    before = checking.Period.load(roster.centre, min(days), max(days), plan=PUBLISHED_PLAN)
    after = before.with_changes(
        removed=[(person_id, shift) for person_id, shift, _desk in removed],
        added=[(person_id, shift) for person_id, shift, _desk in added],
    )
    return checking.new_findings(checking.judge(before), checking.judge(after))


@transaction.atomic
def change_turns(*, removed, added, by, at, kind, reason):
    """Take turns of published rosters from people and give them to others: the only way in which those change.

    removed, added: (person or id, shift, desk id or None); the desk of what is removed is not asked. Who may lead and
    comes onto a shift without a leader leads it. Whether these people may change it is the caller's rule.
    Returns a Version for each roster that is touched. Raises Refused: "wrong_state", "turn_begun", "turns_overlap",
    and "changed_meanwhile" where somebody is not, or is already, on the shift.
    """
    removed, added = by_pair(removed), by_pair(added)
    idle = removed.keys() & added.keys()
    removed, added = ({pair: desk for pair, desk in part.items() if pair not in idle} for part in (removed, added))
    if not removed and not added:
        return []
    pairs = removed | added
    shifts, rosters = lock({shift_id for _person, shift_id in pairs})
    for roster in rosters:
        rules.check_is_published(roster)
    rules.check_not_begun(shifts.values(), at)
    transfer = Transfer(rosters[0].centre, shifts, removed, added)
    save(transfer)
    versions = keep_versions(rosters, transfer, by=by, at=at, kind=kind, reason=reason)
    news.tell_of_changes(rosters[0].centre, transfer.changed_days(), at)
    return versions


def by_pair(turns):
    """{(person id, shift id): desk id} of (person or id, shift, desk id)."""
    return {(getattr(person, "pk", person), shift.pk): desk_id for person, shift, desk_id in turns}


def lock(shift_ids):
    """({id: shift}, their rosters), which nobody else changes until this transaction ends."""
    in_them = Roster.objects.filter(shifts__in=shift_ids).order_by().values("pk")
    rosters = Roster.objects.select_for_update(of=("self",), no_key=True).select_related("centre")
    locked = list(
        rosters.filter(pk__in=in_them).order_by("pk")
    )  # in one order, so that two transfers never wait for each other
    return Shift.objects.select_related("type").in_bulk(shift_ids), locked


def save(transfer):
    """People leave their turns before others take them, so that no two overlap in between."""
    rules.check_no_overlap(transfer.overlap(), transfer.staff.people)
    with no_overlap():
        Assignment.objects.filter(pk__in=[turn.row for turn in transfer.removed if turn.row]).delete()
        Shift.objects.filter(pk__in=transfer.vacated).update(leader=None)
        led = [transfer.shifts[shift_id] for shift_id in transfer.newly_led]
        for shift in led:
            shift.leader_id = transfer.newly_led[shift.pk]
        Shift.objects.bulk_update(led, ["leader"], BATCH)
        added = [turn for turn in transfer.added if not turn.leads]
        Assignment.objects.bulk_create(
            (Assignment.to(turn.shift, turn.person_id, turn.desk_id) for turn in added), BATCH
        )


def keep_versions(rosters, transfer, *, by, at, kind, reason):
    """The next Version of each roster, with its Changes and its row in the journal."""
    Roster.objects.filter(pk__in=[roster.pk for roster in rosters]).update(version=F("version") + 1)
    for roster in rosters:
        roster.version += 1
    versions = Version.objects.bulk_create(
        Version(roster=roster, number=roster.version, kind=kind, by=by, at=at, reason=reason.strip())
        for roster in rosters
    )
    of_roster = {version.roster_id: version for version in versions}
    parts = [(turn, False) for turn in transfer.removed] + [(turn, True) for turn in transfer.added]
    made = [
        Change(version=of_roster[turn.shift.roster_id], shift=turn.shift, person_id=turn.person_id, is_added=is_added)
        for turn, is_added in parts
    ]
    Change.objects.bulk_create(made, BATCH)
    record_all([journal_row(version, made, by, at) for version in versions])
    return versions


def journal_row(version, changes, by, at):
    mine = [change for change in changes if change.version is version]
    people = sorted({change.person_id for change in mine})
    facts = {"version": version.number, "kind": str(version.kind), "changes": len(mine), "people": people}
    return entry("roster.changed", version.roster, by=by, at=at, **facts)
