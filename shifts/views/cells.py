"""A roster's own grid: a draft that is edited, or a published roster whose days are changed with a reason.

The same addresses serve the grid's script, which asks for JSON and gets the rows drawn anew, and plain forms, which are
sent on to a page.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock, words
from callcentre.access import access, visible
from callcentre.refusals import Refused, refusal
from journal.models import Entry
from people.models import Person, Role
from shifts import actions, rules
from shifts.boards import Board, steps_read
from shifts.cells import Cells, Staff
from shifts.forms.grid import read_cells, read_fill
from shifts.models import Edit, Roster, Version
from shifts.publishing import covering_known
from shifts.windows import parse_date

EDITORS = (Role.LEADER, Role.DIRECTOR)


def roster_of(request, pk):
    return visible(Roster.objects.select_related("rotation", "centre"), request.user, pk)


def wants_json(request):
    return request.headers.get("Accept") == "application/json"


@access(*EDITORS)
@require_safe
def show_draft(request, pk):
    """One roster as it would be, or is: its grid, what the checks find, and the buttons."""
    found = Roster.objects.select_related("rotation", "centre").with_steps().with_covering()
    roster, at = visible(found, request.user, pk), clock.now()
    covering = covering_known(roster)
    context = {
        "roster": roster,
        "board": Board(roster, request.user, request.GET, at, steps=steps_read(roster)),
        "may_publish": refusal(rules.check_publish, roster, covering, request.user, at, replace=True),
        "may_archive": refusal(rules.check_archive, roster, request.user, at),
        "entries": Entry.objects.about(roster),
    }
    return render(request, "shifts/draft.html", context)


@access(*EDITORS)
@require_POST
def edit_cells(request, pk):
    """Save cells; with `preview`, only answer with what they would bring."""
    roster, at = roster_of(request, pk), clock.now()
    sent = read_cells(request.POST)
    if "preview" in request.POST:
        return drawn(request, roster, at, pending=sent.cells)
    reason = request.POST.get("reason", "")[:200]
    try:
        actions.edit_roster(
            roster=roster, cells=sent.wanted, by=request.user, at=at, reason=reason, expected=sent.expected
        )
    except Refused as refused:
        return refused_cells(request, roster, at, sent, refused)
    return done(request, roster, at, sent.people, _("Saved."))


def refused_cells(request, roster, at, sent, refused):
    """The script draws the cells back; a cell's own page comes again with what was chosen."""
    if wants_json(request):
        return drawn(request, roster, at, sent.people, refused=refused)
    if len(sent.cells) > 1:
        raise refused
    (person_id, on), code = next(iter(sent.cells.items()))
    return render_cell(request, roster, person_id, on, chosen=code, refused=refused)


@access(*EDITORS)
@require_POST
def undo_edit(request, pk):
    return step(request, pk, actions.undo_edit, _("The last step is undone."))


@access(*EDITORS)
@require_POST
def redo_edit(request, pk):
    return step(request, pk, actions.redo_edit, _("The step is done again."))


def step(request, pk, action, said):
    roster, at = roster_of(request, pk), clock.now()
    try:
        edit = action(roster=roster, by=request.user, at=at)
    except Refused as refused:
        if not wants_json(request):
            raise
        return drawn(request, roster, at, refused=refused)
    return done(request, roster, at, people_of(edit), said)


@access(*EDITORS)
@require_POST
def fill_roster(request, pk):
    """Some days of some people, or of a team, or of all, anew from the rotation."""
    roster, at = roster_of(request, pk), clock.now()
    try:
        edit = actions.fill_roster(roster=roster, by=request.user, at=at, **read_fill(request.POST, roster))
    except Refused as refused:
        if not wants_json(request):
            raise
        return drawn(request, roster, at, refused=refused)
    return done(request, roster, at, people_of(edit), _("Filled from the rotation."))


def people_of(edit):
    return {cell[0] for cell in edit.cells}


@access(*EDITORS)
@require_safe
def poll_edits(request, pk):
    """204 while nobody has changed the roster since `token`, else its rows and who did."""
    roster = visible(Roster.objects.select_related("rotation", "centre").with_steps(), request.user, pk)
    if request.GET.get("token") == steps_read(roster).token:
        return HttpResponse(status=204)
    return drawn(request, roster, clock.now(), said=whose(roster))


def whose(roster):
    """Who took the newest step, or made the newest change, and when: a sentence."""
    model = Edit if roster.status == Roster.Status.DRAFT else Version
    newest = model.objects.filter(roster=roster).select_related("by").order_by("-number").first()
    if newest is None:
        return ""
    return _("%(name)s changed this roster at %(time)s.") % {
        "name": newest.by.name,
        "time": words.stamp(words.local(newest.at)),
    }


def done(request, roster, at, people, said):
    if wants_json(request):
        return drawn(request, roster, at, people)
    messages.success(request, said)
    return redirect(address_of(request, roster))


def address_of(request, roster):
    """The roster's page, on the days that the form stood for."""
    on = parse_date(request.POST.get("day"))
    return reverse("shifts:show_draft", args=[roster.pk]) + (f"?from={on}&days=month" if on else "")


def drawn(request, roster, at, people=None, *, pending=None, refused=None, said=""):
    """The rows of these people (ids; all of the page by default), the feet and the findings, as JSON."""
    board = Board(roster, request.user, request.GET, at, pending=pending if may_preview(request, roster) else None)
    rows = [row for row in board.grid.rows if people is None or row.member.pk in people] if board.grid else []
    context = {"board": board, "grid": board.grid, "rows": rows}
    answer = {
        "rows": render_to_string("shifts/_rows.html", context, request),
        "feet": render_to_string("shifts/_feet.html", context, request),
        "findings": render_to_string("shifts/_board_findings.html", context, request),
        "token": board.steps.token,
        "undo": board.steps.can_undo,
        "redo": board.steps.can_redo,
        "at": f"{words.local(at):%H:%M:%S}",
        "said": said,
    }
    if refused is None:
        return JsonResponse(answer)
    answer |= {
        "refused": f"{refused} {whose(roster)}".strip() if refused.code == "cell_changed_meanwhile" else str(refused)
    }
    response = JsonResponse(answer, status=422 if refused.field else 409)
    response["X-Refusal"] = refused.code
    return response


def may_preview(request, roster):
    return roster.status == Roster.Status.PUBLISHED and request.user.has_role(Role.DIRECTOR)


@access(*EDITORS)
@require_safe
def show_cell(request, pk, person_pk, on):
    """One person's day as a form: the way to edit without the grid's script."""
    on = parse_date(on)
    roster = roster_of(request, pk)
    if on is None or not roster.from_on <= on <= roster.until_on:
        raise Http404
    return render_cell(request, roster, person_pk, on)


def render_cell(request, roster, person_pk, on, chosen=None, refused=None):
    person = visible(Person.objects.select_related("team"), request.user, person_pk)
    cells = Cells(roster, [on], Staff(roster.centre_id, [person.pk]))
    held = " ".join(cells.codes(person.pk, on))
    context = {
        "roster": roster,
        "person": person,
        "on": on,
        "types": cells.types.values(),
        "held": held,
        "held_token": held.replace(" ", "+"),
        "chosen": held if chosen is None else chosen,
        "needs_reason": roster.status == Roster.Status.PUBLISHED,
        "reason": request.POST.get("reason", ""),
        "refused": refused,
    }
    return render(request, "shifts/cell.html", context, status=422 if refused else 200)
