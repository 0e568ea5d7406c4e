from allauth.account.auth_backends import AuthenticationBackend

from people.models import Person


class PersonBackend(AuthenticationBackend):
    """allauth's login by employee number; a request's person comes with centre and team in one query."""

    def get_user(self, user_id):
        return Person.objects.active().select_related("centre", "team").filter(pk=user_id).first()
