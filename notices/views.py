from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import refusal
from notices import actions, rules
from notices.models import Confirmation, Notice


@access(EVERYONE)
@require_safe
def show_notice(request, pk):
    notice = visible(Notice.objects.with_names(), request.user, pk)
    return render(request, "notices/show_notice.html", context_of(request, notice, clock.now()))


def context_of(request, notice, at):
    versions = list(notice.versions.select_related("published_by"))
    current = versions[-1] if versions else None
    meant = Notice.objects.filter(pk=notice.pk).meant_for(request.user.pk, request.user.centre, at).exists()
    return {
        "notice": notice,
        "at": at,
        "mine": Confirmation.objects.filter(version=current, person=request.user).first(),
        "may_confirm": current and refusal(rules.check_confirm, notice, current, meant=meant, at=at) is None,
    }


@access(EVERYONE)
@require_POST
def confirm_notice(request, pk):
    """Bound to the version that was on the screen. `back` names the page to go on to: the start page is one tap."""
    notice = visible(Notice, request.user, pk)
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Http404
    actions.confirm(notice=notice, version=int(version), by=request.user, at=clock.now())
    messages.success(request, _("Confirmed: you have read this notice."))
    return redirect(reverse("board:start") if request.POST.get("back") == "start" else notice)
