"""Who decides on the leave and the swaps of whom: somebody above them, or who stands in for somebody above them."""

import functools
import operator

from django.db.models import Exists, OuterRef, Q

from callcentre import clock
from people.models import Deputy, Role, RoleAssignment

# By the highest role of those whom it is about, who decides. Nobody here decides on the centre director.
BY_ROLE = (
    (Role.CENTRE_DIRECTOR, ()),
    (Role.DIRECTOR, (Role.CENTRE_DIRECTOR,)),
    (Role.LEADER, (Role.DIRECTOR,)),
    (Role.AGENT, (Role.LEADER, Role.DIRECTOR)),
)
BY_DEFAULT = (Role.DIRECTOR,)
DECIDERS = (Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR)


def deciders(roles):
    """The roles that decide on people with these roles."""
    return next((above for role, above in BY_ROLE if role in roles), BY_DEFAULT)


def powers(person, on):
    """The terms by which the person decides on the date: their own, and those of whom they stand in for."""
    absent = Deputy.objects.on(on).filter(deputy=person).values("absent")
    return RoleAssignment.objects.on(on).filter(Q(person=person) | Q(person__in=absent))


def powers_of(person, on):
    """The same as a set of roles."""
    return frozenset(powers(person, on).values_list("role", flat=True))


def standing_of(people, by, on):
    """{roles: those that any of the people holds on the date, powers: those by which `by` decides}, in one statement.

    None among the people is nobody.
    """
    ids = [person.pk for person in people if person]
    is_power = Exists(powers(by, on).filter(pk=OuterRef("pk")))
    rows = RoleAssignment.objects.on(on).annotate(is_power=is_power).filter(Q(person__in=ids) | Q(is_power=True))
    rows = list(rows.values_list("person_id", "role", "is_power"))
    return {
        "roles": frozenset(role for person_id, role, _is_power in rows if person_id in ids),
        "powers": frozenset(role for _person_id, role, is_power in rows if is_power),
    }


def sees_all(person):
    """The condition that the person sees all leave and swaps of their centre: they decide on some today."""
    if person.has_role(*DECIDERS):
        return ~Q(pk__in=[])
    return Q(Exists(powers(person, clock.local_date(person.centre, clock.now())).filter(role__in=DECIDERS)))


def decidable(person, on, *subjects):
    """The condition on a row that the person's roles let them decide on it; `subjects`: the fields that name people."""
    among = functools.reduce(operator.or_, (Q(person=OuterRef(field)) for field in subjects))
    held = RoleAssignment.objects.on(on).filter(among)

    def may(roles):
        return Exists(powers(person, on).filter(role__in=roles)) if roles else Q(pk__in=[])

    condition = Q(may(BY_DEFAULT))
    for role, above in reversed(BY_ROLE):
        is_one = Exists(held.filter(role=role))
        condition = (Q(is_one) & Q(may(above))) | (~Q(is_one) & condition)
    return condition
