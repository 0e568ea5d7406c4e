"""Cycles of turns and rest days that teams go through."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from callcentre import words
from people.models import Centre, OfCentreQuerySet, Team
from shifts.models.places import ShiftType


class Rotation(models.Model):
    """A cycle of shift types and rest days that teams go through, each from its own place in it."""

    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    name_zh = models.CharField(_("name in Chinese"), max_length=50)
    name_en = models.CharField(_("name in English"), max_length=50, blank=True)
    cycle = models.JSONField(_("cycle"), help_text=_("Shift-type codes, day by day; an empty one is a rest day."))
    starts_on = models.DateField(_("first day of the cycle"))
    teams = models.ManyToManyField(Team, through="RotationPlace", related_name="rotations", verbose_name=_("teams"))

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("rotation")
        verbose_name_plural = _("rotations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "name_zh"], name="rotation_name_is_unique_in_its_centre")
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return words.pick(self.name_zh, self.name_en)

    @property
    def codes(self):
        """The shift types of the cycle, without rest."""
        return {code for code in self.cycle if code}

    @property
    def has_several_types(self):
        """False for permanent day staff, who rotate through nothing."""
        return len(self.codes) > 1

    def clean(self):
        if not isinstance(self.cycle, list) or not all(isinstance(code, str) for code in self.cycle) or not self.codes:
            raise ValidationError({"cycle": _("A cycle is a list of shift-type codes with at least one working day.")})
        known = set(ShiftType.objects.filter(centre=self.centre_id).values_list("code", flat=True))
        if unknown := sorted(self.codes - known):
            message = _("No shift type of this centre has the code %(codes)s.")
            raise ValidationError({"cycle": ValidationError(message, params={"codes": ", ".join(unknown)})})


class RotationPlace(models.Model):
    """Where in the cycle a team stands on the rotation's first day."""

    rotation = models.ForeignKey(Rotation, models.CASCADE, related_name="places", verbose_name=_("rotation"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    phase = models.PositiveSmallIntegerField(_("days into the cycle"), default=0)

    class Meta:
        verbose_name = _("team in the rotation")
        verbose_name_plural = _("teams in the rotation")
        ordering = ["phase", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rotation", "team"],
                name="team_has_one_place_in_a_rotation",
                violation_error_message=_("This team already has a place in the rotation."),
            )
        ]

    def __str__(self):
        return f"{self.team} +{self.phase}"

    def clean(self):
        if self.team_id and self.team.centre_id != self.rotation.centre_id:
            raise ValidationError({"team": _("This team belongs to another centre.")})
