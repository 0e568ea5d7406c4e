"""The administrators keep the channels outside and see what does not get through, all by delivery.channel_actions."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from callcentre import clock
from callcentre.admin import CappedPaginator, RoleAdmin
from callcentre.refusals import Refused
from callcentre.templatetags.words import badge
from delivery import channel_actions, topics
from delivery.forms import ChannelForm
from delivery.models import Channel, Dispatch
from people.admin import KEEPERS, SUPERVISORS

STATE = ("state", "waiting", "given_up", "last_success_at", "last_error_at", "error", "retry_at")


@admin.register(Channel)
class ChannelAdmin(RoleAdmin):
    seen_by = SUPERVISORS
    edited_by = KEEPERS
    form = ChannelForm
    actions = ("test_selected",)
    list_display = ("name", "kind", "state", "waiting", "given_up", "last_success_at", "error")
    list_filter = ("kind", "is_enabled")
    ordering = ("name",)
    show_full_result_count = False
    change_form_template = "admin/delivery/channel/change_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts()

    def get_readonly_fields(self, request, obj=None):
        return ("kind", *STATE) if obj else ()

    def get_fieldsets(self, request, obj=None):
        secrets = ("new_address", "new_secret") if self.has_change_permission(request) else ()
        heard = ("topics", "only_urgent", "teams", "roles", "language")
        sets = [
            (None, {"fields": ("kind", "name", *secrets, "is_enabled")}),
            (_("What it hears"), {"fields": heard}),
            (_("Quiet hours"), {"fields": ("quiet_from", "quiet_until")}),
        ]
        return [*sets, (_("How it goes"), {"fields": STATE})] if obj else sets

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.centre = request.user.centre
        return form

    def save_model(self, request, obj, form, change):
        changed = form.changed_fields
        channel_actions.save_channel(channel=obj, changed=changed, by=request.user, at=clock.now())

    @admin.display(description=_("state"))
    def state(self, channel):
        if not channel.is_enabled:
            return badge(_("Switched off"), "muted", "circle-dot")
        if channel.is_failing:
            return badge(_("Not getting through"), "danger", "octagon-alert")
        return badge(_("In order"), "ok", "check")

    @admin.display(description=_("waiting messages"))
    def waiting(self, channel):
        return channel.waiting

    @admin.display(description=_("given up"))
    def given_up(self, channel):
        return channel.given_up

    @admin.display(description=_("last error"))
    def error(self, channel):
        return channel.said_error if channel.last_error else "–"

    @admin.action(description=_("Send a test message"), permissions=["change"])
    def test_selected(self, request, queryset):
        """Asks first; then the outbox has one for each of the channels, which the relay sends within seconds."""
        if "confirmed" not in request.POST:
            return self.ask(request, queryset)
        sent, at = 0, clock.now()
        for channel in queryset:
            try:
                channel_actions.send_test(channel=channel, by=request.user, at=at)
                sent += 1
            except Refused as refused:
                self.message_user(request, f"{channel}: {refused}", messages.WARNING)
        if sent:
            said = ngettext(
                "%(count)s test message is on its way. What came of it stands here within seconds.",
                "%(count)s test messages are on their way. What came of them stands here within seconds.",
                sent,
            )
            self.message_user(request, said % {"count": sent}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:delivery_channel_changelist"))

    def ask(self, request, queryset):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send a test message"),
            "opts": self.opts,
            "channels": queryset,
            "action": "test_selected",
        }
        return TemplateResponse(request, "admin/delivery/channel/test.html", context)


class StatusFilter(admin.SimpleListFilter):
    """What was given up, unless something else is asked for."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Dispatch.Status.choices

    def choices(self, changelist):
        for code, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: code})
            yield {"selected": self.chosen == code, "query_string": query, "display": label}

    @property
    def chosen(self):
        return self.value() if self.value() in Dispatch.Status.values else Dispatch.Status.FAILED

    def queryset(self, request, queryset):
        return queryset.filter(status=self.chosen)


@admin.register(Dispatch)
class DispatchAdmin(RoleAdmin):
    """What goes outside, by channel. It is only looked at here, and tried again."""

    seen_by = (*SUPERVISORS, *KEEPERS)
    actions = ("try_again_selected",)
    list_display = ("announced_at", "channel", "about", "person", "status", "tries", "error_text", "due_at")
    list_filter = (StatusFilter,)
    fields = (*list_display, "sent_at")
    readonly_fields = fields
    list_select_related = ("announcement", "channel", "person")
    ordering = ("-pk",)
    sortable_by = ()
    list_per_page = 50
    list_max_show_all = 0
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request):
        return super().get_queryset(request).for_administrators(request.user)

    def has_retry_permission(self, request):
        return request.user.has_role(*KEEPERS)

    @admin.display(description=_("at"))
    def announced_at(self, dispatch):
        return dispatch.announcement.at

    @admin.display(description=_("about"))
    def about(self, dispatch):
        topic = topics.topic_of(dispatch.announcement.kind)
        return topics.TOPICS[topic] if topic else _("a test message")

    @admin.display(description=_("last error"))
    def error_text(self, dispatch):
        return dispatch.said_error if dispatch.error else "–"

    @admin.action(description=_("Try the chosen ones again"), permissions=["retry"])
    def try_again_selected(self, request, queryset):
        if not self.has_retry_permission(request):
            raise PermissionDenied
        at, done = clock.now(), 0
        for dispatch in queryset.select_related("channel"):
            try:
                channel_actions.try_again(dispatch=dispatch, by=request.user, at=at)
                done += 1
            except Refused as refused:
                self.message_user(request, f"{dispatch}: {refused}", messages.WARNING)
        if done:
            said = ngettext("%(count)s will be tried again.", "%(count)s will be tried again.", done)
            self.message_user(request, said % {"count": done}, messages.SUCCESS)
