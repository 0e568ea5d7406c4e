"""A small centre on a Monday morning with a bit of everything, and confidential cases in every state beside ordinary
ones. Each text that somebody writes in one carries a mark that says where it comes from."""

import datetime as dt
import re
import types

from django.urls import reverse

from callcentre import signals
from callcentre.attachments import keep
from callcentre.uploads import check
from delivery import actions as delivery
from escalations import actions
from escalations.models import Case, Category
from handover import tending
from handover.models import DeskRelief, EntryFile, Phrase
from handover.sections import Section
from hygiene.models import Plant
from notices.models import NoticeFile
from people.actions import renew_wall_key
from people.models import Person, Role
from shifts.models import Assignment, Leave, Run, Swap
from tests import (
    make,
    make_desks,
    make_escalations,
    make_floor,
    make_handover,
    make_notices,
    make_shifts,
    make_solving,
    make_swaps,
)
from tests.make_uploads import picture, uploaded

AT = make.at(10, 30).astimezone(dt.UTC)
SUNDAY = make.MONDAY - dt.timedelta(days=1)
RAISED = make.at(10)
WORD = "麒麟"  # stands in every mark and nowhere else
MARK = re.compile(rf"{WORD}·(\w+?)·(\w+?)·")

REPORTER, LEADER, ABOVE = {"reporter"}, {"reporter", "leader"}, {"reporter", "leader", "director"}
# Who sees a confidential case in that state: the reporter, the levels it has reached, and once submitted the centre
# director. All the others of the centre are strangers to it.
SEERS = {
    "draft": REPORTER,
    "withdrawn_draft": REPORTER,
    **dict.fromkeys(["submitted", "acknowledged", "returned", "resubmitted", "instructed"], LEADER),
    **dict.fromkeys(["dissented", "upheld", "accepted", "carried_out", "closed", "withdrawn"], LEADER),
    **dict.fromkeys(["passed_up", "risen", "appealed"], ABOVE),
    **dict.fromkeys(["skipping", "late", "told"], {"reporter", "director"}),
    "of_the_leader": {"leader", "director"},
}
WITH_A_FILE = ("draft", "submitted", "told")
UNSUBMITTED = {"draft", "withdrawn_draft"}


def seers(state):
    return SEERS[state] | (set() if state in UNSUBMITTED else {"centre_director"})


def mark(state, field):
    return f"{WORD}·{state}·{field}·"


def centre():
    """The people by what they are to the cases, and the rows that the addresses of the product point at."""
    floor = make_handover.floor()
    place = floor.centre
    signals.tick(make.at(8))
    people = types.SimpleNamespace(
        reporter=floor.agents[0],
        colleague=floor.agents[1],
        leader=floor.leader,
        other_leader=floor.next_leader,
        director=floor.director,
        other_director=make.person(role=Role.DIRECTOR, centre=place, name="郑主任"),
        centre_director=make.person(role=Role.CENTRE_DIRECTOR, centre=place, name="赵刚"),
        inspector=make.person(role=Role.INSPECTOR, centre=place, name="吴芳"),
        security=make.person(role=Role.SECURITY, centre=place, name="钱进"),
        administrator=make.person(role=Role.ADMINISTRATOR, centre=place, name="孙丽"),
    )
    Person.objects.update(password="usable")  # else the page that changes it goes elsewhere
    furnish(floor, people)
    ordinary(people)
    signals.tick(AT)
    delivery.send_queued()
    return people, floor


def furnish(floor, people):
    """Something on the pages of each app."""
    entry = make_handover.entry(floor)
    make_handover.question(floor, needs_analysis=True)
    people.source = f"handover.entry:{entry.pk}"
    Phrase.objects.create(centre=floor.centre, section=Section.EQUIPMENT, text="耳机杂音，已报修。")
    notice = make_notices.notice(by=people.director)
    keep(NoticeFile, [check(uploaded(picture()))], by=people.director, at=AT, notice=notice)
    make_notices.answer(centre=floor.centre)
    Plant.objects.create(centre=floor.centre, place="一号机房", species="绿萝")
    make_swaps.offer(giver=floor.agents[1], gives=floor.shift, team=floor.next_shift.team, at=make.at(20, on=SUNDAY))
    make_swaps.leave(person=people.colleague, from_on=SUNDAY + dt.timedelta(days=5))
    keep(EntryFile, [check(uploaded(picture()))], by=people.reporter, at=AT, entry=entry)
    seat(floor)
    draft = make_solving.draft(rotation=floor.roster.rotation, by=people.director)
    make_solving.run(roster=draft, by=people.director, status="cancelled")
    make_solving.wish(person=people.reporter)
    make_floor.asked(floor, people.colleague)
    renew_wall_key(centre=floor.centre, by=people.leader, at=AT)


def seat(floor):
    """The day shift sits at desks that the middle shift will relieve."""
    for shift in (floor.shift, floor.next_shift):
        for desk, row in zip(make_shifts.desks(centre=floor.centre), shift.assignments.order_by("pk"), strict=False):
            Assignment.objects.filter(pk=row.pk).update(desk=desk)
            if shift == floor.shift:
                make_desks.sit(floor, row.person, desk)
    tending.prepare(centre=floor.centre, at=make_desks.EARLY)


