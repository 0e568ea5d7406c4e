"""The case itself: what was raised, how far it has come, and whose move it is."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre.nested import Nested
from escalations.models.dissents import Dissent
from escalations.models.follow_ups import FollowUp
from escalations.models.kinds import Category, Kind, LevelKind
from escalations.models.levels import Level, Party
from escalations.permissions import OVERSEE, OVERSEE_CONFIDENTIAL
from people.models import Centre
from shifts.models import Shift


class CaseQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Whoever the case has come to; directors oversee the submitted, the centre director the confidential too."""
        rows = self.filter(centre=person.centre_id)
        concerned = Q(pk__in=Party.objects.filter(person=person).values("case"))
        if person.has_perm(OVERSEE_CONFIDENTIAL):
            return rows.filter(concerned | Q(submitted_at__isnull=False))
        if person.has_perm(OVERSEE):
            return rows.filter(concerned | Q(submitted_at__isnull=False) & ~Q(category=Category.CONFIDENTIAL))
        return rows.filter(concerned)

    def waiting_for(self, person, at=None):
        """What this person must do next: answer, close, add, carry out. Urgent first, then by due time."""
        rows = self.filter(centre=person.centre_id, waits_for=person).with_names()
        return rows.order_by("-urgent", F("answer_due_at").asc(nulls_last=True), "pk")

    def raised_by(self, person):
        return self.filter(reporter=person)

    def submitted(self):
        return self.filter(submitted_at__isnull=False)

    def open(self):
        """Submitted and neither closed nor withdrawn: somebody has the next move."""
        return self.filter(waits_for__isnull=False)

    def awaiting_answer(self):
        return self.filter(answer_due_at__isnull=False)

    def overdue(self, at):
        """Not answered in time by the level where they are."""
        return self.filter(answer_due_at__lte=at)

    def to_remind(self, at):
        """Soon due, and the level has not been reminded yet."""
        return self.filter(answer_due_at__gt=at, level__remind_at__lte=at, level__reminded_at=None)

    def owing(self):
        """Those that a follow-up report is still owed for."""
        return self.filter(Exists(FollowUp.objects.owed().filter(case=OuterRef("pk"))))

    def with_dissent(self):
        """Those whose newest instruction has a dissent that nobody has answered."""
        return self.filter(instruction__dissent__status=Dissent.Status.RAISED)

    def stuck(self):
        """Those of which the auditor found nobody who could take the next step."""
        return self.filter(stuck_since__isnull=False)

    def not_confidential(self):
        """For what a whole crew reads."""
        return self.exclude(category=Category.CONFIDENTIAL)

    def counted_for(self, person):
        """What a report counts: of what the person sees the submitted ones. Confidential cases only for the centre
        director, who sees them all: a number that holds some of them would tell of those."""
        rows = self.filter(centre=person.centre_id, submitted_at__isnull=False)
        if person.has_perm(OVERSEE_CONFIDENTIAL):
            return rows
        if person.has_perm(OVERSEE):
            return rows.not_confidential()
        return rows.not_confidential().filter(Exists(Party.objects.filter(case=OuterRef("pk"), person=person)))

    def submitted_between(self, begins, ends):
        return self.filter(submitted_at__gte=begins, submitted_at__lt=ends)

    def having_reached(self, kind):
        """Those that came to a level of the kind that somebody holds."""
        levels = Level.objects.filter(case=OuterRef("pk"), kind=kind, reached_at__isnull=False, person__isnull=False)
        return self.filter(Exists(levels))

    def matching(self, text):
        return self.filter(Q(what_happened__icontains=text) | Q(proposed_handling__icontains=text))

    def with_names(self):
        """What a line about a case shows, in the same query."""
        return self.select_related("reporter", "waits_for", "level")

    def for_page(self):
        from escalations.models.files import SHOWN, CaseFile  # noqa: PLC0415 - files need this model

        files = CaseFile.objects.filter(case=OuterRef("pk")).order_by("pk")
        return self.annotate(files_read=Nested(files, *SHOWN)).select_related(
            "centre",
            "reporter__team",
            "waits_for",
            "level__person",
            "instruction__dissent__answered_by",
            "shift__type",
            "shift__centre",
        )


