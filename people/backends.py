import datetime as dt

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists

from callcentre import clock
from people.models import Deputy, Person, RoleAssignment

DAY = dt.timedelta(days=1)

READ_ALONG = {}  # {name: function of the person's id that returns an expression}


def read_along(name, expression):
    """Every page shows it of its reader: the statement that reads a request's person reads it too, as an attribute."""
    READ_ALONG[name] = expression


class PersonBackend(AuthenticationBackend):
    """allauth's login by employee number; a request's person comes with centre, team and roles in one query."""

    def get_user(self, user_id):
        along = {name: expression(user_id) for name, expression in READ_ALONG.items()}
        along["may_stand_in"] = Exists(Deputy.objects.filter(deputy=user_id, until_on__gte=clock.now().date() - DAY))
        rows = RoleAssignment.objects.filter(person=user_id, person__is_active=True)
        terms = list(rows.select_related("person__centre", "person__team").annotate(**along))
        if not terms:  # somebody without any role
            people = Person.objects.active().select_related("centre", "team")
            return people.filter(pk=user_id).annotate(**along).first()
        person = terms[0].person
        person.terms = terms
        for name in along:
            setattr(person, name, getattr(terms[0], name))
        return person
