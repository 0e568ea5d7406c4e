"""Who may take a desk, relieve it, leave it or close it, and when. Pure, like rules.py."""

from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused, texts
from callcentre.states import check_move
from handover.models import DeskRelief
from notices.rules import check_read
from people.models import Role
from rulebook.gates import gate
from shifts.rules.roll_calls import check_takes_desk

Status = DeskRelief.Status

texts(
    {
        "relieves_oneself": _("Nobody relieves themselves. The leader names somebody else."),
        "not_on_incoming_shift": _(
            "You are not on the shift that takes over, and were not named as a substitute. Ask the leader."
        ),
        "relief_is_anothers": _("%(person)s relieves this desk. Only the leader names somebody else."),
        "relief_not_yours_to_brief": _("The briefing is confirmed by %(person)s, who is at the desk."),
        "not_at_desk_yet": _("Nobody has come to relieve this desk yet."),
        "not_briefed": _("%(person)s has not confirmed the briefing yet. Talk it through at the desk."),
        "not_your_desk": _("Only %(person)s signs out of this desk."),
        "not_relieved": _("Nobody has taken over this desk yet. Stay until your relief has, or ask the leader."),
        "desk_leader_only": _("This is decided by the leader on duty, or by who acts for them."),
        "release_reason_missing": _("Say why the desk is left without relief: it stays on the record."),
        "substitute_not_agent": _("A desk is taken by an agent who works here now."),
        "relieves_another": _("%(person)s relieves desk %(desk)s. Name somebody without a desk."),
        "at_another_desk": _("%(person)s is at desk %(desk)s, and signs out there first."),
        "desk_taken": _("%(person)s is at this desk now. Choose another one."),
        "desk_closed": _("This desk is closed by plan. The leader opens it."),
        "desk_not_closed": _("This desk is not closed."),
        "desk_choice_gone": _("This desk or this person is not free any more. Choose again."),
        "desk_not_in_use": _("This desk is not in use."),
        "desk_planned_for_another": _("The roster gives this desk to %(person)s. The leader may decide otherwise."),
        "desk_in_another_room": _("Your shift sits in another room. The leader may decide otherwise."),
        "no_shift_now": _("You are on no shift now, and on none that begins within the hour."),
        "person_on_no_shift": _("%(person)s is on no shift now, and no shift is on the floor to sit with."),
        "desk_has_relief": _("%(person)s is to relieve this desk: it is not closed. Name a substitute, or release."),
        "desk_closes_with_shift": _("A shift takes over: only the leader closes this desk."),
        "relief_remark_missing": _("Say what is not in order, so that the next one knows."),
        "remark_too_long": _("At most 200 characters. Shorten it."),
    }
)
MOST = 200  # characters of a reason or remark


def must_stand(relief, *states):
    """Raises wrong_state."""
    if relief.status not in states:
        raise Refused("wrong_state", clause="handover.4", state=relief.get_status_display())


@gate("handover.4", what=_("A desk is relieved by the person planned for it, or named by the leader, never by oneself"))
def must_relieve(relief, person, *, on_next_shift):
    """May the person be the one who takes over? A named substitute need not be on the shift.

    Raises relieves_oneself, relief_is_anothers, not_on_incoming_shift.
    """
    if person.pk == relief.outgoing_id:
        raise Refused("relieves_oneself")
    if relief.incoming_id and relief.incoming_id != person.pk:
        raise Refused("relief_is_anothers", person=relief.incoming.name)
    if not (on_next_shift or (relief.named_by_id and relief.incoming_id == person.pk)):
        raise Refused("not_on_incoming_shift")


@gate("handover.4", what=_("The steps of a relief come in their order"))
def may_arrive(relief, person, *, on_next_shift):
    """Raises wrong_state; as must_relieve."""
    must_stand(relief, Status.WAITING)
    must_relieve(relief, person, on_next_shift=on_next_shift)


@gate("handover.4", what=_("Who leaves the desk confirms the briefing, after the relief has come"))
def may_brief(relief, person):
    """Raises not_at_desk_yet, wrong_state, relief_not_yours_to_brief."""
    if relief.status == Status.WAITING:
        raise Refused("not_at_desk_yet")
    check_move(relief, Status.BRIEFED)
    if person.pk != relief.outgoing_id:
        raise Refused("relief_not_yours_to_brief", person=relief.outgoing.name)


@gate("handover.4", what=_("A step is taken back by who took it, before the other side has gone on"))
def may_step_back(relief, person):
    """Raises wrong_state, relief_is_anothers."""
    must_stand(relief, Status.AT_DESK)
    if person.pk != relief.incoming_id:
        raise Refused("relief_is_anothers", person=relief.incoming.name)


def may_unbrief(relief, person):
    """Raises wrong_state, relief_not_yours_to_brief."""
    must_stand(relief, Status.BRIEFED)
    if person.pk != relief.outgoing_id:
        raise Refused("relief_not_yours_to_brief", person=relief.outgoing.name, clause="handover.4")


@gate("handover.4", what=_("A desk is taken over only after its briefing was confirmed"))
def must_be_briefed(relief):
    """Raises not_briefed, wrong_state."""
    if relief.status in (Status.WAITING, Status.AT_DESK):
        raise Refused("not_briefed", person=relief.outgoing.name)
    check_move(relief, Status.ASSUMED)


