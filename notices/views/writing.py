"""Writing, publishing, changing and withdrawing."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callcentre import clock
from callcentre.access import access, visible
from callcentre.refusals import refusal
from notices import actions, rules
from notices.forms import NoticeForm, TextForm, WithdrawForm, usual_values, values_of
from notices.models import Notice
from notices.models.notices import WRITERS
from notices.views.taking import taken


@access(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def write_notice(request):
    """A new draft; its own page then shows it as its readers will see it, with the button that publishes."""
    at = clock.now()
    if request.method != "POST":
        initial = usual_values(request.user.centre, at)
        return _form_page(request, NoticeForm(initial=initial, by=request.user))
    form = NoticeForm(request.POST, by=request.user)
    notice = taken(form, lambda: actions.write(by=request.user, at=at, **form.fields_of_notice()))
    return redirect(notice) if notice else _form_page(request, form, status=422)


@access(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_notice(request, pk):
    """A draft is written on; of a published notice the changed text is the next version."""
    notice = visible(Notice.objects.with_names(), request.user, pk)
    return _edit_draft(request, notice) if notice.is_draft else _revise(request, notice)


def _edit_draft(request, notice):
    rules.check_edit(notice, request.user)
    if request.method != "POST":
        return _form_page(request, NoticeForm(initial=values_of(notice), by=request.user), notice)
    form = NoticeForm(request.POST, by=request.user)
    step = {"notice": notice, "by": request.user, "at": clock.now()}
    edited = taken(form, lambda: actions.edit(seen_at=form.cleaned_data["seen_at"], **step, **form.fields_of_notice()))
    return redirect(notice) if edited else _form_page(request, form, notice, status=422)


def _revise(request, notice):
    at = clock.now()
    rules.check_revise(notice, request.user, at)
    if request.method != "POST":
        initial = {"version": notice.version, "title": notice.title, "body": notice.body}
        return _form_page(request, TextForm(initial=initial), notice)
    form = TextForm(request.POST)
    if taken(form, lambda: actions.revise(notice=notice, by=request.user, at=at, **form.cleaned_data)):
        messages.success(request, _("The changed text is published."))
        return redirect(notice)
    return _form_page(request, form, notice, status=422)


def _form_page(request, form, notice=None, status=200):
    """With the present text beside it where somebody has changed it meanwhile."""
    changed = form.refused is not None and form.refused.code == "notice_changed_meanwhile"
    context = {"form": form, "notice": notice, "current": notice if changed else None, "is_new": notice is None}
    response = render(request, "notices/edit_notice.html", context, status=status)
    if form.refused:
        response["X-Refusal"] = form.refused.code
    return response


@access(*WRITERS)
@require_POST
def publish_notice(request, pk):
    notice = visible(Notice, request.user, pk)
    actions.publish(notice=notice, by=request.user, at=clock.now())
    messages.success(request, _("Published. Its audience is told."))
    return redirect(notice)


@access(*WRITERS)
@require_POST
def discard_notice(request, pk):
    actions.discard(notice=visible(Notice, request.user, pk), by=request.user, at=clock.now())
    messages.success(request, _("The draft is thrown away."))
    return redirect("notices:list_notices")


@access(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_notice(request, pk):
    """Its own page, for the reason is a text that everybody will read."""
    notice = visible(Notice.objects.with_names(), request.user, pk)
    refused = refusal(rules.check_withdraw, notice, request.user)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        form = WithdrawForm(request.POST)
        step = {"notice": notice, "by": request.user, "at": clock.now()}
        if refused:
            raise refused
        if taken(form, lambda: actions.withdraw(**step, **form.cleaned_data)):
            messages.success(request, _("Withdrawn. Its audience is told."))
            return redirect(notice)
    context = {"notice": notice, "form": form, "refused": refused}
    return render(request, "notices/withdraw_notice.html", context, status=422 if form.errors else 200)
