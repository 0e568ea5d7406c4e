"""Leave: days on which a person is away."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import clock
from people.models import Centre, OfCentreQuerySet
from shifts import deciding

LATE_ASKING = dt.timedelta(days=31)  # how far back leave can be asked for; so what waits is found among the last ones


class LeaveQuerySet(OfCentreQuerySet):
    def visible_to(self, person):
        """Those who decide on leave see that of the centre, everybody else their own and what they asked for."""
        mine = Q(person=person) | Q(asked_by=person)
        rows = super().visible_to(person)
        return rows if deciding.sees_all(person) else rows.filter(mine)

    def with_names(self):
        return self.select_related("centre", "person__team", "asked_by", "decided_by")

    def standing(self):
        """Those that are asked for or granted."""
        return self.filter(status__in=(Leave.Status.REQUESTED, Leave.Status.APPROVED))

    def waiting_for(self, person, at):
        """What the person is to decide, the nearest first days first."""
        on = clock.local_date(person.centre, at)
        asked = self.filter(status=Leave.Status.REQUESTED, centre=person.centre_id, until_on__gte=on - 2 * LATE_ASKING)
        others = asked.exclude(person=person).exclude(asked_by=person)
        return others.filter(deciding.decidable(person, on, "person")).with_names().order_by("from_on", "pk")

    def approved(self):
        return self.filter(status=Leave.Status.APPROVED)

    def of_turn(self, person, on):
        """Those by which the person is away on the date; both may be an OuterRef."""
        return self.filter(person=person, from_on__lte=on, until_on__gte=on)

    def between(self, from_on, until_on):
        """Those that share a day with the period, both ends included."""
        return self.filter(from_on__lte=until_on, until_on__gte=from_on)


class Leave(models.Model):
    """Whole days, by the local date on which a shift begins."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", pgettext_lazy("leave", "annual leave")
        SICK = "sick", pgettext_lazy("leave", "sick leave")
        PERSONAL = "personal", pgettext_lazy("leave", "personal leave")
        COMPENSATORY = "compensatory", pgettext_lazy("leave", "time off in lieu")
        MARRIAGE = "marriage", pgettext_lazy("leave", "marriage leave")
        PARENTAL = "parental", pgettext_lazy("leave", "maternity or parental leave")
        BEREAVEMENT = "bereavement", pgettext_lazy("leave", "bereavement leave")
        TRAINING = "training", pgettext_lazy("leave", "training")
        OTHER = "other", pgettext_lazy("leave", "other leave")

    class Status(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("leave", "requested")
        APPROVED = "approved", pgettext_lazy("leave", "approved")
        REFUSED = "refused", pgettext_lazy("leave", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("leave", "withdrawn")
        CANCELLED = "cancelled", pgettext_lazy("leave", "cancelled")

    MOVES = {
        Status.REQUESTED: {Status.APPROVED, Status.REFUSED, Status.WITHDRAWN},
        Status.APPROVED: {Status.CANCELLED},
    }

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaves", db_index=False, verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    from_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.REQUESTED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["-from_on", "-pk"]
        indexes = [
            models.Index(fields=["centre", "until_on"], name="leave_by_last_day"),
            models.Index(fields=["person", "until_on"], name="leave_of_a_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="leave_ends_on_or_after_its_first_day",
                violation_error_message=_("The last day is before the first. Correct one of the two."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "refused"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_leave_has_decider_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "refused"]) | ~Q(decided_by=F("person")),
                name="nobody_decides_their_own_leave",
                violation_error_message=_("Nobody decides their own leave."),
            ),
        ]

    def __str__(self):
        return str(_("Leave no. %(number)s")) % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("shifts:show_leave", args=[self.pk])

    @property
    def days(self):
        return (self.until_on - self.from_on).days + 1
