"""The chain of a case, fixed when it is submitted, and the people that it has come to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escalations.models.kinds import LevelKind


class Level(models.Model):
    """A place in a case's chain, fixed when the case is submitted: who holds it, or why nobody does."""

    class Note(models.TextChoices):
        """Why a level has nobody. All but the last are what the line above says."""

        NO_ROSTER = "no_roster", _("no shift is on duty")
        NO_LEADER = "no_leader", _("the shift has no leader")
        ON_LEAVE = "on_leave", _("on leave without a deputy")
        NOBODY = "nobody", _("nobody holds this office")
        SAME_PERSON = "same_person", _("held by somebody who is already in the chain")

    case = models.ForeignKey(
        "Case", models.CASCADE, related_name="levels", db_index=False, verbose_name=_("request or report")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("level"), max_length=20, choices=LevelKind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acting for")
    )
    note = models.CharField(_("note"), max_length=20, choices=Note.choices, blank=True)
    reached_at = models.DateTimeField(_("reached at"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    remind_at = models.DateTimeField(_("reminder at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    overdue_at = models.DateTimeField(_("found overdue at"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    passed_at = models.DateTimeField(_("passed at"), null=True, blank=True)
    skipped_at = models.DateTimeField(_("skipped at"), null=True, blank=True)
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("passed by")
    )
    passed_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["case", "order"]
        constraints = [
            models.UniqueConstraint(fields=["case", "order"], name="level_has_one_place_in_its_chain"),
            models.CheckConstraint(
                condition=Q(person=None) & ~Q(note="") | Q(person__isnull=False, note=""),
                name="empty_level_says_why",
                violation_error_message=_("A level without anybody says why."),
            ),
            models.CheckConstraint(
                condition=Q(passed_at=None) | Q(reached_at__isnull=False),
                name="passed_level_was_reached",
                violation_error_message=_("A request climbs one level at a time."),
            ),
            models.CheckConstraint(
                condition=Q(skipped_at=None) | Q(reached_at=None, person__isnull=False),
                name="skipped_level_has_somebody_and_was_not_reached",
                violation_error_message=_("A level that was skipped has somebody, and the case did not reach it."),
            ),
            models.CheckConstraint(
                condition=Q(reached_at=None) | Q(person=None) | Q(answer_due_at__isnull=False),
                name="reached_level_has_a_due_time",
                violation_error_message=_("A level that a request has reached has a time for its answer."),
            ),
            models.CheckConstraint(
                condition=Q(passed_by=None) | ~Q(passed_reason=""),
                name="passing_up_has_a_reason",
                violation_error_message=_("Write why you pass it up."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def was_skipped(self):
        return self.skipped_at is not None

    @property
    def was_overdue(self):
        return self.overdue_at is not None


class Party(models.Model):
    """Somebody the case has come to: its reporter, the levels it has reached, and the leader of the shift it comes from
    unless it is confidential. Who is not here and does not oversee the centre does not see it."""

    case = models.ForeignKey(
        "Case", models.CASCADE, related_name="parties", db_index=False, verbose_name=_("request or report")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        indexes = [models.Index(fields=["person", "-case"], name="party_newest_of_person")]
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="person_is_party_to_a_case_once")]

    def __str__(self):
        return f"{self.case_id} {self.person_id}"
