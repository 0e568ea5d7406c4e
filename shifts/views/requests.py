"""What the pages of leave and of swaps share: their tabs, their pages of rows, and taking a step."""

import dataclasses

from django.contrib import messages
from django.shortcuts import redirect

from shifts.forms.leave import RemarkForm

PAGE = 50
MOST_WAITING = 100


@dataclasses.dataclass(frozen=True)
class Step:
    """A button: `action` is called with the row, by, at and, where it `asks` for one, a remark."""

    code: str
    label: object
    action: object
    done: object
    icon: str
    kind: str = "secondary"
    asks: bool = False


@dataclasses.dataclass(frozen=True)
class Button:
    step: Step
    url: str
    refused: object = None


def tab_of(request, tabs):
    tab = request.GET.get("tab", "")
    return tab if tab in tabs else next(iter(tabs))


def page_of(rows, tab, before):
    """(rows of the page, address of the next page or ""). What waits for one person is short and has one page."""
    if tab == "waiting":
        return list(rows[:MOST_WAITING]), ""
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    older = f"?tab={tab}&before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return found[:PAGE], older


def take(request, row, step, at, **kwargs):
    """Take the step. Returns the answer, or the form where the remark is not one. A refusal is the middleware's."""
    form = RemarkForm(request.POST)
    if step.asks and not form.is_valid():
        return None, form
    remark = {"remark": form.cleaned_data["remark"]} if step.asks else {}
    step.action(by=request.user, at=at, **kwargs, **remark)
    messages.success(request, step.done)
    back = request.POST.get("back") == "start"  # from the start page one goes on to what waits next
    return redirect("board:start" if back else row), form


def buttons(steps, address, ruled, shown=()):
    """The Buttons of the steps whose rule lets them pass, and of those whose refusal is worth saying.

    ruled: {code: the Refused of its rule, or None}; shown: codes of the refusals that are drawn
    """
    return [
        Button(steps[code], address(code), refused)
        for code, refused in ruled.items()
        if refused is None or refused.code in shown
    ]
