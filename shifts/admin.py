"""Rooms, desks, shift types and rotations are edited here by the director; rosters and shifts are only looked at."""

from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.admin import EvidenceAdmin, RoleAdmin
from people.models import Role, Team
from shifts import actions
from shifts.forms.rotations import CycleField
from shifts.models import (
    Assignment,
    Demand,
    Desk,
    Leave,
    Limit,
    RollCall,
    Room,
    Roster,
    Rotation,
    RotationPlace,
    Shift,
    ShiftType,
    Swap,
)


class EditedAdmin(RoleAdmin):
    """Rows that the director of their centre sets up; each saving leaves its row in the journal."""

    seen_by = (Role.CENTRE_DIRECTOR,)
    edited_by = (Role.DIRECTOR,)

    def save_related(self, request, form, formsets, change):
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            centre, at = request.user.centre, clock.now()
            actions.record_setting(obj=form.instance, centre=centre, by=request.user, at=at)


@admin.register(Room)
class RoomAdmin(EditedAdmin):
    list_display = ("name",)


@admin.register(Desk)
class DeskAdmin(EditedAdmin):
    centre_lookup = "room__centre"
    list_display = ("code", "room", "in_use")
    list_filter = ("in_use",)
    list_select_related = ("room",)


@admin.register(ShiftType)
class ShiftTypeAdmin(EditedAdmin):
    list_display = ("code", "name", "starts", "ends", "counts_as_day", "colour")


class RotationForm(forms.ModelForm):
    cycle = CycleField(
        label=_("Cycle"),
        max_length=400,
        help_text=_("Shift-type codes with blanks between them, a hyphen for each rest day: N N D D M M - -"),
    )

    class Meta:
        model = Rotation
        fields = ("centre", "name_zh", "name_en", "cycle", "starts_on")


class PlaceInline(admin.TabularInline):
    model = RotationPlace
    extra = 0

    def has_view_permission(self, request, obj=None):
        return request.user.has_role(*RotationAdmin.seen_by, *RotationAdmin.edited_by)

    def has_change_permission(self, request, obj=None):
        return request.user.has_role(*RotationAdmin.edited_by)

    has_add_permission = has_delete_permission = has_change_permission

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "team":
            kwargs["queryset"] = Team.objects.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Rotation)
class RotationAdmin(EditedAdmin):
    form = RotationForm
    inlines = (PlaceInline,)
    list_display = ("name", "starts_on")


@admin.register(Demand)
class DemandAdmin(EvidenceAdmin):
    """Set on its page, which dates it: shifts:show_limits."""

    list_display = ("type", "day", "heads", "from_on")
    list_filter = ("day",)
    list_select_related = ("type",)


@admin.register(Limit)
class LimitAdmin(EvidenceAdmin):
    """Set on its page, which dates it: shifts:show_limits."""

    list_display = ("check_code", "effect", "value", "from_on")
    list_filter = ("effect",)


@admin.register(Roster)
class RosterAdmin(EvidenceAdmin):
    list_display = ("__str__", "status", "version", "published_by", "published_at")
    list_filter = ("status",)
    list_select_related = ("rotation", "published_by")


@admin.register(Shift)
class ShiftAdmin(EvidenceAdmin):
    list_display = ("on", "type", "team", "leader", "starts_at", "ends_at")
    list_filter = ("type", "team")
    list_select_related = ("type", "team", "leader")
    date_hierarchy = "on"


@admin.register(Assignment)
class AssignmentAdmin(EvidenceAdmin):
    centre_lookup = "shift__centre"
    list_display = ("shift", "person", "desk")
    list_select_related = ("shift__type", "shift__team", "person", "desk")
    raw_id_fields = ("shift", "person")


@admin.register(RollCall)
class RollCallAdmin(EvidenceAdmin):
    """Who came stands on its page, and in the attendance of the month."""

    list_display = ("starts_at", "shift", "status", "closed_at", "closed_by")
    list_filter = ("status", "starts_at", "shift__team")
    list_select_related = ("shift__type", "shift__team", "closed_by")
    ordering = ("-starts_at", "-pk")
    fields = ("shift", "called_at", "status", "opened_at", "closed_at", "closed_by", "remarks", "reopen_reason")
    readonly_fields = fields


@admin.register(Leave)
class LeaveAdmin(EvidenceAdmin):
    list_display = ("person", "kind", "from_on", "until_on", "status", "asked_by", "decided_by", "decided_at")
    list_filter = ("status", "kind", "from_on", "person__team")
    list_select_related = ("person", "asked_by", "decided_by")
    search_fields = ("=person__name", "=person__employee_number")
    search_help_text = _("Name or employee number")
    ordering = ("-from_on", "-pk")
    fields = (*list_display, "reason", "asked_at", "remark")
    readonly_fields = fields


@admin.register(Swap)
class SwapAdmin(EvidenceAdmin):
    list_display = ("offered_at", "giver", "gives", "taker", "takes", "status", "decided_by", "decided_at")
    list_filter = ("status", "offered_at")
    list_select_related = ("giver", "gives__type", "gives__team", "taker", "takes__type", "takes__team", "decided_by")
    search_fields = ("=giver__name", "=giver__employee_number", "=taker__name", "=taker__employee_number")
    search_help_text = _("Name or employee number")
    ordering = ("-pk",)
    fields = (*list_display, "team", "reason", "offered_by", "expires_at", "accepted_at", "remark")
    readonly_fields = fields
