from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.admin import EvidenceAdmin, RoleAdmin
from hygiene import actions
from hygiene.models import Area, Clean, Plant, PlantSkip
from people.models import Role


class KeptAdmin(RoleAdmin):
    """Kept by the director; a new row is of their own centre."""

    seen_by = (Role.CENTRE_DIRECTOR, Role.ADMINISTRATOR)
    edited_by = (Role.DIRECTOR,)
    exclude = ("centre",)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.centre = request.user.centre
        actions.keep(row=obj, by=request.user, at=clock.now())


@admin.register(Plant)
class PlantAdmin(KeptAdmin):
    list_display = ("place", "species", "active")
    list_filter = ("active",)
    search_fields = ("place", "species")


@admin.register(Area)
class AreaAdmin(KeptAdmin):
    list_display = ("name", "key")
    readonly_fields = ("key",)

    def has_add_permission(self, request):
        return False


@admin.register(Clean)
class CleanAdmin(EvidenceAdmin):
    list_display = ("duty", "area", "state", "done_by", "note")
    list_filter = ("duty__status", "duty__due_on", "area")
    list_select_related = ("duty__rule", "duty__done_by", "area")
    fields = (*list_display, "helpers")
    readonly_fields = fields

    @admin.display(description=_("status"))
    def state(self, clean):
        return clean.duty.get_status_display()

    @admin.display(description=_("done by"))
    def done_by(self, clean):
        return clean.duty.done_by


@admin.register(PlantSkip)
class PlantSkipAdmin(EvidenceAdmin):
    centre_lookup = "clean__centre"
    list_display = ("at", "plant", "reason", "by")
    list_filter = ("at", "plant")
    list_select_related = ("plant", "by")
    ordering = ("-pk",)
    fields = (*list_display, "clean")
    readonly_fields = fields
