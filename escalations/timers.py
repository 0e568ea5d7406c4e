"""The minute's work: reminders, and cases that rise by themselves. What is due is found by its time."""

import logging

from escalations import actions
from escalations.models import Case

logger = logging.getLogger(__name__)


def keep_time(sender, at, **kwargs):
    """Receiver of the minute. Each case in its own transaction; one that fails does not stop the rest."""
    for case in Case.objects.overdue(at).filter(level__overdue_at=None):
        _try(actions.rise, case, at)
    for case in Case.objects.to_remind(at):
        _try(actions.remind, case, at)


def _try(action, case, at):
    try:
        action(case=case, at=at)
    except Exception:
        logger.exception("case %s: %s failed", case.pk, action.__name__)
