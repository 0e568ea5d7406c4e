"""The verbs of requests and reports."""

from escalations.actions.answering import acknowledge, close, instruct, pass_up, resubmit, return_for_more
from escalations.actions.carrying import carry_out, withdraw
from escalations.actions.common import CARRIED_OUT, CLOSED, GONE_UP, INSTRUCTED, RISEN, WAITS
from escalations.actions.disagreeing import accept_dissent, appeal, dissent, uphold
from escalations.actions.files import remove_file
from escalations.actions.following_up import acknowledge_follow_up, follow_up, pass_on_debt
from escalations.actions.keeping import find_dissent_late, find_follow_up_late, remind, remind_follow_up, rise
from escalations.actions.raising import raise_case, save_draft, submit
from escalations.actions.seating import hand_over, mark_stuck, mark_unstuck, reseat

__all__ = [
    "CARRIED_OUT",
    "CLOSED",
    "GONE_UP",
    "INSTRUCTED",
    "RISEN",
    "WAITS",
    "accept_dissent",
    "acknowledge",
    "acknowledge_follow_up",
    "appeal",
    "carry_out",
    "close",
    "dissent",
    "find_dissent_late",
    "find_follow_up_late",
    "follow_up",
    "hand_over",
    "instruct",
    "mark_stuck",
    "mark_unstuck",
    "pass_on_debt",
    "pass_up",
    "raise_case",
    "remind",
    "remind_follow_up",
    "remove_file",
    "reseat",
    "resubmit",
    "return_for_more",
    "rise",
    "save_draft",
    "submit",
    "uphold",
    "withdraw",
]
