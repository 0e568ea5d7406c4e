"""Requests and reports that climb the line: the case, its levels, the instructions, and what was written at a step."""

from django.utils.translation import gettext_lazy as _

from escalations.models.cases import Case, CaseQuerySet
from escalations.models.kinds import CLAUSE_OF, Category, Kind, LevelKind
from escalations.models.levels import Level, Party
from escalations.models.said import Instruction, Remark
from rulebook.evidence import evidence

__all__ = [
    "CLAUSE_OF",
    "Case",
    "CaseQuerySet",
    "Category",
    "Instruction",
    "Kind",
    "Level",
    "LevelKind",
    "Party",
    "Remark",
]

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
