"""Unified answers: searched by everybody, kept by the directors."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.fulltext import LONGEST_QUERY
from callcentre.refusals import refusal
from journal.models import Entry
from notices import actions, reading, rules, searching
from notices.forms import AnswerForm, SynonymsForm, WithdrawForm
from notices.models import SynonymGroup, UnifiedAnswer
from notices.models.notices import PUBLISHERS
from notices.views.taking import taken


@access(EVERYONE)
@require_safe
def search_answers(request):
    """Results as one types; before that the newest answers. A director also finds the drafts here."""
    person = request.user
    asked = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    query, hits = searching.search(person.centre, asked)
    context = {"asked": asked, "found": bool(query), "hits": hits if query else searching.newest(person.centre)}
    if request.htmx:
        return render(request, "notices/_answers.html", context)
    if person.has_role(*PUBLISHERS):
        drafts = UnifiedAnswer.objects.visible_to(person).filter(status=UnifiedAnswer.Status.DRAFT)
        context |= {"writes": True, "drafts": drafts.select_related("written_by")[: searching.SHOWN]}
    return render(request, "notices/search_answers.html", context)


@access(EVERYONE)
@require_safe
def show_answer(request, pk):
    answer = visible(UnifiedAnswer.objects.select_related("centre", "notice__centre", "written_by"), request.user, pk)
    at, by, notice = clock.now(), request.user, answer.notice
    context = {"answer": answer, "entries": Entry.objects.about(answer)}
    if notice and by.has_role(*rules.SEE_READERS):
        read, everybody = reading.coverage(notice, notice.versions.get(number=notice.version), at)
        context |= {"read": read, "everybody": everybody, "per_cent": 100 * read // everybody if everybody else 100}
    if by.has_role(*PUBLISHERS):
        context["steps"] = {
            "publish": refusal(rules.check_publish_answer, answer, by),
            "change": refusal(rules.check_change_answer, answer, by),
            "withdraw": refusal(rules.check_withdraw_answer, answer, by),
        }
    return render(request, "notices/show_answer.html", context)


@access(*PUBLISHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def write_answer(request):
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        step = {"by": request.user, "at": clock.now()}
        if answer := taken(form, lambda: actions.write_answer(**step, **form.texts())):
            return redirect(answer)
    return _form_page(request, form)


@access(*PUBLISHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def change_answer(request, pk):
    """Of a published answer the changed text is its notice's next version."""
    answer = visible(UnifiedAnswer.objects.all(), request.user, pk)
    rules.check_change_answer(answer, request.user)
    form = AnswerForm(request.POST or None, initial=AnswerForm.values_of(answer))
    if request.method == "POST":
        step = {"answer": answer, "by": request.user, "at": clock.now()}
        if taken(form, lambda: actions.change_answer(edit=form.cleaned_data["edit"], **step, **form.texts())):
            messages.success(request, _("Changed."))
            return redirect(answer)
    return _form_page(request, form, answer)


def _form_page(request, form, answer=None):
    changed = form.refused is not None and form.refused.code == "answer_changed_meanwhile"
    context = {"form": form, "answer": answer, "current": answer if changed else None}
    response = render(request, "notices/edit_answer.html", context, status=422 if form.errors else 200)
    if form.refused:
        response["X-Refusal"] = form.refused.code
    return response


@access(*PUBLISHERS)
@require_POST
def publish_answer(request, pk):
    answer = visible(UnifiedAnswer, request.user, pk)
    actions.publish_answer(answer=answer, by=request.user, at=clock.now())
    messages.success(request, _("Published. Every agent is asked to confirm it."))
    return redirect(answer)


@access(*PUBLISHERS)
@require_POST
def discard_answer(request, pk):
    actions.discard_answer(answer=visible(UnifiedAnswer, request.user, pk), by=request.user, at=clock.now())
    messages.success(request, _("The draft is thrown away."))
    return redirect("notices:search_answers")


@access(*PUBLISHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_answer(request, pk):
    answer = visible(UnifiedAnswer.objects.select_related("notice"), request.user, pk)
    refused = refusal(rules.check_withdraw_answer, answer, request.user)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        if refused:
            raise refused
        form = WithdrawForm(request.POST)
        step = {"answer": answer, "by": request.user, "at": clock.now()}
        if taken(form, lambda: actions.withdraw_answer(**step, **form.cleaned_data)):
            messages.success(request, _("Withdrawn. Its audience is told."))
            return redirect(answer)
    context = {"answer": answer, "form": form, "refused": refused}
    return render(request, "notices/withdraw_answer.html", context, status=422 if form.errors else 200)


@access(*PUBLISHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def list_synonyms(request):
    """The groups, each a line that is changed in place; one line more for a new one."""
    if request.method == "POST":
        return _keep(request, None)
    return _synonyms_page(request)


@access(*PUBLISHERS)
@require_POST
def change_synonyms(request, pk):
    return _keep(request, visible(SynonymGroup, request.user, pk))


@access(*PUBLISHERS)
@require_POST
def drop_synonyms(request, pk):
    actions.drop_synonyms(group=visible(SynonymGroup, request.user, pk), by=request.user, at=clock.now())
    messages.success(request, _("The group is removed."))
    return redirect("notices:list_synonyms")


def _keep(request, group):
    form = SynonymsForm(request.POST, group=group)
    step = {"group": group, "by": request.user, "at": clock.now()}
    if taken(form, lambda: actions.keep_synonyms(**step, **form.cleaned_data)):
        messages.success(request, _("Kept."))
        return redirect("notices:list_synonyms")
    return _synonyms_page(request, form, group)


def _synonyms_page(request, failed=None, changed=None):
    """failed: the form that was refused, of the group `changed` or of a new one."""
    groups = SynonymGroup.objects.visible_to(request.user).prefetch_related("words")
    lines = [(group, failed if group == changed else SynonymsForm(group=group)) for group in groups]
    new = failed if failed and changed is None else SynonymsForm()
    response = render(
        request,
        "notices/list_synonyms.html",
        {"lines": lines, "new": new, "failed": failed},
        status=422 if failed else 200,
    )
    if failed and failed.refused:
        response["X-Refusal"] = failed.refused.code
    return response
