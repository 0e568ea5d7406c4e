"""What follows an emergency: the report to each superior who was skipped (clause escalation.6)."""

from django.db import transaction

from callcentre.states import move
from escalations import rules
from escalations.actions.common import FOLLOW_UP_MADE, FOLLOW_UP_OWED, add_party, lock, note, tell
from escalations.models import FollowUp

Status = FollowUp.Status


@transaction.atomic
def follow_up(*, follow_up, by, at, text):
    """Make the report that is owed; the skipped superior is told, and sees the case unless it is confidential.

    Refused: as rules.may_follow_up."""
    case = locked_with_case(follow_up)
    rules.may_follow_up(follow_up, by, text)
    move(follow_up, Status.REPORTED, text=text, reported_by=by, reported_at=at)
    if not case.is_confidential:
        add_party(case, follow_up.person_id)
    note("followed_up", case, by=by, at=at, clause="escalation.6", level=follow_up.level.order)
    tell(case, FOLLOW_UP_MADE, follow_up.person, at=at, link=follow_up.get_absolute_url())


@transaction.atomic
def acknowledge_follow_up(*, follow_up, by, at, text=None):
    """The skipped superior has been told. Refused: as rules.may_acknowledge_follow_up."""
    case = locked_with_case(follow_up)
    rules.may_acknowledge_follow_up(follow_up, by)
    move(follow_up, Status.ACKNOWLEDGED, acknowledged_by=by, acknowledged_at=at)
    note("follow_up_acknowledged", case, by=by, at=at, clause="escalation.6", level=follow_up.level.order)


@transaction.atomic
def pass_on_debt(*, follow_up, at):
    """Who owes it is not employed any more: the level that answers the case makes it. Returns whether it was passed."""
    case = locked_with_case(follow_up)
    if not follow_up.is_owed or follow_up.owed_by_id == case.level.person_id:
        return False
    FollowUp.objects.filter(pk=follow_up.pk).update(owed_by=case.level.person)
    note("debt_passed_on", case, by=None, at=at, clause="escalation.6", level=follow_up.level.order)
    tell(case, FOLLOW_UP_OWED, case.level.person, at=at, due_at=follow_up.due_at)
    return True


def locked_with_case(follow_up):
    """Its case, locked; the follow-up itself as it stands now."""
    case = follow_up.case
    lock(case)
    follow_up.refresh_from_db(from_queryset=FollowUp.objects.with_names())
    follow_up.case = case
    return case
