"""What the verbs of the log share: the lock, the messages, who is on the shift."""

from django.urls import reverse

from delivery.actions import announce
from handover import sides
from handover.models import Log, Mark
from journal.actions import record


def locked(log, by):
    """The log as it stands now, as `by` sees it; nobody else changes it before this transaction ends."""
    rows = Log.objects.with_names().with_next_shift().seen_by(by)
    return rows.select_for_update(of=("self",), no_key=True).get(pk=log.pk)


def tell(what, log, *, to, at, urgent=False):
    """One announcement about the log, to people who may be None."""
    announce(
        what,
        centre=log.centre,
        to=[person for person in to if person],
        at=at,
        urgent=urgent,
        link=reverse("handover:show_log", args=[log.pk]),
        shift_on=log.shift.on,
        type_zh=log.shift.type.name_zh,
        type_en=log.shift.type.name_en,
    )


def drop_nothing(log, section, by, at):
    if log.marks.filter(section=section, kind=Mark.Kind.NOTHING).delete()[0]:
        record("handover.nothing_withdrawn", log, by=by, at=at, clause=section.clause, section=section.value)


def mark_once(log, section, kind, by, at):
    """True where the mark is new."""
    return log.marks.get_or_create(section=section, kind=kind, defaults={"by": by, "at": at})[1]


def is_on_shift(log, person):
    """Whether the person leads the log's shift, is assigned to it, or acts for its leader. The log: `seen_by` them."""
    return log.is_on_it or leads(log, person)


def leads(log, person):
    """Whether the person is the shift's leader, or the one who acts for them."""
    return log.shift.leader_id == person.pk or sides.outgoing(log).is_(person)
