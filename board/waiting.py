"""What waits for a person now: one QuerySet method of each app, one list, late first.

Each row is drawn by its app's own fragment, which has the buttons. Most of the time most apps have nothing for
somebody: one statement asks all of them whether they have, and only those that do are asked for their rows.
"""

import dataclasses
import datetime as dt

from django.db.models import Exists
from django.urls import reverse

from callcentre import clock
from duties import records
from duties.models import Duty
from escalations.models import Case, FollowUp
from floor.models import LeaveOfPost
from handover.models import DeskRelief, Log
from handover.sides import to_sign
from hygiene.models import Clean
from meetings.models import ActionItem, Attendance, Meeting
from notices.models import Notice
from people.models import Person, Role
from rulebook import pledge
from rulebook.models import Acknowledgement, Breach
from shifts.models import Leave, RollCall, Swap
from shifts.rules.roll_calls import closes_by

MOST = 20  # rows of one kind; their own pages show the rest
SIGNERS = (Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR)
FAR = dt.datetime.max.replace(tzinfo=dt.UTC)
# The page where a duty is done -> the step that begins it, where that is a single tap.
BEGINNINGS = {"duties:show_duty": "duties:start_duty", "hygiene:show_clean": "hygiene:start_clean"}


@dataclasses.dataclass
class Item:
    """A row of the start page: `template` draws `row`. urgent: it goes among the late ones. first: before them all."""

    template: str
    row: object
    due_at: dt.datetime | None = None
    urgent: bool = False
    first: bool = False
    url: str = ""
    start_url: str = ""

    def order(self, at):
        return not self.first, not (self.urgent or self.is_late(at)), self.due_at or FAR

    def is_late(self, at):
        return self.due_at is not None and self.due_at <= at


def waiting_for(person, at, duties):
    """The Items, late or urgent ones first, then by when they are due. duties: of duties.waiting."""
    items, seen = [], set()
    for item in (*_of_sources(person, at), *duty_items(duties)):
        if not (item.url and item.url in seen):  # a meeting is a duty too: the meeting's own row is the better one
            items.append(item)
            seen.add(item.url)
    return sorted(items, key=lambda item: item.order(at))


def log_item(log):
    return Item("board/_log.html", log, due_at=log.shift.ends_at, url=reverse("handover:show_log", args=[log.pk]))


def duty_items(duties):
    for duty in duties.to_do[:MOST]:
        page = records.PAGES.get(duty.rule.code, "duties:show_duty")
        start = BEGINNINGS.get(page) if duty.status == Duty.Status.OPEN else None
        start_url = reverse(start, args=[duty.pk]) if start else ""
        yield Item("board/_duty.html", duty, due_at=duty.due_at, url=reverse(page, args=[duty.pk]), start_url=start_url)
    for duty in duties.to_verify[:MOST]:
        page = records.PAGES.get(duty.rule.code, "duties:show_duty")
        yield Item("board/_verify.html", duty, url=reverse(page, args=[duty.pk]))


def roll_call_item(roll_call):
    """First of all, for it is called before the shift begins; when the shift has begun without it, it is late."""
    url = reverse("shifts:show_roll_call", args=[roll_call.shift_id])
    return Item("shifts/_roll_call_waiting.html", roll_call, due_at=closes_by(roll_call), first=True, url=url)


def notice_item(notice):
    """Among the urgent ones: nobody takes a desk before it is read."""
    return Item("notices/_waiting.html", notice, urgent=True, url=notice.get_absolute_url())


def relief_item(relief):
    """The person's own tap: after the roll call the first thing of a change of shift."""
    url = reverse("board:show_my_desk")
    return Item("handover/_relief_waiting.html", relief, due_at=relief.waiting_since, urgent=True, url=url)


def desks_item(shift):
    return Item("handover/_desks_waiting.html", shift, due_at=shift.ends_at, url=reverse("handover:list_reliefs"))


def case_item(case):
    return Item("escalations/_waiting.html", case, due_at=case.answer_due_at, urgent=case.urgent)


def follow_up_item(follow_up):
    due_at = follow_up.due_at if follow_up.is_owed else None
    return Item("escalations/_follow_up_waiting.html", follow_up, due_at=due_at, url=follow_up.get_absolute_url())


def clean_item(clean):
    return Item("hygiene/_waiting.html", clean, due_at=clean.due_at)


def breach_item(breach):
    return Item("board/_breach.html", breach)


def meeting_item(meeting):
    url = reverse("meetings:show_meeting", args=[meeting.pk])
    return Item("meetings/_waiting.html", meeting, due_at=meeting.duty.due_at, url=url)


def minutes_item(attendance):
    return Item("meetings/_waiting.html", attendance)


def action_item(item):
    due_at = clock.midnight(item.meeting.centre, item.due_on + dt.timedelta(days=1))
    return Item("meetings/_waiting.html", item, due_at=due_at)


def swap_item(swap):
    return Item("shifts/_swap_waiting.html", swap, due_at=swap.due_at)


def leave_item(leave):
    return Item("shifts/_leave_waiting.html", leave, due_at=clock.midnight(leave.centre, leave.from_on))


def post_item(leave):
    """Somebody stands waiting for it: it goes among the late ones."""
    return Item("floor/_waiting.html", leave, due_at=leave.due_at, urgent=True)


# How an app's row is drawn, and the rows that wait for the person at the moment.
SOURCES = (
    (roll_call_item, lambda person, at: RollCall.objects.waiting_for(person, at)),
    (relief_item, lambda person, at: DeskRelief.objects.waiting_for(person, at).with_names()),
    (desks_item, lambda person, at: DeskRelief.objects.keeping_waiting(person, at)),
    (notice_item, lambda person, at: Notice.objects.waiting_for(person, at)),
    (post_item, lambda person, at: LeaveOfPost.objects.waiting_for(person, at)),
    (case_item, lambda person, at: Case.objects.waiting_for(person, at)),
    (follow_up_item, lambda person, at: FollowUp.objects.waiting_for(person, at)),
    (clean_item, lambda person, at: Clean.objects.waiting_for(person, at)),
    (swap_item, lambda person, at: Swap.objects.waiting_for(person, at)),
    (leave_item, lambda person, at: Leave.objects.waiting_for(person, at)),
    (breach_item, lambda person, at: Breach.objects.waiting_for(person).with_names().order_by("at", "pk")),
    (meeting_item, lambda person, at: Meeting.objects.waiting_for(person, at)),
    (minutes_item, lambda person, at: Attendance.objects.waiting_for(person, at)),
    (action_item, lambda person, at: ActionItem.objects.waiting_for(person, at)),
)


def _of_sources(person, at):
    rows = [(draw, ask(person, at)) for draw, ask in SOURCES]
    year = pledge.year_of(person.centre, at)
    answers = {f"has_{number}": Exists(queryset) for number, (_draw, queryset) in enumerate(rows)}
    if person.has_role(*SIGNERS):
        answers["has_logs"] = Exists(to_sign(person, at))
    answers["has_pledged"] = Exists(Acknowledgement.objects.filter(person=person, year=year))
    found = Person.objects.filter(pk=person.pk).annotate(**answers).values(*answers).get()
    if not found["has_pledged"]:
        yield Item("board/_pledge.html", year, url=reverse("rulebook:read_pledge"))
    for number, (draw, queryset) in enumerate(rows):
        if found[f"has_{number}"]:
            yield from map(draw, queryset[:MOST])
    if found.get("has_logs"):  # somebody's turn to sign: whose, several statements say
        yield from map(log_item, Log.objects.visible_to(person).waiting_for(person, at).with_names()[:MOST])
