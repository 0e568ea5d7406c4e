from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from delivery import actions, channel_actions
from delivery.bell import Bell
from delivery.forms import SettingsForm
from delivery.models import Channel, Message

PAGE = 50


@access(EVERYONE)
@require_safe
def list_messages(request):
    """Newest first; `before` names the last message of the page before."""
    messages = Message.objects.newest_of(request.user)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        messages = messages.filter(pk__lt=int(before))
    rows = list(messages[: PAGE + 1])
    return render(
        request,
        "delivery/messages.html",
        {
            "rows": rows[:PAGE],
            "older": f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
            "newer": request.path if before else "",
            "now": clock.now(),
        },
    )


@access(EVERYONE)
@require_safe
def poll_bell(request):
    """The bell in the page's head; nothing (204) while it is as the page shows it."""
    bell = Bell.of(request.user)
    if request.GET.get("shown") == str(bell):
        return HttpResponse(status=204)
    return render(request, "delivery/_bell.html", {"bell": bell})


@access(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_settings(request):
    """The person's address, and what comes there besides the bell."""
    form = SettingsForm.of(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        channel_actions.choose(person=request.user, **form.cleaned_data, at=clock.now())
        messages.success(request, _("Saved."))
        return redirect("delivery:edit_settings")
    mailed = Channel.objects.listening(request.user.centre_id).filter(kind=Channel.Kind.MAIL).exists()
    context = {"form": form, "mailed": mailed}
    return render(request, "delivery/settings.html", context, status=422 if form.is_bound else 200)


@access(EVERYONE)
@require_POST
def open_message(request, pk):
    message = visible(Message, request.user, pk)
    _read(request, message)
    return redirect(message.link or "delivery:list_messages")


@access(EVERYONE)
@require_POST
def mark_read(request, pk):
    _read(request, visible(Message, request.user, pk))
    return redirect("delivery:list_messages")


@access(EVERYONE)
@require_POST
def mark_all_read(request):
    actions.mark_read(person=request.user, at=clock.now())
    return redirect("delivery:list_messages")


def _read(request, message):
    actions.mark_read(person=request.user, at=clock.now(), messages=Message.objects.filter(pk=message.pk))
