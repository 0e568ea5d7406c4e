"""The verbs of notices, by what they are about; a caller needs only `from notices import actions`."""

from notices.actions.answers import (
    NOTICE_HOLDS,
    change_answer,
    discard_answer,
    index,
    publish_answer,
    withdraw_answer,
    write_answer,
)
from notices.actions.confirming import confirm, nudge
from notices.actions.files import add_files, remove_file
from notices.actions.notices import discard, edit, publish, revise, withdraw, write
from notices.actions.synonyms import drop_synonyms, keep_synonyms

__all__ = [
    "NOTICE_HOLDS",
    "add_files",
    "change_answer",
    "confirm",
    "discard",
    "discard_answer",
    "drop_synonyms",
    "edit",
    "index",
    "keep_synonyms",
    "nudge",
    "publish",
    "publish_answer",
    "remove_file",
    "revise",
    "withdraw",
    "withdraw_answer",
    "write",
    "write_answer",
]
