"""What the pages of meetings show: read in as many queries for many rows as for one."""

import collections
import datetime as dt
import itertools
import re

from django.db.models import Q

from callcentre.refusals import refusal
from duties import who
from handover.models import Entry as Noted
from journal.models import Entry
from meetings import dates, rules
from meetings.actions import required_people
from meetings.forms import ActionItemForm, DecisionForm, GuestForm, MinutesForm, move_form
from meetings.models import ActionItem, Attendance, Meeting, Series

PAGE = 20
WEEK = dt.timedelta(days=7)
MOST_QUESTIONS = 50
NAMED = 20  # beyond it, who must attend is a number
STATUS = Meeting.Status


class Page:
    """A page of past meetings, by key: what was over before the one named, however long the history."""

    def __init__(self, rows, before):
        if found := re.fullmatch(r"([0-9]{1,10})-([0-9]{1,18})", before):
            at = dt.datetime.fromtimestamp(int(found[1]), dt.UTC)
            rows = rows.filter(Q(starts_at__lt=at) | Q(starts_at=at, pk__lt=int(found[2])))
        found = list(rows[: PAGE + 1])
        self.rows, self.is_first = found[:PAGE], not before
        self.older = key(self.rows[-1]) if len(found) > PAGE else ""


def key(meeting):
    return f"{int(meeting.starts_at.timestamp())}-{meeting.pk}"


def with_flags(centre, meetings):
    """[(meeting, Flag or None, Assignee)]: the flag of those that are still to be held."""
    meetings = list(meetings)
    if not meetings:
        return []
    days = [meeting.held_on for meeting in meetings]
    holidays = dates.Holidays(centre, min(days), max(days))
    found = who.assignees(centre, [meeting.duty for meeting in meetings])
    return [
        (meeting, holidays.flag(meeting.held_on) if meeting.status == STATUS.PLANNED else None, found[meeting.pk])
        for meeting in meetings
    ]


def year(centre, year):
    """[(series label, [(date, Flag or None, Meeting or None)])]"""
    known = {}
    for meeting in Meeting.objects.filter(centre=centre, duty__due_on__year=year).with_duty():
        known[meeting.series, meeting.duty.due_on] = meeting
    return [
        (Series(series), [(on, flag, known.get((series, on))) for on, flag in rows])
        for series, rows in dates.of_year(centre, year).items()
    ]


def teams(rows):
    """[(team or None, [Attendance])]"""
    return [(team, list(group)) for team, group in itertools.groupby(rows.by_team(), lambda row: row.person.team)]


def counts(meeting):
    """How many of each status, in the order of the enum; those that nobody has are left out."""
    found = collections.Counter(meeting.attendance.values_list("status", flat=True))
    return [(status, found[status]) for status in Attendance.Status if found[status]]


def one(request, meeting, at, **forms):
    """The context of one meeting's page."""
    person = request.user
    assignee = who.assignee(meeting.duty)
    kept = refusal(rules.check_kept, meeting, person, assignee) is None
    may_read = kept or meeting.status == STATUS.FINAL
    flag = dates.flag(meeting.centre, meeting.held_on) if meeting.status == STATUS.PLANNED else None
    movable = refusal(rules.check_movable, meeting, person, assignee) is None
    points = list(meeting.points.select_related("written_by"))
    for point in points:
        point.meeting = meeting
    written = forms.pop("point_form", None)
    context = {
        "meeting": meeting,
        "questions": hard_questions(meeting) if kept or person.has_role(*meeting.plan.roles) else [],
        "assignee": assignee,
        "at": at,
        "kept": kept,
        "may_read": may_read,
        "flag": flag,
        "move_form": movable and move_form(meeting, flag),
        "points": [(point, point_form(point, written) if kept else None) for point in points],
        "steps": steps(meeting, points, person, assignee, at),
        "entries": Entry.objects.about(meeting),
    }
    return context | record(meeting, person, may_read, kept) | expected(meeting, at) | forms


def hard_questions(meeting):
    """What the logs since the meeting before left for this one to analyse; of the weekly one only."""
    if meeting.series != Series.WEEKLY:
        return []
    before = Meeting.objects.filter(centre=meeting.centre_id, series=meeting.series, starts_at__lt=meeting.starts_at)
    since = before.order_by("-starts_at").values_list("starts_at", flat=True).first() or meeting.starts_at - WEEK
    rows = Noted.objects.needing_analysis(meeting.centre_id, since, meeting.starts_at)
    return list(rows.select_related("author", "log__shift__type")[:MOST_QUESTIONS])


def point_form(point, written):
    return written if written is not None and written.instance.pk == point.pk else MinutesForm(instance=point)


def steps(meeting, points, person, assignee, at):
    return {
        "open": refusal(rules.check_open, meeting, person, assignee, at),
        "unopen": refusal(rules.check_unopen, meeting, person, assignee, written=any(p.version for p in points)),
        "end": refusal(rules.check_end, meeting, person, assignee),
        "resume": refusal(rules.check_resume, meeting, person, assignee),
        "finalise": refusal(rules.check_finalise, meeting, points, person, assignee),
    }


def record(meeting, person, may_read, kept):
    """Attendance, decisions and action items, for those who may read them."""
    mine = meeting.attendance.filter(person=person).select_related("meeting__duty").first()
    context = {"mine": mine, "confirm": mine and refusal(rules.check_confirm, mine, person)}
    if may_read:
        context |= {
            "teams": teams(meeting.attendance),
            "counts": counts(meeting),
            "decisions": meeting.decisions.select_related("by"),
            "items": items(ActionItem.objects.filter(meeting=meeting).with_names(), person),
        }
    if kept:
        context |= {"decision_form": DecisionForm(), "item_form": ActionItemForm(), "guest_form": GuestForm()}
    if meeting.status != STATUS.FINAL:
        context["brought"] = items(ActionItem.objects.brought_to(meeting), person)
    return context


def items(rows, person):
    """[(item, may the person close it or open it again)]"""
    other = {ActionItem.Status.OPEN: ActionItem.Status.DONE, ActionItem.Status.DONE: ActionItem.Status.OPEN}
    return [(item, refusal(rules.check_close, item, person, other[item.status]) is None) for item in rows]


def expected(meeting, at):
    """Who must attend, by name where they are few; until the meeting is opened."""
    if meeting.status != STATUS.PLANNED or meeting.is_waived:
        return {}
    people = list(required_people(meeting, at).order_by("team_id", "employee_number")[: NAMED + 1])
    if len(people) <= NAMED:
        return {"expected": people, "expected_count": len(people)}
    return {"expected": [], "expected_count": required_people(meeting, at).count()}
