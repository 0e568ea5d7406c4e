"""Requests and reports that climb the line: the case, its levels, the instructions, and what was written at a step."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.models import AppendOnlyModel, AppendOnlyQuerySet
from people.models import Centre, Role
from rulebook.evidence import evidence
from shifts.line import CENTRE_DIRECTOR, DIRECTOR, LEADER
from shifts.models import Shift


class Kind(models.TextChoices):
    REQUEST = "request", pgettext_lazy("case", "request")
    REPORT = "report", pgettext_lazy("case", "report")


class Category(models.TextChoices):
    """What the rulebook sends upward. Each follows a clause of its own."""

    DIFFICULT_CALLER = "difficult_caller", _("deliberately difficult caller")
    BEYOND_REMIT = "beyond_remit", _("beyond my remit")
    DANGER = "danger", _("danger to equipment or people")
    SERIOUS_ERROR = "serious_error", _("serious error or accident")
    CONFIDENTIAL = "confidential", _("political problem or leak")

    @property
    def clause(self):
        return CLAUSE_OF[self]

    @property
    def proposes_urgent(self):
        return self is Category.DANGER


CLAUSE_OF = {
    Category.CONFIDENTIAL: "escalation.1",
    Category.SERIOUS_ERROR: "escalation.2",
    Category.DANGER: "escalation.3",
    Category.BEYOND_REMIT: "escalation.4",
    Category.DIFFICULT_CALLER: "escalation.5",
}


class LevelKind(models.TextChoices):
    """The levels of the line, nearest first: the answer times of the rulebook's parameters come in this order."""

    LEADER = LEADER, _("shift leader")
    DIRECTOR = DIRECTOR, _("department director")
    CENTRE_DIRECTOR = CENTRE_DIRECTOR, _("centre director")

    @property
    def place(self):
        return LevelKind.values.index(self.value)


class CaseQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Whoever the case has come to; directors oversee the submitted, the centre director the confidential too."""
        rows = self.filter(centre=person.centre_id)
        concerned = Q(pk__in=Party.objects.filter(person=person).values("case"))
        if person.has_role(Role.CENTRE_DIRECTOR):
            return rows.filter(concerned | Q(submitted_at__isnull=False))
        if person.has_role(Role.DIRECTOR):
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

    def not_confidential(self):
        """For what a whole crew reads."""
        return self.exclude(category=Category.CONFIDENTIAL)

    def matching(self, text):
        return self.filter(Q(what_happened__icontains=text) | Q(proposed_handling__icontains=text))

    def with_names(self):
        """What a line about a case shows, in the same query."""
        return self.select_related("reporter", "waits_for", "level")

    def for_page(self):
        return self.select_related(
            "centre", "reporter__team", "waits_for", "level__person", "instruction", "shift__type", "shift__centre"
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
        Status.INSTRUCTED: {Status.CARRIED_OUT},
        Status.CARRIED_OUT: {Status.CLOSED, Status.INSTRUCTED},
    }

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, related_name="+", verbose_name=_("centre"))
    kind = models.CharField(pgettext_lazy("case", "kind"), max_length=10, choices=Kind.choices, default=Kind.REQUEST)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    urgent = models.BooleanField(_("urgent"), default=False)
    what_happened = models.TextField(_("what happened"), blank=True)
    happened_at = models.DateTimeField(_("when it happened"))
    proposed_handling = models.TextField(_("proposed handling"), blank=True)
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
    form_key = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("request or report")
        verbose_name_plural = _("requests and reports")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["centre", "-id"], name="case_newest_of_centre"),
            models.Index(fields=["reporter", "-id"], name="case_newest_of_reporter"),
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
            self._chain = list(self.levels.select_related("person", "acting_for", "passed_by"))
        return self._chain

    def forget_chain(self):
        self.__dict__.pop("_chain", None)

    @property
    def due_at(self):
        """When the next move is due: what the start page sorts by."""
        return self.answer_due_at

    def is_overdue(self, at):
        return self.answer_due_at is not None and self.answer_due_at <= at


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
        Case, models.CASCADE, related_name="levels", db_index=False, verbose_name=_("request or report")
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
    def was_overdue(self):
        return self.overdue_at is not None


class Party(models.Model):
    """Somebody the case has come to: its reporter, the levels it has reached, and the leader of the shift it comes from
    unless it is confidential. Who is not here and does not oversee the centre does not see it."""

    case = models.ForeignKey(
        Case, models.CASCADE, related_name="parties", db_index=False, verbose_name=_("request or report")
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


class Instruction(AppendOnlyModel):
    """A superior's words, as given. Never changed: another decision is another instruction."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="instructions", verbose_name=_("request or report"))
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name=_("level"))
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

    case = models.ForeignKey(Case, models.PROTECT, related_name="remarks", verbose_name=_("request or report"))
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


evidence("record", list(CLAUSE_OF.values()), _("requests and reports by category, with their chain and history"))
evidence(
    "access",
    "escalation.1",
    _("a confidential case is seen only by its reporter, the levels it has reached and the centre director"),
)
evidence(
    "record",
    "escalation.6",
    _("the levels that a case has passed, with times and reasons"),
    lacking=_("skipping a level in an emergency, with its follow-up report"),
)
evidence(
    "record",
    "escalation.7",
    _("instructions word for word, and how they were carried out"),
    lacking=_("dissent beside an instruction, and the appeal after carrying it out"),
)
