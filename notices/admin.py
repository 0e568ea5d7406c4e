"""For supervisors: notices and answers to look through. What is done to them is done by the pages' actions."""

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, ngettext

from callcentre import clock
from callcentre.admin import EvidenceAdmin
from callcentre.refusals import Refused
from notices import actions
from notices.models import Notice, UnifiedAnswer


class ReadAdmin(EvidenceAdmin):
    """Drafts are published here, each by itself."""

    actions = ("publish_selected",)

    def publish(self, row, by, at):
        raise NotImplementedError

    @admin.action(description=gettext_lazy("Publish the chosen drafts"), permissions=["view"])
    def publish_selected(self, request, queryset):
        at, done = clock.now(), 0
        for row in queryset:
            try:
                self.publish(row, request.user, at)
                done += 1
            except Refused as refused:
                self.message_user(request, f"{row}: {refused}", messages.WARNING)
        if done:
            said = ngettext("%(count)s published.", "%(count)s published.", done) % {"count": done}
            self.message_user(request, said, messages.SUCCESS)

    @admin.display(description=gettext_lazy("page"))
    def page(self, row):
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.pk)


@admin.register(Notice)
class NoticeAdmin(ReadAdmin):
    list_display = ("title", "kind", "status", "must_confirm", "in_force_from", "in_force_until", "version", "page")
    list_filter = ("status", "kind", "must_confirm")
    search_fields = ("title", "body")

    def publish(self, row, by, at):
        actions.publish(notice=row, by=by, at=at)


@admin.register(UnifiedAnswer)
class UnifiedAnswerAdmin(ReadAdmin):
    list_display = ("question", "status", "keywords", "changed_at", "page")
    list_filter = ("status",)
    search_fields = ("question", "text", "keywords")

    def publish(self, row, by, at):
        actions.publish_answer(answer=row, by=by, at=at)
