"""What is attached to a case: with what happened, with what was asked for, or as evidence of carrying out."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcentre.attachments import Attachment
from escalations.models.cases import Case
from escalations.models.said import Remark
from rulebook.evidence import evidence

evidence("record", "escalation.7", _("pictures and papers of how an instruction was carried out"))


class CaseFileQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Whoever sees the case, and nobody else."""
        return self.filter(case__in=Case.objects.visible_to(person).order_by().values("pk"))


class CaseFile(Attachment):
    """`remark`: the step that it was added with; without one it came with the case itself."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="files", verbose_name=_("request or report"))
    remark = models.ForeignKey(
        Remark, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("remark")
    )

    objects = CaseFileQuerySet.as_manager()

    class Meta(Attachment.Meta):
        verbose_name = _("attachment of a request or report")
        verbose_name_plural = _("attachments of requests and reports")

    def get_absolute_url(self):
        return reverse("escalations:show_file", args=[self.pk])

    def get_remove_url(self):
        return reverse("escalations:remove_file", args=[self.pk])


# What a page shows of a file, read with its case in one statement.
SHOWN = ("pk", "remark_id", "name", "kind", "size", "preview")


def of_case(case):
    """The files of a case in their order."""
    rows = getattr(case, "files_read", None)
    if rows is None:
        return list(case.files.all())
    return [CaseFile(case=case, **dict(zip(SHOWN, row, strict=True))) for row in rows]
