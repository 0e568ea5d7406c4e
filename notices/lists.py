"""What the list of notices shows: for me, of everybody, what is over, and drafts; newest first, by keyset pages."""

import dataclasses

from django.db.models import Exists, OuterRef, Q

from notices import reading
from notices.models import Confirmation, Notice
from notices.models.notices import WRITERS

PAGE = 50
TABS = ("mine", "all", "archive", "drafts")


@dataclasses.dataclass
class Page:
    """`unread` and `latest` are on the first page of “mine” only. older: the key of the next page, or None."""

    unread: list
    latest: list
    rows: list
    older: int | None


def page_of(person, at, tab, kind, before):
    rows = _kind(TAB_ROWS[tab](person, at), kind)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(with_mine(rows, person).order_by("-pk")[: PAGE + 1])
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    found = found[:PAGE]
    if tab != "mine" or before:
        return Page([], [], found, older)
    unread = list(_kind(Notice.objects.waiting_for(person, at), kind).with_names())
    news = reading.last_duty_ended(person, at)
    rest = [row for row in found if row not in unread]
    latest = [row for row in rest if row.published_at > news]
    return Page(unread, latest, [row for row in rest if row not in latest], older)


def _kind(rows, kind):
    return rows.filter(kind=kind) if kind else rows


def with_mine(rows, person):
    """Each with `is_confirmed`: whether the person has confirmed the present version."""
    mine = Confirmation.objects.filter(
        person=person, version__notice=OuterRef("pk"), version__number=OuterRef("version")
    )
    return rows.with_names().annotate(is_confirmed=Exists(mine))


def mine(person, at):
    return Notice.objects.in_force(at).meant_for(person.pk, person.centre, at)


def all_in_force(person, at):
    """And those that begin later: whoever looks for one that was just published finds it."""
    rows = Notice.objects.visible_to(person).filter(status=Notice.Status.PUBLISHED)
    return rows.filter(Q(in_force_until=None) | Q(in_force_until__gt=at))


def archive(person, at):
    over = Q(status=Notice.Status.WITHDRAWN) | Q(status=Notice.Status.PUBLISHED, in_force_until__lte=at)
    return Notice.objects.visible_to(person).filter(over)


def drafts(person, at):
    rows = Notice.objects.visible_to(person).filter(status=Notice.Status.DRAFT)
    return rows if person.has_role(*WRITERS) else rows.none()


TAB_ROWS = {"mine": mine, "all": all_in_force, "archive": archive, "drafts": drafts}
