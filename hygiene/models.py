"""Who cleans what: areas, plants, and the record of each clean with its helpers and its ticked checklist."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcentre.words import pick
from duties.models import Duty
from people.models import OfCentreQuerySet
from rulebook.evidence import evidence


class Area(models.Model):
    class Key(models.TextChoices):
        MACHINE_ROOM = "machine_room", _("machine room")
        CHANGING_ROOM = "changing_room", _("changing room")
        NOTICE_BOARD = "notice_board", _("big screen and notice board")

    centre = models.ForeignKey("people.Centre", models.PROTECT, verbose_name=_("centre"))
    key = models.CharField(_("kind"), max_length=20, choices=Key.choices)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["centre", "key"], name="area_is_there_once_in_its_centre")]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return pick(self.name_zh, self.name_en)


class PlantQuerySet(OfCentreQuerySet):
    def in_care(self):
        return self.filter(active=True).order_by("place", "pk")


class Plant(models.Model):
    """A line of the plant register. One that is gone is switched off, so that old records keep its name."""

    centre = models.ForeignKey("people.Centre", models.PROTECT, verbose_name=_("centre"))
    place = models.CharField(_("place"), max_length=60)
    species = models.CharField(_("species"), max_length=60)
    active = models.BooleanField(_("in care"), default=True)

    objects = PlantQuerySet.as_manager()

    class Meta:
        verbose_name = _("plant")
        verbose_name_plural = _("plants")
        ordering = ["place", "pk"]

    def __str__(self):
        return f"{self.place} {self.species}"


class CleanQuerySet(OfCentreQuerySet):
    def with_duty(self):
        return self.select_related(
            "duty__rule__centre", "duty__centre", "duty__assignee", "duty__done_by", "centre", "area"
        )

    def under_way(self):
        """Begun and not finished, those whose time has run out among them."""
        return self.filter(duty__status__in=[Duty.Status.STARTED, Duty.Status.MISSED])

    def waiting_for(self, person, at):
        """Cleans under way that the person was named to help with; what they answer for themselves, the duties say."""
        return self.under_way().filter(centre=person.centre_id, helpers=person).with_duty().order_by("duty__due_at")


class Clean(models.Model):
    """The record of one duty, which holds its date and state: they move together."""

    duty = models.OneToOneField(
        Duty, models.PROTECT, primary_key=True, related_name="clean_record", verbose_name=_("duty")
    )
    centre = models.ForeignKey("people.Centre", models.PROTECT, verbose_name=_("centre"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("area"))
    helpers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("helpers"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = CleanQuerySet.as_manager()

    class Meta:
        verbose_name = _("clean")
        verbose_name_plural = _("cleans")
        ordering = ["-duty"]

    def __str__(self):
        return str(self.duty)

    def get_absolute_url(self):
        return reverse("hygiene:show_clean", args=[self.pk])

    @property
    def due_at(self):
        return self.duty.due_at


class CleanTick(models.Model):
    """An item of the checklist answered: done, or not possible for a reason."""

    clean = models.ForeignKey(Clean, models.CASCADE, related_name="ticks", db_index=False, verbose_name=_("clean"))
    item = models.ForeignKey(
        "rulebook.ChecklistItem", models.PROTECT, related_name="+", db_index=False, verbose_name=_("item")
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    excuse = models.CharField(_("why it was not possible"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("answered item")
        verbose_name_plural = _("answered items")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["clean", "item"], name="item_is_answered_once_in_a_clean")]

    def __str__(self):
        return f"{self.clean_id} {self.item_id}"


class PlantSkip(models.Model):
    """A plant that was left out this time, and why."""

    clean = models.ForeignKey(Clean, models.CASCADE, related_name="skips", db_index=False, verbose_name=_("clean"))
    plant = models.ForeignKey(Plant, models.PROTECT, related_name="+", verbose_name=_("plant"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("plant left out")
        verbose_name_plural = _("plants left out")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["clean", "plant"], name="plant_is_left_out_once_in_a_clean"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="plant_left_out_has_a_reason",
                violation_error_message=_("Give the reason: it stays on the record."),
            ),
        ]

    def __str__(self):
        return f"{self.plant} {self.reason}"


evidence(
    "record",
    "hygiene.changing.5",
    _("Who cleaned, who helped, each item ticked or excused, and the sign-off by a second person."),
)
evidence("record", "hygiene.plants.1", _("The plant register, who watered, and which plants were left out and why."))
evidence("record", "hygiene.plants.2", _("Who cleaned the leaves, and each item ticked or excused."))
