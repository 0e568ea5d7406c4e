"""Requests and reports that climb the line: the case, its levels, the instructions, and what was written at a step."""

from django.utils.translation import gettext_lazy as _

from escalations.models.cases import Case, CaseQuerySet
from escalations.models.dissents import Dissent
from escalations.models.files import CaseFile
from escalations.models.follow_ups import FollowUp
from escalations.models.kinds import CLAUSE_OF, Category, Kind, LevelKind
from escalations.models.levels import Level, Party
from escalations.models.said import Instruction, Remark
from rulebook.evidence import evidence

__all__ = [
    "CLAUSE_OF",
    "Case",
    "CaseFile",
    "CaseQuerySet",
    "Category",
    "Dissent",
    "FollowUp",
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
evidence("record", "escalation.6", _("the levels that a case has passed or skipped, with times and reasons"))
evidence("record", "escalation.6", _("the follow-up report to each skipped superior, and its acknowledgement"))
evidence("record", "escalation.7", _("instructions word for word, and how they were carried out"))
evidence("record", "escalation.7", _("dissent beside an instruction, its answer, and the appeal after carrying out"))
