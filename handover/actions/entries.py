from django.db import transaction
from django.utils.translation import gettext_lazy as _

from delivery.kinds import kind
from handover import mentions, rules, sides
from handover.actions.files import attach
from handover.actions.shared import drop_nothing, is_on_shift, leads, locked, tell
from handover.equipment import desk_codes_in, equipment_in
from handover.models import Entry, EntryTerm, EntryVersion, Mention, OpenItem
from handover.sections import Section, file_lines
from journal.actions import record
from shifts.models import Desk

MENTIONED = kind("handover.mentioned", _("You are mentioned in the handover log of %(shift_on)s %(type)s."))
OF_QUESTIONS = {"answer_given": "", "needs_analysis": False}


@transaction.atomic
def add_entry(*, log, section, text, by, at, **beside):
    """The entries made of a text typed under a section: one for each section that its lines name.

    beside: answer_given, needs_analysis, desk, equipment, files (Checked). It belongs to the entry of `section`, or to
    the first. A desk or equipment that is not given is read from the text.
    Raises Refused: log_not_open, not_on_this_shift, upload_too_many.
    """
    log = locked(log, by)
    rules.may_write(log, on_shift=is_on_shift(log, by))
    filed = file_lines(text, section)
    sections = [place for place, _words in filed]
    main = section if section in sections else sections[0]
    entries = [_add(log, place, words, by, at, **(beside if place == main else {})) for place, words in filed]
    index(entries)
    return entries


def _add(log, section, text, by, at, *, desk=None, equipment="", files=(), **of_question):
    entry = Entry.objects.create(
        log=log,
        centre_id=log.centre_id,
        section=section,
        text=text,
        desk=desk or named_desk(log, text),
        equipment=equipment or (equipment_in(text) if section == Section.EQUIPMENT else ""),
        author=by,
        written_at=at,
        **(of_question if section == Section.HARD_QUESTIONS else {}),
    )
    record("handover.entry_added", log, by=by, at=at, clause=section.clause, entry=entry.pk, section=section.value)
    drop_nothing(log, section, by, at)
    mention(log, entry, by, at)
    attach(log, entry, files, by, at)
    return entry


def named_desk(log, text):
    """The desk of the centre that the text names, where it names exactly one."""
    codes = desk_codes_in(text)
    desks = list(Desk.objects.of_centre(log.centre_id).filter(code__in=codes)[:2]) if codes else []
    return desks[0] if len(desks) == 1 else None


def mention(log, entry, by, at):
    """Tell whom the entry names by `@`, each once."""
    people = mentions.people_in(entry.text, sides.owners(log)) if mentions.may_be_in(entry.text) else []
    known = set(entry.mentions.values_list("person", flat=True)) if people and entry.version > 1 else set()
    fresh = [person for person in people if person.pk not in known]
    if not fresh:
        return
    Mention.objects.bulk_create([Mention(entry=entry, person=person, at=at) for person in fresh])
    for person in fresh:
        record("handover.mentioned", log, by=by, at=at, clause="handover.6", entry=entry.pk, person=person.pk)
    tell(MENTIONED, log, to=[person for person in fresh if person != by], at=at)


def index(entries):
    """For the search over all logs."""
    EntryTerm.objects.reindex({entry.pk: [(entry.text, 2), (entry.answer_given, 1)] for entry in entries})


@transaction.atomic
def edit_entry(*, entry, section, text, version, by, at, **details):
    """A new text, and perhaps another section, over the version that the writer started from; the earlier one is kept.

    details: answer_given, needs_analysis, desk, equipment; what is not given stays.
    Raises Refused: log_not_open, entry_withdrawn, not_your_entry, entry_changed_meanwhile.
    """
    log = locked(entry.log, by)
    entry = Entry.objects.with_names().get(pk=entry.pk)
    rules.may_edit(log, entry, by, leads=leads(log, by))
    section, before = Section(section), entry.said
    earlier = EntryVersion(entry=entry, number=entry.version, by=entry.last_by, at=entry.last_at, **before)
    if section != Section.HARD_QUESTIONS:
        details |= OF_QUESTIONS
    for name, value in {**details, "section": section, "text": text}.items():
        setattr(entry, name, value)
    if entry.said == before:
        return entry
    rules.must_be_version(entry, version)
    earlier.save(force_insert=True)
    entry.version += 1
    entry.edited_by, entry.edited_at = by, at
    entry.save()
    record(
        "handover.entry_edited", log, by=by, at=at, clause=section.clause,
        entry=entry.pk, section=section.value, version=entry.version,
    )  # fmt: skip
    drop_nothing(log, section, by, at)
    mention(log, entry, by, at)
    index([entry])
    return entry


@transaction.atomic
def withdraw_entry(*, entry, by, at):
    """The entry no longer counts; its text is kept. Raises Refused: as edit_entry, and entry_followed_up."""
    log = locked(entry.log, by)
    entry = Entry.objects.get(pk=entry.pk)
    followed = OpenItem.objects.filter(entry=entry).exists()
    rules.may_withdraw(log, entry, by, leads=leads(log, by), followed=followed)
    entry.withdrawn_by, entry.withdrawn_at = by, at
    entry.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record("handover.entry_withdrawn", log, by=by, at=at, clause=Section(entry.section).clause, entry=entry.pk)
    return entry
