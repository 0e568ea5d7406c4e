"""Confirming a version, and reminding those who have not."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused
from delivery.actions import announce
from delivery.kinds import kind
from journal.actions import record
from journal.verbs import verbs
from notices import reading, rules
from notices.actions.notices import locked
from notices.models import Confirmation, Notice, NoticeVersion, Nudge
from shifts.models import Assignment, Shift

verbs(
    {
        "notice.confirmed": _("has read and confirmed"),
        "notice.nudged": _("reminded those who have not confirmed"),
    }
)
NUDGED = kind("notice.nudged", _("Still to be read and confirmed: %(title)s"))


@transaction.atomic
def confirm(*, notice, version, by, at):
    """The person has read the version with this number. Once more is no harm. Returns the Confirmation.

    It needs no lock: a version that comes at the same moment asks for a confirmation of its own.
    Raises Refused: rules.check_confirm.
    """
    meant = Notice.objects.filter(pk=notice.pk).meant_for(by.pk, by.centre, at)
    kept = NoticeVersion.objects.select_related("notice__centre").filter(notice=notice, number=version).first()
    if kept is None:
        raise Refused("notice_changed")
    rules.check_confirm(kept.notice, kept, meant=meant.exists(), at=at)
    confirmation, is_new = Confirmation.objects.get_or_create(version=kept, person=by, defaults={"at": at})
    if is_new:
        # About the confirmation itself: a notice's own history stays short when thousands confirm it.
        facts = {"notice": notice.pk, "version": version}
        record("notice.confirmed", confirmation, centre=by.centre, by=by, at=at, clause="handover.5", **facts)
    return confirmation


@transaction.atomic
def nudge(*, notice, by, at):
    """Remind those of the audience who have not confirmed and are on the floor now, each once in NUDGED_EVERY.

    Whoever is off is left in peace: the start page tells them when they come. Returns how many were reminded.
    Raises Refused: rules.check_nudge, "nobody_to_nudge".
    """
    notice = locked(notice)
    rules.check_nudge(notice, by, at)
    version = notice.versions.get(number=notice.version)
    lately = Nudge.objects.filter(version=version, at__gt=at - rules.NUDGED_EVERY)
    wanted = reading.with_confirmed_at(reading.people_meant(notice, at), version).filter(confirmed_at=None)
    wanted = wanted.filter(pk__in=on_floor_now(notice.centre, at)).exclude(pk__in=lately.values("person"))
    people = list(wanted.order_by("pk").values_list("pk", flat=True))
    if not people:
        raise Refused("nobody_to_nudge")
    Nudge.objects.bulk_create(
        [Nudge(version=version, person_id=pk, at=at) for pk in people],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["version", "person"],
        update_fields=["at"],
    )
    announce(NUDGED, centre=notice.centre, to=people, at=at, link=notice.get_absolute_url(), title=notice.title)
    record("notice.nudged", notice, by=by, at=at, clause="handover.5", version=notice.version, people=len(people))
    return len(people)


def on_floor_now(centre, at):
    """Ids of those on a shift that is under way, its leaders among them."""
    shifts = Shift.objects.published().on_floor(centre, at).order_by()
    led = shifts.filter(leader__isnull=False).values_list("leader", flat=True)
    return Assignment.objects.in_shifts(shifts).order_by().values_list("person", flat=True).union(led)
