"""Who sits at which desk, who relieves whom there, and which desks are closed."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escalations import sources
from handover.models.logs import person_field
from people.models import Centre, OfCentreQuerySet
from rulebook.evidence import evidence
from shifts.models import Desk, Shift

evidence(
    "record",
    "handover.3",
    _("The relief of every desk, timed step by step; the spread of a change of shift, slow ones marked"),
)


def minutes_past(moment, at):
    """Whole minutes from the moment to `at`, 0 before it."""
    return max(0, int((at - moment).total_seconds() // 60))


class TurnQuerySet(OfCentreQuerySet):
    def now(self, centre):
        """Everybody who is at a desk, also who was relieved and has not signed out yet."""
        return self.filter(centre=centre, until_at=None)

    def held(self):
        """Of these, who answers for the desk: nobody has taken it over."""
        return self.filter(until_at=None, handed_over_at=None)

    def of_person_now(self, person):
        return self.filter(person=person, until_at=None)

    def not_off(self, shift):
        """Who of the shift has not left the desk yet."""
        return self.filter(centre=shift.centre_id, until_at=None, shift=shift)

    def with_names(self):
        return self.select_related("desk__room", "person", "shift__type", "relief__incoming")


class Turn(models.Model):
    """One person at one desk, from taking it over to signing out. Between the next one's taking over and the sign-out
    both are there, and the next one answers for the desk."""

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="turns", db_index=False, verbose_name=_("desk"))
    person = person_field(_("person"), db_index=False)
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="turns", verbose_name=_("shift"))
    from_at = models.DateTimeField(_("from"))
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    until_at = models.DateTimeField(_("until"), null=True, blank=True)
    overtime_minutes = models.PositiveIntegerField(_("minutes waited after the shift"), default=0)

    objects = TurnQuerySet.as_manager()

    class Meta:
        verbose_name = _("turn at a desk")
        verbose_name_plural = _("turns at desks")
        ordering = ["-from_at", "-pk"]
        indexes = [
            models.Index(fields=["centre"], condition=Q(until_at=None), name="turn_now"),
            models.Index(fields=["centre", "-from_at", "-id"], name="turn_newest_of_centre"),
            models.Index(fields=["desk", "-from_at"], name="turn_newest_of_desk"),
            models.Index(fields=["person", "-from_at"], name="turn_newest_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["desk"],
                condition=Q(until_at=None, handed_over_at=None),
                name="desk_has_one_person_at_a_time",
                violation_error_message=_("Somebody is at this desk already."),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until_at=None),
                name="person_is_at_one_desk_at_a_time",
                violation_error_message=_("This person is at a desk already."),
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")),
                name="turn_ends_after_it_begins",
                violation_error_message=_("A turn at a desk ends after it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.desk} {self.person}"

    @property
    def as_source(self):
        return sources.name_of(self)


class DeskReliefQuerySet(OfCentreQuerySet):
    def open(self, centre):
        return self.filter(centre=centre, ended_at=None)

    def of_change(self, shift):
        """Those of the desks that the shift hands over at its end."""
        return self.filter(shift=shift)

    def waiting_for(self, person, at):
        """Those whose next step is the person's: as the one who takes over, or as the one who leaves."""
        Status = DeskRelief.Status
        theirs = Q(incoming=person, status__in=(Status.WAITING, Status.BRIEFED)) | Q(
            outgoing=person, status__in=(Status.AT_DESK, Status.ASSUMED)
        )
        return self.open(person.centre_id).filter(theirs).order_by("waiting_since", "pk")

    def keeping_waiting(self, person, at):
        """The shifts that are over and have desks still waiting, and which the person leads or takes over from."""
        waiting = self.open(person.centre_id).filter(assumed_at=None, waiting_since__lte=at)
        theirs = waiting.filter(Q(shift__leader=person) | Q(next_shift__leader=person))
        return Shift.objects.filter(pk__in=theirs.order_by().values("shift")).with_names().order_by("ends_at", "pk")

    def untold(self, since):
        """Those for which nobody came since that moment, and of which the leader was not told."""
        return self.filter(ended_at=None, assumed_at=None, told_at=None, waiting_since__lte=since)

    def with_names(self):
        return self.select_related(
            "centre", "desk__room", "turn", "outgoing", "incoming", "shift__type", "next_shift__type"
        )


