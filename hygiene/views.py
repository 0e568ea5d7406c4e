import datetime as dt
import itertools

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import Refused, refusal
from duties import rules as duty_rules
from duties.models import Duty
from hygiene import actions, rota
from hygiene.actions import Work
from hygiene.checklists import KINDS
from hygiene.forms import FinishForm, HelpersForm, ReasonForm, SkipForm
from hygiene.models import Plant, PlantSkip
from journal.models import Entry
from people.models import Person, Role
from shifts.models import Assignment, Shift


@access(EVERYONE)
@require_safe
def show_rota(request):
    """Today's cleans, and the month's: who cleans what, when, done or not."""
    today = clock.local_date(request.user.centre, clock.now())
    first = rota.first_of_month(request.GET.get("month", ""), today)
    rules, days = rota.month(request.user, first)
    context = {
        "today": today,
        "first": first,
        "earlier": (first - dt.timedelta(days=1)).strftime("%Y-%m"),
        "later": rota.next_month(first).strftime("%Y-%m"),
        "now": rota.now(request.user, today),
        "rules": rules,
        "days": days,
    }
    return render(request, "hygiene/show_rota.html", context)


@access(EVERYONE)
@require_safe
def list_plants(request):
    """The plant register, by place. A director changes it in the admin."""
    plants = Plant.objects.visible_to(request.user).in_care()
    context = {
        "places": [(place, list(group)) for place, group in itertools.groupby(plants, lambda plant: plant.place)],
        "may_edit": request.user.has_role(Role.DIRECTOR),
    }
    return render(request, "hygiene/list_plants.html", context)


def the_duty(request, pk):
    return visible(Duty.objects.with_rule().filter(rule__code__in=KINDS), request.user, pk)


def candidates(duty):
    """Those who work on the duty's day, whoever leads it aside: the helpers to choose from."""
    shifts = Shift.objects.published().of_day(duty.centre, duty.due_on)
    on_shift = Assignment.objects.in_shifts(shifts).values("person")
    return Person.objects.active().filter(pk__in=on_shift).order_by("team_id", "employee_number")


def context_of(request, duty):
    """What the fragment shows: the checklist, what is left out, and the next step."""
    work = Work(duty, request.user)
    _code, _area, has_plants = KINDS[duty.rule.code]
    plants = Plant.objects.filter(centre=duty.centre).in_care() if has_plants else Plant.objects.none()
    skips = list(PlantSkip.objects.filter(clean=work.clean).select_related("plant", "by")) if work.clean else []
    return {
        "duty": duty,
        "work": work,
        "clean": work.clean,
        "items": [(item, work.ticks.get(item.pk)) for item in work.items],
        "answered": len(work.items) - len(work.unanswered),
        "has_plants": has_plants,
        "plants": list(plants),
        "skips": skips,
        "finish_form": FinishForm(),
        "may_tick": refusal(work.check_tick) is None,
        "steps": {
            "start": refusal(work.check_begin),
            "finish": refusal(work.check_finish),
            "verify": refusal(work.check_verify),
            "undo": refusal(duty_rules.check_undo, duty, request.user),
        },
    }


def page(request, duty, *, helpers_form=None, status=200, **forms):
    context = context_of(request, duty)
    work = context["work"]
    # Before it has begun the helpers are chosen in the same step as the start.
    chooses = refusal(work.check_name) is None or context["steps"]["start"] is None
    if chooses and helpers_form is None:
        helpers_form = HelpersForm(candidates=candidates(duty), named=work.helpers)
    rows = [Entry.objects.about(duty), Entry.objects.about(work.clean)] if work.clean else [Entry.objects.about(duty)]
    context |= {
        "helpers_form": helpers_form,
        "entries": sorted(itertools.chain(*rows), key=lambda row: row.pk),
        **forms,
    }
    return render(request, "hygiene/show_clean.html", context, status=status)


@access(EVERYONE)
@require_safe
def show_clean(request, pk):
    return page(request, the_duty(request, pk))


def changed(request, duty):
    """After a tick: the fragment for htmx, else the page at its checklist."""
    if request.htmx:
        return render(request, "hygiene/_work.html", context_of(request, duty))
    return redirect(f"{reverse('hygiene:show_clean', args=[duty.pk])}#work")


