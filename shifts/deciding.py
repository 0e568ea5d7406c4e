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


def powers_of(person, on):
    """The roles by which the person decides on the date: their own, and those of whom they stand in for.

    Of a signed-in person whom nobody has named as a deputy, from today on, without a statement.
    """
    if not getattr(person, "may_stand_in", True):
        return person.roles_on(on)
    absent = Deputy.objects.on(on).filter(deputy=person).values("absent")
    rows = RoleAssignment.objects.on(on).filter(Q(person=person) | Q(person__in=absent))
    return frozenset(rows.values_list("role", flat=True))


def standing_of(people, by, on):
    """{roles: those that any of the people holds on the date, powers: those by which `by` decides}

    None among the people is nobody.
    """
    rows = RoleAssignment.objects.on(on).filter(person__in=[person for person in people if person])
    return {"roles": frozenset(rows.values_list("role", flat=True)), "powers": powers_of(by, on)}


def sees_all(person):
    """Whether the person sees all leave and swaps of their centre: they decide on some today."""
    if person.has_role(*DECIDERS):
        return True
    return not powers_of(person, clock.local_date(person.centre, clock.now())).isdisjoint(DECIDERS)


def decidable(person, on, *subjects):
    """The condition on a row that the person decides on it; `subjects`: the fields that name whom it is about."""
    powers = powers_of(person, on)
    among = functools.reduce(operator.or_, (Q(person=OuterRef(field)) for field in subjects))
    held = RoleAssignment.objects.on(on).filter(among)
    condition, higher = Q(pk__in=[]), []
    for role, above in BY_ROLE:
        if powers.intersection(above):
            condition |= Q(Exists(held.filter(role=role))) & ~Q(Exists(held.filter(role__in=higher)))
        higher.append(role)
    if powers.intersection(BY_DEFAULT):
        condition |= ~Q(Exists(held.filter(role__in=higher)))
    return condition
