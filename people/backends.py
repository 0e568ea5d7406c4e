import datetime as dt
import functools

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists

from callcentre import clock
from callcentre.prepared import Prepared
from people.models import Deputy, Person, RoleAssignment

DAY = dt.timedelta(days=1)

READ_ALONG = {}  # {name: function of the person's id that returns an expression}


def read_along(name, expression):
    """Every page shows it of its reader: the statement that reads a request's person reads it too, as an attribute."""
    READ_ALONG[name] = expression


class PersonBackend(AuthenticationBackend):
    """allauth's login by employee number; a request's person comes with centre, team and roles in one query."""

    def get_user(self, user_id):
        day = clock.now().date()
        terms = terms_asked(day).rows(user_id)
        if not terms:  # somebody without any role
            people = Person.objects.active().select_related("centre", "team")
            return people.filter(pk=user_id).annotate(**along(user_id, day)).first()
        person = terms[0].person
        person.terms = terms
        for name in (*READ_ALONG, "may_stand_in"):
            setattr(person, name, getattr(terms[0], name))
        return person


@functools.lru_cache(maxsize=2)
def terms_asked(day):
    """The statement of a day that finds a person's roles, and with them the person."""

    def terms(user_id):
        rows = RoleAssignment.objects.filter(person=user_id, person__is_active=True)
        return rows.select_related("person__centre", "person__team").annotate(**along(user_id, day))

    return Prepared(terms)


def along(user_id, day):
    """What is read with the person, by name. Deputies of yesterday too: the centre's day may be another."""
    expressions = {name: expression(user_id) for name, expression in READ_ALONG.items()}
    deputies = Deputy.objects.filter(deputy=user_id, until_on__gte=day - DAY)
    return expressions | {"may_stand_in": Exists(deputies)}
