"""Generated rosters: what people wish for, and the runs of the solver."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Centre, OfCentreQuerySet
from shifts.models.places import ShiftType
from shifts.models.rosters import Roster


class WishQuerySet(OfCentreQuerySet):
    def between(self, from_on, until_on):
        return self.filter(on__gte=from_on, on__lte=until_on)


class Wish(models.Model):
    """A request for a day: to work it (a turn of the day, or any) or to have it off."""

    class Kind(models.TextChoices):
        OFF = "off", pgettext_lazy("wish", "off")
        ON = "on", pgettext_lazy("wish", "on")

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="wishes", db_index=False, verbose_name=_("person")
    )
    on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=3, choices=Kind.choices)
    type = models.ForeignKey(
        ShiftType, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("shift type")
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    made_at = models.DateTimeField(_("made at"))

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["centre", "on"], name="wish_by_date")]
        constraints = [
            models.UniqueConstraint(fields=["person", "on"], name="person_has_one_wish_for_a_day"),
            models.CheckConstraint(condition=Q(kind__in=["off", "on"]), name="wish_is_off_or_on"),
        ]

    def __str__(self):
        return f"{self.person} {self.on} {self.get_kind_display()}"


class RunQuerySet(OfCentreQuerySet):
    def active(self):
        return self.filter(status__in=("queued", "running"))

    def unsent(self, before):
        """Those that wait and that no worker has been told of since the moment."""
        return self.active().filter(status="queued").filter(Q(sent_at=None) | Q(sent_at__lt=before))

    def silent(self, since):
        """Those that a worker has, or was to have, and that nothing was heard of since the moment."""
        return self.active().filter(heard_at__lt=since)


class Run(models.Model):
    """One run of the solver over a draft. Until it is applied the draft is as it was, whatever becomes of the worker.

    `progress` and `outcome` hold ids, codes, dates and numbers only; shifts.outcomes tells what is in them.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("solver run", "queued")
        RUNNING = "running", pgettext_lazy("solver run", "running")
        DONE = "done", pgettext_lazy("solver run", "done")
        APPLIED = "applied", pgettext_lazy("solver run", "applied")
        DISCARDED = "discarded", pgettext_lazy("solver run", "discarded")
        CANCELLED = "cancelled", pgettext_lazy("solver run", "cancelled")
        FAILED = "failed", pgettext_lazy("solver run", "failed")

    class Weight(models.IntegerChoices):
        NONE = 0, pgettext_lazy("weight", "does not count")
        SOME = 1, pgettext_lazy("weight", "counts")
        MUCH = 2, pgettext_lazy("weight", "counts much")

    MOVES = {
        Status.QUEUED: {Status.RUNNING, Status.CANCELLED, Status.FAILED},
        Status.RUNNING: {Status.DONE, Status.CANCELLED, Status.FAILED},
        Status.DONE: {Status.APPLIED, Status.DISCARDED},
        Status.APPLIED: {Status.DONE},
    }

    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    roster = models.ForeignKey(Roster, models.CASCADE, related_name="runs", verbose_name=_("roster"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    seconds = models.PositiveSmallIntegerField(_("seconds"), validators=[MinValueValidator(1), MaxValueValidator(60)])
    keep = models.PositiveSmallIntegerField(_("keeping to the draft"), choices=Weight.choices, default=Weight.SOME)
    fairness = models.PositiveSmallIntegerField(
        _("fair shares of nights and weekends"), choices=Weight.choices, default=Weight.SOME
    )
    wishes = models.PositiveSmallIntegerField(_("wishes"), choices=Weight.choices, default=Weight.SOME)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    sent_at = models.DateTimeField(_("sent to a worker at"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    heard_at = models.DateTimeField(_("last heard of"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    progress = models.JSONField(_("progress"), default=dict)
    outcome = models.JSONField(_("outcome"), default=dict)
    failure = models.CharField(_("failure"), max_length=50, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of the solver")
        verbose_name_plural = _("runs of the solver")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre"],
                condition=Q(status__in=["queued", "running"]),
                name="one_run_at_a_time_in_a_centre",
                violation_error_message=_("A run is under way in this centre. Wait for it, or cancel it."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "done", "applied", "discarded", "cancelled", "failed"]),
                name="run_status_is_one_of_seven",
            ),
        ]

    def __str__(self):
        return str(_("Run no. %(number)s")) % {"number": self.pk}

    @property
    def is_active(self):
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)
