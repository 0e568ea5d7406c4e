"""What the pages about leaving the post show: of the reader, of a shift's leader, and the steps that are open."""

import datetime as dt

from django.db.models import BooleanField, ExpressionWrapper

from callcentre import clock
from callcentre.refusals import refusal
from floor import actions, rules
from floor.models import LeaveOfPost, led_by
from people.models import Person
from rulebook.models import ChecklistItem
from rulebook.parameters import value

# The reasons that need no words: one tap asks.
QUICK = tuple(reason for reason in LeaveOfPost.Reason if reason != LeaveOfPost.Reason.OTHER)


def my_post(person, at):
    """What floor/_my_post.html shows of the person: at most two statements."""
    leave = LeaveOfPost.objects.open_of(person)
    found = {"leave": leave, "reasons": QUICK, "overdue": leave is not None and leave.is_overdue(at)}
    if leave is None:
        found["limit"] = limit_on(person.centre, at)
    elif leave.is_approved:
        found["items"] = actions.items_of(leave.centre_id)
    return found


def out_now(person, at):
    """The rows of floor/_out_now.html as the person sees them: who is out, the first who is due back first, each with
    `overdue` and `decides`, whether the person takes the steps of their leader. One statement."""
    return with_sides(LeaveOfPost.objects.out_now(person.centre), person, at)


def asked_or_out(person, at):
    """The same of all who ask to leave or are out, whoever may decide about them: in the order of asking."""
    open_ = LeaveOfPost.objects.open().filter(centre=person.centre_id).exclude(status=LeaveOfPost.Status.APPROVED)
    return with_sides(open_.with_names().order_by("pk"), person, at)


def with_sides(rows, person, at):
    leads = ExpressionWrapper(led_by(person, at), BooleanField())
    rows = list(rows.annotate(leads=leads))
    directs = person.has_role(*rules.DIRECTORS)
    for row in rows:
        row.overdue = row.is_overdue(at)
        row.decides = (row.leads or directs) and row.person_id != person.pk
    return rows


def history(person, *, number, on, before):
    """Those that the person may see, the newest first: of an employee number, of a local date, before a row's id."""
    rows = LeaveOfPost.objects.visible_to(person).with_names()
    if number:
        rows = rows.filter(person__in=Person.objects.filter(centre=person.centre_id, employee_number=number))
    if on:
        rows = rows.between(clock.midnight(person.centre, on), clock.midnight(person.centre, on + dt.timedelta(days=1)))
    if before:
        rows = rows.filter(pk__lt=before)
    return rows.order_by("-pk")


def limit_on(centre, at):
    return value(centre, "exit_limit_minutes", clock.local_date(centre, at))


def items_to_show(leave, steps):
    """Of the leaving checklist: those to tick where the reader may go out; else those that were."""
    if steps["go_out"] is None:
        return actions.items_of(leave.centre_id)
    return list(ChecklistItem.objects.filter(pk__in=leave.ticked)) if leave.ticked else []


def steps_of(leave, by, at):
    """{step: why it is refused to the reader now, or None} of a page about one leave."""
    sides = actions.standing_of(leave, by, at)
    decides = refusal(rules.check_decides, leave, by, **sides)
    return {
        "approve": refusal(rules.check_waits, leave, LeaveOfPost.Status.APPROVED, at) or decides,
        "refuse": refusal(rules.check_refuse, leave, by, at=at, **sides),
        "withdraw": refusal(rules.check_withdraw, leave, by),
        "go_out": refusal(rules.check_go_out, leave, by, unticked=[], at=at, **sides),
        "come_back": refusal(rules.check_come_back, leave, by, **sides),
        "ask_more": refusal(rules.check_ask_more, leave, by, 1, at),
        "decide_more": refusal(rules.check_decide_more, leave, by, **sides),
    }
