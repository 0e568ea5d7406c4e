"""Who has to read what, and who has: the questions that desks, boards and pages ask, each in one statement."""

import datetime as dt

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from callcentre import clock
from notices.models import Confirmation, Notice, NoticeVersion
from notices.models.notices import BEFORE_A_SHIFT
from people.models import Person, RoleAssignment
from shifts.models import Shift

# Somebody who has had no duty for so long reads the notices of that time, not of years.
LOOKS_BACK = dt.timedelta(days=30)


def required_unread(person, at):
    """The NoticeVersions that the person must confirm before taking a desk, each with its notice, oldest first."""
    required = Notice.objects.required_of(person.pk, person.centre, at)
    versions = NoticeVersion.objects.filter(number=F("notice__version"), notice__in=required.order_by().values("pk"))
    return versions.select_related("notice").order_by("published_at", "pk")


def unread_people(people, at, *, centre=None):
    """{person id: how many notices they have still to confirm}, without those who have none.

    people: of one centre; name the `centre` where theirs is not loaded.
    """
    people = list(people)
    if not people:
        return {}
    required = Notice.objects.required_of(OuterRef("pk"), centre or people[0].centre, at)
    counted = required.order_by().values("centre").annotate(unread=Count("pk")).values("unread")
    rows = Person.objects.filter(pk__in=[person.pk for person in people]).annotate(unread=Subquery(counted))
    return dict(rows.filter(unread__gt=0).order_by().values_list("pk", "unread"))


def last_duty_ended(person, at):
    """When the person's last turn ended: what was published since is new to them. At most LOOKS_BACK ago."""
    past = Shift.objects.published().filter(
        centre=person.centre_id, starts_at__gt=at - LOOKS_BACK, starts_at__lte=at, ends_at__lte=at
    )
    ended = past.with_on_it(person).order_by("-starts_at").values_list("ends_at", flat=True).first()
    return ended or at - LOOKS_BACK


def people_meant(notice, at):
    """The people of the notice's audience, whoever of them works here now."""
    people = Person.objects.active().filter(centre=notice.centre_id)
    addressees = notice.addressees.all()
    if notice.audience == Notice.Audience.TEAMS:
        return people.filter(team__in=addressees.values("team"))
    if notice.audience == Notice.Audience.ROLES:
        held = RoleAssignment.objects.on(clock.local_date(notice.centre, at))
        return people.filter(pk__in=held.filter(role__in=addressees.values("role")).values("person"))
    if notice.audience == Notice.Audience.SHIFT_TYPES:
        turns = Shift.objects.published().filter(
            centre=notice.centre_id,
            ends_at__gt=notice.in_force_from,
            starts_at__lte=at + BEFORE_A_SHIFT,
            type__in=addressees.values("shift_type"),
        )
        whose = Q(leader=OuterRef("pk")) | Q(assignments__person=OuterRef("pk"))
        return people.filter(Exists(turns.filter(whose)))
    return people


def with_confirmed_at(people, version):
    """The people, each with `confirmed_at`: when they confirmed the version, or None."""
    mine = Confirmation.objects.filter(version=version, person=OuterRef("pk"))
    return people.annotate(confirmed_at=Subquery(mine.values("at")))


def coverage(notice, version, at):
    """(how many of the audience have confirmed the version, how many there are), in one statement."""
    mine = Exists(Confirmation.objects.filter(version=version, person=OuterRef("pk")))
    people = people_meant(notice, at).annotate(has_confirmed=mine).order_by()
    counts = people.aggregate(read=Count("pk", filter=Q(has_confirmed=True)), all=Count("pk"))
    return counts["read"], counts["all"]
