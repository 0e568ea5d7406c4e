"""What is attached to a note: part of what is sealed."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcentre.attachments import Attachment
from handover.models.entries import Entry
from handover.models.logs import READERS


class EntryFileQuerySet(models.QuerySet):
    def visible_to(self, person):
        rows = self.filter(entry__centre=person.centre_id)
        return rows if person.has_role(*READERS) else rows.none()


class EntryFile(Attachment):
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="files", verbose_name=_("entry"))

    objects = EntryFileQuerySet.as_manager()

    class Meta(Attachment.Meta):
        verbose_name = _("attachment of an entry")
        verbose_name_plural = _("attachments of entries")

    def get_absolute_url(self):
        return reverse("handover:show_file", args=[self.pk])

    def get_remove_url(self):
        return reverse("handover:remove_file", args=[self.pk])
