"""What is noted in a log, with its earlier texts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from handover.models.logs import Log, OfLogQuerySet, person_field
from handover.sections import Section


class EntryQuerySet(OfLogQuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)

    def with_names(self):
        return self.select_related("author", "edited_by")


class Entry(models.Model):
    """A note under one section. Its earlier texts are kept; a withdrawn one no longer counts."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="entries", verbose_name=_("log"))
    section = models.CharField(_("section"), max_length=20, choices=Section.choices)
    text = models.TextField(_("text"))
    author = person_field(_("author"))
    written_at = models.DateTimeField(_("written at"))
    version = models.PositiveIntegerField(_("version"), default=1)
    edited_by = person_field(_("edited by"), null=True, blank=True)
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    withdrawn_by = person_field(_("withdrawn by"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(section__in=Section.values), name="entry_section_is_one_of_the_seven"),
            models.CheckConstraint(condition=~Q(text=""), name="entry_says_something"),
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
    def last_by(self):
        return self.edited_by or self.author

    @property
    def last_at(self):
        return self.edited_at or self.written_at


class EntryVersion(models.Model):
    """What an entry said before an edit."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="versions", verbose_name=_("entry"))
    number = models.PositiveIntegerField(_("version"))
    section = models.CharField(_("section"), max_length=20, choices=Section.choices)
    text = models.TextField(_("text"))
    by = person_field(_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")
        ordering = ["entry", "number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="entry_version_is_numbered_once")]

    def __str__(self):
        return f"{self.entry_id}/{self.number}"
