"""The append-only record: who did what to which object, when, and by which clause.

A row carries an HMAC over its contents; seals chain the rows of a centre. Facts hold ids and codes, no names or text.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from journal.verbs import verb_label


class AppendOnly(TypeError):
    """Somebody tried to change or delete what can only be added to."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **changes):
        raise AppendOnly(f"{self.model.__name__} rows are never updated")

    def delete(self):
        raise AppendOnly(f"{self.model.__name__} rows are never deleted")

    def bulk_update(self, *args, **kwargs):
        raise AppendOnly(f"{self.model.__name__} rows are never updated")


class EntryQuerySet(AppendOnlyQuerySet):
    def visible_to(self, person):
        """Restricted rows show only on their object's own page, which asks `about`."""
        return self.filter(centre=person.centre_id, restricted=False)

    def about(self, obj):
        """The history of a record, oldest first. Whoever may see the record may see it."""
        return self.filter(object_type=obj._meta.label_lower, object_id=obj.pk).select_related("actor").order_by("pk")


class AppendOnlyModel(models.Model):
    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly(f"{type(self).__name__} rows are never updated")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly(f"{type(self).__name__} rows are never deleted")


class Entry(AppendOnlyModel):
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    centre = models.ForeignKey("people.Centre", models.PROTECT, related_name="+", verbose_name=_("centre"))
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    verb = models.CharField(_("what"), max_length=60)
    object_type = models.CharField(_("record"), max_length=60)
    object_id = models.BigIntegerField(_("number"))
    clause = models.CharField(_("clause"), max_length=40, blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    restricted = models.BooleanField(_("restricted"), default=False)
    mac = models.CharField(max_length=64, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal row")
        verbose_name_plural = _("journal")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="journal_by_object"),
            models.Index(fields=["centre", "-id"], name="journal_newest_of_centre"),
            models.Index(fields=["centre", "clause", "-id"], name="journal_by_clause"),
        ]

    def __str__(self):
        return f"{self.verb} {self.object_type} {self.object_id}"

    @property
    def verb_label(self):
        return verb_label(self.verb)


class Seal(AppendOnlyModel):
    """A link of a centre's chain: it covers the rows after the last seal's, and the last seal itself."""

    centre = models.ForeignKey("people.Centre", models.PROTECT, related_name="+", verbose_name=_("centre"))
    number = models.PositiveBigIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    last_entry = models.BigIntegerField(_("up to row"))
    rows = models.PositiveIntegerField(_("rows"))
    digest = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["centre", "number"]
        constraints = [models.UniqueConstraint(fields=["centre", "number"], name="seal_number_is_unique_in_its_centre")]

    def __str__(self):
        return f"{self.centre_id}/{self.number}"
