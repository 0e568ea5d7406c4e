"""Notes: written in the log or between two calls, edited, withdrawn; and sections with nothing to report."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import access, visible
from callcentre.refusals import Refused, refusal
from handover import actions, mentions, rules, sides
from handover.differences import side_by_side
from handover.forms import EditForm, EntryForm, FilesForm
from handover.models import READERS, Entry, Log
from handover.page import logs_for
from handover.sections import Section
from handover.views import render_changed, section_step
from shifts import line

MY_LATEST = 5

mark_nothing = section_step(actions.mark_nothing)
unmark_nothing = section_step(actions.unmark_nothing)


@access(*READERS)
@require_POST
def add_entry(request, pk):
    """A note typed in the log itself. What cannot be kept is shown again with what is wrong, never lost."""
    log = visible(logs_for(request.user), request.user, pk)
    form = EntryForm(request.POST, request.FILES, centre=log.centre_id)
    try:
        if form.is_valid():
            entries = actions.add_entry(log=log, **form.cleaned_data, by=request.user, at=clock.now())
            written = Section(form.cleaned_data["section"] or entries[0].section)
            return render_changed(request, log, [written, *(entry.section for entry in entries)], written=written)
    except Refused as refused:
        if request.htmx:
            raise  # the sentence goes above the page; the form stays as it is
        form.add_error(refused.field, str(refused))
    if request.htmx and "section" in form.cleaned_data and form.cleaned_data["section"]:
        written = Section(form.cleaned_data["section"])
        return render_changed(request, log, [written], form=form, written=written, status=422)
    return render_note(request, log, form, status=422)


@access(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def write_note(request):
    """Between two calls: type, then tap the section."""
    person, at = request.user, clock.now()
    shift = line.shift_over(person, at)
    log = shift and logs_for(person).filter(shift=shift).first()
    if request.method != "POST":
        asked = {"section": request.GET.get("section"), "text": request.GET.get("text", "")[:2000]}
        return render_note(request, log, EntryForm(centre=person.centre_id, initial=asked), shift=shift)
    form = EntryForm(request.POST, request.FILES, centre=person.centre_id)
    if shift and form.is_valid():
        try:
            log = log or actions.open_log(shift=shift, by=person, at=at)
            entries = actions.add_entry(log=log, **form.cleaned_data, by=person, at=at)
            tell_written(request, entries)
            return redirect("handover:write_note")
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    return render_note(request, log, form, shift=shift, status=422)


def tell_written(request, entries):
    """What was kept, with an undo where it was one note."""
    undo = reverse("handover:withdraw_entry", args=[entries[0].pk]) if len(entries) == 1 else ""
    sections = rules.names([Section(entry.section) for entry in entries])
    messages.success(request, _("Noted under %(sections)s.") % {"sections": sections}, extra_tags=undo)


def render_note(request, log, form, *, shift=None, status=200):
    shift = shift or (log and log.shift)
    mine = []
    if log:
        mine = Entry.objects.standing().filter(log=log, author=request.user).order_by("-pk")[:MY_LATEST]
    context = {
        "log": log,
        "shift": shift,
        "form": form,
        "refused": shift and (refusal_to_write(log, request.user) if log else refusal_before(shift, request.user)),
        "sections": list(Section),
        "mine": mine,
    }
    return render(request, "handover/note.html", context, status=status)


def refusal_to_write(log, person):
    return refusal(rules.may_write, log, on_shift=actions.is_on_shift(log, person))


def refusal_before(shift, person):
    """As the log would refuse, were it open already."""
    log = Log(shift=shift, centre=person.centre, status=Log.Status.OPEN)
    log.is_on_it = shift.has_on_it(person)
    return refusal_to_write(log, person)


@access(*READERS)
@require_safe
def list_people(request, pk):
    """Whom a note of this log may mention: for the picker, which finds them by initials, syllables, name or number."""
    log = visible(Log.objects.with_names().with_next_shift(), request.user, pk)
    people = [(person, *mentions.keys(person.name)) for person in sides.owners(log).select_related("team")]
    return render(request, "handover/_people.html", {"people": people})


@access(*READERS)
@require_safe
def show_entry(request, pk):
    """An entry with its earlier texts, and the form for who may edit it; within the log itself, only the form."""
    entry = visible(entries_with_log(), request.user, pk)
    return render_entry(request, entry, EditForm(entry=entry))


def entries_with_log():
    return Entry.objects.with_names().select_related(
        "log__centre", "log__shift__type", "log__shift__team", "log__shift__leader"
    )


def render_entry(request, entry, form, *, conflict=False, status=200, files_form=None):
    leads = actions.leads(entry.log, request.user)
    context = {
        "entry": entry,
        "log": entry.log,
        "form": form,
        "editing": refusal(rules.may_edit, entry.log, entry, request.user, leads=leads),
        "conflict": conflict,
    }
    if conflict:
        context["theirs"], context["mine"] = side_by_side(entry.text, form["text"].value())
    if request.htmx:
        return render(request, "handover/_edit.html", context, status=status)
    context |= {
        "versions": entry.versions.select_related("by", "desk").order_by("-number"),
        "files": list(entry.files.all()),
        "files_form": files_form or FilesForm(),
    }
    return render(request, "handover/entry.html", context, status=status)


@access(*READERS)
@require_POST
def edit_entry(request, pk):
    """Of two people in one entry the second is shown both texts, their own in the form, to be saved over the other.

    `both` keeps the two, one beneath the other.
    """
    entry = visible(entries_with_log(), request.user, pk)
    form = EditForm(request.POST, entry=entry)
    if not form.is_valid():
        return render_entry(request, entry, form, status=422)
    said = form.cleaned_data
    if "both" in request.POST:
        said["text"] = f"{entry.text}\n{said['text']}"
    try:
        edited = actions.edit_entry(entry=entry, **said, by=request.user, at=clock.now())
    except Refused as refused:
        entry = visible(entries_with_log(), request.user, pk)
        form = EditForm({**request.POST.dict(), "version": entry.version}, entry=entry)
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return render_entry(request, entry, form, conflict=refused.code == "entry_changed_meanwhile", status=422)
    if request.htmx:
        log = visible(logs_for(request.user), request.user, entry.log_id)
        return render_changed(request, log, [Section(entry.section), Section(edited.section)])
    messages.success(request, _("The entry is changed. Its earlier text is kept."))
    return redirect(f"{reverse('handover:show_log', args=[entry.log_id])}#entry-{entry.pk}")


@access(*READERS)
@require_POST
def withdraw_entry(request, pk):
    entry = visible(entries_with_log(), request.user, pk)
    actions.withdraw_entry(entry=entry, by=request.user, at=clock.now())
    messages.success(request, _("The entry is withdrawn. Its text is kept."))
    return redirect(f"{reverse('handover:show_log', args=[entry.log_id])}#section-{entry.section}")
