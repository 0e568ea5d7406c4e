"""What is written at a step and never changed: a superior's instruction, the remarks of the others."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journal.models import AppendOnlyModel, AppendOnlyQuerySet


class Instruction(AppendOnlyModel):
    """A superior's words, as given. Never changed: another decision is another instruction."""

    case = models.ForeignKey("Case", models.PROTECT, related_name="instructions", verbose_name=_("request or report"))
    level = models.ForeignKey("Level", models.PROTECT, related_name="+", verbose_name=_("level"))
    text = models.TextField(_("instruction"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="instruction_says_something",
                violation_error_message=_("Write the instruction."),
            )
        ]

    def __str__(self):
        return f"{self.case_id} {self.pk}"


class Remark(AppendOnlyModel):
    """What somebody wrote when taking a step: a question, the answer to it, evidence, a reason. Never changed."""

    class Step(models.TextChoices):
        RETURNED = "returned", _("what is missing")
        RESUBMITTED = "resubmitted", _("added")
        CARRIED_OUT = "carried_out", _("how it was carried out")
        WITHDRAWN = "withdrawn", _("why it was withdrawn")
        CLOSED = "closed", _("closing remark")
        APPEALED = "appealed", _("why it goes further up")

    case = models.ForeignKey("Case", models.PROTECT, related_name="remarks", verbose_name=_("request or report"))
    step = models.CharField(_("step"), max_length=20, choices=Step.choices)
    text = models.TextField(_("text"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="remark_says_something",
                violation_error_message=_("Write something, or leave the step."),
            )
        ]

    def __str__(self):
        return f"{self.case_id} {self.step}"
