from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from callcentre.admin import EvidenceAdmin
from floor.models import LeaveOfPost


@admin.register(LeaveOfPost)
class LeaveOfPostAdmin(EvidenceAdmin):
    list_display = ("asked_at", "person", "reason", "minutes", "status", "out_at", "back_at")
    list_filter = ("status", "reason", "asked_at", "person__team")
    list_select_related = ("person",)
    search_fields = ("=person__name", "=person__employee_number")
    search_help_text = _("Name or employee number")
    ordering = ("-pk",)
    fields = (
        *list_display,
        "shift",
        "words",
        "due_back_at",
        "extra_minutes",
        "decided_by",
        "decided_at",
        "remark",
        "override",
    )
    readonly_fields = fields
