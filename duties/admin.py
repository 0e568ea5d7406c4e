import datetime as dt

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from callcentre import clock, words
from callcentre.admin import EvidenceAdmin, RoleAdmin
from duties import actions
from duties.clause_rules import CLAUSE_RULES
from duties.forms import DutyRuleForm
from duties.models import Duty, DutyRule
from duties.planning import Calendar
from people.models import Role

PREVIEWED = 8
PREVIEW_DAYS = 400


@admin.register(DutyRule)
class DutyRuleAdmin(RoleAdmin):
    """A centre's own rules are edited here; a clause's rule is read only, for its dates are parameters."""

    seen_by = (Role.CENTRE_DIRECTOR,)
    edited_by = (Role.DIRECTOR,)
    form = DutyRuleForm
    list_display = ("name", "code", "clause", "who", "next_dates")
    readonly_fields = ("next_dates",)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.code not in CLAUSE_RULES)

    def get_queryset(self, request):
        self.today = clock.local_date(request.user.centre, clock.now())
        return super().get_queryset(request).select_related("centre")

    def save_model(self, request, obj, form, change):
        obj.centre = request.user.centre
        actions.save_rule(rule=obj, by=request.user, at=clock.now())

    @admin.display(description=_("next dates"))
    def next_dates(self, obj):
        if not obj.pk:
            return _("Shown once it is saved.")
        calendar = Calendar(obj.centre, self.today, self.today + dt.timedelta(days=PREVIEW_DAYS))
        return " · ".join(words.short_date(date) for date in calendar.dates(obj)[:PREVIEWED])


@admin.register(Duty)
class DutyAdmin(EvidenceAdmin):
    list_display = ("due_on", "rule", "status", "assignee", "done_by", "done_at")
    list_filter = ("status", "rule")
    list_select_related = ("rule", "assignee", "done_by")
    date_hierarchy = "due_on"