class DeskRelief(models.Model):
    """The relief of one desk at the end of a shift. Both sides confirm: the next one that they are there and take over,
    the one who leaves that the briefing was given, and at last that they sign out."""

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("relief", "waiting")
        AT_DESK = "relief_at_desk", pgettext_lazy("relief", "relief at the desk")
        BRIEFED = "briefed", pgettext_lazy("relief", "briefed")
        ASSUMED = "assumed", pgettext_lazy("relief", "taken over")
        RELEASED = "released", pgettext_lazy("relief", "relieved")
        CLOSED = "closed", pgettext_lazy("relief", "desk closed by plan")
        LET_GO = "let_go", pgettext_lazy("relief", "released by the leader")
        CANCELLED = "cancelled", pgettext_lazy("relief", "nobody was at the desk")

    ENDED = (Status.RELEASED, Status.CLOSED, Status.LET_GO, Status.CANCELLED)
    MOVES = {
        Status.WAITING: {Status.AT_DESK, Status.CLOSED, Status.LET_GO, Status.CANCELLED},
        Status.AT_DESK: {Status.WAITING, Status.BRIEFED, Status.LET_GO, Status.CANCELLED},
        Status.BRIEFED: {Status.WAITING, Status.AT_DESK, Status.ASSUMED, Status.LET_GO},
        Status.ASSUMED: {Status.RELEASED},
    }
    LOOKS = {
        Status.WAITING: ("warn", "hourglass"),
        Status.AT_DESK: ("info", "user-round-check"),
        Status.BRIEFED: ("info", "messages-square"),
        Status.ASSUMED: ("ok", "check"),
        Status.RELEASED: ("ok", "check-check"),
        Status.CLOSED: ("muted", "lock"),
        Status.LET_GO: ("warn", "door-open"),
        Status.CANCELLED: ("muted", "circle-x"),
    }

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="+", db_index=False, verbose_name=_("desk"))
    turn = models.OneToOneField(Turn, models.PROTECT, related_name="relief", verbose_name=_("turn at a desk"))
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="reliefs", verbose_name=_("shift that ends"))
    next_shift = models.ForeignKey(
        Shift, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("next shift")
    )
    outgoing = person_field(_("who leaves"), db_index=False)
    incoming = person_field(_("who takes over"), null=True, blank=True, db_index=False)
    named_by = person_field(_("named by"), null=True, blank=True, db_index=False)
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.WAITING)
    waiting_since = models.DateTimeField(_("waiting since"))
    at_desk_at = models.DateTimeField(_("at the desk at"), null=True, blank=True)
    briefed_at = models.DateTimeField(_("briefed at"), null=True, blank=True)
    assumed_at = models.DateTimeField(_("taken over at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = person_field(_("ended by"), null=True, blank=True, db_index=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    items = models.JSONField(_("items looked at"), default=list, blank=True)
    faults = models.JSONField(_("items not in order"), default=list, blank=True, help_text=_("Ids of checklist items."))
    remark = models.CharField(pgettext_lazy("relief", "remark"), max_length=200, blank=True)
    overtime_minutes = models.PositiveIntegerField(_("minutes waited after the shift"), default=0)
    told_at = models.DateTimeField(null=True, editable=False)  # when the leader heard that it waits

    objects = DeskReliefQuerySet.as_manager()

    class Meta:
        verbose_name = _("desk relief")
        verbose_name_plural = _("desk reliefs")
        ordering = ["waiting_since", "pk"]
        indexes = [
            models.Index(fields=["centre"], condition=Q(ended_at=None), name="relief_now"),
            models.Index(fields=["centre", "-waiting_since", "-id"], name="relief_newest_of_centre"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["desk"],
                condition=Q(assumed_at=None, ended_at=None),
                name="desk_has_one_open_relief",
                violation_error_message=_("This desk is being relieved already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "waiting", "relief_at_desk", "briefed", "assumed", "released", "closed", "let_go", "cancelled",
                    ]
                ),
                name="relief_status_is_one_of_eight",
            ),  # fmt: skip
            models.CheckConstraint(
                condition=Q(incoming=None) | ~Q(incoming=F("outgoing")),
                name="nobody_relieves_themselves",
                violation_error_message=_("Nobody relieves themselves."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["relief_at_desk", "briefed", "assumed"])
                | Q(incoming__isnull=False, at_desk_at__isnull=False),
                name="begun_relief_has_somebody_at_the_desk",
                violation_error_message=_("A relief that has begun says who came and when."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["assumed", "released"])
                | Q(incoming__isnull=False, briefed_at__isnull=False, assumed_at__isnull=False),
                name="relieved_desk_was_briefed_and_taken_over",
                violation_error_message=_("A relieved desk was briefed and taken over, and says when."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["released", "closed", "let_go", "cancelled"], ended_at__isnull=False)
                | Q(status__in=["waiting", "relief_at_desk", "briefed", "assumed"], ended_at__isnull=True),
                name="ended_relief_has_its_time",
                violation_error_message=_("A relief that has ended says when."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["let_go", "cancelled"]) | ~Q(reason="") & Q(ended_by__isnull=False),
                name="leader_releases_with_name_and_reason",
                violation_error_message=_("Who releases somebody without relief says why."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.desk} {self.outgoing}"

    def get_absolute_url(self):
        return reverse("handover:show_relief", args=[self.pk])

    @property
    def is_open(self):
        return self.ended_at is None

    @property
    def stands_at(self):
        """Since when it is where it is."""
        return self.ended_at or self.assumed_at or self.briefed_at or self.at_desk_at or self.waiting_since

    @property
    def minutes_taken(self):
        """From the relief's arrival to the taking over; None while that is open."""
        return minutes_past(self.at_desk_at, self.assumed_at) if self.assumed_at else None

    def overtime(self, at):
        """Minutes that who leaves has waited after the end of the shift, up to now or to the taking over."""
        return self.overtime_minutes if self.assumed_at or self.ended_at else minutes_past(self.waiting_since, at)

    @property
    def look(self):
        return self.LOOKS[self.status]


class ClosureQuerySet(OfCentreQuerySet):
    def now(self, centre):
        return self.filter(centre=centre, until_at=None)


class Closure(models.Model):
    """A desk that is closed by plan, until somebody opens it again."""

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="closures", verbose_name=_("desk"))
    from_at = models.DateTimeField(_("from"))
    by = person_field(_("by"), db_index=False)
    until_at = models.DateTimeField(_("until"), null=True, blank=True)
    opened_by = person_field(_("opened by"), null=True, blank=True, db_index=False)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed desk")
        verbose_name_plural = _("closed desks")
        ordering = ["-from_at", "-pk"]
        indexes = [models.Index(fields=["centre"], condition=Q(until_at=None), name="closure_now")]
        constraints = [
            models.UniqueConstraint(
                fields=["desk"],
                condition=Q(until_at=None),
                name="desk_is_closed_once",
                violation_error_message=_("This desk is closed already."),
            )
        ]

    def __str__(self):
        return str(self.desk)
