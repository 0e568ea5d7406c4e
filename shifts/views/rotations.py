from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callcentre import clock
from callcentre.access import access
from callcentre.refusals import Refused
from people.models import Role
from shifts import actions, presets
from shifts.forms.rotations import MakeRotationForm, proposed_rotation


@access(Role.DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def make_rotation(request):
    """Choose a known rotation, its teams and its first day; look at its first two weeks; make it."""
    centre, at = request.user.centre, clock.now()
    if request.method != "POST":
        form = MakeRotationForm(centre, initial=proposed_rotation(centre, clock.local_date(centre, at)))
        return render_rotation(request, form)
    form = MakeRotationForm(centre, request.POST)
    if form.is_valid():
        try:
            if "preview" in request.POST:
                return render_rotation(request, form, weeks=presets.first_weeks(centre, **form.rotation))
            rotation = actions.make_rotation(centre=centre, **form.rotation, by=request.user, at=at)
            messages.success(request, _("%(rotation)s is set up. Make its first draft here.") % {"rotation": rotation})
            return redirect("shifts:list_rosters")
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    return render_rotation(request, form, status=422)


def render_rotation(request, form, weeks=None, status=200):
    types = presets.types_of(request.user.centre)
    context = {
        "form": form,
        "presets": presets.drawn(form["preset"], types),
        "types": types.values(),
        "weeks": weeks,
    }
    return render(request, "shifts/make_rotation.html", context, status=status)
