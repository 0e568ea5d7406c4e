import functools

from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import Refused, refusal
from journal.models import Entry
from people.models import Person
from shifts import actions, exchanges, offers, rules
from shifts.actions.leave import standing_of
from shifts.forms.leave import AskLeaveForm, RemarkForm
from shifts.models import Leave
from shifts.views.requests import Step, buttons, page_of, tab_of, take

TABS = {
    "waiting": Leave.objects.waiting_for,
    "decided": lambda person, at: Leave.objects.visible_to(person).filter(decided_by=person),
    "mine": lambda person, at: Leave.objects.visible_to(person).filter(Q(person=person) | Q(asked_by=person)),
}
STEPS = {
    step.code: step
    for step in (
        Step(
            "approve",
            pgettext_lazy("button", "Approve"),
            actions.approve_leave,
            _("Approved. The roster marks these days as leave."),
            "check",
            "primary",
            asks=True,
        ),
        Step(
            "refuse",
            pgettext_lazy("button", "Refuse"),
            actions.refuse_leave,
            _("Refused. The person is told."),
            "x",
            asks=True,
        ),
        Step("withdraw", pgettext_lazy("button", "Withdraw"), actions.withdraw_leave, _("Withdrawn."), "undo-2"),
        Step(
            "cancel",
            pgettext_lazy("button", "Cancel leave"),
            actions.cancel_leave,
            _("Cancelled. The shifts of these days count again."),
            "circle-slash",
        ),
    )
}


@access(EVERYONE)
@require_safe
def list_leaves(request):
    """What waits for me, what I decided, what I asked for."""
    at, tab = clock.now(), tab_of(request, TABS)
    rows, older = page_of(TABS[tab](request.user, at).with_names(), tab, request.GET.get("before", ""))
    context = {"tab": tab, "rows": rows, "older": older, "at": at, "today": clock.local_date(request.user.centre, at)}
    return render(request, "shifts/leaves.html", context)


@access(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_leave(request):
    at, by = clock.now(), request.user
    for_others = offers.may_offer_for_others(by, at)
    if request.method != "POST":
        form = AskLeaveForm(for_others=for_others, initial={"number": request.GET.get("number", "")[:12]})
        return render(request, "shifts/ask_leave.html", {"form": form})
    form = AskLeaveForm(request.POST, for_others=for_others)
    if form.is_valid():
        try:
            return redirect(keep(form, by, at))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    return render(request, "shifts/ask_leave.html", {"form": form}, status=422)


def keep(form, by, at):
    wanted = form.cleaned_data
    number = wanted.pop("number", "")
    person = by
    if number and number != by.employee_number:
        person = Person.objects.visible_to(by).active().filter(employee_number=number).first()
        if person is None:
            raise Refused("leave_of_a_stranger", field="number")
    return actions.ask_leave(person=person, by=by, at=at, **wanted)


@access(EVERYONE)
@require_safe
def show_leave(request, pk):
    return render_leave(request, visible(Leave.objects.with_names(), request.user, pk), RemarkForm())


def render_leave(request, leave, remark_form, status=200):
    at, by = clock.now(), request.user
    pending = leave.status == Leave.Status.REQUESTED
    drawn, turns = buttons_of(leave, by, at), exchanges.turns_on(leave)
    context = {
        "leave": leave,
        "at": at,
        "shifts": turns,
        "short": exchanges.left_short(leave, turns) if pending else [],
        "pending": pending,
        "deciding": [button for button in drawn if button.step.asks],
        "buttons": [button for button in drawn if not button.step.asks],
        "remark_form": remark_form,
        "entries": Entry.objects.about(leave),
    }
    return render(request, "shifts/leave.html", context, status=status)


def buttons_of(leave, by, at):
    sides = standing_of(leave, by, at)
    decide = refusal(rules.check_decide_leave, leave, by, **sides)
    ruled = {
        "approve": decide,
        "refuse": decide,
        "withdraw": refusal(rules.check_withdraw_leave, leave, by),
        "cancel": refusal(rules.check_cancel_leave, leave, by, **sides, at=at),
    }
    address = functools.partial(step_address, leave)
    return buttons(STEPS, address, ruled, shown={"leave_asked_by_you"})


def step_address(leave, code):
    return reverse(f"shifts:{code}_leave", args=[leave.pk])


@access(EVERYONE)
@require_POST
def take_step(request, pk, step):
    leave, at = visible(Leave.objects.with_names(), request.user, pk), clock.now()
    answer, form = take(request, leave, STEPS[step], at, leave=leave)
    return answer or render_leave(request, leave, form, status=422)
