"""Who is to be called: the crew as the roster stands, beside what the roll call holds of it."""

from shifts.models import Assignment, Call, Leave

Outcome = Call.Outcome
# What a change of the roster overrides; who was seen stays seen.
NOT_SEEN = (Outcome.EXPECTED, Outcome.ON_LEAVE, Outcome.ABSENT)


def crew_of(shift):
    """[(person, desk code or "", whether they lead)]: the leader first, then by employee number."""
    rows = Assignment.objects.filter(shift=shift).select_related("person", "desk").order_by("person__employee_number")
    crew = [(row.person, row.desk.code if row.desk else "", False) for row in rows if row.person_id != shift.leader_id]
    return [(shift.leader, "", True), *crew] if shift.leader_id else crew


def away_on(people, on):
    """Ids of those of the people whose leave of that date is approved."""
    rows = Leave.objects.approved().between(on, on).filter(person__in=people)
    return set(rows.values_list("person_id", flat=True))


def reconcile(roll_call, calls, crew, away):
    """(new, changed): the calls that the roster asks for, unsaved, and those of `calls` that it changes, in place."""
    known = {call.person_id: call for call in calls}
    new, changed = [], []
    for person, desk, leads in crew:
        call = known.pop(person.pk, None)
        if call is None:
            new.append(new_call(roll_call, person, desk, leads, person.pk in away))
        elif follow_roster(call, leads, person.pk in away):
            changed.append(call)
    changed += [call for call in known.values() if has_left(call)]
    return new, changed


def has_left(call):
    """Whether it changes the call of somebody who is no longer on the crew."""
    if call.outcome in NOT_SEEN:
        call.outcome, call.leads, call.excuse, call.excused_by = Outcome.SWAPPED, False, "", None
        return True
    led, call.leads = call.leads, False
    return led


def new_call(roll_call, person, desk, leads, is_away):
    outcome = Outcome.ON_LEAVE if is_away else Outcome.EXPECTED
    call = Call(roll_call=roll_call, person=person, leads=leads, starts_at=roll_call.starts_at, outcome=outcome)
    call.desk_code = desk
    return call


def follow_roster(call, leads, is_away):
    """Whether the roster changes it. What a person has marked stands; what the software noted follows the leave."""
    outcome = call.outcome
    if outcome == Outcome.SWAPPED or (call.marked_at is None and outcome in (Outcome.EXPECTED, Outcome.ON_LEAVE)):
        outcome = Outcome.ON_LEAVE if is_away else Outcome.EXPECTED
    if (outcome, leads) == (call.outcome, call.leads):
        return False
    call.outcome, call.leads = outcome, leads
    return True
