"""Text templates: what is noted often, filled into a box by one tap."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from handover.sections import Section
from people.models import Centre, OfCentreQuerySet

LONGEST_PHRASE = 200


class Phrase(models.Model):
    """Kept by leaders and directors for their centre. A note made from one is a text of its own."""

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, related_name="+", verbose_name=_("centre"))
    section = models.CharField(_("section"), max_length=20, choices=Section.choices)
    text = models.CharField(_("text"), max_length=LONGEST_PHRASE)

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("text template")
        verbose_name_plural = _("text templates")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "section", "text"],
                name="phrase_stands_once_in_its_section",
                violation_error_message=_("This text is there already."),
            ),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="phrase_section_is_one_of_the_seven"),
            models.CheckConstraint(condition=~Q(text=""), name="phrase_says_something"),
        ]

    def __str__(self):
        return self.text
