"""The verbs of swaps: offer, accept, decline, take back, decide; and what lapses by itself.

Each locks the swap first; an approval also locks the rosters and the two people, so that of two approvals that touch
one turn or one person the second sees what the first did.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.refusals import Refused
from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from journal.actions import record
from journal.verbs import verbs
from people.models import Person, RoleAssignment
from shifts import deciding, line, rules
from shifts.actions.changes import change_turns
from shifts.exchanges import Exchange, held
from shifts.models import Roster, Swap, Version

verbs(
    {
        "swap.offered": _("offered the shift"),
        "swap.accepted": _("accepted the offer"),
        "swap.declined": _("declined the offer"),
        "swap.withdrawn": _("withdrew the swap"),
        "swap.approved": _("approved the swap"),
        "swap.refused": _("refused the swap"),
        "swap.expired": _("the swap lapsed, for nobody had decided on it"),
    }
)

OFFERED = kind("swap.offered", _("%(giver)s offers you a shift: %(shift_on)s %(type)s. Accept it or decline."))
OFFERED_TO_TEAM = kind("swap.offered_to_team", _("%(giver)s offers a shift to your team: %(shift_on)s %(type)s."))
OFFERED_FOR_YOU = kind("swap.offered_for_you", _("Your shift of %(shift_on)s %(type)s was offered in your name."))
ACCEPTED = kind("swap.accepted", _("%(taker)s takes the shift of %(shift_on)s %(type)s, if it is approved."))
TO_DECIDE = kind("swap.to_decide", _("A swap of %(shift_on)s %(type)s waits for approval."))
DECLINED = kind("swap.declined", _("%(taker)s does not take the shift of %(shift_on)s %(type)s."))
WITHDRAWN = kind("swap.withdrawn", _("The swap of %(shift_on)s %(type)s was withdrawn."))
APPROVED = kind("swap.approved", _("The swap of %(shift_on)s %(type)s is approved: your roster has changed."))
REFUSED = kind("swap.refused", _("The swap of %(shift_on)s %(type)s is not approved. You keep your shifts."))
EXPIRED = kind("swap.expired", _("The swap of %(shift_on)s %(type)s has lapsed. You keep your shifts."))


def tell(what, swap, *, to, at, urgent=False, **facts):
    announce(
        what,
        centre=swap.centre,
        to=[person for person in to if person],
        at=at,
        urgent=urgent,
        link=swap.get_absolute_url(),
        shift_on=swap.gives.on,
        type_zh=swap.gives.type.name_zh,
        type_en=swap.gives.type.name_en,
        **facts,
    )


def locked(swap):
    """The swap as it stands now; nobody else takes a step on it before this transaction ends."""
    return Swap.objects.with_names().select_for_update(of=("self",), no_key=True).get(pk=swap.pk)


def lock_turns(*shifts, people):
    """Nobody else changes these rosters, or gives these people other turns by a swap, before this transaction ends."""
    rosters = {shift.roster_id for shift in shifts}
    list(Roster.objects.filter(pk__in=rosters).order_by("pk").select_for_update(of=("self",), no_key=True))
    list(Person.objects.filter(pk__in=people).order_by("pk").select_for_update(of=("self",), no_key=True))


@transaction.atomic
def offer_swap(*, giver, gives, by, at, taker=None, team=None, takes=None, reason=""):
    """The giver's shift, to a person, for one of theirs or for nothing, or to whoever of a team accepts first.

    Raises Refused: "swap_not_yours_to_offer", "swap_without_taker", "swap_with_yourself", "swap_not_for_team",
    "swap_too_late", "turn_gone", "turn_offered_already", "swap_needs_leader", "swap_needs_agent",
    "swap_team_unsuited", "swap_breach".
    """
    today = clock.local_date(giver.centre, at)
    shifts = [shift for shift in (gives, takes) if shift]
    rules.check_may_offer_swap(giver, by, powers=deciding.powers_of(by, today))
    rules.check_swap_target(giver, taker, team, takes)
    rules.check_swap_time(shifts, at)
    Person.objects.select_for_update(no_key=True).get(pk=giver.pk)  # of two offers at once the second sees the first
    if Swap.objects.open().filter(giver=giver, gives=gives).exists():
        raise Refused("turn_offered_already")
    check_exchange(giver, gives, taker, takes) if taker else check_team(giver, gives, team)
    swap = Swap.objects.create(
        centre=giver.centre, giver=giver, gives=gives, taker=taker, team=team if taker is None else None, takes=takes,
        reason=reason.strip(), offered_by=by, offered_at=at, expires_at=rules.lapses_at(shifts),
    )  # fmt: skip
    record("swap.offered", swap, by=by, at=at, **facts_of(swap))
    tell_of_offer(swap, at)
    return swap


def facts_of(swap):
    return {
        "giver": swap.giver_id,
        "gives": swap.gives_id,
        "taker": swap.taker_id,
        "takes": swap.takes_id,
        "team": swap.team_id,
    }


def tell_of_offer(swap, at):
    if swap.taker:
        tell(OFFERED, swap, to=[swap.taker], at=at, giver=swap.giver.name)
    else:
        team = Person.objects.active().filter(team=swap.team).exclude(pk=swap.giver_id)
        tell(OFFERED_TO_TEAM, swap, to=suited(team, swap.giver, swap.gives), at=at, giver=swap.giver.name)
    if swap.offered_by_id != swap.giver_id:
        tell(OFFERED_FOR_YOU, swap, to=[swap.giver], at=at)


def suited(people, giver, shift):
    """Those of the people who hold the role that the giver's turn asks for, on its date."""
    turn = held([(giver, shift)])[giver.pk, shift.pk]
    return people.filter(pk__in=RoleAssignment.objects.on(shift.on).filter(role=turn.role).values("person"))


