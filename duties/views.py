from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import Refused, refusal
from duties import actions, records, rules, waiting, who
from duties.forms import DayForm, WaiveForm
from duties.models import Duty
from journal.models import Entry
from people.models import Role

MISSED_SHOWN = 50


def page_of(duty):
    """Where the duty is done: its record's page, or its own."""
    return reverse(records.PAGES.get(duty.rule.code, "duties:show_duty"), args=[duty.pk])


@access(EVERYONE)
@require_safe
def index(request):
    """The duties of a day, and what is still owed from earlier ones."""
    at = clock.now()
    today = clock.local_date(request.user.centre, at)
    form = DayForm(request.GET)
    on = form.is_valid() and form.cleaned_data["on"] or today
    visible_duties = Duty.objects.visible_to(request.user).with_rule()
    of_day = list(visible_duties.of_day(on))
    owed = list(visible_duties.workable().filter(due_on__lt=on).order_by("-due_on")[:MISSED_SHOWN])
    found = who.assignees(request.user.centre, of_day + owed)
    context = {
        "on": on,
        "today": today,
        "form": form,
        "of_day": [(duty, found[duty.pk], page_of(duty)) for duty in of_day],
        "owed": [(duty, found[duty.pk], page_of(duty)) for duty in owed],
        "waiting": {duty.pk for duty in waiting.waiting_for(request.user, at).to_do},
    }
    return render(request, "duties/index.html", context)


def _page(request, duty, form=None, status=200):
    assignee = who.assignee(duty)
    crew = actions.on_crew(request.user, assignee)
    steps = {
        "start": refusal(rules.check_start, duty, request.user, assignee, on_crew=crew),
        "finish": refusal(rules.check_finish, duty, request.user, assignee, on_crew=crew),
        "verify": refusal(rules.check_verify, duty, request.user),
        "undo": refusal(rules.check_undo, duty, request.user),
    }
    context = {
        "duty": duty,
        "assignee": assignee,
        "own_page": page_of(duty) if duty.rule.code in records.PAGES else "",
        "steps": steps,
        "may_waive": refusal(rules.check_waive, duty, request.user, "…") is None,
        "form": form or WaiveForm(),
        "entries": Entry.objects.about(duty),
    }
    return render(request, "duties/show_duty.html", context, status=status)


@access(EVERYONE)
@require_safe
def show_duty(request, pk):
    return _page(request, visible(Duty.objects.with_rule(), request.user, pk))


def _step(request, pk, action, said):
    duty = visible(Duty.objects.with_rule(), request.user, pk)
    action(duty=duty, by=request.user, at=clock.now())
    undoable = duty.status in (Duty.Status.STARTED, Duty.Status.DONE)
    tags = reverse("duties:undo_duty", args=[pk]) if undoable and action is not actions.undo else ""
    messages.success(request, said, extra_tags=tags)
    return redirect("duties:show_duty", pk)


@access(EVERYONE)
@require_POST
def start_duty(request, pk):
    return _step(request, pk, actions.start, _("Started."))


@access(EVERYONE)
@require_POST
def finish_duty(request, pk):
    return _step(request, pk, actions.finish, _("Done."))


@access(Role.LEADER, Role.DIRECTOR)
@require_POST
def verify_duty(request, pk):
    return _step(request, pk, actions.verify, _("Verified."))


@access(EVERYONE)
@require_POST
def undo_duty(request, pk):
    return _step(request, pk, actions.undo, _("Taken back."))


@access(Role.DIRECTOR)
@require_POST
def waive_duty(request, pk):
    duty = visible(Duty.objects.with_rule(), request.user, pk)
    form = WaiveForm(request.POST)
    if form.is_valid():
        try:
            actions.waive(duty=duty, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Waived."))
            return redirect("duties:show_duty", pk)
    return _page(request, duty, form, status=422)
