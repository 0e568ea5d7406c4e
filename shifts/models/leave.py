"""Leave: days on which a person is away."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Centre, OfCentreQuerySet


class LeaveQuerySet(OfCentreQuerySet):
    def approved(self):
        return self.filter(status=Leave.Status.APPROVED)

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