def may_assume(relief, person, *, facts):
    """facts: a desks.Taker. Raises as must_relieve, must_be_briefed and may_sit."""
    must_relieve(relief, person, on_next_shift=facts.on_shift)
    if relief.status not in (Status.WAITING, Status.AT_DESK):
        must_be_briefed(relief)
    may_sit(person, facts)
    must_be_briefed(relief)


def may_sit(person, facts):
    """What every way to a desk asks: the roll call, the notices, and no other desk.

    Who is named from outside the shift is not called at its roll call: there the leader's naming stands.

    Raises desk_needs_roll_call, notice_unread, at_another_desk.
    """
    if facts.on_shift:
        check_takes_desk(person, facts.present)
    check_read(person, facts.unread)
    must_be_free(person, facts.desk)


@gate("handover.4", what=_("One person is at one desk at a time"))
def must_be_free(person, desk):
    """`desk`: the code of the desk that they are at, or None. Raises at_another_desk."""
    if desk:
        raise Refused("at_another_desk", person=person.name, desk=desk)


@gate("handover.4", "duty.7", what=_("Nobody signs out of a desk before the relief has taken it over"))
def may_sign_out(relief, person):
    """Raises not_your_desk, not_relieved, wrong_state."""
    if person.pk != relief.outgoing_id:
        raise Refused("not_your_desk", person=relief.outgoing.name)
    if relief.status in (Status.WAITING, Status.AT_DESK, Status.BRIEFED):
        raise Refused("not_relieved")
    check_move(relief, Status.RELEASED)


@gate("handover.4", what=_("Only the leader releases without relief, names a substitute, opens and closes desks"))
def must_lead(person, leaders):
    """`leaders`: as desks.leaders answers. Raises desk_leader_only."""
    if person.pk not in leaders:
        raise Refused("desk_leader_only")


@gate("handover.4", what=_("The leader’s release without relief has a reason, which stays on the record"))
def may_release(person, leaders, reason):
    """Raises desk_leader_only, release_reason_missing, remark_too_long."""
    must_lead(person, leaders)
    if not reason.strip():
        raise Refused("release_reason_missing", field="reason")
    _must_be_short(reason, "reason")


@gate("handover.4", what=_("A substitute is an agent without a desk, named by the leader"))
def may_substitute(relief, person, by, *, leaders, relieves):
    """`relieves`: the code of the desk that the person is to relieve already, or None.

    Raises desk_leader_only, wrong_state, relieves_oneself, substitute_not_agent, relieves_another.
    """
    must_lead(by, leaders)
    must_stand(relief, Status.WAITING, Status.AT_DESK, Status.BRIEFED)
    if person.pk == relief.outgoing_id:
        raise Refused("relieves_oneself", field="person")
    must_be_agent(person, relief.centre_id)
    if relieves:
        raise Refused("relieves_another", field="person", person=person.name, desk=relieves)


def must_be_agent(person, centre_id):
    """Raises substitute_not_agent."""
    if not (person.is_active and person.centre_id == centre_id and person.has_role(Role.AGENT)):
        raise Refused("substitute_not_agent", field="person", clause="handover.4")


@gate("handover.4", what=_("A desk is taken only where nobody sits, and closed only where nobody is to take over"))
def may_take(desk, person, *, planned, rooms, closed, holder):
    """An agent takes a free desk: `planned` is the person for whom the roster has it in their shift, or None; `rooms`
    the ids of those in which the roster seats the shift; `holder` who sits there.

    Raises desk_not_in_use, desk_taken, desk_planned_for_another, desk_closed, desk_in_another_room.
    """
    must_be_vacant(desk, holder=holder)
    if planned and planned.pk != person.pk:
        raise Refused("desk_planned_for_another", person=planned.name)
    if planned is None and closed:
        raise Refused("desk_closed")
    if planned is None and rooms and desk.room_id not in rooms:
        raise Refused("desk_in_another_room")


def must_be_vacant(desk, *, holder):
    """Raises desk_not_in_use, desk_taken."""
    if not desk.in_use:
        raise Refused("desk_not_in_use", clause="handover.4")
    if holder:
        raise Refused("desk_taken", person=holder.name, clause="handover.4")


@gate("handover.4", what=_("A desk closes with nobody to relieve it only where no shift takes over, or by the leader"))
def may_close(turn, relief, by, *, leads, followed, at):
    """Closing by plan: `followed` says whether a shift takes over from this one.

    Raises desk_closes_with_shift, desk_leader_only, desk_has_relief, wrong_state.
    """
    own = turn is not None and turn.person_id == by.pk
    if own and not leads and (followed or at < turn.shift.ends_at):
        raise Refused("desk_closes_with_shift")
    if not (own or leads):
        raise Refused("desk_leader_only")
    if relief and relief.is_open and relief.incoming_id:
        raise Refused("desk_has_relief", person=relief.incoming.name)


def must_say_faults(faults, remark):
    """Raises relief_remark_missing, remark_too_long."""
    if faults and not remark.strip():
        raise Refused("relief_remark_missing", field="remark", clause="handover.3")
    _must_be_short(remark, "remark")


def _must_be_short(text, field):
    if len(text.strip()) > MOST:
        raise Refused("remark_too_long", field=field)
