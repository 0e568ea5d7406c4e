from django.contrib import admin

from callcentre.admin import RoleAdmin
from meetings.models import ActionItem, Meeting
from people.models import Role


@admin.register(Meeting)
class MeetingAdmin(RoleAdmin):
    """To look up; a meeting is run on its page."""

    seen_by = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)
    list_display = ("series", "starts_at", "status", "chair")
    list_filter = ("series", "status")
    list_select_related = ("chair",)
    date_hierarchy = "starts_at"


@admin.register(ActionItem)
class ActionItemAdmin(RoleAdmin):
    seen_by = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)
    centre_lookup = "meeting__centre"
    list_display = ("text", "owner", "due_on", "status")
    list_filter = ("status",)
    list_select_related = ("owner",)
