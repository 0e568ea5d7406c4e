"""Half-written input as a browser sends it: small, flat, and of the person who is signed in. Never shown to others."""

import json
import re

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused, texts
from people.models import Draft

MOST_FIELDS = 200
MOST_A_MINUTE = 60
FORM = re.compile(r"[a-z0-9_-]{1,80}\Z")

texts(
    {
        "draft_unreadable": _("This cannot be kept on the server. It stays in this browser."),
        "draft_too_long": _("This is too long to be kept on the server. It stays in this browser."),
        "draft_of_another": _("Somebody else is signed in by now. Load the page again."),
        "drafts_too_often": _("Too much at once. It is kept again in a minute."),
    }
)


def read(person, body):
    """(form, all that the browser says): {"person": pk, "form": key, "values": {name: text or tick}, "base": version}.

    Raises Refused: "draft_unreadable"; "draft_of_another" where the page was drawn for somebody else.
    """
    try:
        said = json.loads(body)
        form, owner = said["form"], said["person"]
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise Refused("draft_unreadable") from error
    if not isinstance(form, str) or not FORM.match(form):
        raise Refused("draft_unreadable")
    if owner != person.pk:
        raise Refused("draft_of_another")
    return form, said


def pack(values):
    """The values as the text that is stored. Raises Refused: "draft_unreadable", "draft_too_long"."""
    if not isinstance(values, dict) or len(values) > MOST_FIELDS or not all(map(is_plain, values.values())):
        raise Refused("draft_unreadable")
    kept = {name: value for name, value in values.items() if not is_secret(name)}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    if len(text) > Draft.LONGEST:
        raise Refused("draft_too_long")
    if "\\u0000" in text or not is_encodable(text):
        raise Refused("draft_unreadable")
    return text


def is_plain(value):
    return isinstance(value, str | bool)


def is_secret(name):
    """The browser leaves them out; whatever else may ask cannot put them in."""
    return "password" in name.lower() or name == "csrfmiddlewaretoken"


def is_encodable(text):
    """Not half of a pair, which no database takes."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def check_pace(person, at):
    """Raises Refused("drafts_too_often"). A page keeps each of its forms every ten seconds; a log has seven."""
    minute = f"drafts:{person.pk}:{int(at.timestamp() // 60)}"
    count = cache.get(minute, 0) + 1
    if count > MOST_A_MINUTE:
        raise Refused("drafts_too_often")
    cache.set(minute, count, 120)
