"""What waits for a person: duties to do, and duties that somebody else did and they may verify."""

from callcentre.refusals import refusal
from duties import rules, who
from duties.models import Duty
from people.models import Role
from shifts.models import Assignment


def waiting_for(person, at):
    """[(duty, Assignee)] that the person is to do, oldest first: as assignee, or on the crew whose duty it is."""
    duties = list(Duty.objects.visible_to(person).workable().filter(opens_at__lte=at).with_rule())
    found = who.assignees(person.centre, duties)
    crews = {answer.crew.pk for answer in found.values() if answer.crew}
    mine = set()
    if crews:
        mine = set(Assignment.objects.filter(person=person, shift__in=crews).values_list("shift", flat=True))
    return [
        (duty, found[duty.pk])
        for duty in duties
        if found[duty.pk].person == person or (found[duty.pk].crew and found[duty.pk].crew.pk in mine)
    ]


def to_verify(person):
    """Duties done by others that wait for a second person's look, for those who may give it."""
    if not person.has_role(Role.LEADER, Role.DIRECTOR):
        return []
    duties = Duty.objects.visible_to(person).filter(status=Duty.Status.DONE, rule__needs_verification=True).with_rule()
    return [duty for duty in duties if refusal(rules.check_verify, duty, person) is None]
