"""The pledge and the breaches. The clause pages are the board's, for they read everything."""

import itertools

from django.contrib import messages
from django.db import models
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import Refused, refusal
from journal.models import Entry
from people.models import Person, Role
from rulebook import actions, pledge, rules
from rulebook.forms import ExcuseForm
from rulebook.models import Acknowledgement, Breach, Clause

LEADERS = (Role.LEADER, *rules.DIRECTORS)
NEWEST = 50


@access(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def read_pledge(request):
    """The clauses of conduct on one page; acknowledging them is one explicit act at its end."""
    at = clock.now()
    if request.method == "POST":
        actions.acknowledge(edition=request.POST.get("edition", ""), by=request.user, at=at)
        messages.success(request, _("Thank you. Your acknowledgement is on record."))
        return HttpResponseRedirect(reverse("rulebook:read_pledge"))
    year = pledge.year_of(request.user.centre, at)
    clauses = Clause.objects.filter(pk__in=[clause.id for clause in pledge.CLAUSES_OF_CONDUCT]).select_related(
        "section"
    )
    context = {
        "clauses": clauses,
        "edition": pledge.edition(),
        "year": year,
        "mine": Acknowledgement.objects.filter(person=request.user, year=year).first(),
        "may_see_people": request.user.has_role(*rules.DIRECTORS),
    }
    return render(request, "rulebook/pledge.html", context)


@access(*rules.DIRECTORS)
@require_safe
def list_unacknowledged(request):
    """Who has yet to acknowledge this year, by team, with counts."""
    centre = request.user.centre
    year = pledge.year_of(centre, clock.now())
    missing = Acknowledgement.objects.people_without(centre, year).order_by("team_id", "employee_number")
    people = Person.objects.active().filter(centre=centre)
    counts = dict(people.order_by().values_list("team").annotate(models.Count("pk")))
    teams = [
        {"team": team, "missing": group, "done": counts[team and team.pk] - len(group), "of": counts[team and team.pk]}
        for team, group in grouped(missing, lambda person: person.team)
    ]
    context = {
        "teams": teams,
        "year": year,
        "missing": sum(len(row["missing"]) for row in teams),
        "of": sum(counts.values()),
    }
    return render(request, "rulebook/unacknowledged.html", context)


def grouped(rows, key):
    return [(value, list(group)) for value, group in itertools.groupby(rows, key)]


@access(*LEADERS)
@require_safe
def list_breaches(request):
    """What waits for this leader or director, and what was decided last."""
    person = request.user
    waiting = Breach.objects.waiting_for(person).with_names()[: NEWEST + 1]
    decided = Breach.objects.visible_to(person).decided().with_names()[:NEWEST]
    context = {
        "waiting": waiting[:NEWEST],
        "more": len(waiting) > NEWEST,
        "decided": [(breach, refusal(rules.may_take_back, breach, person)) for breach in decided],
        "newest": NEWEST,
    }
    return render(request, "rulebook/breaches.html", context)


@access(*LEADERS)
@require_POST
def confirm_breach(request, pk):
    breach = visible(Breach, request.user, pk)
    actions.confirm(breach=breach, by=request.user, at=clock.now())
    return decided(request, breach, _("Confirmed. It counts in the month's list."))


@access(*LEADERS)
@require_http_methods(["GET", "HEAD", "POST"])
def excuse_breach(request, pk):
    """Its own page, for the reason is a text."""
    breach = visible(Breach.objects.with_names(), request.user, pk)
    form = ExcuseForm(request.POST or None)
    if form.is_valid():
        try:
            actions.excuse(breach=breach, by=request.user, at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return decided(request, breach, _("Excused. The reason is on the record."))
    context = {"breach": breach, "form": form, "entries": Entry.objects.about(breach)}
    return render(request, "rulebook/excuse.html", context, status=422 if form.errors else 200)


@access(*LEADERS)
@require_POST
def take_back_breach(request, pk):
    breach = visible(Breach, request.user, pk)
    actions.take_back(breach=breach, by=request.user, at=clock.now())
    messages.success(request, _("Taken back. It waits for a decision again."))
    return HttpResponseRedirect(reverse("rulebook:list_breaches"))


def decided(request, breach, said):
    """Back to the list, with the way to undo what was just decided."""
    messages.success(request, said, extra_tags=reverse("rulebook:take_back_breach", args=[breach.pk]))
    return HttpResponseRedirect(reverse("rulebook:list_breaches"))
