from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access
from people.models import Role
from shifts import actions, months, rules, wishes
from shifts.forms.solving import WishForm
from shifts.models import Wish
from shifts.views.rosters import month_links


@access(EVERYONE)
@require_safe
def show_wishes(request):
    """The reader's own wishes of a month, by default the first one with a day that is open for them."""
    person = request.user
    today = clock.local_date(person.centre, clock.now())
    year, month = months.parse_month(request.GET.get("month"), wishes.first_open_day(person, today))
    return render(request, "shifts/wishes.html", wish_context(person, year, month, today))


def wish_context(person, year, month, today):
    days = wishes.own_month(person, year, month, today)
    return {
        "days": days,
        "types": list(wishes.types_to_wish(person)) if any(day.is_open for day in days) else [],
        "first": days[0].day.on,
        "spent": sum(day.wish.weight for day in days if day.wish),
        "points": rules.WISH_POINTS,
        "is_planned": rules.is_planned(person, today),
        **month_links(year, month),
    }


@access(EVERYONE)
@require_POST
def make_wish(request):
    at = clock.now()
    form = WishForm(wishes.types_to_wish(request.user), request.POST)
    if not form.is_valid():
        raise Http404
    wish = actions.make_wish(**form.chosen, by=request.user, at=at)
    return answer(request, wish.on, at)


@access(EVERYONE)
@require_POST
def withdraw_wish(request, pk):
    """Of one's own only: anybody else's is not there."""
    at, wish = clock.now(), Wish.objects.filter(person=request.user, pk=pk).first()
    if wish is None:
        raise Http404
    actions.withdraw_wish(wish=wish, by=request.user, at=at)
    return answer(request, wish.on, at)


def answer(request, on, at):
    """The month of the wish: the part of the page that htmx puts in place, or the page at its day."""
    if request.htmx:
        today = clock.local_date(request.user.centre, at)
        return render(request, "shifts/_wishes.html", wish_context(request.user, on.year, on.month, today))
    return redirect(f"{reverse('shifts:show_wishes')}?month={months.month_key(on.year, on.month)}#wish-{on}")


@access(Role.LEADER, Role.DIRECTOR)
@require_safe
def list_wishes(request):
    """Everybody's wishes of a month, day by day."""
    centre = request.user.centre
    today = clock.local_date(centre, clock.now())
    year, month = months.parse_month(request.GET.get("month"), months.beside(today.year, today.month, 1))
    rows = list(wishes.of_month(centre, year, month))
    context = {"rows": rows, "people": len({row.person_id for row in rows}), "first": months.beside(year, month, 0)}
    return render(request, "shifts/wish_list.html", {**context, **month_links(year, month)})
