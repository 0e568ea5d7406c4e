"""(a) no query, (b) a small page, (c) a table of 200 rows, (w) one insert."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from bench.bare.models import Visit

AT = dt.datetime(2026, 11, 23, 2, 30, tzinfo=dt.UTC)


def nothing(request):
    return HttpResponse("ok")


@login_required
def small(request):
    return render(request, "bare/small.html", {"visits": Visit.objects.filter(owner=request.user)[:10]})


@login_required
def table(request):
    visits = Visit.objects.filter(owner=request.user).select_related("desk__room")[:200]
    return render(request, "bare/table.html", {"visits": visits})


@login_required
@require_POST
def write(request):
    Visit.objects.create(
        desk_id=1, owner=request.user, title=request.POST["title"], on=AT.date(), starts_at=AT, minutes=5
    )
    return HttpResponse(status=204)
