"""The list of logs, one log, and the two signatures under it."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import access, visible
from callcentre.refusals import Refused, refusal
from handover import actions, desks, rules
from handover.forms import AddendumForm, RemarkForm, SectionForm
from handover.models import READERS, Log
from handover.page import LogPage, logs_for
from handover.relief_board import BOARD_READERS
from handover.sections import Section
from journal.models import Entry as JournalRow
from shifts import line
from shifts.models import Shift

ROWS = 20


@access(*READERS)
@require_safe
def list_logs(request):
    person, at = request.user, clock.now()
    shift = line.shift_over(person, at)
    on = date_of(request.GET.get("on", ""))
    rows = Log.objects.visible_to(person).with_names().with_signers()
    logs, newer, older = page_of(rows.of_day(person.centre, on) if on else rows, request.GET, person)
    context = {
        "shift": shift,
        "current": shift and Log.objects.visible_to(person).filter(shift=shift).first(),
        "opening": shift and refusal(rules.may_open, shift, rotates=line.rotates(shift), at=at),
        "waiting": Log.objects.visible_to(person).waiting_for(person, at).with_names(),
        "logs": logs,
        "newer": newer,
        "older": older,
        "on": on,
        "reads_reliefs": person.has_role(*BOARD_READERS),
    }
    return render(request, "handover/list.html", context)


def date_of(text):
    """The date, None for none and for what is no date: an address typed by hand shows the list."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def page_of(rows, query, person):
    """(logs, newer, older): a page of logs, newest first, and the queries of its neighbours.

    A page begins beside a row, so that its cost does not grow with what lies before it.
    """
    forward = "after" not in query
    beside = query.get("before", query.get("after", ""))
    if beside.isascii() and beside.isdigit():
        start = visible(Log, person, beside)
        rows = (rows.older_than if forward else rows.newer_than)(start.starts_at, start.pk)
    found = list(rows.order_by(*(("-starts_at", "-pk") if forward else ("starts_at", "pk")))[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    logs = found if forward else found[::-1]
    if not logs:
        return logs, "", ""
    keep = f"on={query['on']}&" if date_of(query.get("on", "")) else ""
    newer = f"?{keep}after={logs[0].pk}" if (beside if forward else more) else ""
    older = f"?{keep}before={logs[-1].pk}" if (more if forward else beside) else ""
    return logs, newer, older


@access(*READERS)
@require_POST
def open_log(request, shift_pk):
    """For who comes before the minute does."""
    shift = visible(Shift.objects.published().with_names(), request.user, shift_pk)
    return redirect("handover:show_log", actions.open_log(shift=shift, by=request.user, at=clock.now()).pk)


@access(*READERS)
@require_safe
def show_log(request, pk):
    return render_log(request, visible(logs_for(request.user), request.user, pk))


def render_log(request, log, *, status=200, **forms):
    """The whole page of a log; `forms` are bound ones with their errors."""
    page = LogPage(log, request.user)
    context = {
        "page": page,
        "log": log,
        "remark_form": RemarkForm(),
        "addendum_form": AddendumForm(auto_id="addendum_%s"),
    }
    return render(request, "handover/log.html", {**context, **forms}, status=status)


def render_changed(request, log, sections, *, form=None, written=None, status=200):
    """What a step on some sections changed: fragments of the page to htmx, the page itself by a redirect to others.

    The log is one of `logs_for`: such a step leaves its own row as it was, but not the marks that came with it.
    """
    if not request.htmx:
        return redirect(f"{reverse('handover:show_log', args=[log.pk])}#section-{sections[0].value}")
    del log.marks_read
    page = LogPage(log, request.user)
    context = {
        "page": page,
        "log": log,
        "panels": [page.panel(section) for section in dict.fromkeys(sections)],
        "written": written and page.panel(written),
        "form": form,
    }
    return render(request, "handover/_changed.html", context, status=status)


@access(*READERS)
@require_safe
def show_history(request, pk):
    log = visible(Log.objects.with_names(), request.user, pk)
    template = "components/_history.html" if request.htmx else "handover/history.html"
    return render(request, template, {"log": log, "entries": JournalRow.objects.about(log)})


@access(*READERS)
@require_POST
def submit_log(request, pk):
    log = actions.submit(log=visible(Log, request.user, pk), by=request.user, at=clock.now())
    messages.success(request, _("The log is submitted. The leader who takes over has been told."))
    if left := desks.left_behind(log.shift):
        codes = ", ".join(code for code, _name in left)
        messages.warning(request, _("The shift is not off yet. Still at their desks: %(desks)s") % {"desks": codes})
    return redirect("handover:show_log", log.pk)


@access(*READERS)
@require_POST
def send_back_log(request, pk):
    log = visible(logs_for(request.user), request.user, pk)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return render_log(request, log, remark_form=form, status=422)
    actions.send_back(log=log, remark=form.cleaned_data["remark"], by=request.user, at=clock.now())
    messages.success(request, _("The log is open again. Its leader has been told."))
    return redirect("handover:show_log", log.pk)


@access(*READERS)
@require_POST
def accept_log(request, pk):
    log = actions.accept(log=visible(Log, request.user, pk), by=request.user, at=clock.now())
    messages.success(request, _("The log is accepted and sealed."))
    return redirect("handover:show_log", log.pk)


def section_step(action):
    """A view of a POST that names a section: the action, then the section as it stands."""

    def step(request, pk):
        log = visible(logs_for(request.user), request.user, pk)
        form = SectionForm(request.POST)
        if not form.is_valid():
            return HttpResponse(status=400)
        section = Section(form.cleaned_data["section"])
        action(log=log, section=section, by=request.user, at=clock.now())
        return render_changed(request, log, [section])

    return access(*READERS)(require_POST(step))


accept_section = section_step(actions.accept_section)
unaccept_section = section_step(actions.unaccept_section)


@access(*READERS)
@require_POST
def add_addendum(request, pk):
    log = visible(logs_for(request.user), request.user, pk)
    form = AddendumForm(request.POST, auto_id="addendum_%s")
    if form.is_valid():
        try:
            actions.add_addendum(log=log, text=form.cleaned_data["text"], by=request.user, at=clock.now())
            return redirect(f"{reverse('handover:show_log', args=[log.pk])}#addenda")
        except Refused as refused:
            form.add_error(None, str(refused))
    return render_log(request, log, addendum_form=form, status=422)
