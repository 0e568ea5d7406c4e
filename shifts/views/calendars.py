from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, PUBLIC, access
from shifts import actions, calendars
from shifts.models import Feed


@access(EVERYONE)
@require_safe
def show_calendar(request):
    """Whether the reader's shifts have a private calendar address, and since when."""
    return render(request, "shifts/calendar.html", {"feed": Feed.objects.filter(person=request.user).first()})


@access(EVERYONE)
@require_POST
@never_cache
def renew_feed(request):
    """A new address, shown this once."""
    token = actions.renew_feed(person=request.user, by=request.user, at=clock.now())
    address = request.build_absolute_uri(reverse("shifts:read_feed", args=[token]))
    return render(request, "shifts/calendar.html", {"feed": request.user.feed, "address": address})


@access(EVERYONE)
@require_POST
def revoke_feed(request):
    if actions.revoke_feed(person=request.user, by=request.user, at=clock.now()):
        messages.success(request, _("The address is switched off. Calendars that used it hear nothing more."))
    return redirect("shifts:show_calendar")


@access(PUBLIC)
@require_safe
def read_feed(request, token):
    """The calendar of whoever holds the token. Nothing tells an unknown address from one that was switched off."""
    feed = Feed.objects.of_token(token).first()
    if feed is None:
        return private(HttpResponse(status=404, content_type="text/plain"))
    person = feed.person
    with translation.override(person.language):
        items = calendars.items_of(person, clock.local_date(person.centre, clock.now()))
        etag, modified_at = calendars.fingerprint(person, items), calendars.modified_at(feed, items)
        response = get_conditional_response(request, etag=etag, last_modified=int(modified_at.timestamp()))
        response = response or HttpResponse(
            calendars.written(person, items), content_type="text/calendar; charset=utf-8"
        )
    response["ETag"], response["Last-Modified"] = etag, http_date(modified_at.timestamp())
    response["Content-Language"] = person.language
    return private(response)


def private(response):
    """Kept by no cache on the way, listed by no search engine, named to no other site."""
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Content-Disposition"] = 'inline; filename="shifts.ics"'  # saved by hand, it is not called by its token
    return response
