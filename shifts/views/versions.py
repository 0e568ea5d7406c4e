import collections

from django.db.models import Count
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from callcentre.access import access, visible
from people.models import Role
from shifts import versions
from shifts.models import Roster, ShiftType, Version

PAGE = 30


@access(Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR)
@require_safe
def list_versions(request, pk):
    """Who changed the published roster, when and why; and what differs between two of its versions."""
    roster = visible(Roster.objects.select_related("rotation", "centre"), request.user, pk)
    rows = (
        Version.objects.filter(roster=roster)
        .select_related("by")
        .annotate(people=Count("changes__person", distinct=True))
    )
    before = number_of(request.GET.get("before"), roster.version + 1)
    page = list(rows.filter(number__lt=before).order_by("-number")[: PAGE + 1])
    new = min(number_of(request.GET.get("to"), roster.version), roster.version)
    old = min(number_of(request.GET.get("from"), max(new - 1, 1)), roster.version)
    context = {
        "roster": roster,
        "versions": page[:PAGE],
        "older": f"?from={old}&to={new}&before={page[PAGE - 1].number}" if len(page) > PAGE else "",
        "before": request.GET.get("before") and before,
        "old": old,
        "new": new,
        "ends": [("from", pgettext("compare", "From"), old), ("to", pgettext("compare", "To"), new)],
        "numbers": range(roster.version, 0, -1),
        "table": drawn(roster, old, new) if roster.version else None,
    }
    return render(request, "shifts/versions.html", context)


def number_of(text, otherwise):
    """A version's number as somebody wrote it."""
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) < 9 and int(text) else otherwise


def drawn(roster, old, new):
    """The days that differ and, for each person, (types before, types after) on each, or None where it is the same."""
    types = {row.code: row for row in ShiftType.objects.filter(centre=roster.centre_id)}
    people, cells, days = {}, collections.defaultdict(dict), set()
    for person, on, before, after in versions.compare(roster, old, new):
        people[person.pk] = person
        cells[person.pk][on] = [[types[code] for code in codes] for codes in (before, after)]
        days.add(on)
    days = sorted(days)
    return {"days": days, "rows": [(people[pk], [cells[pk].get(on) for on in days]) for pk in people]}
