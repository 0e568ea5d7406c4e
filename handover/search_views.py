from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_safe

from callcentre import fulltext
from callcentre.access import access, visible
from handover import searching
from handover.forms import SearchForm
from handover.models import READERS, Entry


@access(*READERS)
@require_safe
def search_logs(request):
    """All that was ever noted, by filters that stand in the address. Without any it shows the newest."""
    form = SearchForm(request.GET, centre=request.user.centre_id)
    found = None
    if form.is_valid():
        beside = {name: start_of(request, name) for name in ("before", "after")}
        found = searching.search(request.user, form.cleaned_data, **beside)
    asked = {name: value for name, value in request.GET.items() if value and name in form.fields}
    context = {
        "form": form,
        "found": found,
        "lines": found and [(entry, marked(found.query, entry.text)) for entry in found.entries],
        "asked": asked,
        "newer": found and found.newer and f"?{urlencode({**asked, 'after': found.newer})}",
        "older": found and found.older and f"?{urlencode({**asked, 'before': found.older})}",
    }
    return render(request, "handover/search.html", context)


def start_of(request, name):
    pk = request.GET.get(name, "")
    return visible(Entry, request.user, pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None


def marked(query, text):
    return fulltext.highlight(query, text) if query else text
