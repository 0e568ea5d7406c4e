"""What is not finished with its shift: who follows it up, and each log's answer about it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from callcentre import clock
from callcentre.access import access, visible
from callcentre.refusals import Refused
from handover import actions, sides
from handover.entry_views import entries_with_log
from handover.forms import OwnerForm
from handover.models import READERS, ItemAnswer, Log, OpenItem
from handover.page import LogPage, logs_for


def items_url(log):
    return f"{reverse('handover:show_log', args=[log.pk])}#log-items"


@access(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_entry(request, pk):
    """An entry becomes an open item: choose who follows it up."""
    entry = visible(entries_with_log(), request.user, pk)
    log = Log.objects.with_names().with_next_shift().get(pk=entry.log_id)

    def keep(owner):
        actions.follow_up(entry=entry, owner=owner, by=request.user, at=clock.now())

    return choose_owner(request, log, entry, keep)


@access(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_on_item(request, pk, item_pk):
    """An open item is carried on by somebody else."""
    log = visible(Log.objects.with_names().with_next_shift(), request.user, pk)
    item = visible(OpenItem.objects.select_related("entry__author"), request.user, item_pk)

    def keep(owner):
        outcome = ItemAnswer.Outcome.CARRIED_ON
        actions.answer_item(log=log, item=item, outcome=outcome, owner=owner, by=request.user, at=clock.now())

    return choose_owner(request, log, item.entry, keep, initial={"owner": item.owner_id})


def choose_owner(request, log, entry, keep, **options):
    form = OwnerForm(request.POST if request.method == "POST" else None, owners=sides.owners(log), **options)
    if form.is_valid():
        try:
            keep(form.cleaned_data["owner"])
            return redirect(items_url(log))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    status = 422 if form.is_bound else 200
    return render(request, "handover/owner.html", {"log": log, "entry": entry, "form": form}, status=status)


@access(*READERS)
@require_POST
def answer_item(request, pk, item_pk):
    log = visible(logs_for(request.user), request.user, pk)
    item = visible(OpenItem, request.user, item_pk)
    outcome = request.POST.get("outcome")
    if outcome not in ItemAnswer.Outcome.values:
        return HttpResponse(status=400)
    actions.answer_item(log=log, item=item, outcome=outcome, by=request.user, at=clock.now())
    if not request.htmx:
        return redirect(items_url(log))
    page = LogPage(log, request.user)
    return render(request, "handover/_items_changed.html", {"page": page, "log": log})
