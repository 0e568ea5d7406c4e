"""Requests and reports that are raised from the floor: from a note of the log, and from somebody's desk."""

from django.urls import reverse
from django.utils.translation import gettext as _

from callcentre.words import short_date
from escalations.sources import Source, source
from handover.models import Entry, Turn
from handover.relief_actions import MY_DESK
from handover.relief_board import BOARD_READERS


def find_entry(person, pk):
    """A note, where it stands in its log."""
    entry = Entry.objects.visible_to(person).select_related("log__shift__type").filter(pk=pk).first()
    if entry is None:
        return None
    url = f"{reverse('handover:show_log', args=[entry.log_id])}#entry-{entry.pk}"
    shift = entry.log.shift
    where = (_("Handover log"), short_date(shift.on), str(shift.type), entry.get_section_display())
    return Source(" · ".join(where), url, entry.text)


def find_turn(person, pk):
    """The desk where somebody sat: their own page of it, or the leaders' board."""
    turn = Turn.objects.visible_to(person).select_related("desk").filter(pk=pk).first()
    if turn is None or turn.person_id != person.pk and not person.has_role(*BOARD_READERS):
        return None
    code = {"code": turn.desk.code}
    label = _("Desk %(code)s") % code
    if turn.person_id != person.pk:
        return Source(label, reverse("handover:list_reliefs"))
    return Source(label, MY_DESK if turn.until_at is None else "", _("Desk %(code)s: ") % code)


source(Entry, find_entry)
source(Turn, find_turn)
