from allauth.account.auth_backends import AuthenticationBackend

from people.models import Person, RoleAssignment


class PersonBackend(AuthenticationBackend):
    """allauth's login by employee number; a request's person comes with centre, team and roles in one query."""

    def get_user(self, user_id):
        rows = RoleAssignment.objects.filter(person=user_id, person__is_active=True)
        terms = list(rows.select_related("person__centre", "person__team"))
        if not terms:  # somebody without any role
            return Person.objects.active().select_related("centre", "team").filter(pk=user_id).first()
        person = terms[0].person
        person.terms = terms
        return person
