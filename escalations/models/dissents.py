"""A disagreement voiced beside an instruction, and what the superior said to it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DissentQuerySet(models.QuerySet):
    def raised(self):
        """Those that the superior has not answered."""
        return self.filter(status=Dissent.Status.RAISED)

    def with_names(self):
        return self.select_related("case__centre", "case__level__person")

    def overdue(self, at):
        return self.raised().filter(answer_due_at__lte=at)


class Dissent(models.Model):
    """One at most for an instruction. Its words are never changed; an accepted one is followed by a new instruction."""

    class Status(models.TextChoices):
        RAISED = "raised", pgettext_lazy("dissent", "raised")
        ACCEPTED = "accepted", pgettext_lazy("dissent", "accepted")
        UPHELD = "upheld", pgettext_lazy("dissent", "instruction upheld")

    MOVES = {Status.RAISED: {Status.ACCEPTED, Status.UPHELD}}

    case = models.ForeignKey("Case", models.PROTECT, related_name="dissents", verbose_name=_("request or report"))
    instruction = models.OneToOneField(
        "Instruction", models.PROTECT, related_name="dissent", verbose_name=_("instruction")
    )
    text = models.TextField(_("dissent"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.RAISED, editable=False)
    answer_due_at = models.DateTimeField(_("answer due"))
    late_at = models.DateTimeField(_("found overdue at"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = DissentQuerySet.as_manager()

    class Meta:
        verbose_name = _("dissent")
        verbose_name_plural = _("dissents")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["answer_due_at"], condition=Q(status="raised"), name="dissent_awaiting_an_answer")
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="dissent_says_something",
                violation_error_message=_("Write what you disagree with and why."),
            ),
            models.CheckConstraint(
                condition=Q(status="raised", answer="", answered_by=None, answered_at=None)
                | Q(status__in=["accepted", "upheld"], answered_by__isnull=False, answered_at__isnull=False)
                & ~Q(answer=""),
                name="answered_dissent_says_what_who_and_when",
                violation_error_message=_("An answered dissent says what was answered, by whom and when."),
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("by")),
                name="nobody_answers_their_own_dissent",
                violation_error_message=_("Nobody answers their own dissent."),
            ),
        ]

    def __str__(self):
        return f"{self.instruction_id} {self.status}"

    @property
    def is_raised(self):
        return self.status == self.Status.RAISED

    @property
    def is_upheld(self):
        return self.status == self.Status.UPHELD
