"""What is attached to notes: shown, added, taken off again while the log is open."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import access, visible
from callcentre.attachments import serve
from callcentre.refusals import Refused
from handover import actions
from handover.entry_views import entries_with_log, render_entry
from handover.forms import EditForm, FilesForm
from handover.models import READERS, EntryFile


@access(*READERS)
@require_safe
def show_file(request, pk):
    return serve(request, visible(EntryFile, request.user, pk))


@access(*READERS)
@require_POST
def add_files(request, pk):
    entry = visible(entries_with_log(), request.user, pk)
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.add_files(entry=entry, files=form.cleaned_data["files"], by=request.user, at=clock.now())
            return redirect("handover:show_entry", entry.pk)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    return render_entry(request, entry, EditForm(entry=entry), files_form=form, status=422)


@access(*READERS)
@require_POST
def remove_file(request, pk):
    file = visible(EntryFile.objects.select_related("entry__log"), request.user, pk)
    actions.remove_file(file=file, by=request.user, at=clock.now())
    messages.success(request, _("The file is taken off. The journal keeps that it was there."))
    return redirect("handover:show_entry", file.entry_id)
