from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import Refused, refusal
from journal.models import Entry
from people.models import Person
from shifts import actions, deciding, offers, rules
from shifts.actions.swaps import check_decision, check_exchange
from shifts.forms.leave import RemarkForm
from shifts.forms.swaps import OfferForm
from shifts.models import Shift, Swap
from shifts.views.requests import Step, buttons, page_of, tab_of, take
from shifts.windows import parse_date

TABS = {
    "waiting": Swap.objects.waiting_for,
    "decided": lambda person, at: Swap.objects.visible_to(person).filter(decided_by=person),
    "mine": lambda person, at: Swap.objects.visible_to(person).filter(
        Q(giver=person) | Q(taker=person) | Q(offered_by=person)
    ),
}
STEPS = {
    step.code: step
    for step in (
        Step(
            "accept",
            pgettext_lazy("swap button", "Accept"),
            actions.accept_swap,
            gettext_lazy("Accepted. It counts once it is approved."),
            "check",
            "primary",
        ),
        Step("decline", pgettext_lazy("button", "Decline"), actions.decline_swap, gettext_lazy("Declined."), "x"),
        Step(
            "approve",
            pgettext_lazy("button", "Approve"),
            actions.approve_swap,
            gettext_lazy("Approved. The roster has changed."),
            "check",
            "primary",
            asks=True,
        ),
        Step(
            "refuse",
            pgettext_lazy("button", "Refuse"),
            actions.refuse_swap,
            gettext_lazy("Refused. Both are told."),
            "x",
            asks=True,
        ),
        Step(
            "withdraw", pgettext_lazy("button", "Withdraw"), actions.withdraw_swap, gettext_lazy("Withdrawn."), "undo-2"
        ),
    )
}


@access(EVERYONE)
@require_safe
def list_swaps(request):
    """What waits for me, what I decided, what I take part in."""
    at, tab = clock.now(), tab_of(request, TABS)
    rows, older = page_of(TABS[tab](request.user, at).with_names(), tab, request.GET.get("before", ""))
    return render(request, "shifts/swaps.html", {"tab": tab, "rows": rows, "older": older, "at": at})


@access(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_swap(request):
    """Which shift, then to whom, then what in return: each step is an address of its own."""
    at, by = clock.now(), request.user
    shift_pk = number_in(request.GET.get("shift"))
    if not shift_pk:
        return choose_shift(request, at)
    shift = visible(Shift.objects.published().with_names(), by, shift_pk)
    giver = giver_of(request, shift)
    if giver is None:
        return render(request, "shifts/choose_giver.html", {"shift": shift, "people": offers.people_of(shift)})
    offer = offers.Offer(giver, shift, request.GET.get("to", ""), at)
    refused = refusal(check_offer, offer, by, at)
    if refused or offer.breach or not (offer.taker or offer.team):
        context = {"offer": offer, "refused": refused, "unknown": offer.to and not offer.taker}
        return render(request, "shifts/choose_taker.html", context, status=200 if request.method != "POST" else 422)
    form = OfferForm(offer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return offered(request, form, at)
        except Refused as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    context = {"offer": offer, "form": form}
    return render(request, "shifts/offer_swap.html", context, status=422 if request.method == "POST" else 200)


def number_in(text):
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def choose_shift(request, at):
    """Of the reader, or of somebody absent whose employee number is given; the grid names a person and a day."""
    for_others, number = offers.may_offer_for_others(request.user, at), request.GET.get("number", "")[:12]
    giver = request.user
    if for_others and number:
        giver = Person.objects.visible_to(request.user).active().filter(employee_number=number).first()
    elif for_others and (pk := number_in(request.GET.get("giver"))):
        giver = visible(Person, request.user, pk)
    shifts = offers.coming_shifts(giver, at) if giver else []
    of_day = [shift for shift in shifts if shift.on == parse_date(request.GET.get("on"))]
    if len(of_day) == 1:
        return redirect(f"{request.path}?shift={of_day[0].pk}&giver={giver.pk}")
    context = {"giver": giver, "shifts": shifts, "for_others": for_others, "number": number}
    return render(request, "shifts/choose_shift.html", context)


def giver_of(request, shift):
    """Whose turn it is about: `giver` of the address, else the reader, where they are on the shift."""
    if pk := number_in(request.GET.get("giver")):
        return visible(Person.objects.select_related("team"), request.user, pk)
    return request.user if shift.has_on_it(request.user) else None


def check_offer(offer, by, at):
    rules.check_may_offer_swap(offer.giver, by, powers=deciding.powers_of(by, clock.local_date(by.centre, at)))
    rules.check_turn_held(offer.giver, offer.shift, offer.turn)
    rules.check_swap_time([offer.shift], at)


def offered(request, form, at):
    offer = form.offer
    swap = actions.offer_swap(
        giver=offer.giver,
        gives=offer.shift,
        taker=offer.taker,
        team=offer.team,
        takes=form.cleaned_takes(),
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=at,
    )
    messages.success(request, _("Offered. You are told of the answer."))
    return redirect(swap)


@access(EVERYONE)
@require_safe
def show_swap(request, pk):
    return render_swap(request, visible(Swap.objects.with_names(), request.user, pk), RemarkForm())


def render_swap(request, swap, remark_form, status=200):
    at = clock.now()
    drawn = buttons_of(swap, request.user, at)
    context = {
        "swap": swap,
        "at": at,
        "problem": problem_of(swap),
        "deciding": [button for button in drawn if button.step.asks],
        "buttons": [button for button in drawn if not button.step.asks],
        "remark_form": remark_form,
        "entries": Entry.objects.about(swap),
    }
    return render(request, "shifts/swap.html", context, status=status)


def problem_of(swap):
    """Why the swap could not be approved as the roster is now, or None."""
    if not (swap.is_open and swap.taker):
        return None
    return refusal(check_exchange, swap.giver, swap.gives, swap.taker, swap.takes)


def buttons_of(swap, by, at):
    decide = refusal(check_decision, swap, by, at) if swap.is_accepted else Refused("wrong_state")
    ruled = {
        "accept": refusal(rules.check_accept_swap, swap, by, at),
        "decline": refusal(rules.check_decline_swap, swap, by, at),
        "approve": decide,
        "refuse": decide,
        "withdraw": refusal(rules.check_withdraw_swap, swap, by),
    }
    return buttons(STEPS, lambda code: reverse(f"shifts:{code}_swap", args=[swap.pk]), ruled)


@access(EVERYONE)
@require_POST
def take_step(request, pk, step):
    swap, at = visible(Swap.objects.with_names(), request.user, pk), clock.now()
    answer, form = take(request, swap, STEPS[step], at, swap=swap)
    return answer or render_swap(request, swap, form, status=422)
