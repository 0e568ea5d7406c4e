"""The tables of notices, by what they are about; a reader needs only `from notices.models import Notice`."""

from notices.models.answers import AnswerTerm, SynonymGroup, SynonymWord, UnifiedAnswer
from notices.models.files import NoticeFile
from notices.models.notices import Addressee, Confirmation, Notice, NoticeVersion, Nudge

__all__ = [
    "Addressee",
    "AnswerTerm",
    "Confirmation",
    "Notice",
    "NoticeFile",
    "NoticeVersion",
    "Nudge",
    "SynonymGroup",
    "SynonymWord",
    "UnifiedAnswer",
]
