from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.admin import EvidenceAdmin, RoleAdmin
from handover import actions
from handover.models import Closure, DeskRelief, Log, OpenItem, Phrase, Turn
from people.models import Role
from rulebook.models import ChecklistItem


@admin.register(Log)
class LogAdmin(EvidenceAdmin):
    list_display = ("shift", "status", "submitted_by", "submitted_at", "accepted_by", "accepted_at")
    list_filter = ("status",)
    list_select_related = ("shift__type", "shift__team", "submitted_by", "accepted_by")
    ordering = ("-starts_at", "-pk")
    fields = (*list_display, "opened_at", "remark", "sent_back_by", "sent_back_at", "late_told_at", "digest")
    readonly_fields = fields


@admin.register(OpenItem)
class OpenItemAdmin(EvidenceAdmin):
    list_display = ("entry", "text", "owner", "status")
    list_filter = ("status",)
    list_select_related = ("entry__log__shift__type", "entry__log__shift__team", "owner")
    search_fields = ("=owner__name", "=owner__employee_number")
    search_help_text = _("Name or employee number")
    ordering = ("-pk",)
    fields = ("entry", "text", "owner", "status")
    readonly_fields = fields

    @admin.display(description=_("text"))
    def text(self, item):
        return item.entry.text


class DeskAdmin(EvidenceAdmin):
    """A floor has more desks than a filter can list: they are found by their room, or by their code."""

    search_help_text = _("Desk, name or employee number")


@admin.register(DeskRelief)
class DeskReliefAdmin(DeskAdmin):
    list_display = ("waiting_since", "desk", "outgoing", "incoming", "status", "assumed_at", "overtime_minutes")
    list_filter = ("status", "waiting_since", "desk__room")
    ordering = ("-waiting_since", "-pk")
    list_select_related = ("desk", "outgoing", "incoming")
    search_fields = (
        "=desk__code", "=outgoing__name", "=outgoing__employee_number", "=incoming__name", "=incoming__employee_number",
    )  # fmt: skip
    fields = (
        "desk", "turn", "shift", "next_shift", "outgoing", "incoming", "named_by", "status", "waiting_since",
        "at_desk_at", "briefed_at", "assumed_at", "ended_at", "ended_by", "reason", "not_in_order", "remark",
        "overtime_minutes",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("items not in order"))
    def not_in_order(self, relief):
        found = ChecklistItem.objects.in_bulk(relief.faults)
        return format_html_join("\n", "{}<br>", ((item.text,) for item in found.values())) or "–"


@admin.register(Turn)
class TurnAdmin(DeskAdmin):
    list_display = ("from_at", "desk", "person", "handed_over_at", "until_at", "overtime_minutes")
    list_filter = ("from_at", "desk__room")
    list_select_related = ("desk", "person")
    search_fields = ("=desk__code", "=person__name", "=person__employee_number")
    ordering = ("-from_at", "-pk")
    fields = (*list_display, "shift")
    readonly_fields = fields


@admin.register(Closure)
class ClosureAdmin(DeskAdmin):
    list_display = ("from_at", "desk", "by", "until_at", "opened_by")
    list_filter = ("from_at", "desk__room")
    list_select_related = ("desk", "by", "opened_by")
    search_fields = ("=desk__code", "=by__name", "=by__employee_number")
    ordering = ("-from_at", "-pk")
    fields = list_display
    readonly_fields = fields


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
