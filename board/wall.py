"""The wall display: what everybody in the room may read from 8 metres. No names, no numbers of people, no case.

Its address is the key: a signed token, bound to the centre's wall key. A new key ends every address made before.
"""

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from board.look import Look
from callcentre import clock, parts
from callcentre.access import PUBLIC, access
from journal.marks import mark_of
from people import actions
from people.models import Centre, Role

KEEPERS = (Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR)
EVERY = 5  # seconds between two polls
STALE = 30  # seconds after which the wall says that it is out of date
LANGUAGES = {"zh": "zh-hans", "en": "en"}
THEMES = ("auto", "light", "dark")
SHOWN = ("shift", "coverage", "reliefs", "duties", "notices")


def token_of(centre):
    """ "" where the centre has no wall key, and so no wall."""
    return _signer(centre).sign(centre.pk) if centre.wall_key else ""


def centre_of(token):
    """The centre whose wall it opens. Raises Http404 for a token that is wrong, revoked or another centre's."""
    number = token.partition(":")[0]
    plain = number.isascii() and number.isdigit() and len(number) < 10
    centre = Centre.objects.exclude(wall_key="").filter(pk=number).first() if plain else None
    try:
        if centre and _signer(centre).unsign(token) == str(centre.pk):
            return centre
    except BadSignature:
        pass
    raise Http404


def _signer(centre):
    return Signer(salt=f"board.wall:{centre.wall_key}")


def draw(centre, mark, at):
    look = Look(centre, at)
    context = {"look": look, "at": at}
    drawn = [parts.Part.drawn(code, f"board/wall/_{code}.html", context) for code in SHOWN]
    ends = [notice.in_force_until for notice in look.notices if notice.in_force_until]
    return parts.Drawn(mark, at, min([look.until, *ends]), drawn)


KEPT = parts.Kept(draw)


def asked_of(request):
    """(language, theme) that the address asks for; Chinese, and as the device is set, where it does not say."""
    theme = request.GET.get("theme")
    return LANGUAGES.get(request.GET.get("lang"), "zh-hans"), theme if theme in THEMES else "auto"


@access(PUBLIC)
@require_safe
def show_wall(request, token):
    centre, (language, theme) = centre_of(token), asked_of(request)
    at, mark = clock.now(), mark_of(centre.pk)
    with translation.override(language), timezone.override(centre.tz):
        drawn = KEPT.get(centre, mark, at)
        version = drawn.version
        context = {
            "parts": drawn.parts,
            "centre": centre,
            "token": token,
            "language": language,
            "lang": request.GET.get("lang", ""),
            "theme": theme,
            "at": at,
            "version": version,
            "build": parts.build(),
            "every": EVERY,
            "stale": STALE,
        }
        response = parts.stamped(render(request, "board/wall.html", context), at, version)
    return _private(response, language)


@access(PUBLIC)
@require_safe
def poll_wall(request, token):
    centre, (language, _theme) = centre_of(token), asked_of(request)
    at, mark = clock.now(), mark_of(centre.pk)
    said = request.GET.get("v", "")
    changed = []
    if not parts.is_current(said, mark, at):
        with translation.override(language), timezone.override(centre.tz):
            drawn = KEPT.get(centre, mark, at)
            changed, said = parts.changed(request, drawn.parts), drawn.version
            response = render(request, "board/live/_changed.html", {"parts": changed})
    if not changed:
        return _private(parts.unchanged(at, said), language)
    return _private(parts.stamped(response, at, said), language)


def _private(response, language):
    """Kept by no cache, listed by no search engine, named to no other site: the address is the key."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Content-Language"] = language
    return response


@access(*KEEPERS)
@require_safe
def show_wall_link(request):
    """The address of the centre's wall, for whoever sets up its screen."""
    centre, (language, theme) = request.user.centre, asked_of(request)
    lang = next(short for short, long in LANGUAGES.items() if long == language)
    token, address = token_of(centre), ""
    if token:
        query = f"?lang={lang}" + (f"&theme={theme}" if theme != "auto" else "")
        address = request.build_absolute_uri(reverse("board:show_wall", args=[token])) + query
    context = {"address": address, "lang": lang, "theme": theme}
    return render(request, "board/wall_link.html", context)


@access(*KEEPERS)
@require_POST
def renew_wall(request):
    had = request.user.centre.wall_key
    actions.renew_wall_key(centre=request.user.centre, by=request.user, at=clock.now())
    messages.success(
        request,
        _("There is a new address. The old one shows nothing any more.") if had else _("The wall has an address."),
    )
    return redirect("board:show_wall_link")
