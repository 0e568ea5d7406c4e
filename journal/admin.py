from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from callcentre.admin import EvidenceAdmin
from journal.models import Entry
from journal.verbs import VERBS


class VerbFilter(admin.SimpleListFilter):
    """Offers every verb there is: to ask the rows for theirs would read the whole journal."""

    title = _("what")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return sorted(((verb, str(label)) for verb, label in VERBS.items()), key=lambda choice: choice[1])

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(Entry)
class EntryAdmin(EvidenceAdmin):
    """Supervisors read the journal here; restricted rows show only on their object's own page."""

    list_display = ("at", "actor", "verb_label", "object_type", "object_id", "clause")
    list_filter = (VerbFilter,)
    list_select_related = ("actor",)
    ordering = ("-pk",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(restricted=False)
