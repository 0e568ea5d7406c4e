from django.contrib import admin

from callcentre import clock
from callcentre.admin import RoleAdmin
from hygiene import actions
from hygiene.models import Area, Clean, Plant
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
class CleanAdmin(RoleAdmin):
    seen_by = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)
    list_display = ("duty", "area", "note")
    list_select_related = ("duty__rule", "area")
