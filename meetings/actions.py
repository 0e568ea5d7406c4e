"""The verbs of meetings. A meeting and its duty move together: begun with it, done when it has been held."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.refusals import Refused
from callcentre.states import move, move_all
from delivery.actions import announce
from delivery.kinds import kind
from duties import actions as duties
from duties import who
from duties.models import Duty
from journal.actions import record
from journal.verbs import verbs
from meetings import rules
from meetings.agenda import PLANS
from meetings.models import ActionItem, AgendaPoint, Attendance, Decision, Meeting
from people.models import Person, RoleAssignment
from shifts.models import Assignment, Shift

verbs(
    {
        "meeting.planned": _("planned the meeting"),
        "meeting.flagged": _("flagged its date: a public holiday"),
        "meeting.moved": _("moved the meeting"),
        "meeting.opened": _("opened the meeting"),
        "meeting.opened_late": _("opened the meeting, after its week or month"),
        "meeting.unopened": _("took the opening back"),
        "meeting.attendance_marked": _("marked attendance"),
        "meeting.all_present": _("marked all others as present"),
        "meeting.guest_added": _("added somebody to the list"),
        "meeting.minutes_written": _("wrote minutes"),
        "meeting.decision_added": _("noted a decision"),
        "meeting.decision_removed": _("took a decision out"),
        "meeting.item_added": _("gave out an action item"),
        "meeting.item_removed": _("took an action item out"),
        "meeting.item_done": _("closed an action item"),
        "meeting.item_reopened": _("opened an action item again"),
        "meeting.ended": _("ended the meeting"),
        "meeting.resumed": _("took the end back"),
        "meeting.finalised": _("made the minutes final"),
        "meeting.minutes_confirmed": _("confirmed the minutes"),
    }
)
FLAGGED = kind(
    "meeting.flagged",
    _("%(rule)s of %(held_on)s falls on a public holiday. The working day before it: %(proposed_on)s"),
)
FLAGGED_ONLY = kind("meeting.flagged_only", _("%(rule)s of %(held_on)s falls on a public holiday"))
SOON = kind("meeting.soon", _("%(rule)s: %(starts_at)s"))
MOVED = kind("meeting.moved", _("%(rule)s has been moved to %(starts_at)s"))
FINAL = kind("meeting.minutes_final", _("%(rule)s of %(held_on)s: you were on duty. Read and confirm the minutes"))
ITEM = kind("meeting.item", _("%(rule)s has given you an action item, due %(due_on)s"))

Status = Meeting.Status


def required_people(meeting, at):
    """Who must attend, by their roles on the day it is held."""
    on = max(meeting.held_on, clock.local_date(meeting.centre, at))
    holders = RoleAssignment.objects.on(on).filter(role__in=meeting.plan.roles).values("person")
    chair = meeting.chair or who.assignee(meeting.duty).person
    people = Person.objects.active().filter(centre=meeting.centre, pk__in=holders)
    return people.exclude(pk=chair.pk) if chair else people


def people_on_floor(centre, at):
    """The numbers of those who work a shift at the moment, leaders included."""
    shifts = Shift.objects.published().on_floor(centre, at)
    assigned = set(Assignment.objects.in_shifts(shifts).values_list("person", flat=True))
    return assigned | set(shifts.filter(leader__isnull=False).values_list("leader", flat=True))


def _hold(meeting):
    """The meeting as it is now, held until the transaction ends: its steps take turns."""
    return Meeting.objects.select_for_update(of=("self",)).with_duty().get(pk=meeting.pk)


def _caught_up(meeting, held):
    """The caller's object shows what was written."""
    for field in Meeting._meta.concrete_fields:
        setattr(meeting, field.attname, getattr(held, field.attname))
    meeting.duty = held.duty


def _write(verb, meeting, *, by, at, **facts):
    record(verb, meeting, by=by, at=at, clause=meeting.clause, **facts)