def check_team(giver, gives, team):
    rules.check_turn_held(giver, gives, held([(giver, gives)]).get((giver.pk, gives.pk)))
    if not suited(Person.objects.active().filter(team=team).exclude(pk=giver.pk), giver, gives).exists():
        raise Refused("swap_team_unsuited", field="to", team=team.name)


def check_exchange(giver, gives, taker, takes):
    """May these turns change hands, as the roster is now? Returns the Exchange.

    Raises Refused: "turn_gone", "swap_needs_leader", "swap_needs_agent", "swap_breach".
    """
    exchange = Exchange(giver, gives, taker, takes)
    rules.check_turns_held(exchange.turns)
    rules.check_swap_roles(exchange.turns, exchange.roles)
    rules.check_swap_breaches(exchange.breaches(), {giver.pk: giver.name, taker.pk: taker.name})
    return exchange


@transaction.atomic
def accept_swap(*, swap, by, at):
    """The taker agrees; of an offer to a team, the first who does is the taker.

    Raises Refused: "wrong_state", "swap_lapsed", "swap_not_for_you" and those of check_exchange.
    """
    swap = locked(swap)
    rules.check_accept_swap(swap, by, at)
    check_exchange(swap.giver, swap.gives, by, swap.takes)
    move(swap, Swap.Status.ACCEPTED, taker=by, accepted_at=at)
    record("swap.accepted", swap, by=by, at=at, **facts_of(swap))
    tell(ACCEPTED, swap, to={swap.giver, swap.offered_by}, at=at, taker=by.name)
    tell(TO_DECIDE, swap, to=[decider_of(swap, at)], at=at)
    return swap


def decider_of(swap, at):
    """The nearest above the two who may decide: told of the swap, though others may decide on it too."""
    barred = (swap.giver_id, swap.taker_id, swap.offered_by_id)
    lines = [line.line_above(person, at) for person in (swap.giver, swap.taker)]
    above = (level.person for level in min(lines, key=len))  # of a leader and an agent, the leader's
    return next((person for person in above if person and person.pk not in barred), None)


@transaction.atomic
def decline_swap(*, swap, by, at):
    """Raises Refused: "wrong_state", "swap_lapsed", "swap_not_for_you"."""
    swap = locked(swap)
    rules.check_decline_swap(swap, by, at)
    move(swap, Swap.Status.DECLINED)
    record("swap.declined", swap, by=by, at=at, **facts_of(swap))
    tell(DECLINED, swap, to={swap.giver, swap.offered_by}, at=at, taker=by.name)
    return swap


@transaction.atomic
def withdraw_swap(*, swap, by, at):
    """Taken back by who offered it, or by the taker who had accepted.

    Raises Refused: "wrong_state", "swap_not_yours".
    """
    swap = locked(swap)
    rules.check_withdraw_swap(swap, by)
    move(swap, Swap.Status.WITHDRAWN)
    record("swap.withdrawn", swap, by=by, at=at, **facts_of(swap))
    tell(WITHDRAWN, swap, to={swap.giver, swap.taker, swap.offered_by} - {by}, at=at)
    return swap


@transaction.atomic
def approve_swap(*, swap, by, at, remark=""):
    """The turns change hands on the published roster, judged again as it is now.

    Raises Refused: "wrong_state", "swap_lapsed", "swap_decided_by_third", "swap_not_yours_to_decide" and those of
    check_exchange.
    """
    swap = locked(swap)
    check_decision(swap, by, at)
    lock_turns(*swap.shifts, people=[swap.giver_id, swap.taker_id])
    exchange = check_exchange(swap.giver, swap.gives, swap.taker, swap.takes)
    move(swap, Swap.Status.APPROVED, decided_by=by, decided_at=at, remark=remark.strip())
    change_turns(
        removed=exchange.removed, added=exchange.added, by=by, at=at, kind=Version.Kind.SWAPPED, reason=str(swap.pk)
    )
    record("swap.approved", swap, by=by, at=at, clause="handover.6", **facts_of(swap))
    tell(APPROVED, swap, to={swap.giver, swap.taker, swap.offered_by} - {by}, at=at)
    return swap


@transaction.atomic
def refuse_swap(*, swap, by, at, remark=""):
    """Raises Refused: "wrong_state", "swap_lapsed", "swap_decided_by_third", "swap_not_yours_to_decide"."""
    swap = locked(swap)
    check_decision(swap, by, at)
    move(swap, Swap.Status.REFUSED, decided_by=by, decided_at=at, remark=remark.strip())
    record("swap.refused", swap, by=by, at=at, **facts_of(swap))
    tell(REFUSED, swap, to={swap.giver, swap.taker, swap.offered_by}, at=at)
    return swap


def check_decision(swap, by, at):
    on = clock.local_date(swap.centre, at)
    rules.check_decide_swap(swap, by, **deciding.standing_of([swap.giver, swap.taker], by, on), at=at)


@transaction.atomic
def expire_swap(*, swap, at):
    """What the minute does to a swap that nobody has decided on in time. Raises Refused: "changed_meanwhile"."""
    move(swap, Swap.Status.EXPIRED)
    record("swap.expired", swap, by=None, at=at, **facts_of(swap))
    tell(EXPIRED, swap, to={swap.giver, swap.taker, swap.offered_by}, at=at)
