"""What a skipped superior is owed: the report that follows an emergency."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Centre


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Who owes it and to whom it is owed; of a case that they see, everybody who sees it."""
        from escalations.models.cases import Case  # noqa: PLC0415 - cases import what is below them

        theirs = Q(person=person) & ~Q(status=FollowUp.Status.OWED)
        return self.filter(centre=person.centre_id).filter(
            theirs | Q(case__in=Case.objects.visible_to(person).values("pk"))
        )

    def owed(self):
        return self.filter(status=FollowUp.Status.OWED)

    def waiting_for(self, person, at=None):
        """Those that the person is to make, and those made to them that they have not acknowledged."""
        make, read = Q(status=FollowUp.Status.OWED, owed_by=person), Q(status=FollowUp.Status.REPORTED, person=person)
        return self.filter(make | read, centre=person.centre_id).with_names().order_by("due_at", "pk")

    def overdue(self, at):
        return self.owed().filter(due_at__lte=at)

    def to_remind(self, at):
        return self.owed().filter(remind_at__lte=at, due_at__gt=at, reminded_at=None)

    def with_names(self):
        return self.select_related("case__centre", "case__level__person", "level", "person", "owed_by", "reported_by")


class FollowUp(models.Model):
    """One for each superior that an urgent case passed over. Its case cannot end while one is owed."""

    class Status(models.TextChoices):
        OWED = "owed", pgettext_lazy("follow-up report", "owed")
        REPORTED = "reported", pgettext_lazy("follow-up report", "reported")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("follow-up report", "acknowledged")

    MOVES = {Status.OWED: {Status.REPORTED}, Status.REPORTED: {Status.ACKNOWLEDGED}}

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, related_name="+", verbose_name=_("centre"))
    case = models.ForeignKey("Case", models.PROTECT, related_name="follow_ups", verbose_name=_("request or report"))
    level = models.OneToOneField("Level", models.PROTECT, related_name="follow_up", verbose_name=_("level"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("owed to")
    )
    owed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("owed by")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.OWED, editable=False)
    due_at = models.DateTimeField(_("due"))
    remind_at = models.DateTimeField(_("reminder at"))
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    late_at = models.DateTimeField(_("reported late at"), null=True, blank=True)
    text = models.TextField(_("report"), blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reported by")
    )
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up report")
        verbose_name_plural = _("follow-up reports")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["owed_by"], condition=Q(status="owed"), name="follow_up_owed_by_person"),
            models.Index(fields=["person"], condition=Q(status="reported"), name="follow_up_made_to_person"),
            models.Index(fields=["due_at"], condition=Q(status="owed"), name="follow_up_by_due_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="owed", text="", reported_by=None, reported_at=None)
                | Q(status__in=["reported", "acknowledged"], reported_by__isnull=False, reported_at__isnull=False)
                & ~Q(text=""),
                name="made_follow_up_says_what_who_and_when",
                violation_error_message=_("A follow-up report that is made says what happened, by whom and when."),
            ),
            models.CheckConstraint(
                condition=~Q(status="acknowledged") & Q(acknowledged_by=None, acknowledged_at=None)
                | Q(status="acknowledged", acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="acknowledged_follow_up_has_person_and_time",
                violation_error_message=_("An acknowledged follow-up report says by whom and when."),
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_by=None) | ~Q(acknowledged_by=F("reported_by")),
                name="nobody_acknowledges_their_own_follow_up",
                violation_error_message=_("Nobody acknowledges their own follow-up report."),
            ),
        ]

    def __str__(self):
        return _("follow-up report on no. %(number)s") % {"number": self.case_id}

    def get_absolute_url(self):
        return reverse("escalations:show_follow_up", args=[self.pk])

    @property
    def is_owed(self):
        return self.status == self.Status.OWED

    def is_overdue(self, at):
        return self.is_owed and self.due_at <= at
