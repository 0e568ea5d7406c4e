"""The meetings of a month: held by the director, minuted point by point, final, and confirmed by those on duty."""

import datetime as dt

from django.urls import reverse

from board.demo import past_stories
from board.demo.month import BATCH, MINUTE
from callcentre import clock
from duties.models import Duty
from meetings.actions import SOON
from meetings.agenda import PLANS, SERIES_OF_RULE
from meetings.models import ActionItem, AgendaPoint, Attendance, Decision, Meeting
from people.models import Role

LASTS = 55 * MINUTE
MINUTES_FINAL = 90 * MINUTE
DAY = dt.timedelta(days=1)


def make(month):
    held = [Held(month, rule, on) for rule, dates in month.duty_dates() if rule.code in SERIES_OF_RULE for on in dates]
    Duty.objects.bulk_create([one.duty for one in held])
    Meeting.objects.bulk_create([one.new_meeting() for one in held])
    AgendaPoint.objects.bulk_create([point for one in held for point in one.new_points()])
    Attendance.objects.bulk_create([row for one in held for row in one.new_attendance()], BATCH)
    Decision.objects.bulk_create([one.new_decision() for one in held])
    ActionItem.objects.bulk_create([one.new_item() for one in held])
    for one in held:
        one.note()


class Held:
    """One meeting with all that belongs to it."""

    def __init__(self, month, rule, on):
        self.month, self.rule, self.series = month, rule, SERIES_OF_RULE[rule.code]
        self.plan, self.chair = PLANS[self.series], month.people.director
        self.at = clock.moment(month.centre, on, self.plan.time)
        self.ended_at, self.final_at = self.at + LASTS, self.at + MINUTES_FINAL
        self.turn = month.day_turns[on]
        self.duty = Duty(
            centre=month.centre,
            rule=rule,
            due_on=on,
            opens_at=rule.opens_at(on),
            due_at=rule.due_at(on),
            opened_at=rule.opens_at(on),
            status=Duty.Status.DONE,
            assignee=self.chair,
            started_at=self.at,
            done_by=self.chair,
            done_at=self.ended_at,
        )

    def new_meeting(self):
        self.meeting = Meeting(
            duty=self.duty,
            centre=self.month.centre,
            series=self.series,
            starts_at=self.at,
            status=Meeting.Status.FINAL,
            chair=self.chair,
            started_at=self.at,
            ended_at=self.ended_at,
            finalised_by=self.chair,
            finalised_at=self.final_at,
            announced_at=self.at - DAY,
        )
        return self.meeting

    def new_points(self):
        for order, point in enumerate(self.plan.points, start=1):
            yield AgendaPoint(
                meeting=self.meeting,
                order=order,
                key=point.key,
                minutes=self.month.rng.choice(past_stories.MINUTES[point.key]),
                version=1,
                written_by=self.chair,
                written_at=self.at + order * 5 * MINUTE,
            )

    def new_attendance(self):
        on_duty = {self.turn.leader.pk, *(person.pk for person in self.turn.crew)}
        self.attendance = [self._attends(person, person.pk in on_duty) for person in self.required()]
        return self.attendance

    def required(self):
        people = self.month.people
        if Role.AGENT not in self.plan.roles:
            return people.leaders
        return [*people.leaders, *(agent for crew in people.crews.values() for agent in crew), people.centre_director]

    def _attends(self, person, on_duty):
        status = Attendance.Status.PRESENT if self.month.rng.random() < 0.98 else Attendance.Status.ABSENT
        if on_duty:
            status = Attendance.Status.CONFIRMED
        confirmed_at = self.final_at + self.month.some(30, 1200) * MINUTE if on_duty else None
        return Attendance(
            meeting=self.meeting, person=person, on_duty=on_duty, status=status, confirmed_at=confirmed_at
        )

    def new_decision(self):
        text = self.month.rng.choice(past_stories.DECISIONS)
        self.decision = Decision(meeting=self.meeting, text=text, by=self.chair, at=self.at + 45 * MINUTE)
        return self.decision

    def new_item(self):
        self.item = ActionItem(
            meeting=self.meeting,
            text=self.month.rng.choice(past_stories.ITEMS),
            owner=self.turn.leader,
            due_on=self.duty.due_on + 6 * DAY,
            status=ActionItem.Status.DONE,
            done_by=self.turn.leader,
            done_at=self.at + 5 * DAY,
        )
        return self.item

    def note(self):
        """The journal's rows and the messages, as the steps would have written them."""
        note, chair, meeting, duty = self._note, self.chair, self.meeting, self.duty
        note("meeting.planned", None, duty.opens_at - DAY)
        note("duty.opened", None, duty.opens_at, duty)
        note("duty.started", chair, self.at, duty)
        note("meeting.opened", chair, self.at)
        present = [row.person_id for row in self.attendance if row.status == Attendance.Status.PRESENT]
        note("meeting.all_present", chair, self.at + 4 * MINUTE, people=sorted(present))
        for order, point in enumerate(self.plan.points, start=1):
            note("meeting.minutes_written", chair, self.at + order * 5 * MINUTE, point=point.key, nothing=False)
        note("meeting.decision_added", chair, self.decision.at, decision=self.decision.pk)
        self._note_item()
        note("duty.done", chair, self.ended_at, duty)
        note("meeting.ended", chair, self.ended_at)
        note("meeting.finalised", chair, self.final_at)
        for row in self.attendance:
            if row.confirmed_at:
                note("meeting.minutes_confirmed", row.person, row.confirmed_at)
        self.month.tell(
            SOON,
            to=[row.person for row in self.attendance],
            at=meeting.announced_at,
            link=reverse("meetings:show_meeting", args=[meeting.pk]),
            rule_zh=self.rule.name_zh,
            rule_en=self.rule.name_en,
            starts_at=self.at.isoformat(),
        )

    def _note_item(self):
        item = self.item
        given = {"item": item.pk, "owner": item.owner_id, "due_on": item.due_on.isoformat()}
        self._note("meeting.item_added", self.chair, self.at + 50 * MINUTE, **given)
        self._note("meeting.item_done", item.done_by, item.done_at, item=item.pk)

    def _note(self, verb, by, at, obj=None, **facts):
        self.month.note(verb, obj or self.meeting, by=by, at=at, clause=self.rule.clause, **facts)