def refused_here(request, duty, form, refused):
    """Nothing typed is lost: the page again, with what stopped the step beside its field."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return page(request, duty, helpers_form=form, status=422)


@access(EVERYONE)
@require_POST
def start_clean(request, pk):
    """Start it, with the helpers ticked in the same form."""
    return _with_helpers(request, pk, actions.start, _("Started."))


@access(EVERYONE)
@require_POST
def name_helpers(request, pk):
    return _with_helpers(request, pk, actions.name_helpers, _("The helpers are named."))


def _with_helpers(request, pk, action, said):
    duty = the_duty(request, pk)
    form = HelpersForm(request.POST, candidates=candidates(duty))
    if not form.is_valid():
        return page(request, duty, helpers_form=form, status=422)
    try:
        others = actions.people_by_number(duty.centre, form.cleaned_data["numbers"])
        action(duty=duty, by=request.user, at=clock.now(), helpers=[*form.cleaned_data["helpers"], *others])
    except Refused as refused:
        if refused.field is None:
            raise
        return refused_here(request, duty, form, refused)
    undo = (
        reverse("hygiene:undo_clean", args=[pk])
        if action is actions.start and duty.status == duty.Status.STARTED
        else ""
    )
    messages.success(request, said, extra_tags=undo)
    return redirect("hygiene:show_clean", pk)


@access(EVERYONE)
@require_POST
def tick_item(request, pk, item):
    duty = the_duty(request, pk)
    actions.tick_item(duty=duty, item=item, by=request.user, at=clock.now())
    return changed(request, duty)


@access(EVERYONE)
@require_POST
def untick_item(request, pk, item):
    duty = the_duty(request, pk)
    actions.untick_item(duty=duty, item=item, by=request.user, at=clock.now())
    return changed(request, duty)


@access(EVERYONE)
@require_POST
def excuse_item(request, pk, item):
    duty = the_duty(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("clean_item_reason_missing", clause=duty.rule.clause)
    actions.excuse_item(duty=duty, item=item, by=request.user, at=clock.now(), **form.cleaned_data)
    return changed(request, duty)


@access(EVERYONE)
@require_POST
def skip_plant(request, pk):
    duty = the_duty(request, pk)
    form = SkipForm(request.POST, plants=Plant.objects.filter(centre=duty.centre).in_care())
    if not form.is_valid():
        code = "clean_item_reason_missing" if form.cleaned_data.get("plant") else "clean_plant_unknown"
        raise Refused(code, clause=duty.rule.clause)
    plant, reason = form.cleaned_data["plant"], form.cleaned_data["reason"]
    actions.skip_plant(duty=duty, plant=plant.pk, reason=reason, by=request.user, at=clock.now())
    return changed(request, duty)


@access(EVERYONE)
@require_POST
def unskip_plant(request, pk, plant):
    duty = the_duty(request, pk)
    actions.unskip_plant(duty=duty, plant=plant, by=request.user, at=clock.now())
    return changed(request, duty)


@access(EVERYONE)
@require_POST
def finish_clean(request, pk):
    duty = the_duty(request, pk)
    form = FinishForm(request.POST)
    if not form.is_valid():
        return page(request, duty, finish_form=form, status=422)
    actions.finish(duty=duty, by=request.user, at=clock.now(), **form.cleaned_data)
    messages.success(request, _("Done."), extra_tags=reverse("hygiene:undo_clean", args=[pk]))
    return redirect("hygiene:show_clean", pk)


@access(Role.LEADER, Role.DIRECTOR)
@require_POST
def verify_clean(request, pk):
    duty = the_duty(request, pk)
    actions.verify(duty=duty, by=request.user, at=clock.now())
    messages.success(request, _("Signed off."))
    return redirect("hygiene:show_clean", pk)


@access(EVERYONE)
@require_POST
def undo_clean(request, pk):
    duty = the_duty(request, pk)
    actions.undo(duty=duty, by=request.user, at=clock.now())
    messages.success(request, _("Taken back."))
    return redirect("hygiene:show_clean", pk)
