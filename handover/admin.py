from django.contrib import admin

from callcentre import clock
from callcentre.admin import RoleAdmin
from handover import actions
from handover.models import Log, Phrase
from people.models import Role


@admin.register(Log)
class LogAdmin(RoleAdmin):
    """Supervisors find logs here; what may be done to one is done on its own page."""

    seen_by = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)
    list_display = ("shift", "status", "submitted_by", "submitted_at", "accepted_by", "accepted_at")
    list_filter = ("status",)
    list_select_related = ("shift__type", "shift__team", "submitted_by", "accepted_by")
    show_full_result_count = False
    ordering = ("-starts_at", "-pk")
    fields = (*list_display, "opened_at", "remark", "sent_back_by", "sent_back_at", "late_told_at", "digest")
    readonly_fields = fields

    def has_add_permission(self, request):
        return False


@admin.register(Phrase)
class PhraseAdmin(RoleAdmin):
    """Directors keep text templates here too, by the same actions as the page."""

    seen_by = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)
    edited_by = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)
    list_display = ("section", "text")
    list_filter = ("section",)
    fields = ("section", "text")

    def save_model(self, request, obj, form, change):
        said = {"section": obj.section, "text": obj.text, "by": request.user, "at": clock.now()}
        if change:
            actions.change_phrase(phrase=obj, **said)
        else:
            obj.pk = actions.add_phrase(centre=request.user.centre, **said).pk
