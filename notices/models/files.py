"""What is attached to a notice: while it is a draft, for what was published does not change."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcentre.attachments import Attachment
from notices.models.notices import Notice


class NoticeFileQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(notice__in=Notice.objects.visible_to(person).order_by().values("pk"))


class NoticeFile(Attachment):
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="files", verbose_name=_("notice"))

    objects = NoticeFileQuerySet.as_manager()

    class Meta(Attachment.Meta):
        verbose_name = _("attachment of a notice")
        verbose_name_plural = _("attachments of notices")

    def get_absolute_url(self):
        return reverse("notices:show_file", args=[self.pk])

    def get_remove_url(self):
        return reverse("notices:remove_file", args=[self.pk])
