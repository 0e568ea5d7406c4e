"""Where people work and when: rooms, desks and the turns of the day."""

import datetime as dt

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import clock, words
from people.models import Centre, OfCentreQuerySet


class Colour(models.TextChoices):
    """The fills of roster.css, one for each kind of turn; every type also shows its letter."""

    EARLY = "E", pgettext_lazy("shift colour", "early")
    DAY = "D", pgettext_lazy("shift colour", "day")
    MIDDLE = "M", pgettext_lazy("shift colour", "middle")
    NIGHT = "N", pgettext_lazy("shift colour", "night")
    TRAINING = "T", pgettext_lazy("shift colour", "training")
    LEAVE = "L", pgettext_lazy("shift colour", "leave")
    REST = "O", pgettext_lazy("shift colour", "rest")


class Room(models.Model):
    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    name = models.CharField(_("name"), max_length=50)

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["centre", "name"], name="room_name_is_unique_in_its_centre")]

    def __str__(self):
        return self.name


class DeskQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(room__centre=person.centre_id)

    def of_centre(self, centre):
        """The desks in use, in the order in which they are given out."""
        return self.filter(room__centre=centre, in_use=True).order_by("room_id", "code")


class Desk(models.Model):
    room = models.ForeignKey(Room, models.PROTECT, related_name="desks", verbose_name=_("room"))
    code = models.CharField(_("code"), max_length=10)
    in_use = models.BooleanField(_("in use"), default=True, help_text=_("New rosters give out only desks in use."))

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        ordering = ["room_id", "code"]
        constraints = [models.UniqueConstraint(fields=["room", "code"], name="desk_code_is_unique_in_its_room")]

    def __str__(self):
        return self.code


class ShiftType(models.Model):
    """A turn of the day. An end that is not after the start is the next day's; 24:00 is written 00:00."""

    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    code = models.CharField(
        _("code"),
        max_length=4,
        validators=[RegexValidator(r"\A[A-Z][A-Z0-9]*\Z", _("A code is capital Latin letters, then digits."))],
    )
    name_zh = models.CharField(_("name in Chinese"), max_length=20)
    name_en = models.CharField(_("name in English"), max_length=40)
    letter_zh = models.CharField(_("letter in Chinese"), max_length=2)
    letter_en = models.CharField(_("letter in English"), max_length=2)
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"), help_text=_("Not after the start: on the next day. Midnight is 00:00."))
    counts_as_day = models.BooleanField(
        _("counts as day shift"),
        default=False,
        help_text=_("In a rotation of several types, its crew does the duties of the rotating day shift."),
    )
    colour = models.CharField(_("colour"), max_length=1, choices=Colour.choices)

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift type")
        verbose_name_plural = _("shift types")
        ordering = ["starts", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "code"], name="shift_type_code_is_unique_in_its_centre"),
            models.CheckConstraint(condition=Q(colour__in=Colour.values), name="shift_colour_is_one_of_the_tokens"),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return words.pick(self.name_zh, self.name_en)

    @property
    def letter(self):
        return words.pick(self.letter_zh, self.letter_en)

    @property
    def times(self):
        return words.time_range(self.starts, self.ends)

    def span(self, on):
        """The two moments between which a shift of this type lasts that begins on the local date."""
        ends_on = on if self.ends > self.starts else on + dt.timedelta(days=1)
        return clock.moment(self.centre, on, self.starts), clock.moment(self.centre, ends_on, self.ends)
