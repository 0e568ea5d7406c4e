from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import Refused, refusal
from people.models import Role, Team
from shifts import actions, matrix, rules, sheet_reading, sheets, uploading
from shifts.forms.files import SheetForm
from shifts.models import Edit, Roster, Shift
from shifts.windows import Window

SHOWN = 200  # problems and people of a check; the page says how many there are


@access(EVERYONE)
@require_safe
def download_month(request):
    """The published roster as Excel: of the days and the team that the page shows."""
    centre, today = request.user.centre, today_of(request)
    window = Window.asked(request.GET, today)
    found = published(request, window, today)
    title = sheets.title_of(centre, window.from_on, window.until_on, name=_("Published roster"))
    return workbook(request, found, title, window.from_on, window.until_on)


@access(Role.LEADER, Role.DIRECTOR)
@require_safe
def download_roster(request, pk):
    """All of one roster as Excel, or of one team of it: what `upload_sheet` reads again."""
    roster = visible(Roster.objects.select_related("rotation", "centre"), request.user, pk)
    found = whole(roster, today_of(request), team=team_of(request))
    status = roster.get_status_display()
    title = sheets.title_of(roster.centre, roster.from_on, roster.until_on, name=name_of(roster), status=status)
    return workbook(request, found, title, roster.from_on, roster.until_on)


def today_of(request):
    return clock.local_date(request.user.centre, clock.now())


def team_of(request):
    wanted = request.GET.get("team", "")
    return next((team for team in Team.objects.filter(centre=request.user.centre_id) if str(team.pk) == wanted), None)


def paper_of(request):
    return request.GET["paper"] if request.GET.get("paper") in sheets.PAPERS else "a4"


def name_of(roster):
    return roster.rotation.name if roster.rotation else _("Own roster")


def published(request, window, today):
    """The Matrix of what the roster's page shows."""
    centre, days = request.user.centre, (window.from_on, window.until_on)
    shifts = Shift.objects.published().between(centre, *days)
    text = window.filters["q"].replace("\x00", "")
    return matrix.load(centre, shifts, *days, today=today, team=team_of(request), text=text)


def whole(roster, today, team=None):
    shifts = Shift.objects.filter(roster=roster)
    return matrix.load(roster.centre, shifts, roster.from_on, roster.until_on, today=today, team=team)


def workbook(request, found, title, from_on, until_on):
    response = HttpResponse(sheets.written(found, title, paper=paper_of(request)), content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="roster-{from_on}--{until_on}.xlsx"'
    return response


@access(Role.LEADER, Role.DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def upload_sheet(request, pk):
    """The form, and the check of a file: every problem by its cell, and what would change; nothing is written."""
    roster = visible(Roster.objects.select_related("rotation", "centre"), request.user, pk)
    form = SheetForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return render_upload(request, roster, form, status=422 if form.is_bound else 200)
    try:
        check_may_upload(roster, request.user)
        context = check_of(request, roster, form.cleaned_data["file"])
    except Refused as refused:
        form.add_error("file", str(refused))
        return render_upload(request, roster, form, status=422)
    return render(request, "shifts/upload_check.html", context, status=422 if context["problems"] else 200)


def check_may_upload(roster, person):
    rules.check_is_draft(roster)
    rules.check_may_draft(person, roster.centre, clock.now())


def render_upload(request, roster, form, status=200):
    context = {"form": form, "roster": roster, "refused": refusal(check_may_upload, roster, request.user)}
    return render(request, "shifts/upload.html", context, status=status)


def refused_form(refused):
    """The form without a file, with what became of the last one."""
    form = SheetForm({}, {})
    form.errors.clear()
    form.add_error(None, str(refused))
    return form


def check_of(request, roster, file):
    table = sheet_reading.read(file.read(sheet_reading.LARGEST_FILE + 1))
    plan = uploading.compare(whole(roster, today_of(request)), table)
    return {
        "roster": roster,
        "file": file.name,
        "plan": plan,
        "people": plan.people[:SHOWN],
        "problems": plan.problems[:SHOWN],
        "token": "" if plan.problems or not plan.people else uploading.pack(request.user, roster, plan),
    }


@access(Role.LEADER, Role.DIRECTOR)
@require_POST
def confirm_sheet(request, pk):
    """Do what the check showed, as one step that can be undone."""
    roster = visible(Roster.objects.select_related("rotation", "centre"), request.user, pk)
    try:
        cells, expected = uploading.unpack(request.user, roster, request.POST.get("token", ""))
        edit = actions.edit_roster(
            roster=roster, cells=cells, expected=expected, by=request.user, at=clock.now(), kind=Edit.Kind.IMPORTED
        )
    except Refused as refused:
        return render_upload(request, roster, refused_form(refused), status=422)
    count = len(edit.cells)
    messages.success(request, ngettext("%(count)s cell changed.", "%(count)s cells changed.", count) % {"count": count})
    return redirect("shifts:show_draft", roster.pk)
