"""What a roster is judged by: the heads that a turn of the day needs, and the limits of working time."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Centre, OfCentreQuerySet
from shifts.models.places import ShiftType


class Demand(models.Model):
    """How many people a turn of the day needs, on a kind of day, from a date on. The newest row begun counts."""

    class Day(models.TextChoices):
        EVERY = "every", pgettext_lazy("demand", "every day")
        WORKDAY = "workday", pgettext_lazy("demand", "workdays")
        REST = "rest", pgettext_lazy("demand", "weekends")
        HOLIDAY = "holiday", pgettext_lazy("demand", "public holidays")

    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    type = models.ForeignKey(ShiftType, models.PROTECT, related_name="demands", verbose_name=_("shift type"))
    day = models.CharField(_("days"), max_length=10, choices=Day.choices, default=Day.EVERY)
    heads = models.PositiveSmallIntegerField(_("people"), validators=[MaxValueValidator(5000)])
    from_on = models.DateField(_("in force from"))

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        ordering = ["type", "day", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "type", "day", "from_on"],
                name="demand_of_a_turn_and_kind_of_day_is_dated_once",
                violation_error_message=_("This demand has a row from that date already. Change that one."),
            )
        ]

    def __str__(self):
        return f"{self.type} {self.get_day_display()} {self.heads}"


class Limit(models.Model):
    """A check of rosters as this centre wants it, from a date on: what it does, and its number.

    A check without a row goes by its default: see shifts.checking.CHECKS.
    """

    class Effect(models.TextChoices):
        REFUSE = "refuse", pgettext_lazy("roster check", "refuses")
        WARN = "warn", pgettext_lazy("roster check", "warns")
        NOTE = "note", pgettext_lazy("roster check", "is mentioned")
        IGNORE = "ignore", pgettext_lazy("roster check", "is not made")

    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    check_code = models.CharField(_("check"), max_length=30)
    effect = models.CharField(_("effect"), max_length=10, choices=Effect.choices)
    value = models.PositiveIntegerField(_("limit"), null=True, blank=True)
    from_on = models.DateField(_("in force from"))

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of rosters")
        verbose_name_plural = _("limits of rosters")
        ordering = ["check_code", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "check_code", "from_on"],
                name="limit_of_a_check_is_dated_once",
                violation_error_message=_("This check has a row from that date already. Change that one."),
            ),
            models.CheckConstraint(
                condition=Q(effect__in=["refuse", "warn", "note", "ignore"]), name="limit_effect_is_one_of_four"
            ),
        ]

    def __str__(self):
        return f"{self.check_code} {self.get_effect_display()}"
