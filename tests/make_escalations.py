"""A line of superiors on a Monday's day shift, and requests and reports in any state, made by the actions."""

import types
import uuid

from escalations import actions
from escalations.models import Case, Category, Kind
from people.models import Role
from tests import make, make_shifts

TEXT = "客户连续三次来电辱骂，要求赔偿，坚持不挂机。"
PROPOSAL = "请班长接听，按投诉流程答复。"
AT = make.at(9)


def line(*, centre=None, on_duty=True):
    """agent, other (another agent), leader, director, centre_director, administrator, inspector of one centre."""
    centre = centre or make.centre()
    team = make.team(centre=centre)
    people = types.SimpleNamespace(
        centre=centre,
        agent=make.person(team=team, name="李娜"),
        other=make.person(team=team, name="王磊"),
        leader=make.person(role=Role.LEADER, team=team, name="陈静"),
        director=make.person(role=Role.DIRECTOR, centre=centre, name="周敏"),
        centre_director=make.person(role=Role.CENTRE_DIRECTOR, centre=centre, name="赵刚"),
        administrator=make.person(role=Role.ADMINISTRATOR, centre=centre, name="孙丽"),
        inspector=make.person(role=Role.INSPECTOR, centre=centre, name="吴芳"),
    )
    if on_duty:
        people.shift = make_shifts.shift(team=team, leader=people.leader, people=[people.agent, people.other])
    return people


def fields(**changes):
    return {
        "kind": Kind.REQUEST,
        "category": Category.BEYOND_REMIT,
        "urgent": False,
        "what_happened": TEXT,
        "happened_at": AT,
        "proposed_handling": PROPOSAL,
    } | changes


def draft(people, *, by=None, at=AT, files=(), **changes):
    return actions.save_draft(by=by or people.agent, at=at, form_key=uuid.uuid4(), files=files, **fields(**changes))


def dissented(people, *, at=AT, **changes):
    """Instructed, with a dissent beside the instruction that waits for the leader."""
    made = case(people, status="instructed", at=at, **changes)
    actions.dissent(case=made, by=made.reporter, at=at, text="两小时太迟，建议立即回电。")
    return Case.objects.get(pk=made.pk)


def appealable(people, *, at=AT, **changes):
    """Upheld against a dissent and carried out: it may go further up."""
    made = dissented(people, at=at, **changes)
    actions.uphold(case=made, by=made.level.person, at=at, text="按流程两小时内即可。")
    actions.carry_out(case=made, by=made.reporter, at=at, text="已回电。")
    return Case.objects.get(pk=made.pk)


def case(people, *, status="submitted", by=None, at=AT, **changes):
    """A case in that status: at the leader's level, or when passed_up at the director's."""
    made = draft(people, by=by, at=at, **changes)
    by = by or people.agent
    if status == "draft":
        return made
    actions.submit(case=made, by=by, at=at)
    holder = made.level.person
    if status == "acknowledged":
        actions.acknowledge(case=made, by=holder, at=at)
    if status == "returned":
        actions.return_for_more(case=made, by=holder, at=at, text="请补充来电时间。")
    if status == "passed_up":
        actions.pass_up(case=made, by=holder, at=at, text="超出班长权限。")
    if status in ("instructed", "carried_out", "closed") and made.is_request:
        actions.instruct(case=made, by=holder, at=at, text="由你继续跟进，两小时内回电。")
    if status in ("carried_out", "closed") and made.is_request:
        actions.carry_out(case=made, by=by, at=at, text="已回电，客户接受。")
    if status == "closed":
        actions.close(case=made, by=holder, at=at)
    if status == "withdrawn":
        actions.withdraw(case=made, by=by, at=at, text="客户已撤诉。")
    assert made.status == status
    return Case.objects.get(pk=made.pk)


def form(**changes):
    """What the form of a new case posts."""
    return {
        "form_key": str(uuid.uuid4()),
        "kind": "request",
        "category": "beyond_remit",
        "urgency": "",
        "what_happened": TEXT,
        "happened_at": "2026-11-23T05:00",
        "proposed_handling": PROPOSAL,
        "goes_to": "",
        "skip_reason": "",
        "source": "",
        "submit": "1",
    } | changes
