from django.contrib import admin

from callcentre.admin import RoleAdmin
from journal.models import Entry


@admin.register(Entry)
class EntryAdmin(RoleAdmin):
    """Supervisors read the journal here; restricted rows show only on their object's own page."""

    seen_by = ("director", "centre_director")
    list_display = ("at", "actor", "verb_label", "object_type", "object_id", "clause")
    list_filter = ("verb",)
    list_select_related = ("actor",)
    show_full_result_count = False
    ordering = ("-pk",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(restricted=False)

    def has_add_permission(self, request):
        return False
