from django.contrib import admin

from callcentre.admin import EvidenceAdmin
from meetings.models import ActionItem, Meeting


@admin.register(Meeting)
class MeetingAdmin(EvidenceAdmin):
    list_display = ("series", "starts_at", "status", "chair")
    list_filter = ("series", "status")
    list_select_related = ("chair",)
    date_hierarchy = "starts_at"


@admin.register(ActionItem)
class ActionItemAdmin(EvidenceAdmin):
    centre_lookup = "meeting__centre"
    list_display = ("text", "owner", "due_on", "status")
    list_filter = ("status",)
    list_select_related = ("owner",)
