"""May this person take this step with this meeting, now?"""

from django.utils.translation import gettext_lazy as _

from callcentre import clock, words
from callcentre.refusals import Refused, texts
from callcentre.states import check_move
from duties import rules as duty_rules
from duties.models import Duty
from meetings.models import ActionItem, Attendance, Meeting
from people.models import Role
from rulebook.gates import gate

texts(
    {
        "meeting_not_yours": _("The meeting is run by its chair: %(name)s, or the department director."),
        "meeting_waived": _("This meeting was waived: it is not held."),
        "meeting_too_early": _("The meeting is on %(date)s. Move it first if it is to be held earlier."),
        "meeting_has_minutes": _("Something is written already. End the meeting, then correct the minutes."),
        "meeting_move_in_past": _("Choose a time that is still to come."),
        "meeting_move_past_due": _("It must be held before %(due)s: the end of its week or month."),
        "meeting_move_reason_missing": _("Give the reason: it stays on the record."),
        "meeting_not_under_way": _("Minutes and attendance are kept from the opening until they are final."),
        "meeting_point_unclear": _("Write the minutes or mark the point as having nothing, not both."),
        "meeting_point_empty": _("Write the minutes, or mark the point as having nothing."),
        "meeting_changed_meanwhile": _("%(name)s has just written here. Put the two together, then save again."),
        "meeting_points_open": _("Not yet answered: %(points)s. Write the minutes, or mark it as having nothing."),
        "meeting_not_final": _("The minutes are not final yet."),
        "meeting_not_for_you": _("Who was excused for duty confirms the minutes, each for themselves."),
        "meeting_person_unknown": _("Nobody who works at this centre has the employee number %(number)s."),
        "meeting_person_listed": _("%(name)s is on the list already."),
        "meeting_item_due_past": _("Choose a day that is still to come."),
        "meeting_item_not_yours": _("Only its owner, the chair or the department director closes it."),
    }
)

Status = Meeting.Status
KEPT = (Status.IN_PROGRESS, Status.MINUTES_DRAFT)


def check_runs(meeting, person, assignee):
    """Its chair, by the line until it is opened, or the department director. Raises Refused("meeting_not_yours")."""
    chair = meeting.chair or assignee.person
    if person != chair and not duty_rules.directs(person, meeting.duty):
        raise Refused("meeting_not_yours", clause=meeting.clause, name=getattr(chair, "name", ""))


def check_kept(meeting, person, assignee):
    """Minutes, attendance, decisions. Raises Refused: "meeting_not_yours", "meeting_not_under_way"."""
    check_runs(meeting, person, assignee)
    if meeting.status not in KEPT:
        raise Refused("meeting_not_under_way", clause=meeting.clause)


def check_open(meeting, person, assignee, at):
    """On its day or later, even after its week or month.

    Raises Refused: "wrong_state", "meeting_waived", "meeting_not_yours", "meeting_too_early".
    """
    check_move(meeting, Status.IN_PROGRESS)
    if meeting.status != Status.PLANNED:
        raise Refused("wrong_state", state=meeting.get_status_display())
    if meeting.is_waived:
        raise Refused("meeting_waived", clause=meeting.clause)
    check_runs(meeting, person, assignee)
    if clock.local_date(meeting.centre, at) < meeting.held_on:
        raise Refused("meeting_too_early", clause=meeting.clause, date=words.short_date(meeting.held_on))


def check_unopen(meeting, person, assignee, *, written):
    """Raises Refused: "wrong_state", "meeting_not_yours", "meeting_has_minutes"."""
    check_move(meeting, Status.PLANNED)
    check_runs(meeting, person, assignee)
    if written:
        raise Refused("meeting_has_minutes", clause=meeting.clause)


def check_movable(meeting, person, assignee):
    """Raises Refused: "wrong_state", "meeting_waived", "meeting_not_yours"."""
    if meeting.status != Status.PLANNED:
        raise Refused("wrong_state", state=meeting.get_status_display())
    if meeting.is_waived:
        raise Refused("meeting_waived", clause=meeting.clause)
    check_runs(meeting, person, assignee)


def check_move_to(meeting, starts_at, reason, at):
    """The duty keeps its date; the meeting is held before that week or month ends.

    Raises Refused: "meeting_move_in_past", "meeting_move_past_due", "meeting_move_reason_missing".
    """
    if starts_at <= at:
        raise Refused("meeting_move_in_past", field="on", clause=meeting.clause)
    # Once its week or month is over it is late anyhow, and any day will do.
    if starts_at >= meeting.duty.due_at and meeting.duty.status != Duty.Status.MISSED:
        due = words.until(meeting.duty.due_at.astimezone(meeting.centre.tz))
        raise Refused("meeting_move_past_due", field="on", clause=meeting.clause, due=due)
    if not reason.strip():
        raise Refused("meeting_move_reason_missing", field="reason", clause=meeting.clause)


def check_minutes(point, minutes, nothing, version):
    """version: the one that the writer had seen.

    Raises Refused: "meeting_point_unclear", "meeting_point_empty", "meeting_changed_meanwhile".
    """
    if nothing and minutes.strip():
        raise Refused("meeting_point_unclear", field="minutes")
    if not nothing and not minutes.strip() and not point.is_answered:
        raise Refused("meeting_point_empty", field="minutes")
    if version != point.version:
        raise Refused("meeting_changed_meanwhile", field="minutes", name=getattr(point.written_by, "name", ""))


def check_end(meeting, person, assignee):
    """Raises Refused: "wrong_state", "meeting_not_yours"."""
    check_move(meeting, Status.MINUTES_DRAFT)
    check_runs(meeting, person, assignee)


def check_resume(meeting, person, assignee):
    """Raises Refused: "wrong_state", "meeting_not_yours"."""
    if meeting.status != Status.MINUTES_DRAFT:
        raise Refused("wrong_state", state=meeting.get_status_display())
    check_runs(meeting, person, assignee)


@gate(
    "meeting.2",
    "meeting.3",
    what=_("Minutes become final only when each point of the agenda has minutes or is marked as having nothing."),
)
def check_finalise(meeting, points, person, assignee):
    """points: the meeting's agenda. Raises Refused: "wrong_state", "meeting_not_yours", "meeting_points_open"."""
    check_move(meeting, Status.FINAL)
    check_runs(meeting, person, assignee)
    if unanswered := [point.text for point in points if not point.is_answered]:
        names = words.pick("、", ", ").join(unanswered)
        raise Refused("meeting_points_open", clause=meeting.clause, points=names)


def check_confirm(attendance, person):
    """Raises Refused: "meeting_not_for_you", "meeting_not_final", "wrong_state"."""
    clause = attendance.meeting.clause
    if person.pk != attendance.person_id:
        raise Refused("meeting_not_for_you", clause=clause)
    if attendance.meeting.status != Status.FINAL:
        raise Refused("meeting_not_final", clause=clause)
    check_move(attendance, Attendance.Status.CONFIRMED)


def check_item_due(meeting, due_on, at):
    """Raises Refused("meeting_item_due_past")."""
    if due_on < clock.local_date(meeting.centre, at):
        raise Refused("meeting_item_due_past", field="due_on")


def check_close(item, person, to=ActionItem.Status.DONE):
    """Raises Refused: "wrong_state", "meeting_item_not_yours"."""
    check_move(item, to)
    in_charge = person.centre_id == item.meeting.centre_id and person.has_role(Role.DIRECTOR)
    if person.pk not in (item.owner_id, item.meeting.chair_id) and not in_charge:
        raise Refused("meeting_item_not_yours", clause=item.meeting.clause)
