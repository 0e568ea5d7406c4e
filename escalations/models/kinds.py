"""What is raised, by which clause, and the levels of the line that it climbs."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shifts.line import CENTRE_DIRECTOR, DIRECTOR, LEADER


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
