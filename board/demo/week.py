"""A living week: what people did in the last seven days, done again by the product's own actions at their moments.

Everything is an event, a moment and what happens then; the minute ticks in between, as it would have.
"""

import datetime as dt
import random
import uuid

from django.db.models import Exists, OuterRef

from board.demo import past_stories, photographs, posts, roll_calls, seats, stories
from board.demo.centre import everybody
from callcentre import clock, signals
from delivery import actions as delivery
from delivery.models import Message
from duties.models import Duty
from escalations import actions as escalations
from handover import actions as handover
from handover.contents import Contents
from handover.models import ItemAnswer, Log
from handover.sections import Section
from hygiene import actions as hygiene
from hygiene.models import Plant
from meetings import actions as meetings
from meetings.agenda import PLANS
from meetings.models import Meeting
from rulebook import actions as rulebook
from rulebook import pledge
from shifts.line import leader_on_duty
from shifts.models import Assignment, Leave, Shift

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
TICKS_EVERY = 4 * HOUR
PLANTS = (
    ("机房东窗台", "绿萝"),
    ("机房西窗台", "吊兰"),
    ("大屏幕两侧", "发财树"),
    ("更衣室门口", "虎皮兰"),
    ("值班室", "文竹"),
)


def crew_of(shift):
    away = Leave.objects.approved().between(shift.on, shift.on).filter(person=OuterRef("person"))
    rows = Assignment.objects.filter(~Exists(away), shift=shift).select_related("person__centre")
    return [row.person for row in rows.order_by("person__employee_number")]


