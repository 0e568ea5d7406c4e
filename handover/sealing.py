"""The seal over an accepted log: an HMAC over one canonical text of all it holds, made in the step of its acceptance.

The text holds ids and what people wrote, never names: somebody may be renamed later without breaking a seal. The digest
is in the journal too, so that not even who knows the key can make another one unnoticed.
"""

from handover import staffing
from handover.models import EntryFile, EntryVersion, ItemAnswer, Log, Mention
from journal.macs import canonical, keyed, utc
from journal.models import Entry as JournalRow


def snapshot(log, *, accepted_by, accepted_at):
    """The canonical text of everything under the two signatures."""
    return canonical(
        {
            **_pulled_in(log),
            "log": log.pk,
            "centre": log.centre_id,
            "shift": log.shift_id,
            "starts_at": utc(log.starts_at),
            "submitted": [log.submitted_by_id, utc(log.submitted_at)],
            "accepted": [accepted_by, utc(accepted_at)],
            "entries": [_entry(row) for row in log.entries.order_by("pk")],
            "earlier": _rows(
                EntryVersion.objects.filter(entry__log=log), "entry_id", "number", "section", "text", "by_id", "at"
            ),
            "marks": _rows(log.marks.all(), "section", "kind", "by_id", "at"),
            "items": _rows(
                ItemAnswer.objects.filter(log=log), "item_id", "item__entry_id", "outcome", "owner_id", "by_id", "at"
            ),
            **_beside(log),
        }
    )


DETAILS = ("answer_given", "needs_analysis", "desk_id", "equipment")
PLAIN = {"answer_given": "", "needs_analysis": False, "desk": None, "equipment": ""}


def _beside(log):
    """What stands beside the texts. Without what there is none of: earlier logs were sealed before there was any."""
    held = {
        "details": log.entries.exclude(**PLAIN).order_by("pk").values_list("pk", *DETAILS),
        "earlier_details": EntryVersion.objects.filter(entry__log=log)
        .exclude(**PLAIN)
        .order_by("pk")
        .values_list("entry_id", "number", *DETAILS),
    }
    found = {key: [list(row) for row in rows] for key, rows in held.items()}
    found["mentions"] = _rows(Mention.objects.filter(entry__log=log), "entry_id", "person_id", "at")
    files = EntryFile.objects.filter(entry__log=log)
    found["files"] = _rows(files, "pk", "entry_id", "name", "sha256", "size", "by_id", "at")
    return {key: rows for key, rows in found.items() if rows}


def _pulled_in(log):
    """Without what there is none of: the first logs were sealed before anything was filled in by itself."""
    staff = [row for row in log.pulled_in if row[0] in staffing.KINDS]
    others = [row for row in log.pulled_in if row[0] not in staffing.KINDS]
    return {key: rows for key, rows in (("staff", staff), ("open_elsewhere", others)) if rows}


def _entry(row):
    return [
        row.pk,
        row.section,
        row.text,
        row.author_id,
        utc(row.written_at),
        row.version,
        row.edited_by_id,
        row.edited_at and utc(row.edited_at),
        row.withdrawn_by_id,
        row.withdrawn_at and utc(row.withdrawn_at),
    ]


def _rows(queryset, *fields):
    """Values in the order of their rows, the last of which is a moment."""
    return [[*values[:-1], utc(values[-1])] for values in queryset.order_by("pk").values_list(*fields)]


def problems(log):
    """Sentences for what is not as it was sealed; none for a whole one."""
    found = []
    if log.digest != keyed(log.snapshot):
        found.append(f"log {log.pk}: its seal does not fit the sealed text")
    if log.snapshot != snapshot(log, accepted_by=log.accepted_by_id, accepted_at=log.accepted_at):
        found.append(f"log {log.pk}: its rows are not what was sealed")
    if _digests_in_journal(log) != [log.digest]:
        found.append(f"log {log.pk}: the journal knows another seal")
    return found


def _digests_in_journal(log):
    return [row.facts["digest"] for row in JournalRow.objects.about(log) if row.verb == "handover.accepted"]


def all_problems(centre):
    """Problems of every accepted log of the centre, and of those that the journal knows and nobody finds."""
    accepted = Log.objects.filter(centre=centre, status=Log.Status.ACCEPTED).order_by("pk")
    for log in accepted.iterator(chunk_size=200):
        yield from problems(log)
    signed = JournalRow.objects.filter(centre=centre, object_type=Log._meta.label_lower, verb="handover.accepted")
    for pk in signed.exclude(object_id__in=accepted.order_by().values("pk")).values_list("object_id", flat=True):
        yield f"log {pk}: the journal says that it was accepted, but it is not there"
