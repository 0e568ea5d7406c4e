"""What every page's frame shows, found when the template asks: a fragment has no frame and pays nothing."""

from functools import cached_property

from board import navigation
from callcentre import clock
from delivery.bell import Bell
from people.models import Role

# Whoever answers requests hears of an urgent one within seconds; for the others half a minute is soon enough.
WHO_HEARS_AT_ONCE = (Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR, Role.SECURITY)


class Shell:
    """`shell` in templates: person, role, navigation, primary, unread, bell_polls, bell_seconds, now; empty while
    nobody is in."""

    def __init__(self, request):
        self.request = request

    @cached_property
    def person(self):
        user = getattr(self.request, "user", None)
        return user if user and user.is_authenticated and not user.must_change_password else None

    @cached_property
    def navigation(self):
        return self._drawn(navigation.places_for(self.person.roles)) if self.person else []

    @cached_property
    def place(self):
        """All that the navigation depends on besides the language: the roles, and where the reader is."""
        return self.person and (frozenset(self.person.roles), navigation.code_at(self.request.path))

    @cached_property
    def primary(self):
        return self._drawn(navigation.primary_for(self.person.roles)) if self.person else []

    @cached_property
    def bell(self):
        return Bell.of(self.person) if self.person else Bell()

    @cached_property
    def role(self):
        """What the person is called first: the role that decides most."""
        held = [role for role in navigation.PRIMARY if self.person and role in self.person.roles]
        return held[-1].label if held else ""

    @property
    def bell_polls(self):
        """Whether the bell asks for itself; a page whose own poll brings it along says so on the request."""
        return not getattr(self.request, "carries_bell", False)

    @cached_property
    def bell_seconds(self):
        return 3 if self.person and self.person.has_role(*WHO_HEARS_AT_ONCE) else 30

    @cached_property
    def now(self):
        return clock.now()

    def _drawn(self, places):
        path = self.request.path
        return [
            {
                "code": place.code,
                "label": place.label,
                "url": place.address,
                "icon": place.icon,
                "current": navigation.is_current(place, path),
            }
            for place in places
        ]


def shell(request):
    return {"shell": Shell(request)}
