from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from delivery import actions
from delivery.models import Message

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
    """The bell in the page's head; nothing (204) while its count is the one that the page shows."""
    count = request.user.unread_messages
    if request.GET.get("unread") == str(count):
        return HttpResponse(status=204)
    return render(request, "delivery/_bell.html", {"unread": count})


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
