"""The ways through the product, by role. Addresses are fixed, so that no page resolves a dozen names."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handover.models import READERS
from people.models import STAFF_ROLES, Role

EVERYBODY = tuple(Role)


@dataclass(frozen=True)
class Place:
    code: str
    label: str | Promise
    address: str
    icon: str
    roles: tuple = EVERYBODY


PLACES = (
    Place("start", pgettext_lazy("navigation", "Now"), "/", "house"),
    Place(
        "live", _("Live floor"), "/live/", "radar", (Role.LEADER, Role.INSPECTOR, Role.DIRECTOR, Role.CENTRE_DIRECTOR)
    ),
    Place("desk", _("My desk"), "/desk/", "headphones", (Role.AGENT,)),
    Place("handover", _("Handover log"), "/handover/", "notebook-pen", READERS),
    Place("notices", _("Notices"), "/notices/", "megaphone"),
    Place("duties", _("Duties"), "/duties/", "list-checks"),
    Place("shifts", _("Roster"), "/shifts/", "calendar-days"),
    Place("escalations", _("Requests"), "/escalations/", "message-square-warning"),
    Place("floor", _("Floor"), "/floor/", "door-open"),
    Place("hygiene", _("Hygiene"), "/hygiene/", "sprout"),
    Place("meetings", _("Meetings"), "/meetings/", "users-round"),
    Place("rulebook", _("Rulebook"), "/rulebook/", "book-open-text"),
    Place("people", _("People"), "/people/", "id-card", (Role.ADMINISTRATOR,)),
    Place("admin", pgettext_lazy("navigation", "Admin"), "/admin/", "settings", STAFF_ROLES),
)

# The phone's bottom bar holds four: what the role does most.
PRIMARY = {
    Role.ADMINISTRATOR: ("start", "people", "rulebook", "admin"),
    Role.SECURITY: ("start", "duties", "hygiene", "rulebook"),
    Role.AGENT: ("start", "desk", "handover", "notices"),
    Role.INSPECTOR: ("start", "handover", "duties", "rulebook"),
    Role.CENTRE_DIRECTOR: ("start", "escalations", "meetings", "duties"),
    Role.DIRECTOR: ("start", "escalations", "duties", "meetings"),
    Role.LEADER: ("start", "live", "handover", "escalations"),
}
DEFAULT_PRIMARY = ("start", "duties", "shifts", "rulebook")


def places_for(roles):
    return [place for place in PLACES if not roles.isdisjoint(place.roles) or place.roles == EVERYBODY]


def primary_for(roles):
    """The four of the role that decides most: the last one of PRIMARY that the person holds."""
    held = [codes for role, codes in PRIMARY.items() if role in roles]
    codes = held[-1] if held else DEFAULT_PRIMARY
    by_code = {place.code: place for place in PLACES}
    return [by_code[code] for code in codes]


def is_current(place, path):
    return path == "/" if place.address == "/" else path.startswith(place.address)


def code_at(path):
    """The code of the place that the path belongs to, or None."""
    return next((place.code for place in PLACES if is_current(place, path)), None)
