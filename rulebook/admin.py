from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.admin import EvidenceAdmin, RoleAdmin
from rulebook import actions, values
from rulebook.forms import AdminParameterForm, ChecklistItemForm
from rulebook.models import Acknowledgement, Breach, Checklist, ChecklistItem, Clause, ParameterValue
from rulebook.rules import DIRECTORS

SUPERVISORS = ("director", "centre_director", "administrator")


class ReadOnlyAdmin(RoleAdmin):
    seen_by = SUPERVISORS


@admin.register(Clause)
class ClauseAdmin(ReadOnlyAdmin):
    centre_lookup = None
    list_display = ("number", "text", "section", "pending")
    list_filter = ("section", "pending")
    list_select_related = ("section",)
    search_fields = ("id", "number_zh", "text_zh", "text_en")
    ordering = ("order",)


@admin.register(ParameterValue)
class ParameterValueAdmin(RoleAdmin):
    """Values are added, never edited: the days before keep theirs."""

    seen_by = SUPERVISORS
    edited_by = DIRECTORS
    form = AdminParameterForm
    list_display = ("label", "shown_value", "from_on", "set_by", "set_at")
    list_select_related = ("set_by",)
    ordering = ("name", "-from_on")

    @admin.display(description=_("parameter"), ordering="name")
    def label(self, row):
        return row.label

    @admin.display(description=_("value"))
    def shown_value(self, row):
        return values.show_with_unit(row.spec, row.value) if row.spec else row.value

    def has_change_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return ("label", "shown_value", "from_on", "set_by", "set_at") if obj else ()

    def get_fields(self, request, obj=None):
        return self.get_readonly_fields(request, obj) or ("name", "value", "from_on")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.request_by, form.request_at = request.user, clock.now()  # the class is made for this request
        return form

    def save_model(self, request, obj, form, change):
        made = actions.set_parameter(
            centre=request.user.centre,
            name=obj.name,
            value=obj.value,
            from_on=obj.from_on,
            by=request.user,
            at=form.request_at,
        )
        obj.pk = made.pk


class ChecklistItemInline(admin.TabularInline):
    model = ChecklistItem
    form = ChecklistItemForm
    extra = 1
    can_delete = False
    ordering = ("order",)

    def has_view_permission(self, request, obj=None):
        return request.user.has_role(*SUPERVISORS)

    def has_change_permission(self, request, obj=None):
        return request.user.has_role(*DIRECTORS)

    def has_add_permission(self, request, obj=None):
        return request.user.has_role(*DIRECTORS)


@admin.register(Checklist)
class ChecklistAdmin(RoleAdmin):
    seen_by = SUPERVISORS
    edited_by = DIRECTORS
    list_display = ("name_zh", "name_en", "key")
    readonly_fields = ("key", "name_zh", "name_en")
    fields = ("name_zh", "name_en", "key")
    inlines = [ChecklistItemInline]

    def has_add_permission(self, request):
        return False

    def save_model(self, request, obj, form, change):
        """The checklist itself has nothing to edit; its items are saved by the actions."""

    def save_formset(self, request, form, formset, change):
        at = clock.now()
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for item_form in formset.forms:
            if not item_form.has_changed():
                continue
            item = item_form.instance
            if item.pk is None:
                formset.new_objects.append(self.add_item(item_form, form.instance, request.user, at))
            else:
                actions.switch_item(item=item, active=item_form.cleaned_data["active"], by=request.user, at=at)
                formset.changed_objects.append((item, item_form.changed_data))

    def add_item(self, item_form, checklist, person, at):
        said = item_form.cleaned_data
        return actions.add_item(
            checklist=checklist,
            text_zh=said["text_zh"],
            text_en=said["text_en"],
            clauses=said["clauses"],
            by=person,
            at=at,
        )


@admin.register(Breach)
class BreachAdmin(EvidenceAdmin):
    list_display = ("at", "person", "clause", "sentence", "status", "decided_by")
    list_filter = ("status",)
    list_select_related = ("person", "clause", "decided_by")


@admin.register(Acknowledgement)
class AcknowledgementAdmin(EvidenceAdmin):
    centre_lookup = "person__centre"
    list_display = ("person", "year", "at", "edition")
    list_filter = ("year",)
    list_select_related = ("person",)