def _tell(kind_of_message, meeting, people, at, **facts):
    announce(
        kind_of_message,
        centre=meeting.centre,
        to=[person for person in people if person],
        at=at,
        link=f"/meetings/{meeting.pk}/",
        rule_zh=meeting.duty.rule.name_zh,
        rule_en=meeting.duty.rule.name_en,
        **facts,
    )


@transaction.atomic
def plan(*, duty, series, at):
    """Give the duty its meeting and agenda, once. Returns the Meeting."""
    agenda = PLANS[series]
    starts_at = clock.moment(duty.centre, duty.due_on, agenda.time)
    fields = {"centre": duty.centre, "series": series, "starts_at": starts_at}
    meeting, made = Meeting.objects.get_or_create(duty=duty, defaults=fields)
    if made:
        AgendaPoint.objects.bulk_create(
            AgendaPoint(meeting=meeting, order=order, key=point.key) for order, point in enumerate(agenda.points, 1)
        )
        _write("meeting.planned", meeting, by=None, at=at)
    return meeting


@transaction.atomic
def flag(*, meeting, flag, at):
    """Tell the chair, once, that the date is a public holiday and which working day is before it."""
    if not Meeting.objects.filter(pk=meeting.pk, flagged_at=None).update(flagged_at=at):
        return
    _write("meeting.flagged", meeting, by=None, at=at, on=flag.on.isoformat())
    chair = who.assignee(meeting.duty).person
    if flag.proposed_on:
        _tell(FLAGGED, meeting, [chair], at, held_on=flag.on, proposed_on=flag.proposed_on)
    else:
        _tell(FLAGGED_ONLY, meeting, [chair], at, held_on=flag.on)


@transaction.atomic
def announce_soon(*, meeting, at):
    """Tell who must attend, once, that it is a day away."""
    if Meeting.objects.filter(pk=meeting.pk, announced_at=None).update(announced_at=at):
        _tell(SOON, meeting, required_people(meeting, at), at, starts_at=meeting.starts_at)


@transaction.atomic
def move_meeting(*, meeting, on, time, reason, by, at):
    """Hold it on another local date or at another time; the duty keeps the date of its clause.

    Raises Refused: rules.check_movable, rules.check_move_to.
    """
    held = _hold(meeting)
    rules.check_movable(held, by, who.assignee(held.duty))
    starts_at = clock.moment(held.centre, on, time)
    rules.check_move_to(held, starts_at, reason, at)
    Meeting.objects.filter(pk=held.pk).update(starts_at=starts_at, moved_reason=reason.strip(), announced_at=None)
    held.refresh_from_db(fields=["starts_at", "moved_reason", "announced_at"])
    _write("meeting.moved", held, by=by, at=at, starts_at=starts_at.isoformat())
    _tell(MOVED, held, required_people(held, at), at, starts_at=starts_at)
    _caught_up(meeting, held)


@transaction.atomic
def open_meeting(*, meeting, by, at):
    """Begin: the agenda is fixed already, the list of attendance is made now. Raises Refused: rules.check_open."""
    held = _hold(meeting)
    assignee = who.assignee(held.duty)
    rules.check_open(held, by, assignee, at)
    late = held.duty.status == Duty.Status.MISSED
    if held.duty.status == Duty.Status.SCHEDULED:  # moved before the date of its clause, or begun before its hour
        duties.open_(duty=held.duty, assignee=assignee, at=at)
    if not late:
        duties.start(duty=held.duty, by=by, at=at, record=held)
    move(held, Status.IN_PROGRESS, chair=by, started_at=at)
    busy = people_on_floor(held.centre, at)
    Attendance.objects.bulk_create(
        [_expected(held, person, person.pk in busy) for person in required_people(held, at)], batch_size=500
    )
    _write("meeting.opened_late" if late else "meeting.opened", held, by=by, at=at)
    _caught_up(meeting, held)


def _expected(meeting, person, on_duty):
    status = Attendance.Status.EXCUSED if on_duty else Attendance.Status.EXPECTED
    return Attendance(meeting=meeting, person=person, on_duty=on_duty, status=status)


