from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.attachments import serve
from callcentre.refusals import Refused, refusal
from escalations import actions, pages, rules, sources
from escalations.forms import LONGEST, CaseForm, FollowUpForm, draft_values
from escalations.models import Case, CaseFile, Category, FollowUp
from escalations.permissions import COUNT
from escalations.steps import STEPS

PAGE = 50
WAITING = 200


@access(EVERYONE)
@require_safe
def list_cases(request):
    """Three tabs; the filters are in the address. What waits for me comes by its due time, the rest newest first."""
    at = clock.now()
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "waiting"
    wanted = wanted_filters(request.GET)
    rows, older = page_of(filtered(TABS[tab](request.user, at), wanted), tab, request.GET.get("before", ""))
    for row in rows:
        row.overdue = row.is_overdue(at)
    context = {
        "at": at,
        "tab": tab,
        "rows": rows,
        "wanted": wanted,
        "kept": urlencode(wanted),
        "older": f"?{urlencode({'tab': tab, **wanted, 'before': older})}" if older else "",
        "categories": Category.choices,
        "statuses": Case.Status.choices,
        "reads_report": request.user.has_perm(COUNT),
    }
    return render(request, "escalations/cases.html", context)


TABS = {
    "waiting": Case.objects.waiting_for,
    "mine": lambda person, at: Case.objects.raised_by(person),
    "all": lambda person, at: Case.objects.visible_to(person).submitted(),
}


def wanted_filters(query):
    """The filters of the address that are known ones."""
    allowed = {"category": Category.values, "status": Case.Status.values, "urgent": ["1"]}
    return {name: query[name] for name, values in allowed.items() if query.get(name) in values}


def filtered(rows, wanted):
    return rows.filter(**{name: value == "1" if name == "urgent" else value for name, value in wanted.items()})


def page_of(rows, tab, before):
    """(rows of the page, key of the next page or None). What waits for one person is short and has one page."""
    rows = rows.with_names()
    if tab == "waiting":
        return list(rows[:WAITING]), None
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


@access(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_case(request):
    at = clock.now()
    if request.method == "POST" and "prefill" not in request.POST:
        return _keep(request, at=at)
    carried = {**_chosen(request.GET), **_carried(request.POST, request.user)}
    return _form_page(request, CaseForm(initial={"happened_at": at, **carried}, person=request.user))


@access(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_draft(request, pk):
    case = visible(Case, request.user, pk)
    if request.method == "POST":
        return _keep(request, at=clock.now(), case=case)
    if refusal(rules.may_draft, case, request.user):
        return redirect(case)
    return _form_page(request, CaseForm(initial=draft_values(case), person=request.user), case)


def _chosen(query):
    """A link to the form may choose the category: a button beside what it is about."""
    return {"category": query["category"]} if query.get("category") in Category.values else {}


def _carried(posted, person):
    """What a button beside a record carries over: by a post, for words never stand in an address. A record that the
    person may see gives its own words."""
    carried = {name: posted[name][:LONGEST] for name in ("category", "what_happened", "source") if posted.get(name)}
    if found := sources.of(carried.get("source", ""), person):
        carried.setdefault("what_happened", found.words[:LONGEST])
    return carried


def _keep(request, *, at, case=None):
    form = CaseForm(request.POST, request.FILES, person=request.user)
    keep = actions.save_draft if "draft" in request.POST else actions.raise_case
    if form.is_valid():
        try:
            kept = keep(by=request.user, at=at, case=case, **form.fields_of_case())
        except Refused as refused:
            form.refuse(refused)
            return _form_page(request, form, case, status=422, code=refused.code)
        messages.success(request, _("Kept as a draft.") if kept.status == Case.Status.DRAFT else _("Submitted."))
        return redirect(kept)
    return _form_page(request, form, case, status=422)


def _form_page(request, form, case=None, status=200, code=""):
    files = list(case.files.all()) if case else []
    response = render(request, "escalations/new_case.html", {"form": form, "case": case, "files": files}, status=status)
    if code:
        response["X-Refusal"] = code
    return response


@access(EVERYONE)
@require_safe
def show_file(request, pk):
    return serve(request, visible(CaseFile, request.user, pk))


@access(EVERYONE)
@require_POST
def remove_file(request, pk):
    file = visible(CaseFile.objects.select_related("case"), request.user, pk)
    actions.remove_file(file=file, by=request.user, at=clock.now())
    messages.success(request, _("The file is taken off. The journal keeps that it was there."))
    return redirect("escalations:edit_draft", file.case_id)


@access(EVERYONE)
@require_safe
def show_case(request, pk):
    case = visible(Case.objects.for_page(), request.user, pk)
    return render(request, "escalations/case.html", pages.of_case(case, request.user, clock.now()))


@access(EVERYONE)
@require_POST
def take_step(request, pk, step):
    """One of escalations.steps: its action, then back to the case; refused, the page with what was typed."""
    at = clock.now()
    case = visible(Case.objects.for_page(), request.user, pk)
    form = STEPS[step].take(case, by=request.user, at=at, data=request.POST, files=request.FILES)
    if not form.errors:
        messages.success(request, STEPS[step].done)
        if not request.htmx:
            return redirect(case)
    case = Case.objects.for_page().get(pk=pk)
    template = "escalations/_case.html" if request.htmx else "escalations/case.html"
    context = pages.of_case(case, request.user, at, failed=form if form.errors else None)
    return refused_response(render(request, template, context), form)


def refused_response(response, form):
    """422 and the refusal's code for a form that was refused."""
    if form.errors:
        response.status_code = 422
    if form.refused:
        response["X-Refusal"] = form.refused.code
    return response


@access(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def show_follow_up(request, pk):
    """The report that a skipped superior is owed: made here, read and acknowledged here."""
    follow_up = visible(FollowUp.objects.with_names(), request.user, pk)
    form = FollowUpForm(request.POST or None)
    if request.method != "POST":
        return _follow_up_page(request, follow_up, form)
    if form.is_valid():
        try:
            text = form.cleaned_data["text"]
            actions.follow_up(follow_up=follow_up, by=request.user, at=clock.now(), text=text)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
            return _follow_up_page(request, follow_up, form, status=422, code=refused.code)
        messages.success(request, _("The follow-up report is made. Who was skipped has been told."))
        return redirect(follow_up)
    return _follow_up_page(request, follow_up, form, status=422)


def _follow_up_page(request, follow_up, form, status=200, code=""):
    person, at = request.user, clock.now()
    context = {
        "follow_up": follow_up,
        "form": form,
        "making": refusal(rules.may_follow_up, follow_up, person),
        "acknowledging": refusal(rules.may_acknowledge_follow_up, follow_up, person),
        "is_overdue": follow_up.is_overdue(at),
        "sees_case": Case.objects.visible_to(person).filter(pk=follow_up.case_id).exists(),
    }
    response = render(request, "escalations/follow_up.html", context, status=status)
    if code:
        response["X-Refusal"] = code
    return response


@access(EVERYONE)
@require_POST
def acknowledge_follow_up(request, pk):
    follow_up = visible(FollowUp.objects.with_names(), request.user, pk)
    actions.acknowledge_follow_up(follow_up=follow_up, by=request.user, at=clock.now())
    messages.success(request, _("Acknowledged."))
    return redirect(follow_up)
