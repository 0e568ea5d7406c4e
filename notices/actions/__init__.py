"""The verbs of notices, by what they are about; a caller needs only `from notices import actions`."""

from notices.actions.confirming import confirm, nudge
from notices.actions.notices import discard, edit, publish, revise, withdraw, write

__all__ = ["confirm", "discard", "edit", "nudge", "publish", "revise", "withdraw", "write"]
