"""The page on which leaders and directors keep the text templates."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callcentre import clock
from callcentre.access import access, visible
from callcentre.refusals import Refused, refusal
from handover import actions, rules
from handover.forms import PhraseForm
from handover.models import READERS, Phrase
from handover.sections import Section


@access(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def list_phrases(request):
    """By section; who may keep them adds one here."""
    form = PhraseForm(request.POST or None, initial={"section": request.GET.get("section")})
    keep = lambda said: actions.add_phrase(centre=request.user.centre, **said, by=request.user, at=clock.now())  # noqa: E731
    if request.method == "POST" and (kept := saved(form, keep)):
        return redirect(f"{request.path}#section-{kept.section}")
    phrases = list(Phrase.objects.visible_to(request.user).order_by("pk"))
    context = {
        "form": form,
        "keeping": refusal(rules.may_keep_phrases, request.user),
        "sections": [(section, [one for one in phrases if one.section == section]) for section in Section],
    }
    return render(request, "handover/phrases.html", context, status=422 if form.errors else 200)


def saved(form, keep):
    """The Phrase, None where the form says what is wrong."""
    if not form.is_valid():
        return None
    try:
        return keep(form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field, str(refused))
        return None


@access(*rules.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_phrase(request, pk):
    phrase = visible(Phrase.objects.select_related("centre"), request.user, pk)
    form = PhraseForm(request.POST or None, initial={"section": phrase.section, "text": phrase.text})
    keep = lambda said: actions.change_phrase(phrase=phrase, **said, by=request.user, at=clock.now())  # noqa: E731
    if request.method == "POST" and saved(form, keep):
        return redirect("handover:list_phrases")
    context = {"form": form, "phrase": phrase}
    return render(request, "handover/phrase.html", context, status=422 if form.errors else 200)


@access(*rules.KEEPERS)
@require_POST
def drop_phrase(request, pk):
    phrase = visible(Phrase, request.user, pk)
    actions.drop_phrase(phrase=phrase, by=request.user, at=clock.now())
    messages.success(request, _("The text template is gone. What was noted with it stays."))
    return redirect("handover:list_phrases")
