"""How a roster came to be as it is: the steps of editing a draft, the publication, and each change after it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shifts.models.rosters import Roster, Shift


class EditQuerySet(models.QuerySet):
    def done(self):
        return self.filter(undone_at=None).order_by("-number")

    def undone(self):
        """Those that can be redone, the next one first."""
        return self.exclude(undone_at=None).order_by("number")


class Edit(models.Model):
    """A step of work on a draft: what its cells held before and hold after it, so that it can be undone and redone.

    `cells`: [[person id, "2026-11-23", [codes before], [codes after]], ...], each person and day once.
    `places`: for each cell, in the same order, [[team id, leads, desk id] of each code before, ... of each after].
    """

    class Kind(models.TextChoices):
        CELLS = "cells", pgettext_lazy("roster edit", "edited")
        FILLED = "filled", pgettext_lazy("roster edit", "filled from the cycle")
        IMPORTED = "imported", pgettext_lazy("roster edit", "imported")
        SOLVED = "solved", pgettext_lazy("roster edit", "generated")

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="edits", db_index=False, verbose_name=_("roster"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.CELLS)
    cells = models.JSONField(_("cells"))
    places = models.JSONField(_("places"), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    objects = EditQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of editing")
        verbose_name_plural = _("steps of editing")
        ordering = ["roster_id", "number"]
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="edit_number_is_unique_in_its_roster")]

    def __str__(self):
        return f"{self.roster_id}/{self.number}"


class Version(models.Model):
    """A roster's publication (number 1) or a dated change after it, by a named person."""

    class Kind(models.TextChoices):
        PUBLISHED = "published", pgettext_lazy("roster version", "published")
        EDITED = "edited", pgettext_lazy("roster version", "changed")
        SWAPPED = "swapped", pgettext_lazy("roster version", "swap")

    roster = models.ForeignKey(
        Roster, models.PROTECT, related_name="versions", db_index=False, verbose_name=_("roster")
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("version of a roster")
        verbose_name_plural = _("versions of rosters")
        ordering = ["roster_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["roster", "number"], name="version_number_is_unique_in_its_roster")
        ]

    def __str__(self):
        return f"{self.roster} v{self.number}"


class Change(models.Model):
    """In a version after the first: the person came onto the shift, or left it. Never edited."""

    version = models.ForeignKey(
        Version, models.PROTECT, related_name="changes", db_index=False, verbose_name=_("version")
    )
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="changes", verbose_name=_("shift"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    is_added = models.BooleanField(_("came onto the shift"))

    class Meta:
        verbose_name = _("change of a roster")
        verbose_name_plural = _("changes of rosters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "person", "shift"], name="a_version_changes_a_turn_once")
        ]

    def __str__(self):
        return f"{'+' if self.is_added else '−'} {self.person} {self.shift}"