class Week:
    def __init__(self, centre, since, at):
        self.centre, self.since, self.at = centre, since, at
        self.rng = random.Random(20261123)  # noqa: S311 - the same centre every time, no secret
        self.staff = everybody(centre)
        self.director = self.staff["8001"]
        self.opened_at = clock.midnight(centre, since)

    def live(self):
        """Do everything up to the moment."""
        events = [*self.ticks(), *self.setting_up(), *self.shifts(), *self.cases(), *self.meetings()]
        events += [*roll_calls.of_week(self), *seats.of_week(self), *posts.of_week(self, crew_of)]
        # At one moment the minute comes first: what it opens is there for what people do.
        for moment, _order, happen in sorted(events, key=lambda event: event[:2]):
            if moment <= self.at:
                happen(moment)
        self.tick(self.at)
        self.read_old_messages()

    def tick(self, at):
        if failed := signals.tick(at):
            raise RuntimeError(f"the tick of {at.isoformat()} failed in {failed}")

    def ticks(self):
        moment = self.opened_at
        while moment < self.at:
            yield moment, 0, self.tick
            moment += TICKS_EVERY

    def setting_up(self):
        yield self.opened_at, 1, self.keep_plants
        yield self.opened_at, 1, self.keep_phrases
        yield self.opened_at + 9 * HOUR, 1, self.pledge

    def keep_plants(self, at):
        for place, species in stories.PLANTS:
            hygiene.keep(row=Plant(centre=self.centre, place=place, species=species), by=self.director, at=at)

    def keep_phrases(self, at):
        for section, text in stories.PHRASES:
            handover.add_phrase(centre=self.centre, section=section, text=text, by=self.director, at=at)

    def pledge(self, at):
        """Nearly everybody has acknowledged the conduct clauses this year."""
        for number, person in self.staff.items():
            if not number.endswith("12"):
                rulebook.acknowledge(edition=pledge.edition(), by=person, at=at)

    # ---- a shift: its log, and the duties that fall to it

    def shifts(self):
        rows = Shift.objects.published().between(self.centre, self.since, clock.local_date(self.centre, self.at))
        for shift in rows.select_related("type", "leader", "team").order_by("starts_at"):
            yield from self.log_of(shift)
            if shift.type.counts_as_day:
                yield from self.duties_of(shift)

    def log_of(self, shift):
        crew = crew_of(shift)
        for _note in range(self.rng.randint(4, 7)):
            author = self.rng.choice(crew)
            section = self.rng.choice(list(stories.NOTES))
            text = self.rng.choice(stories.NOTES[section])
            moment = shift.starts_at + self.rng.randint(20, 440) * MINUTE
            yield moment, 2, self.writes(shift, author, section, text)
        if shift.type.counts_as_day and shift.on.weekday() in (0, 2, 5):
            yield shift.starts_at + 95 * MINUTE, 2, self.follows_up(shift, self.rng.choice(crew))
        yield shift.ends_at - 8 * MINUTE, 2, self.submits(shift)
        yield shift.ends_at + 4 * MINUTE, 2, self.accepts(shift)

    def writes(self, shift, author, section, text):
        def happen(at):
            log = Log.objects.get(shift=shift)
            if not log.entries.filter(text=text).exists():
                answer, needed = stories.ANSWERS.get(text, ("", False))
                handover.add_entry(
                    log=log, section=section, text=text, answer_given=answer, needs_analysis=needed, by=author, at=at
                )

        return happen

    def follows_up(self, shift, author):
        def happen(at):
            log = Log.objects.get(shift=shift)
            section, text = stories.FOLLOWED[shift.on.toordinal() % len(stories.FOLLOWED)]
            (entry,) = handover.add_entry(log=log, section=section, text=text, by=author, at=at)
            handover.follow_up(entry=entry, owner=shift.leader, by=author, at=at + MINUTE)

        return happen

    def submits(self, shift):
        def happen(at):
            log = Log.objects.with_names().get(shift=shift)
            for section in Contents(log).silent:
                handover.mark_nothing(log=log, section=section, by=shift.leader, at=at)
            for line in Contents(log).lines:
                self.answers(log, line.item, shift.leader, at)
            handover.submit(log=log, by=shift.leader, at=at + MINUTE)

        return happen

    def answers(self, log, item, leader, at):
        solved = item.entry.log_id != log.pk and log.starts_at - item.entry.written_at > 30 * HOUR
        outcome = ItemAnswer.Outcome.SOLVED if solved else ItemAnswer.Outcome.CARRIED_ON
        handover.answer_item(log=log, item=item, outcome=outcome, by=leader, at=at)

    def accepts(self, shift):
        def happen(at):
            log = Log.objects.with_names().get(shift=shift)
            incoming = leader_on_duty(self.centre, at)
            for contents in Contents(log).sections:
                handover.accept_section(log=log, section=contents.section, by=incoming, at=at)
            handover.accept(log=log, by=incoming, at=at + 3 * MINUTE)

        return happen

    # ---- duties

    def duties_of(self, shift):
        crew = crew_of(shift)
        yield shift.starts_at + 130 * MINUTE, 2, self.cleans("watering", shift, crew[0])
        yield shift.starts_at + 200 * MINUTE, 2, self.cleans("leaf_clean", shift, crew[1])
        yield shift.starts_at + 160 * MINUTE, 2, self.cleans("changing_room_clean", shift, shift.leader, crew[2:4])

    def cleans(self, code, shift, person, helpers=()):
        """The duty of the day, where the day has one; one watering in the week is left undone, as happens."""

        def happen(at):
            duty = Duty.objects.with_rule().filter(centre=self.centre, rule__code=code, due_on=shift.on).first()
            forgotten = code == "watering" and shift.on == self.since + dt.timedelta(days=3)
            if duty is None or forgotten:
                return
            hygiene.start(duty=duty, by=person, at=at, helpers=helpers)
            for item in hygiene.items_of(duty):
                hygiene.tick_item(duty=duty, item=item.pk, by=person, at=at + 20 * MINUTE)
            hygiene.finish(duty=duty, by=person, at=at + 25 * MINUTE)
            if duty.needs_verification:
                hygiene.verify(duty=duty, by=self.director, at=at + 60 * MINUTE)

        return happen

    # ---- escalations

    def cases(self):
        yield self.at - 30 * HOUR, 3, self.closed
        yield self.at - 5 * HOUR, 3, self.instructed
        yield self.at - 26 * HOUR, 3, self.skips
        yield self.at - 4 * HOUR, 3, self.dissents
        yield self.at - 55 * MINUTE, 3, self.passed_up
        yield self.at - 42 * MINUTE, 3, self.raises("confidential", 8)
        yield self.at - 9 * MINUTE, 3, self.raises("waiting", 1)
        yield self.at - 2 * MINUTE, 3, self.noted_and_raised

    def skips(self, at):
        """An emergency in the leader's absence: handled at once, and the leader told afterwards."""
        reason = "班长电话未接通，配电柜冒烟等不及。"
        case = self.raise_("skipped", 2, at, goes_to="director", skip_reason=reason)
        *_told, instruction, carried_out = stories.CASES["skipped"]
        escalations.instruct(case=case, by=case.level.person, at=at + 2 * MINUTE, text=instruction)
        files = [photographs.socket(scorched=False)]
        escalations.carry_out(case=case, by=case.reporter, at=at + 25 * MINUTE, text=carried_out, files=files)
        for debt in case.debts:
            report = "配电柜冒烟时未能联系到你，已直接报主任，断电转席，详见处理记录。"
            escalations.follow_up(follow_up=debt, by=case.reporter, at=at + 90 * MINUTE, text=report)

    def dissents(self, at):
        """Passed up to the director, who instructs; the reporter disagrees, and it waits for an answer."""
        case = self.raise_("dissent", 7, at)
        escalations.pass_up(case=case, by=case.level.person, at=at + 6 * MINUTE, text="涉及减免权限，请主任定。")
        instruction = stories.CASES["dissent"][4]
        escalations.instruct(case=case, by=case.level.person, at=at + 30 * MINUTE, text=instruction)
        against = "次月核减会引起更多二次来电，建议试行当场减免一周，再看数据。"
        escalations.dissent(case=case, by=case.reporter, at=at + 50 * MINUTE, text=against)

    def raise_(self, story, place, at, **beside):
        category, urgent, happened, handling, *_rest = stories.CASES[story]
        shift = Shift.objects.published().on_floor(self.centre, at).first()
        crew = (
            Assignment.objects.filter(shift=shift).select_related("person__centre").order_by("person__employee_number")
        )
        reporter = crew[place % len(crew)].person
        return escalations.raise_case(
            by=reporter,
            at=at,
            form_key=uuid.UUID(int=self.rng.getrandbits(128)),
            kind="report" if category in ("serious_error", "confidential") else "request",
            category=category,
            urgent=urgent,
            what_happened=happened,
            happened_at=at - 3 * MINUTE,
            proposed_handling=handling,
            **beside,
        )

    def noted_and_raised(self, at):
        """A danger: noted in the log, then raised from the note with a picture."""
        log = Log.objects.filter(centre=self.centre, status=Log.Status.OPEN, starts_at__lte=at).newest_first().first()
        source = ""
        if log and log.shift.ends_at > at:
            noted = {"section": Section.EQUIPMENT, "text": stories.CASES["urgent"][2]}
            (entry,) = handover.add_entry(log=log, **noted, by=crew_of(log.shift)[5], at=at - MINUTE)
            source = entry.as_source
        self.raise_("urgent", 5, at, source=source, files=[photographs.socket(scorched=True)])

    def raises(self, story, place):
        return lambda at: self.raise_(story, place, at)

    def closed(self, at):
        case = self.raise_("closed", 3, at)
        *_told, instruction, carried_out = stories.CASES["closed"]
        leader = case.level.person
        escalations.acknowledge(case=case, by=leader, at=at + 2 * MINUTE)
        escalations.instruct(case=case, by=leader, at=at + 4 * MINUTE, text=instruction)
        escalations.carry_out(case=case, by=case.reporter, at=at + 25 * MINUTE, text=carried_out)
        escalations.close(case=case, by=leader, at=at + 31 * MINUTE)

    def instructed(self, at):
        case = self.raise_("instructed", 4, at)
        instruction = stories.CASES["instructed"][4]
        escalations.instruct(case=case, by=case.level.person, at=at + 11 * MINUTE, text=instruction)

    def passed_up(self, at):
        case = self.raise_("director", 6, at)
        escalations.pass_up(
            case=case,
            by=case.level.person,
            at=at + 15 * MINUTE,
            text="涉及减免和停机责任认定，超出班长权限，请主任定。",
        )

    # ---- meetings

    def meetings(self):
        """Those that have begun by the moment: final a while after they ended."""
        days = (clock.local_date(self.centre, self.at) - self.since).days + 1
        for on in (self.since + dt.timedelta(days=n) for n in range(days)):
            for series, plan in PLANS.items():
                starts_at = clock.moment(self.centre, on, plan.time)
                yield starts_at, 2, self.holds(series, on)
                yield starts_at + 50 * MINUTE, 2, self.minutes(series, on)
                yield starts_at + 90 * MINUTE, 2, self.finalises(series, on)

    def meeting(self, series, on):
        return Meeting.objects.with_duty().filter(centre=self.centre, series=series, duty__due_on=on).first()

    def holds(self, series, on):
        def happen(at):
            if meeting := self.meeting(series, on):
                meetings.open_meeting(meeting=meeting, by=self.director, at=at)
                meetings.mark_all_present(meeting=meeting, by=self.director, at=at + 5 * MINUTE)

        return happen

    def minutes(self, series, on):
        def happen(at):
            if meeting := self.meeting(series, on):
                for point in meeting.points.select_related("meeting"):
                    said = self.rng.choice(past_stories.MINUTES[point.key])
                    meetings.write_minutes(
                        point=point, minutes=said, nothing=False, version=point.version, by=self.director, at=at
                    )
                decision, item = self.rng.choice(past_stories.DECISIONS), self.rng.choice(past_stories.ITEMS)
                meetings.add_decision(meeting=meeting, text=decision, by=self.director, at=at)
                meetings.add_action_item(
                    meeting=meeting, text=item, owner="1200", due_on=on + dt.timedelta(days=9), by=self.director, at=at
                )
                meetings.end_meeting(meeting=meeting, by=self.director, at=at)

        return happen

    def finalises(self, series, on):
        def happen(at):
            if meeting := self.meeting(series, on):
                meetings.finalise(meeting=meeting, by=self.director, at=at)

        return happen

    # ---- the bell

    def read_old_messages(self):
        while delivery.send_queued():
            pass
        for person in self.staff.values():
            old = Message.objects.filter(person=person, at__lt=self.at - 6 * HOUR)
            delivery.mark_read(person=person, at=self.at, messages=old)
