"""Who may open an address. Each view declares it; a test walks every URL and fails on one that does not.

Login is required by middleware, so a view that forgets to declare is closed rather than open.
"""

import functools

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404

PUBLIC = "public"
EVERYONE = "everyone"


def access(*who):
    """Declare a view's access: PUBLIC, EVERYONE (anybody signed in), or roles, of which the person needs one."""

    def declare(view):
        if who == (PUBLIC,):
            opened = login_not_required(view)
            opened.access = who
            return opened

        @functools.wraps(view)
        def guarded(request, *args, **kwargs):
            if who != (EVERYONE,) and not request.user.has_role(*who):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = who
        return guarded

    return declare


def visible(model_or_queryset, person, pk):
    """The row, or 404 for one that does not exist or is not the person's to see: the two look the same."""
    queryset = getattr(model_or_queryset, "objects", model_or_queryset)
    row = queryset.visible_to(person).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
