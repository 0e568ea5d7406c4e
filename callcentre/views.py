from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callcentre.access import PUBLIC, access
from callcentre.styleguide import samples


@access(PUBLIC)
@require_safe
def live(request):
    """The process answers."""
    return JsonResponse({"status": "ok"})


@access(PUBLIC)
@require_safe
def styleguide(request):
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "styleguide.html", samples())


def csrf_failure(request, reason=""):
    return render(request, "csrf_failure.html", status=403)
