from django.http import Http404
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from callcentre import clock, workbooks
from callcentre.access import EVERYONE, access, visible
from people.models import Person, Team
from shifts import attendance, attendance_sheet, months
from shifts.models import month_span
from shifts.views.rosters import month_links


@access(EVERYONE)
@require_safe
def show_attendance(request):
    """The month by team, or one team's by person; who reads only their own attendance gets that."""
    if not attendance.may_read(request.user):
        return show_person_attendance(request, request.user.pk)
    centre, at = request.user.centre, clock.now()
    year, month = months.parse_month(request.GET.get("month"), clock.local_date(centre, at))
    teams = list(Team.objects.filter(centre=centre))
    team = next((team for team in teams if str(team.pk) == request.GET.get("team")), None)
    rows, after = page_of(request, teams, team, year, month)
    if "xlsx" in request.GET:
        make = attendance_sheet.of_people if team else attendance_sheet.of_teams
        name = f"attendance-{year}-{month:02}.xlsx"
        return workbooks.download(pgettext("shifts", "Attendance"), make(rows), name)
    context = {
        "teams": teams,
        "team": team,
        "team_query": f"&team={team.pk}" if team else "",
        "rows": rows,
        "after": after,
        "whole": sum((totals for _row, totals in rows), attendance.Totals()),
        "headings": attendance_sheet.HEADINGS,
        "around": attendance.roll_calls_around(centre, at),
        "at": at,
        "first": month_span(year, month)[0],
    }
    return render(request, "shifts/attendance.html", {**context, **month_links(year, month)})


def page_of(request, teams, team, year, month):
    """([(team or person, Totals)], where the next page begins or "")."""
    centre = request.user.centre
    if team is None:
        return attendance.of_teams(centre, year, month, teams), ""
    people = attendance.people_of(centre, team, request.GET.get("after", ""))
    page, rest = people[: attendance.ROWS], people[attendance.ROWS :]
    return attendance.of_people(centre, year, month, page), page[-1].employee_number if rest else ""


@access(EVERYONE)
@require_safe
def show_person_attendance(request, person_pk):
    """One person's month, day by day: their own to everybody, the centre's to those who read attendance."""
    if person_pk != request.user.pk and not attendance.may_read(request.user):
        raise Http404
    person = visible(Person.objects.select_related("centre", "team"), request.user, person_pk)
    today = clock.local_date(person.centre, clock.now())
    year, month = months.parse_month(request.GET.get("month"), today)
    totals, calls = attendance.of_person(person, year, month)
    if "xlsx" in request.GET:
        rows = attendance_sheet.of_days(calls, person.centre.tz)
        name = f"attendance-{person.employee_number}-{year}-{month:02}.xlsx"
        return workbooks.download(pgettext("shifts", "Attendance"), rows, name)
    context = {
        "person": person,
        "totals": totals,
        "calls": calls,
        "first": month_span(year, month)[0],
        "reads_all": attendance.may_read(request.user),
    }
    return render(request, "shifts/attendance_person.html", {**context, **month_links(year, month)})
