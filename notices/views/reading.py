"""Reading: the list, one notice, its confirmation; who has read it, and its paper."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import refusal
from journal.models import Entry
from notices import actions, changes, lists, readers, reading, rules
from notices.forms import FilesForm
from notices.models import Confirmation, Notice
from notices.models.notices import WRITERS

KEY = 19  # digits of a key at most


def number_or_none(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < KEY else None


@access(EVERYONE)
@require_safe
def list_notices(request):
    """What I have to read, what is new since my last duty, what is in force; the filters are in the address."""
    person, at = request.user, clock.now()
    tab = request.GET.get("tab", "mine")
    tab = tab if tab in lists.TABS else "mine"
    kind = request.GET.get("kind", "")
    kind = kind if kind in Notice.Kind.values else ""
    before = number_or_none(request.GET.get("before", ""))
    page = lists.page_of(person, at, tab, kind, before)
    here = {"tab": tab, **({"kind": kind} if kind else {})}
    context = {
        "at": at,
        "tab": tab,
        "kind": kind,
        "kinds": Notice.Kind.choices,
        "page": page,
        "writes": person.has_role(*WRITERS),
        "newer": f"?{urlencode(here)}" if before else "",
        "older": f"?{urlencode({**here, 'before': page.older})}" if page.older else "",
    }
    return render(request, "notices/list_notices.html", context)


def the_notice(request, pk):
    return visible(
        Notice.objects.with_names().prefetch_related("addressees__team", "addressees__shift_type"), request.user, pk
    )


@access(EVERYONE)
@require_safe
def show_notice(request, pk):
    return notice_page(request, the_notice(request, pk))


def notice_page(request, notice, *, files_form=None, status=200):
    at = clock.now()
    versions = list(notice.versions.select_related("published_by"))
    current = versions[-1] if versions else None
    context = {
        "notice": notice,
        "at": at,
        "in_force": notice.is_in_force(at),
        "files": notice.files.all(),
        "files_form": files_form or FilesForm(),
        "entries": Entry.objects.about(notice),
        **steps_of(notice, request.user, at),
        **texts_of(versions),
        **confirmation_of(notice, current, request.user, at),
    }
    return render(request, "notices/show_notice.html", context, status=status)


def texts_of(versions):
    """What the last change changed, and the texts before."""
    if len(versions) < 2:
        return {}
    *earlier, current = versions
    return {"changed": changes.compare(earlier[-1].body, current.body), "earlier": earlier[::-1]}


def confirmation_of(notice, current, person, at):
    """What the reader has confirmed or can; for who leads, how many have."""
    if current is None:
        return {"told": reading.people_meant(notice, at).count()}
    meant = Notice.objects.filter(pk=notice.pk).meant_for(person.pk, person.centre, at).exists()
    mine = Confirmation.objects.filter(version=current, person=person).first()
    context = {
        "mine": mine,
        "may_confirm": mine is None and refusal(rules.check_confirm, notice, current, meant=meant, at=at) is None,
    }
    if notice.must_confirm and person.has_role(*rules.SEE_READERS):
        read, everybody = reading.coverage(notice, current, at)
        context |= {"read": read, "everybody": everybody, "per_cent": 100 * read // everybody if everybody else 100}
    return context


def steps_of(notice, person, at):
    """The writer's next steps: each None where it may be taken, else why not. Readers are shown none."""
    if refusal(rules.check_write, person, notice):
        return {}
    return {
        "writer": True,
        "steps": {
            "publish": refusal(rules.check_publish, notice, person),
            "revise": refusal(rules.check_revise, notice, person, at),
            "withdraw": refusal(rules.check_withdraw, notice, person),
        },
    }


# The pages on which a notice is confirmed in place.
BACK = {"start": "board:start", "desk": "board:show_my_desk", "list": "notices:list_notices"}


@access(EVERYONE)
@require_POST
def confirm_notice(request, pk):
    """Bound to the version that was on the screen. `back` names the page that it was confirmed on."""
    notice = visible(Notice, request.user, pk)
    version = number_or_none(request.POST.get("version", ""))
    if version is None:
        raise Http404
    actions.confirm(notice=notice, version=version, by=request.user, at=clock.now())
    messages.success(request, _("Confirmed: you have read this notice."))
    back = BACK.get(request.POST.get("back"))
    return redirect(reverse(back) if back else notice)


@access(*rules.SEE_READERS)
@require_safe
def list_readers(request, pk):
    """Who has not read it, by team, those on the floor first."""
    at = clock.now()
    notice = the_notice(request, pk)
    if notice.is_draft or not notice.must_confirm:
        raise Http404
    groups = readers.groups_of(notice, notice.versions.get(number=notice.version), at)
    read, everybody, per_cent = readers.total(groups)
    chosen = number_or_none(request.GET.get("team", ""))
    missing = [reader for group in groups if chosen in (None, group.team_id) for reader in group.unread]
    missing.sort(key=lambda reader: not reader.on_floor)
    context = {
        "notice": notice,
        "groups": groups,
        "chosen": chosen,
        "missing": missing[: readers.SHOWN],
        "more": len(missing) - readers.SHOWN,
        "read": read,
        "everybody": everybody,
        "per_cent": per_cent,
        "nudge": refusal(rules.check_nudge, notice, request.user, at),
        "at": at,
    }
    return render(request, "notices/list_readers.html", context)


@access(*rules.SEE_READERS)
@require_POST
def nudge_readers(request, pk):
    notice = visible(Notice, request.user, pk)
    reminded = actions.nudge(notice=notice, by=request.user, at=clock.now())
    said = ngettext("%(n)s person on duty was reminded.", "%(n)s people on duty were reminded.", reminded)
    messages.success(request, said % {"n": reminded})
    return redirect("notices:list_readers", pk)


@access(*rules.SEE_READERS)
@require_safe
def print_notice(request, pk):
    """The notice with its list of readers, for paper."""
    at = clock.now()
    notice = the_notice(request, pk)
    if notice.is_draft:
        raise Http404
    groups = readers.groups_of(notice, notice.versions.get(number=notice.version), at) if notice.must_confirm else []
    context = {"notice": notice, "groups": groups, "total": readers.total(groups), "at": at}
    return render(request, "notices/print_notice.html", context)
