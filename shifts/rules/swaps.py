"""May, must, is it time: the decisions about swaps."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from callcentre import words
from callcentre.refusals import Refused, texts
from callcentre.states import check_move
from shifts import deciding
from shifts.models import Swap

# A swap that nobody has decided lapses this long before the earlier of its shifts: from then on people must know
# where they work. Later than that the director changes the roster.
LAPSES_BEFORE = dt.timedelta(hours=2)

texts(
    {
        "swap_not_yours_to_offer": _("A shift of somebody else is offered by a shift leader or a director."),
        "swap_too_late": _(
            "%(shift)s begins in less than two hours, or has begun. The director can change the roster."
        ),
        "turn_gone": _("%(person)s is no longer on %(shift)s. Withdraw this swap and offer the shifts anew."),
        "turn_offered_already": _("This shift is on offer already. Withdraw that offer first."),
        "swap_with_yourself": _("Nobody swaps with themselves. Choose somebody else."),
        "swap_needs_leader": _("%(shift)s is led by %(giver)s: only a shift leader can take it, and lead it."),
        "swap_needs_agent": _("%(giver)s is on %(shift)s as an agent: only an agent can take it."),
        "swap_not_for_team": _("A shift in return is asked of one person, not of a team."),
        "swap_without_taker": _("Choose a person or a team to offer the shift to."),
        "swap_team_unsuited": _("Nobody of %(team)s can take this shift over. Choose another team."),
        "swap_breach": _("%(person)s: %(breach)s. Choose another day or another person."),
        "swap_lapsed": _("This swap lapsed at %(at)s, for nobody had decided on it."),
        "swap_not_for_you": _("This offer is for somebody else."),
        "swap_not_yours": _("Only those who take part in this swap can take it back."),
        "swap_decided_by_third": _("A swap is decided by somebody who takes no part in it and did not offer it."),
        "swap_not_yours_to_decide": _(
            "A swap of agents is decided by a shift leader or the director, a swap of leaders by the director."
        ),
    }
)


def said(shift):
    return f"{words.short_date(shift.on)} {shift.type.name}"


def lapses_at(shifts):
    """When a swap of these shifts lapses."""
    return min(shift.starts_at for shift in shifts) - LAPSES_BEFORE


def check_may_offer_swap(giver, by, *, powers):
    """The giver offers; for an absent one, who may decide on swaps. Raises Refused: "swap_not_yours_to_offer"."""
    if giver.pk != by.pk and not powers.intersection(deciding.DECIDERS):
        raise Refused("swap_not_yours_to_offer")


def check_swap_time(shifts, at):
    """Raise Refused("swap_too_late") when the first of the shifts begins too soon."""
    first = min(shifts, key=lambda shift: shift.starts_at)
    if lapses_at([first]) <= at:
        raise Refused("swap_too_late", shift=said(first))


def check_swap_target(giver, taker, team, takes):
    """Raises Refused: "swap_without_taker", "swap_with_yourself", "swap_not_for_team"."""
    if taker is None and team is None:
        raise Refused("swap_without_taker", field="to")
    if taker is not None and taker.pk == giver.pk:
        raise Refused("swap_with_yourself", field="to")
    if taker is None and takes is not None:
        raise Refused("swap_not_for_team", field="takes")


def check_turn_held(person, shift, turn):
    """Raise Refused("turn_gone") where `turn` is None: the person is not on the shift."""
    if turn is None:
        raise Refused("turn_gone", person=person.name, shift=said(shift))


def check_turns_held(turns):
    """Are the turns still theirs? turns: of an Exchange. Raises Refused: "turn_gone"."""
    for giver, shift, _taker, turn in turns:
        check_turn_held(giver, shift, turn)


def check_swap_roles(turns, roles):
    """May these people take each other's turns? roles: {(person id, date): their roles on it}.

    Raises Refused: "swap_needs_leader", "swap_needs_agent".
    """
    for giver, shift, taker, turn in turns:
        if turn.role not in roles[taker.pk, shift.on]:
            code = "swap_needs_leader" if turn.leads else "swap_needs_agent"
            raise Refused(code, field="to", shift=said(shift), giver=giver.name)


def check_swap_breaches(findings, names):
    """Raise Refused("swap_breach") for the first of the findings. names: {person id: name}."""
    for finding in findings:
        raise Refused("swap_breach", person=names[finding.person_id], breach=finding.text, finding=finding.code)


def check_swap_open(swap, to, at):
    """Raises Refused: "wrong_state", "swap_lapsed"."""
    check_move(swap, to)
    if swap.expires_at <= at:
        lapsed = words.stamp(swap.expires_at.astimezone(swap.centre.tz))
        raise Refused("swap_lapsed", at=lapsed)


def check_accept_swap(swap, by, at):
    """Raises Refused: "wrong_state", "swap_lapsed", "swap_not_for_you"."""
    check_swap_open(swap, Swap.Status.ACCEPTED, at)
    invited = swap.taker_id == by.pk if swap.taker_id else by.team_id == swap.team_id and by.pk != swap.giver_id
    if not invited:
        raise Refused("swap_not_for_you")


def check_decline_swap(swap, by, at):
    """Raises Refused: "wrong_state", "swap_lapsed", "swap_not_for_you"."""
    check_swap_open(swap, Swap.Status.DECLINED, at)
    if swap.taker_id != by.pk:
        raise Refused("swap_not_for_you")


def check_withdraw_swap(swap, by):
    """Raises Refused: "wrong_state", "swap_not_yours"."""
    check_move(swap, Swap.Status.WITHDRAWN)
    takes_part = {swap.giver_id, swap.offered_by_id}
    if swap.status == Swap.Status.ACCEPTED:
        takes_part.add(swap.taker_id)
    if by.pk not in takes_part:
        raise Refused("swap_not_yours")


def check_decide_swap(swap, by, *, roles, powers, at):
    """May `by` approve or refuse it? roles: those of giver and taker; powers: the roles by which `by` decides.

    Raises Refused: "wrong_state", "swap_lapsed", "swap_decided_by_third", "swap_not_yours_to_decide".
    """
    check_swap_open(swap, Swap.Status.APPROVED, at)
    if by.pk in (swap.giver_id, swap.taker_id, swap.offered_by_id):
        raise Refused("swap_decided_by_third")
    if not powers.intersection(deciding.deciders(roles)):
        raise Refused("swap_not_yours_to_decide")
