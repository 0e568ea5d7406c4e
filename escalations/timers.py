"""The minute's work: reminders, and what was not answered in time. What is due is found by its time."""

import logging

from django.utils.translation import gettext_lazy as _

from escalations import actions
from escalations.models import Case, Dissent, FollowUp
from rulebook.evidence import evidence

logger = logging.getLogger(__name__)

evidence("schedule", "escalation.6", _("a follow-up report with its due time for each superior who was skipped"))


def keep_time(sender, at, **kwargs):
    """Receiver of the minute. Each row in its own transaction; one that fails does not stop the rest."""
    for case in Case.objects.overdue(at).filter(level__overdue_at=None):
        _try(actions.rise, at, case=case)
    for case in Case.objects.to_remind(at):
        _try(actions.remind, at, case=case)
    for follow_up in FollowUp.objects.overdue(at).filter(late_at=None).with_names():
        _try(actions.find_follow_up_late, at, follow_up=follow_up)
    for follow_up in FollowUp.objects.to_remind(at).with_names():
        _try(actions.remind_follow_up, at, follow_up=follow_up)
    for dissent in (
        Dissent.objects.overdue(at).filter(late_at=None).select_related("case__centre", "case__level__person")
    ):
        _try(actions.find_dissent_late, at, dissent=dissent)


def _try(action, at, **row):
    try:
        action(**row, at=at)
    except Exception:
        logger.exception("%s of %s failed", action.__name__, {name: value.pk for name, value in row.items()})
