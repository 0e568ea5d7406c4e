from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation


class LanguageMiddleware:
    """The person's language and the centre's time zone; before login the cookie's language, Chinese without one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        person = request.user
        language = person.language if person.is_authenticated else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        tz = person.centre.tz if person.is_authenticated else timezone.get_default_timezone()
        with translation.override(language), timezone.override(tz):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class InitialPasswordMiddleware:
    """Who still has the password that somebody else chose sees nothing but the page to change it."""

    OPEN = {"account_change_password", "account_logout", "people:set_language", "health_live"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        person = request.user
        if not person.is_authenticated or not person.must_change_password:
            return None
        if request.resolver_match.view_name in self.OPEN:
            return None
        return HttpResponseRedirect(reverse("account_change_password"))
