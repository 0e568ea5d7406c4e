from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme


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


class EntranceMiddleware(LoginRequiredMiddleware):
    """Who is not signed in, or no longer, comes to the login and from there back to the page they were on.

    An address that only takes steps cannot be gone back to, and the login page in a fragment's place helps nobody: htmx
    is sent there with the whole page when somebody took a step, and only told so when it asked by itself.
    """

    def handle_no_permission(self, request, view_func):
        is_fragment = "HX-Request" in request.headers
        if request.method in ("GET", "HEAD") and not is_fragment:
            return super().handle_no_permission(request, view_func)
        login = redirect_to_login(page_of(request), self.get_login_url(view_func))
        if not is_fragment:
            return login
        return HttpResponse(status=401, headers={} if request.method == "GET" else {"HX-Redirect": login.url})


def page_of(request):
    """The path of the page that asked, by the browser's word where it is one of ours."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


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
