"""The logs of a month: written, handed over, accepted section by section, sealed."""

from django.urls import reverse

from board.demo import stories
from board.demo.month import BATCH, MINUTE
from callcentre.states import move
from handover import sealing
from handover.actions import SUBMITTED
from handover.equipment import desk_codes_in, equipment_in
from handover.models import Entry, EntryTerm, ItemAnswer, Log, Mark, OpenItem
from handover.sections import Section
from journal.macs import keyed

SOLVED, CARRIED_ON = ItemAnswer.Outcome.SOLVED, ItemAnswer.Outcome.CARRIED_ON
FOLLOWED_ON = (0, 2, 5)  # weekdays whose day shift leaves something to the next shift


def make(month):
    logs = Log.objects.bulk_create([new_log(month, turn) for turn in month.turns], BATCH)
    kept = list(zip(month.turns, logs, strict=True))
    entries = Entry.objects.bulk_create([row for turn, log in kept for row in new_entries(month, turn, log)], BATCH)
    EntryTerm.objects.reindex({row.pk: [(row.text, 2), (row.answer_given, 1)] for row in entries})
    for row in entries:
        note_entry(month, row)
    follow_up(month, kept, entries)
    mark(month, kept, entries)
    for turn, log in kept:
        accept(month, turn, log)


def new_log(month, turn):
    return Log(
        centre=month.centre,
        shift=turn.shift,
        starts_at=turn.shift.starts_at,
        status=Log.Status.SUBMITTED,
        opened_at=turn.shift.starts_at,
        submitted_by=turn.leader,
        submitted_at=turn.shift.ends_at - 7 * MINUTE,
    )


def new_entries(month, turn, log):
    """Four to seven notes in the order of time, none twice, and on some days one that the next shift follows up."""
    notes = {}
    for _note in range(month.some(4, 7)):
        section = month.rng.choice(list(stories.NOTES))
        notes[month.rng.choice(stories.NOTES[section])] = section
    minutes = sorted(month.rng.sample(range(20, 440), len(notes)))
    for minute, (text, section) in zip(minutes, notes.items(), strict=True):
        yield new_entry(month, log, section, text, month.rng.choice(turn.crew), turn.at(minute))
    if turn.shift.type.counts_as_day and turn.shift.on.weekday() in FOLLOWED_ON:
        section, text = month.rng.choice(stories.FOLLOWED)
        yield new_entry(month, log, section, text, month.rng.choice(turn.crew), turn.at(450))


def new_entry(month, log, section, text, author, at):
    answer, needed = stories.ANSWERS.get(text, ("", False))
    return Entry(
        log=log,
        centre=month.centre,
        section=section,
        text=text,
        answer_given=answer,
        needs_analysis=needed,
        desk=next(filter(None, map(month.people.desks.get, desk_codes_in(text))), None),
        equipment=equipment_in(text) if section == Section.EQUIPMENT else "",
        author=author,
        written_at=at,
    )


def note_entry(month, row):
    month.note(
        "handover.entry_added",
        row.log,
        by=row.author,
        at=row.written_at,
        clause=Section(row.section).clause,
        entry=row.pk,
        section=row.section,
    )


def follow_up(month, kept, entries):
    """What the day shift leaves open is solved by the shift after it."""
    followed = {text for _section, text in stories.FOLLOWED}
    entry_of = {row.log_id: row for row in entries if row.text in followed}
    pairs = [(turn, log, following) for (turn, log), (_next, following) in zip(kept, kept[1:], strict=False)]
    pairs = [(turn, log, following) for turn, log, following in pairs if log.pk in entry_of]
    items = OpenItem.objects.bulk_create(
        OpenItem(centre=month.centre, entry=entry_of[log.pk], owner=turn.leader, status=OpenItem.Status.CLOSED)
        for turn, log, _following in pairs
    )
    answers = []
    for (turn, log, following), item in zip(pairs, items, strict=True):
        opened_at, solved_at = turn.at(451), turn.at(600)
        month.note(
            "handover.item_opened",
            log,
            by=item.entry.author,
            at=opened_at,
            clause="duty.4",
            item=item.pk,
            owner=turn.leader.pk,
        )
        answers.append(answer(month, log, item, CARRIED_ON, item.entry.author, opened_at))
        answers.append(answer(month, following, item, SOLVED, turn.incoming, solved_at))
    ItemAnswer.objects.bulk_create(answers)


def answer(month, log, item, outcome, by, at):
    verb = f"handover.item_{outcome.value}"
    month.note(verb, log, by=by, at=at, clause="duty.4", item=item.pk, owner=item.owner_id)
    return ItemAnswer(log=log, item=item, outcome=outcome, owner=item.owner, by=by, at=at)


def mark(month, kept, entries):
    """无 under every section without a note, and the incoming leader's acceptance of each."""
    answered = {(row.log_id, row.section) for row in entries}
    marks = []
    for turn, log in kept:
        ends_at = turn.shift.ends_at
        for section in Section:
            if (log.pk, section) not in answered:
                marks.append((log, section, Mark.Kind.NOTHING, turn.leader, ends_at - 8 * MINUTE))
            marks.append((log, section, Mark.Kind.ACCEPTED, turn.incoming, ends_at + 4 * MINUTE))
    Mark.objects.bulk_create(
        [Mark(log=log, section=section, kind=kind, by=by, at=at) for log, section, kind, by, at in marks], BATCH
    )
    verbs = {Mark.Kind.NOTHING: "handover.nothing_marked", Mark.Kind.ACCEPTED: "handover.section_accepted"}
    for log, section, kind, by, at in marks:
        month.note(verbs[kind], log, by=by, at=at, clause=section.clause, section=section.value)


def accept(month, turn, log):
    """The two signatures and the seal, as the log's own action makes it."""
    shift, at = turn.shift, turn.shift.ends_at + 7 * MINUTE
    snapshot = sealing.snapshot(log, accepted_by=turn.incoming.pk, accepted_at=at)
    digest = keyed(snapshot)
    move(log, Log.Status.ACCEPTED, accepted_by=turn.incoming, accepted_at=at, snapshot=snapshot, digest=digest)
    month.note("handover.opened", log, by=None, at=shift.starts_at, clause="handover.6", shift=shift.pk)
    month.note("handover.submitted", log, by=turn.leader, at=log.submitted_at, clause="duty.7")
    month.note("handover.accepted", log, by=turn.incoming, at=at, clause="duty.7", digest=digest)
    month.tell(
        SUBMITTED,
        to=[turn.incoming],
        at=log.submitted_at,
        link=reverse("handover:show_log", args=[log.pk]),
        shift_on=shift.on.isoformat(),
        type_zh=shift.type.name_zh,
        type_en=shift.type.name_en,
    )
