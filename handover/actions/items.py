from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused
from callcentre.states import move
from delivery.kinds import kind
from handover import rules, sides
from handover.actions.shared import is_on_shift, locked, tell
from handover.contents import Contents
from handover.models import Entry, ItemAnswer, OpenItem
from journal.actions import record

ITEM_GIVEN = kind("handover.item_given", _("An open item in the log of %(shift_on)s %(type)s is yours to follow up."))


@transaction.atomic
def follow_up(*, entry, owner, by, at):
    """The entry becomes an open item with an owner, who is told; until somebody solves it, it comes back in every log.

    Raises Refused: log_not_open, not_on_this_shift, entry_withdrawn, owner_not_here.
    """
    log = locked(entry.log, by)
    entry = Entry.objects.get(pk=entry.pk)
    rules.may_write(log, on_shift=is_on_shift(log, by))
    if entry.withdrawn_at:
        raise Refused("entry_withdrawn", clause="duty.4")
    rules.must_be_owner(owner, sides.owners(log))
    item, created = OpenItem.objects.get_or_create(entry=entry, defaults={"centre": log.centre, "owner": owner})
    if created:
        record("handover.item_opened", log, by=by, at=at, clause="duty.4", item=item.pk, owner=owner.pk)
    _answer(log, item, ItemAnswer.Outcome.CARRIED_ON, owner, by, at)
    return item


@transaction.atomic
def answer_item(*, log, item, outcome, by, at, owner=None):
    """This log's answer about an open item: solved, or carried on by its owner, or by another who is named and told.

    Raises Refused: log_not_open, not_on_this_shift, item_not_in_log, owner_not_here.
    """
    log = locked(log, by)
    rules.may_write(log, on_shift=is_on_shift(log, by))
    if item.pk not in {line_.item.pk for line_ in Contents(log).lines}:
        raise Refused("item_not_in_log", clause="duty.4")
    item = OpenItem.objects.select_related("owner").get(pk=item.pk)
    owner = owner or item.owner
    if owner != item.owner:
        rules.must_be_owner(owner, sides.owners(log))
    return _answer(log, item, ItemAnswer.Outcome(outcome), owner, by, at)


def _answer(log, item, outcome, owner, by, at):
    """Write the answer over this log's earlier one, and bring the item to it."""
    previous = log.answers.filter(item=item).values_list("outcome", "owner").first()
    if previous == (outcome.value, owner.pk):
        return item
    log.answers.update_or_create(item=item, defaults={"outcome": outcome, "owner": owner, "by": by, "at": at})
    status = OpenItem.Status.CLOSED if outcome == ItemAnswer.Outcome.SOLVED else OpenItem.Status.OPEN
    if item.status != status:
        move(item, status)
    told = owner != by and outcome == ItemAnswer.Outcome.CARRIED_ON and (previous is None or previous[1] != owner.pk)
    item.owner = owner
    item.save(update_fields=["owner"])
    record(f"handover.item_{outcome.value}", log, by=by, at=at, clause="duty.4", item=item.pk, owner=owner.pk)
    if told:
        tell(ITEM_GIVEN, log, to=[owner], at=at)
    return item
