"""The drafts of whoever is signed in, for static/js/draft.js: all forms of a page at once, each change by itself."""

import json

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access
from callcentre.refusals import Refused
from people import actions, drafts
from people.models import Draft


@access(EVERYONE)
@require_safe
@never_cache
def load_drafts(request):
    """`?form=a&form=b`: those that are kept, all without a name. Says whose: the page may be of somebody else."""
    rows = Draft.objects.visible_to(request.user)
    if names := request.GET.getlist("form"):
        rows = rows.filter(form__in=names[: Draft.MOST])
    now = int(clock.now().timestamp() * 1000)
    return JsonResponse({"person": request.user.pk, "now": now, "drafts": {row.form: drawn(row) for row in rows}})


@access(EVERYONE)
@require_POST
@never_cache
def keep_draft(request):
    """409 with the other one where another desk has gone on meanwhile."""
    at = clock.now()
    try:
        drafts.check_pace(request.user, at)
        form, said = drafts.read(request.user, request.body)
        values, base = drafts.pack(said.get("values")), said.get("base")
        row = actions.keep_draft(person=request.user, form=form, values=values, base=base, at=at)
    except Refused as refused:
        return refused_json(refused)
    return JsonResponse(drawn(row), status=200 if row.values == values else 409)


@access(EVERYONE)
@require_POST
@never_cache
def drop_draft(request):
    try:
        form, _said = drafts.read(request.user, request.body)
    except Refused as refused:
        return refused_json(refused)
    actions.drop_draft(person=request.user, form=form)
    return JsonResponse({})


def drawn(row):
    return {"version": row.version, "values": json.loads(row.values)}


def refused_json(refused):
    status = 429 if refused.code == "drafts_too_often" else 422
    return JsonResponse({"code": refused.code, "said": str(refused)}, status=status)
