"""What the pages about leaving the post show: of the reader, of a shift's leader, and the steps that are open."""

from callcentre import clock
from callcentre.refusals import refusal
from floor import actions, rules
from floor.models import LeaveOfPost
from rulebook.models import ChecklistItem
from rulebook.parameters import value

# The reasons that need no words: one tap asks.
QUICK = tuple(reason for reason in LeaveOfPost.Reason if reason != LeaveOfPost.Reason.OTHER)


def my_post(person, at):
    """What floor/_my_post.html shows of the person: at most two statements."""
    leave = LeaveOfPost.objects.open_of(person)
    found = {"leave": leave, "reasons": QUICK}
    if leave is None:
        found["limit"] = limit_on(person.centre, at)
    elif leave.is_approved:
        found["items"] = actions.items_of(leave.centre_id)
    return found


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