def addresses(floor):
    """Of pages that no link leads to, for this small centre has no page that is long enough."""
    log, run = floor.log, Run.objects.get()
    swap, leave = Swap.objects.get(), Leave.objects.get()
    relief = DeskRelief.objects.first()
    files = [reverse("handover:show_file", args=[EntryFile.objects.get().pk])]
    files += [reverse("notices:show_file", args=[NoticeFile.objects.get().pk])]
    return [
        *files,
        reverse("handover:list_people", args=[log.pk]),
        reverse("handover:show_relief", args=[relief.pk]),
        reverse("shifts:list_versions", args=[floor.roster.pk]),
        reverse("shifts:poll_edits", args=[run.roster_id]),
        reverse("shifts:poll_run", args=[run.pk]),
        reverse("shifts:show_swap", args=[swap.pk]),
        reverse("shifts:show_leave", args=[leave.pk]),
        reverse("shifts:show_person_attendance", args=[floor.agents[0].pk]),
    ]


def ordinary(people):
    """Requests of the same people that everybody concerned may see; one of them with a breach."""
    for status in ("submitted", "instructed", "passed_up", "closed"):
        raised = {"by": people.reporter, "at": RAISED, "what_happened": f"寻常事项{status}"}
        make_escalations.case(people, status=status, source=people.source, **raised)
    skipping = raise_one(people, RAISED, what_happened="寻常越级", **SKIP)
    actions.find_follow_up_late(follow_up=skipping.follow_ups.get(), at=make.at(10, on=make.MONDAY.replace(day=25)))


SKIP = {"urgent": True, "goes_to": "director", "skip_reason": "等不及逐级请示。"}


def raise_one(people, at, *, by=None, **fields):
    made = make_escalations.draft(types.SimpleNamespace(agent=by or people.reporter), at=at, **fields)
    actions.submit(case=made, by=made.reporter, at=at)
    return Case.objects.get(pk=made.pk)


def plant(people):
    """{state: a confidential case that has come there by the actions}, told by the relay."""
    cases = {state: Plot(people, state).case for state in SEERS}
    delivery.send_queued()
    return cases


class Plot:
    """One confidential case and its way to its state."""

    def __init__(self, people, state):
        self.people, self.state = people, state
        fields = {"category": Category.CONFIDENTIAL, "source": people.source}
        fields |= {"what_happened": self.says("what"), "proposed_handling": self.says("proposed")}
        if state in WITH_A_FILE:
            fields["files"] = [check(uploaded(picture(), name=f"{mark(state, 'file')}.jpg"))]
        if state in ("skipping", "late", "told"):
            fields |= SKIP | {"skip_reason": self.says("skip")}
        by = people.leader if state == "of_the_leader" else people.reporter
        if state in UNSUBMITTED:
            self.case = make_escalations.draft(types.SimpleNamespace(agent=by), at=RAISED, **fields)
        else:
            self.case = raise_one(people, RAISED, by=by, **fields)
        getattr(self, state, lambda: None)()
        self.case = Case.objects.get(pk=self.case.pk)

    def says(self, field):
        return f"{mark(self.state, field)}名单被带出机房。"

    def step(self, verb, by, field, at=AT):
        getattr(actions, verb)(case=self.case, by=by, at=at, text=self.says(field))

    def withdrawn_draft(self):
        actions.withdraw(case=self.case, by=self.people.reporter, at=AT)

    def acknowledged(self):
        actions.acknowledge(case=self.case, by=self.people.leader, at=AT)

    def returned(self):
        self.step("return_for_more", self.people.leader, "question")

    def resubmitted(self):
        self.returned()
        self.step("resubmit", self.people.reporter, "addition")

    def passed_up(self):
        self.step("pass_up", self.people.leader, "reason")

    def risen(self):
        actions.rise(case=self.case, at=self.case.answer_due_at)

    def instructed(self):
        self.step("instruct", self.people.leader, "instruction")

    def dissented(self):
        self.instructed()
        self.step("dissent", self.people.reporter, "dissent")

    def upheld(self):
        self.dissented()
        self.step("uphold", self.people.leader, "answer")

    def accepted(self):
        self.dissented()
        self.step("accept_dissent", self.people.leader, "answer")

    def carried_out(self):
        self.instructed()
        self.step("carry_out", self.people.reporter, "evidence")

    def appealed(self):
        self.upheld()
        self.step("carry_out", self.people.reporter, "evidence")
        self.step("appeal", self.people.reporter, "appeal")

    def closed(self):
        self.carried_out()
        self.step("close", self.people.leader, "closing")

    def withdrawn(self):
        self.step("withdraw", self.people.reporter, "withdrawal")

    def late(self):
        follow_up = self.case.follow_ups.get()
        actions.find_follow_up_late(follow_up=follow_up, at=follow_up.due_at)

    def told(self):
        follow_up = self.case.follow_ups.get()
        actions.follow_up(follow_up=follow_up, by=self.people.reporter, at=AT, text=self.says("report"))
