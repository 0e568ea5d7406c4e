"""What is noted in a log, with its earlier texts, whom it mentions, and the codes by which it is found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcentre.indexing import IndexRow
from escalations import sources
from handover.equipment import Equipment
from handover.models.logs import Log, OfLogQuerySet, person_field
from handover.sections import Section
from people.models import Centre
from shifts.models import Desk


class EntryQuerySet(OfLogQuerySet):
    def visible_to(self, person):
        return super().visible_to(person).filter(centre=person.centre_id)

    def standing(self):
        return self.filter(withdrawn_at=None)

    def with_names(self):
        return self.select_related("author", "edited_by", "desk")

    def needing_analysis(self, centre, since, until):
        """Hard questions of the span for the weekly meeting to analyse, oldest first."""
        rows = self.standing().filter(centre=centre, needs_analysis=True)
        return rows.filter(written_at__gte=since, written_at__lt=until).order_by("written_at", "pk")

    def newest_first(self):
        return self.order_by("-written_at", "-pk")

    def older_than(self, entry):
        return self.filter(Q(written_at__lt=entry.written_at) | Q(written_at=entry.written_at, pk__lt=entry.pk))

    def newer_than(self, entry):
        return self.filter(Q(written_at__gt=entry.written_at) | Q(written_at=entry.written_at, pk__gt=entry.pk))


class Noted(models.Model):
    """What a note says: of a hard question `text` is the question."""

    section = models.CharField(_("section"), max_length=20, choices=Section.choices)
    text = models.TextField(_("text"))
    answer_given = models.TextField(_("answer given"), blank=True)
    needs_analysis = models.BooleanField(_("needs analysis by the weekly meeting"), default=False)
    desk = models.ForeignKey(
        Desk, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("desk")
    )
    equipment = models.CharField(_("equipment"), max_length=10, choices=Equipment.choices, blank=True)

    SAID = ("section", "text", "answer_given", "needs_analysis", "desk_id", "equipment")

    class Meta:
        abstract = True

    @property
    def said(self):
        return {name: getattr(self, name) for name in self.SAID}


class Entry(Noted):
    """A note under one section. Its earlier texts are kept; a withdrawn one no longer counts."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="entries", verbose_name=_("log"))
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="+", db_index=False, verbose_name=_("centre"))
    author = person_field(_("author"), db_index=False)
    written_at = models.DateTimeField(_("written at"))
    version = models.PositiveIntegerField(_("version"), default=1)
    edited_by = person_field(_("edited by"), null=True, blank=True, db_index=False)
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    withdrawn_by = person_field(_("withdrawn by"), null=True, blank=True, db_index=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["centre", "-written_at", "-id"], name="entry_newest_of_centre"),
            models.Index(fields=["centre", "section", "-written_at", "-id"], name="entry_newest_of_section"),
            models.Index(fields=["author", "-written_at", "-id"], name="entry_newest_of_author"),
            models.Index(
                fields=["desk", "-written_at", "-id"], condition=Q(desk__isnull=False), name="entry_newest_of_desk"
            ),
            models.Index(
                fields=["centre", "equipment", "-written_at", "-id"],
                condition=~Q(equipment=""),
                name="entry_newest_of_equipment",
            ),
            models.Index(
                fields=["centre", "written_at"], condition=Q(needs_analysis=True), name="entry_needing_analysis"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(section__in=Section.values), name="entry_section_is_one_of_the_seven"),
            models.CheckConstraint(condition=~Q(text=""), name="entry_says_something"),
            models.CheckConstraint(
                condition=Q(section="hard_questions") | Q(answer_given="", needs_analysis=False),
                name="only_a_hard_question_has_an_answer_or_an_analysis",
                violation_error_message=_("Only a hard question has an answer given, and is analysed by the meeting."),
            ),
            models.CheckConstraint(
                condition=Q(equipment__in=["", *Equipment.values]), name="entry_equipment_is_of_the_list"
            ),
            models.CheckConstraint(
                condition=Q(version=1) | Q(edited_by__isnull=False, edited_at__isnull=False),
                name="edited_entry_has_editor_and_time",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None, withdrawn_at=None)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="withdrawn_entry_has_person_and_time",
            ),
        ]

    def __str__(self):
        return f"{self.log} {self.get_section_display()} {self.pk}"

    @property
    def as_source(self):
        return sources.name_of(self)

    @property
    def last_by(self):
        return self.edited_by or self.author

    @property
    def last_at(self):
        return self.edited_at or self.written_at

    @property
    def is_question(self):
        return self.section == Section.HARD_QUESTIONS


class EntryVersion(Noted):
    """What an entry said before an edit."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="versions", verbose_name=_("entry"))
    number = models.PositiveIntegerField(_("version"))
    by = person_field(_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")
        ordering = ["entry", "number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="entry_version_is_numbered_once")]

    def __str__(self):
        return f"{self.entry_id}/{self.number}"


class Mention(models.Model):
    """Somebody whom an entry names by `@`. They were told; the text stands as it was typed."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="mentions", db_index=False, verbose_name=_("entry"))
    person = person_field(_("person"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "person"], name="person_is_mentioned_once_in_an_entry")]

    def __str__(self):
        return f"{self.entry_id} @{self.person_id}"


class EntryTerm(IndexRow):
    """For the search over all logs: callcentre.indexing."""

    document = models.ForeignKey(
        Entry, models.CASCADE, related_name="terms", db_index=False, verbose_name=_("log entry")
    )

    class Meta(IndexRow.Meta):
        abstract = False
        verbose_name = _("search term of an entry")
        verbose_name_plural = _("search terms of entries")
