"""Administrators keep people and their roles, directors their deputies and the calendar, all by people.actions."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.admin import RoleAdmin
from people import actions
from people.forms import PersonForm
from people.models import CalendarDay, Centre, Department, Deputy, Person, Role, RoleAssignment, Team

KEEPERS = (Role.ADMINISTRATOR,)
SUPERVISORS = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)


@admin.register(Centre)
class CentreAdmin(RoleAdmin):
    seen_by = SUPERVISORS
    edited_by = KEEPERS
    centre_lookup = "pk"
    list_display = ("name", "timezone", "opened_on")
    fields = ("name", "timezone", "opened_on")
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def save_model(self, request, obj, form, change):
        actions.save_centre(centre=obj, changed=form.changed_data, by=request.user, at=clock.now())


class GroupAdmin(RoleAdmin):
    """Departments and teams: always of the administrator's own centre."""

    seen_by = SUPERVISORS
    edited_by = KEEPERS
    show_full_result_count = False

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.centre = request.user.centre
        return form

    def save_model(self, request, obj, form, change):
        actions.save_group(group=obj, by=request.user, at=clock.now())


class OwnCentreForm(forms.ModelForm):
    """Sets the centre before the constraints are checked: it is no field of the form."""

    centre = None

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"centre"}

    def clean(self):
        self.instance.centre = self.centre
        return super().clean()


@admin.register(Department)
class DepartmentAdmin(GroupAdmin):
    form = OwnCentreForm
    fields = ("name",)
    list_display = ("name",)


@admin.register(Team)
class TeamAdmin(GroupAdmin):
    form = OwnCentreForm
    fields = ("name", "department")
    list_display = ("name", "department")
    list_select_related = ("department",)


class RoleInline(admin.TabularInline):
    """Roles with their dates. One's own are shown only."""

    model = RoleAssignment
    extra = 0
    fields = ("role", "from_on", "until_on")
    can_delete = False

    def has_view_permission(self, request, obj=None):
        return request.user.has_role(*KEEPERS, *SUPERVISORS)

    def has_change_permission(self, request, obj=None):
        return request.user.has_role(*KEEPERS) and obj != request.user

    has_add_permission = has_change_permission


@admin.register(Person)
class PersonAdmin(RoleAdmin):
    seen_by = SUPERVISORS
    edited_by = KEEPERS
    form = PersonForm
    inlines = (RoleInline,)
    fields = ("employee_number", "name", "team", "language", "phone", "email", "is_active", "must_change_password")
    readonly_fields = ("must_change_password",)
    list_display = ("employee_number", "name", "team", "is_active", "last_login")
    list_filter = ("is_active", "team")
    list_select_related = ("team",)
    search_fields = ("employee_number", "name")
    search_help_text = _("Part of a number or a name")
    show_full_result_count = False

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request, obj, form, change):
        if not change:
            obj.centre = request.user.centre
        actions.save_person(person=obj, changed=form.changed_data, by=request.user, at=clock.now())

    def save_formset(self, request, form, formset, change):
        """Only changed roles reach the journal."""
        formset.save(commit=False)
        at = clock.now()
        for assignment in [*formset.new_objects, *(changed for changed, _fields in formset.changed_objects)]:
            actions.save_role(assignment=assignment, by=request.user, at=at)


@admin.register(Deputy)
class DeputyAdmin(RoleAdmin):
    seen_by = KEEPERS
    edited_by = SUPERVISORS
    centre_lookup = "absent__centre"
    list_display = ("absent", "deputy", "from_on", "until_on")
    list_select_related = ("absent", "deputy")
    ordering = ("-until_on", "-pk")
    show_full_result_count = False

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs["queryset"] = Person.objects.visible_to(request.user).active()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        actions.save_deputy(deputy=obj, by=request.user, at=clock.now())


@admin.register(CalendarDay)
class CalendarDayAdmin(RoleAdmin):
    seen_by = KEEPERS
    edited_by = SUPERVISORS
    form = OwnCentreForm
    fields = ("on", "kind", "name", "name_en")
    list_display = ("on", "kind", "title", "certainty")
    list_filter = ("kind", "certainty")
    date_hierarchy = "on"
    show_full_result_count = False

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.centre = request.user.centre
        return form

    def has_delete_permission(self, request, obj=None):
        """A day that is no holiday after all, one by one."""
        return obj is not None and self.has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        actions.save_calendar_day(day=obj, by=request.user, at=clock.now())

    def delete_model(self, request, obj):
        actions.remove_calendar_day(day=obj, by=request.user, at=clock.now())
