"""Unified answers: what everybody says to the same question; their index, and the words that mean the same."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre.indexing import IndexRow
from notices.formatting import as_html
from notices.models.notices import PUBLISHERS, Notice
from people.models import Centre, OfCentreQuerySet
from rulebook.evidence import evidence


class UnifiedAnswerQuerySet(OfCentreQuerySet):
    def visible_to(self, person):
        """Everybody sees what holds; drafts and withdrawn ones are the directors' business."""
        rows = super().visible_to(person)
        return rows if person.has_role(*PUBLISHERS) else rows.published()

    def published(self):
        return self.filter(status=UnifiedAnswer.Status.PUBLISHED)


class UnifiedAnswer(models.Model):
    """One agreed answer. Published, it is searched, and its `notice` carries it to every agent: one version each."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("answer", "draft")
        PUBLISHED = "published", pgettext_lazy("answer", "published")
        WITHDRAWN = "withdrawn", pgettext_lazy("answer", "withdrawn")

    MOVES = {Status.DRAFT: {Status.PUBLISHED}, Status.PUBLISHED: {Status.WITHDRAWN}}

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    question = models.CharField(_("question"), max_length=200)
    text = models.TextField(_("agreed answer"))
    keywords = models.CharField(
        _("keywords"), max_length=200, blank=True, help_text=_("Other words that callers use, with blanks between.")
    )
    notice = models.OneToOneField(
        Notice, models.PROTECT, null=True, blank=True, related_name="answer", verbose_name=_("notice")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    changed_at = models.DateTimeField(_("changed at"))
    edit = models.PositiveIntegerField(default=1, editable=False, help_text=_("Counts the changes."))

    objects = UnifiedAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("unified answer")
        verbose_name_plural = _("unified answers")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["centre", "-id"], name="answer_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "withdrawn"]), name="answer_status_is_one_of_three"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", notice__isnull=True) | Q(notice__isnull=False),
                name="published_answer_has_a_notice",
            ),
        ]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return reverse("notices:show_answer", args=[self.pk])

    @property
    def html(self):
        return as_html(self.text)


class AnswerTerm(IndexRow):
    """The index of published answers."""

    document = models.ForeignKey(UnifiedAnswer, models.CASCADE, related_name="terms", db_index=False)

    class Meta(IndexRow.Meta):
        abstract = False
        verbose_name = _("index row of an answer")
        verbose_name_plural = _("index rows of answers")


class SynonymGroup(models.Model):
    """Words that mean the same to a caller: 套餐, 资费. `edit` counts the changes."""

    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    edit = models.PositiveIntegerField(default=1, editable=False)

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("groups of synonyms")
        ordering = ["pk"]

    def __str__(self):
        return " ".join(word.word for word in self.words.all())


class SynonymWord(models.Model):
    group = models.ForeignKey(SynonymGroup, models.CASCADE, related_name="words", verbose_name=_("group"))
    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, related_name="+", verbose_name=_("centre"))
    word = models.CharField(_("word"), max_length=20)
    folded = models.CharField(max_length=40, editable=False)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "folded"],
                name="word_is_in_one_group_of_its_centre",
                violation_error_message=_("This word is in another group already. Put them together."),
            ),
            models.CheckConstraint(condition=~Q(folded=""), name="synonym_is_a_word"),
        ]

    def __str__(self):
        return self.word


evidence(
    "record",
    "meeting.2",
    _("Each unified answer, published as a notice that every agent must confirm, with who has and who has not."),
    lacking=_("The figures of the seven days before the meeting."),
)
