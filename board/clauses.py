"""The clause pages: the rulebook as text, and for each clause what makes it live, what is due and what is open."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from board import liveness
from callcentre import clock
from callcentre.access import EVERYONE, access
from callcentre.refusals import Refused
from duties.models import Duty
from journal.models import Entry
from people.models import Role
from rulebook import actions, parameters, pledge, rules, values
from rulebook.forms import ParameterForm, SwitchForm
from rulebook.models import Acknowledgement, Breach, ChecklistItem, Clause, ClauseForce, Section
from rulebook.register import CLAUSES, PARAMETERS

NEWEST = 10
COMING = 5


@access(EVERYONE)
@require_safe
def list_clauses(request):
    """The whole rulebook on one page, to read, to search and to print."""
    person = request.user
    switched_on = liveness.switched_on(person.centre, clock.local_date(person.centre, clock.now()))
    found = liveness.everything(switched_on)
    asked = {name: request.GET.get(name, "").strip() for name in ("section", "status", "q")}
    clauses = [
        {"clause": clause, "liveness": found[clause.id]}
        for clause in Clause.objects.filter(pk__in=CLAUSES)
        if wanted(clause, found[clause.id], **asked)
    ]
    sections = list(Section.objects.all())
    context = {
        "sections": [
            {"section": section, "clauses": rows}
            for section in sections
            if (rows := [row for row in clauses if row["clause"].section_id == section.key])
        ],
        "all_sections": sections,
        "statuses": counted(found.values()),
        "asked": asked,
        "filtered": any(asked.values()),
        "shown": len(clauses),
        "total": len(CLAUSES),
    }
    return render(request, "rulebook/clauses.html", context)


def wanted(clause, found, *, section, status, q):
    """Whether the filters let the clause through; words are looked for in both languages."""
    if section and clause.section_id != section:
        return False
    if status and found.status != status:
        return False
    said = [clause.id, clause.number_zh, clause.number_en, clause.text_zh, clause.text_en]
    return all(word in " ".join(said).lower() for word in q.lower().split())


def counted(found):
    """[(status, how many clauses)] in the order from live to not yet."""
    statuses = [one.status for one in found]
    return [(status, statuses.count(status), liveness.LOOKS[status]) for status in liveness.Status]


@access(EVERYONE)
@require_safe
def show_clause(request, clause_id):
    person, at = request.user, clock.now()
    today = clock.local_date(person.centre, at)
    clause = clause_or_404(clause_id)
    context = {
        "clause": clause,
        "parameters": list(parameter_rows(person.centre, CLAUSES[clause_id].parameters, today)),
        "items": ChecklistItem.objects.citing(person.centre, clause_id),
        "may_change": person.has_role(*rules.DIRECTORS),
        "today": today,
        **how_live(clause, person.centre, today),
        **dates(clause_id, person.centre, today),
        **newest_records(clause_id, person),
        **neighbours(clause_id),
    }
    context["open_count"] = context["breach_count"] + len(context["owed"])
    if "pledge" in clause.kinds:
        year = pledge.year_of(person.centre, at)
        context |= {"year": year, "acknowledged": Acknowledgement.objects.filter(person=person, year=year).first()}
    return render(request, "rulebook/clause.html", context)


def clause_or_404(clause_id):
    if clause_id not in CLAUSES:
        raise Http404
    return Clause.objects.select_related("section").get(pk=clause_id)


def how_live(clause, centre, today):
    """The clause's liveness at the centre, and for a pending one what may be switched."""
    on = liveness.switched_on(centre, today) if clause.pending else frozenset()
    found = liveness.everything(on)[clause.id]
    if not clause.pending:
        return {"liveness": found}
    return {
        "liveness": found,
        "switches": ClauseForce.objects.filter(centre=centre, clause=clause)
        .select_related("set_by")
        .order_by("-from_on"),
        "switch_form": SwitchForm(initial={"from_on": today}),
    }


def parameter_rows(centre, names, today):
    """Each parameter's value today, those before it, and the next one."""
    lines = parameters.timelines(centre, names) if names else {}
    for name, line in lines.items():
        steps = [
            {"from_on": from_on, "value": values.show_with_unit(line.spec, value)} for from_on, value in line.steps
        ]
        yield {
            "name": name,
            "spec": line.spec,
            "now": values.show_with_unit(line.spec, line.on(today)),
            "default": values.show_with_unit(line.spec, line.default),
            "range": values.show_range(line.spec),
            "past": [step for step in reversed(steps) if step["from_on"] <= today],
            "next": [step for step in steps if step["from_on"] > today],
        }


def dates(clause_id, centre, today):
    """The duties of the clause: what is due from today on, and what is owed from days before."""
    duties = Duty.objects.filter(centre=centre).of_clause(clause_id).with_rule()
    return {
        "coming": duties.filter(due_on__gte=today)[:COMING],
        "owed": list(duties.workable().filter(due_on__lt=today)[:NEWEST]),
    }


def newest_records(clause_id, person):
    """The newest evidence in the journal, and the breaches that wait for a decision: names only for who decides."""
    entries = Entry.objects.visible_to(person).filter(clause=clause_id).select_related("actor").order_by("-pk")
    open_against = Breach.objects.filter(centre=person.centre_id, clause=clause_id).noticed()
    leads = person.has_role(Role.LEADER, Role.INSPECTOR, *rules.DIRECTORS)
    return {
        "entries": entries[:NEWEST],
        "breaches": open_against.with_names()[:NEWEST] if leads else (),
        "breach_count": open_against.count(),
        "sees_names": leads,
    }


def neighbours(clause_id):
    """The clauses before and after, for paging through the rulebook."""
    ids = list(CLAUSES)
    place = ids.index(clause_id)
    return {
        "before": CLAUSES[ids[place - 1]] if place else None,
        "after": CLAUSES[ids[place + 1]] if place + 1 < len(ids) else None,
    }


@access(*rules.DIRECTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def set_parameter(request, clause_id, name):
    """A new value from a date on, with what holds and held before the director's eyes."""
    if clause_id not in CLAUSES or name not in CLAUSES[clause_id].parameters:
        raise Http404
    spec, centre, at = PARAMETERS[name], request.user.centre, clock.now()
    today = clock.local_date(centre, at)
    initial = {"from_on": today, "value": values.initial(spec, parameters.value(centre, name, today))}
    form = ParameterForm(request.POST or None, spec=spec, initial=initial)
    if form.is_valid():
        try:
            actions.set_parameter(centre=centre, name=name, by=request.user, at=at, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Set. The days before keep the value they had."))
            return HttpResponseRedirect(reverse("rulebook:show_clause", args=[clause_id]))
    row = next(parameter_rows(centre, [name], today))
    context = {"form": form, "row": row, "clause": CLAUSES[clause_id]}
    return render(request, "rulebook/parameter.html", context, status=422 if form.errors else 200)


@access(*rules.DIRECTORS)
@require_POST
def switch_clause(request, clause_id):
    """Switch a pending clause on or off from a date on."""
    clause = clause_or_404(clause_id)
    form = SwitchForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the date from which it holds."))
        return HttpResponseRedirect(reverse("rulebook:show_clause", args=[clause_id]))
    in_force = request.POST.get("in_force") == "1"
    from_on = form.cleaned_data["from_on"]
    actions.switch_clause(
        clause=clause, centre=request.user.centre, in_force=in_force, from_on=from_on, by=request.user, at=clock.now()
    )
    messages.success(request, _("Switched on.") if in_force else _("Switched off."))
    return HttpResponseRedirect(reverse("rulebook:show_clause", args=[clause_id]))