@transaction.atomic
def unopen_meeting(*, meeting, by, at):
    """Take the opening back while nothing is written; the list goes with it. Raises Refused: rules.check_unopen."""
    held = _hold(meeting)
    written = held.points.exclude(version=0).exists() or held.decisions.exists() or held.action_items.exists()
    rules.check_unopen(held, by, who.assignee(held.duty), written=written)
    if held.duty.status == Duty.Status.STARTED:
        duties.undo(duty=held.duty, by=by, at=at, record=held)
    held.attendance.all().delete()
    move(held, Status.PLANNED, chair=None, started_at=None)
    _write("meeting.unopened", held, by=by, at=at)
    _caught_up(meeting, held)


def _kept(meeting, by):
    """The meeting, held, if the person may write in its record now."""
    held = _hold(meeting)
    rules.check_kept(held, by, who.assignee(held.duty))
    return held


@transaction.atomic
def mark_attendance(*, attendance, present, by, at):
    """Somebody is there, or is not; marking the same again changes nothing. Raises Refused: rules.check_kept."""
    meeting = _kept(attendance.meeting, by)
    attendance.refresh_from_db(fields=["status"])
    if attendance.came == present:
        return
    to = Attendance.Status.PRESENT if present else _away(attendance, meeting)
    move(attendance, to)
    _write("meeting.attendance_marked", meeting, by=by, at=at, person=attendance.person_id, status=str(to))


def _away(attendance, meeting):
    if attendance.on_duty:
        return Attendance.Status.EXCUSED
    return Attendance.Status.EXPECTED if meeting.status == Status.IN_PROGRESS else Attendance.Status.ABSENT


@transaction.atomic
def mark_all_present(*, meeting, by, at):
    """Everybody still expected is there. Raises Refused: rules.check_kept."""
    held = _kept(meeting, by)
    rows = held.attendance.filter(status=Attendance.Status.EXPECTED)
    people = sorted(rows.values_list("person", flat=True))
    if people:
        move_all(rows, Attendance.Status.EXPECTED, Attendance.Status.PRESENT)
        _write("meeting.all_present", held, by=by, at=at, people=people)


@transaction.atomic
def add_guest(*, meeting, number, by, at):
    """Somebody who need not attend is there. Raises Refused: rules.check_kept, as person_by_number; person listed."""
    held = _kept(meeting, by)
    person = person_by_number(held.centre, number, "number")
    row, made = Attendance.objects.get_or_create(
        meeting=held, person=person, defaults={"required": False, "status": Attendance.Status.PRESENT}
    )
    if not made:
        raise Refused("meeting_person_listed", field="number", name=person.name)
    _write("meeting.guest_added", held, by=by, at=at, person=person.pk)
    return row


def person_by_number(centre, number, field):
    """The person of the centre with the employee number. Raises Refused("meeting_person_unknown")."""
    person = Person.objects.active().filter(centre=centre, employee_number=number.strip()).first()
    if person is None:
        raise Refused("meeting_person_unknown", field=field, number=number)
    return person


@transaction.atomic
def write_minutes(*, point, minutes, nothing, version, by, at):
    """Write a point's minutes, or mark it as having nothing; a draft until the meeting's minutes are final.

    version: the one that the writer had seen. Raises Refused: rules.check_kept, rules.check_minutes.
    """
    meeting = _kept(point.meeting, by)
    point = AgendaPoint.objects.select_related("written_by", "meeting").get(pk=point.pk)
    rules.check_minutes(point, minutes, nothing, version)
    point.minutes, point.nothing, point.version = minutes.strip(), nothing, version + 1
    point.written_by, point.written_at = by, at
    point.save()
    _write("meeting.minutes_written", meeting, by=by, at=at, point=point.key, nothing=nothing)
    return point


@transaction.atomic
def add_decision(*, meeting, text, by, at):
    """Raises Refused: rules.check_kept."""
    held = _kept(meeting, by)
    decision = Decision.objects.create(meeting=held, text=text.strip(), by=by, at=at)
    _write("meeting.decision_added", held, by=by, at=at, decision=decision.pk)
    return decision