class Case(models.Model):
    """A request or report to superiors. Its text is fixed when submitted; what comes later is added beside it."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("case", "draft")
        SUBMITTED = "submitted", pgettext_lazy("case", "submitted")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("case", "acknowledged")
        RETURNED = "returned", pgettext_lazy("case", "returned for more")
        PASSED_UP = "passed_up", pgettext_lazy("case", "passed up")
        INSTRUCTED = "instructed", pgettext_lazy("case", "instructed")
        CARRIED_OUT = "carried_out", pgettext_lazy("case", "carried out")
        CLOSED = "closed", pgettext_lazy("case", "closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("case", "withdrawn")

    ANSWERABLE = (Status.SUBMITTED, Status.PASSED_UP, Status.ACKNOWLEDGED)

    ANSWERED = frozenset({Status.RETURNED, Status.PASSED_UP, Status.INSTRUCTED, Status.CLOSED, Status.WITHDRAWN})
    MOVES = {
        Status.DRAFT: {Status.SUBMITTED, Status.WITHDRAWN},
        Status.SUBMITTED: {Status.ACKNOWLEDGED, *ANSWERED},
        Status.PASSED_UP: {Status.ACKNOWLEDGED, *ANSWERED},
        Status.ACKNOWLEDGED: set(ANSWERED),
        # The level may also decide without what it asked for: a reporter who is gone blocks nothing.
        Status.RETURNED: {Status.SUBMITTED, Status.INSTRUCTED, Status.CLOSED, Status.WITHDRAWN},
        # Instructed anew where a dissent is accepted; carried out and still disagreed with, it may go further up.
        Status.INSTRUCTED: {Status.CARRIED_OUT, Status.INSTRUCTED},
        Status.CARRIED_OUT: {Status.CLOSED, Status.INSTRUCTED, Status.PASSED_UP},
    }

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, related_name="+", verbose_name=_("centre"))
    kind = models.CharField(pgettext_lazy("case", "kind"), max_length=10, choices=Kind.choices, default=Kind.REQUEST)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    urgent = models.BooleanField(_("urgent"), default=False)
    what_happened = models.TextField(_("what happened"), blank=True)
    happened_at = models.DateTimeField(_("when it happened"))
    proposed_handling = models.TextField(_("proposed handling"), blank=True)
    goes_to = models.CharField(
        _("goes to"),
        max_length=20,
        choices=LevelKind.choices,
        blank=True,
        help_text=_("The level that an urgent case goes to at once; empty: the nearest."),
    )
    skip_reason = models.TextField(_("why a level is skipped"), blank=True)
    source = models.CharField(_("raised from"), max_length=80, blank=True, editable=False)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("reporter")
    )
    shift = models.ForeignKey(
        Shift, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("shift on duty")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False)
    level = models.ForeignKey(
        "Level", models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("at the level")
    )
    instruction = models.ForeignKey(
        "Instruction",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("newest instruction"),
    )
    waits_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("waits for"),
    )
    answer_due_at = models.DateTimeField(_("answer due"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("begun at"), editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    stuck_since = models.DateTimeField(_("stuck since"), null=True, blank=True, editable=False)
    form_key = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("request or report")
        verbose_name_plural = _("requests and reports")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["centre", "-id"], name="case_newest_of_centre"),
            models.Index(fields=["reporter", "-id"], name="case_newest_of_reporter"),
            models.Index(
                fields=["centre", "submitted_at"],
                condition=Q(submitted_at__isnull=False),
                name="case_of_centre_by_submission",
            ),
            models.Index(fields=["waits_for"], condition=Q(waits_for__isnull=False), name="case_waiting_for_person"),
            models.Index(
                fields=["answer_due_at"], condition=Q(answer_due_at__isnull=False), name="case_awaiting_answer"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reporter", "form_key"], name="case_form_is_taken_once"),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | ~Q(what_happened=""),
                name="submitted_case_says_what_happened",
                violation_error_message=_("Write what happened."),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | ~Q(proposed_handling=""),
                name="proposed_handling_is_given",
                violation_error_message=_("Write how you propose to handle it."),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(happened_at__lte=F("submitted_at")),
                name="nothing_is_reported_before_it_happens",
                violation_error_message=_("What is reported has already happened. Correct the time."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft", submitted_at=None, level=None)
                | Q(status="withdrawn")
                | ~Q(status__in=["draft", "withdrawn"]) & Q(submitted_at__isnull=False, level__isnull=False),
                name="submitted_case_has_a_time_and_a_level",
                violation_error_message=_("A submitted request or report has a time and is at a level."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "closed", "withdrawn"], waits_for=None)
                | ~Q(status__in=["draft", "closed", "withdrawn"]) & Q(waits_for__isnull=False),
                name="open_case_waits_for_somebody",
                violation_error_message=_("Somebody has the next move of an open request or report."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["submitted", "passed_up", "acknowledged"], answer_due_at__isnull=False)
                | ~Q(status__in=["submitted", "passed_up", "acknowledged"]) & Q(answer_due_at=None),
                name="case_awaiting_an_answer_has_a_due_time",
                violation_error_message=_("What waits for an answer has a time by which it is due."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["instructed", "carried_out"]) | Q(instruction__isnull=False),
                name="instructed_case_has_its_instruction",
                violation_error_message=_("An instructed request names its instruction."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["closed", "withdrawn"], closed_at__isnull=False)
                | ~Q(status__in=["closed", "withdrawn"]) & Q(closed_at=None),
                name="closed_case_has_a_time",
                violation_error_message=_("A closed or withdrawn request or report says when it ended."),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(goes_to="") | Q(urgent=True) & ~Q(skip_reason=""),
                name="only_an_urgent_case_skips_a_level_and_says_why",
                violation_error_message=_("Only an urgent request or report skips a level, and it says why."),
            ),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="case_category_is_one_of_the_five"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="case_is_a_request_or_a_report"),
        ]

    def __str__(self):
        """Only the number: this string goes to places that must not tell what a case is about."""
        return _("%(kind)s no. %(number)s") % {"kind": self.get_kind_display(), "number": self.pk}

    def get_absolute_url(self):
        return reverse("escalations:show_case", args=[self.pk])

    @property
    def is_confidential(self):
        return self.category == Category.CONFIDENTIAL

    @property
    def is_request(self):
        return self.kind == Kind.REQUEST

    @property
    def is_answerable(self):
        return self.status in self.ANSWERABLE

    @property
    def clause(self):
        return Category(self.category).clause

    @property
    def chain(self):
        """The levels in their order, fetched once for the object's life, with the names that a page shows."""
        if not hasattr(self, "_chain"):
            names = ("person", "acting_for", "passed_by", "follow_up__owed_by", "follow_up__acknowledged_by")
            self._chain = list(self.levels.select_related(*names))
        return self._chain

    def forget_chain(self):
        self.__dict__.pop("_chain", None)

    @property
    def debts(self):
        """The follow-up reports that are still owed to skipped superiors."""
        return [level.follow_up for level in self.chain if level.was_skipped and level.follow_up.is_owed]

    @property
    def dissent(self):
        """The dissent beside the newest instruction, or None."""
        return getattr(self.instruction, "dissent", None)

    @property
    def due_at(self):
        """When the next move is due: what the start page sorts by."""
        return self.answer_due_at

    def is_overdue(self, at):
        return self.answer_due_at is not None and self.answer_due_at <= at