@transaction.atomic
def remove_decision(*, decision, by, at):
    """Take it out while the minutes are not final. Raises Refused: rules.check_kept."""
    held = _kept(decision.meeting, by)
    _write("meeting.decision_removed", held, by=by, at=at, decision=decision.pk)
    decision.delete()


@transaction.atomic
def add_action_item(*, meeting, text, owner, due_on, by, at):
    """owner: an employee number. Raises Refused: rules.check_kept, rules.check_item_due, as person_by_number."""
    held = _kept(meeting, by)
    rules.check_item_due(held, due_on, at)
    person = person_by_number(held.centre, owner, "owner")
    item = ActionItem.objects.create(meeting=held, text=text.strip(), owner=person, due_on=due_on)
    _write("meeting.item_added", held, by=by, at=at, item=item.pk, owner=person.pk, due_on=due_on.isoformat())
    _tell(ITEM, held, [person], at, due_on=due_on)
    return item


@transaction.atomic
def remove_action_item(*, item, by, at):
    """Take it out while the minutes are not final. Raises Refused: rules.check_kept."""
    held = _kept(item.meeting, by)
    _write("meeting.item_removed", held, by=by, at=at, item=item.pk)
    item.delete()


@transaction.atomic
def close_action_item(*, item, by, at):
    """It is done and comes back no more. Raises Refused: rules.check_close."""
    rules.check_close(item, by)
    move(item, ActionItem.Status.DONE, done_by=by, done_at=at)
    _write("meeting.item_done", item.meeting, by=by, at=at, item=item.pk)


@transaction.atomic
def reopen_action_item(*, item, by, at):
    """Undo. Raises Refused: rules.check_close."""
    rules.check_close(item, by, ActionItem.Status.OPEN)
    move(item, ActionItem.Status.OPEN, done_by=None, done_at=None)
    _write("meeting.item_reopened", item.meeting, by=by, at=at, item=item.pk)


@transaction.atomic
def end_meeting(*, meeting, by, at):
    """It has been held: its duty is done, whoever has not come is absent; the minutes may still be written.

    Raises Refused: rules.check_end.
    """
    held = _hold(meeting)
    rules.check_end(held, by, who.assignee(held.duty))
    duties.finish(duty=held.duty, by=by, at=at, record=held)
    move(held, Status.MINUTES_DRAFT, ended_at=at)
    move_all(held.attendance.all(), Attendance.Status.EXPECTED, Attendance.Status.ABSENT)
    _write("meeting.ended", held, by=by, at=at)
    _caught_up(meeting, held)


@transaction.atomic
def resume_meeting(*, meeting, by, at):
    """Take the end back. Raises Refused: rules.check_resume."""
    held = _hold(meeting)
    rules.check_resume(held, by, who.assignee(held.duty))
    duties.undo(duty=held.duty, by=by, at=at, record=held)
    move(held, Status.IN_PROGRESS, ended_at=None)
    move_all(held.attendance.all(), Attendance.Status.ABSENT, Attendance.Status.EXPECTED)
    _write("meeting.resumed", held, by=by, at=at)
    _caught_up(meeting, held)


@transaction.atomic
def finalise(*, meeting, by, at):
    """The minutes are final: everybody may read them, those who were on duty are asked to confirm them.

    Raises Refused: rules.check_finalise.
    """
    held = _hold(meeting)
    points = list(held.points.select_related("meeting"))
    rules.check_finalise(held, points, by, who.assignee(held.duty))
    move(held, Status.FINAL, finalised_by=by, finalised_at=at)
    _write("meeting.finalised", held, by=by, at=at)
    excused = held.attendance.filter(status=Attendance.Status.EXCUSED).values_list("person", flat=True)
    _tell(FINAL, held, excused, at, held_on=held.held_on)
    _caught_up(meeting, held)


@transaction.atomic
def confirm_minutes(*, attendance, by, at):
    """Who was on duty has read the final minutes. Raises Refused: rules.check_confirm."""
    rules.check_confirm(attendance, by)
    move(attendance, Attendance.Status.CONFIRMED, confirmed_at=at)
    _write("meeting.minutes_confirmed", attendance.meeting, by=by, at=at)
