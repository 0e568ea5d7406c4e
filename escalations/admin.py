"""The supervisors' desk: the queue, and one case on one page. It calls the pages' actions and can do nothing else."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, Value
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from callcentre import clock, words
from callcentre.access import visible
from callcentre.admin import CappedPaginator, RoleAdmin
from callcentre.refusals import Refused, refusal
from callcentre.templatetags.words import badge, moment, since
from escalations import actions, pages, rules
from escalations.models import Case
from escalations.permissions import ANSWER, COUNT, SEE
from escalations.queue import LevelFilter, QueueFilter, ordering_of
from escalations.steps import STEPS
from escalations.views import refused_response

STEP_URL = "admin:escalations_case_%s"
MOST_AT_ONCE = 200


@admin.register(Case)
class CaseAdmin(RoleAdmin):
    """Nobody adds, edits or deletes here: a case moves only by its steps."""

    list_display = ("number", "due", "about", "category", "state", "waiting", "age")
    list_filter = (QueueFilter, "category", LevelFilter, "status")
    search_fields = (
        "id__exact",
        "what_happened",
        "proposed_handling",
        "reporter__name",
        "=reporter__employee_number",
        "waits_for__name",
    )
    search_help_text = gettext_lazy("Number, text, name or employee number")
    list_per_page = 50
    list_max_show_all = 0
    sortable_by = ()
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("acknowledge_selected",)

    class Media:
        js = ("js/queue.js",)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(SEE)

    def has_answer_permission(self, request):
        return request.user.has_perm(ANSWER)

    # --- the queue

    def get_queryset(self, request):
        """Drafts are their reporter's; a confidential case is its parties' and the centre director's."""
        rows = Case.objects.visible_to(request.user).submitted().with_names().select_related("instruction__dissent")
        return rows.annotate(now=Value(clock.now(), output_field=DateTimeField()))

    def get_ordering(self, request):
        return ordering_of(request)

    def changelist_view(self, request, extra_context=None):
        context = {
            "title": _("Supervision desk"),
            "reads_report": request.user.has_perm(COUNT),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    @admin.display(description=gettext_lazy("number"))
    def number(self, case):
        return capfirst(str(case))

    @admin.display(description=gettext_lazy("what happened"))
    def about(self, case):
        said = Truncator(case.what_happened).chars(40)
        return format_html('{}<br> <span class="quiet">{}</span>', said, case.reporter.name)

    @admin.display(description=gettext_lazy("status"))
    def state(self, case):
        marks = [badge(case)]
        if case.urgent:
            marks.append(badge(_("Urgent"), "danger", "siren"))
        if case.stuck_since:
            marks.append(badge(_("Stuck"), "danger", "octagon-alert"))
        if case.dissent and case.dissent.is_raised:
            marks.append(badge(_("Dissent"), "warn", "message-square-warning"))
        return format_html_join(" ", "{}", ((mark,) for mark in marks))

    @admin.display(description=gettext_lazy("waits for"))
    def waiting(self, case):
        if not case.waits_for:
            return "–"
        level = case.level.get_kind_display() if case.waits_for_id == case.level.person_id else _("reporter")
        return format_html("{}<br> {}", case.waits_for.name, level)

    @admin.display(description=pgettext_lazy("of a case", "age"))
    def age(self, case):
        return since(case.submitted_at, case.now)

    @admin.display(description=gettext_lazy("answer due"))
    def due(self, case):
        if not case.answer_due_at:
            return "–"
        if case.is_overdue(case.now):
            left = badge(_("Overdue"), "danger", "alarm-clock")
        else:
            left = pgettext("time", "%(length)s left") % {"length": words.duration(case.answer_due_at - case.now)}
        return format_html('{}<br> <span class="quiet">{}</span>', moment(case.answer_due_at, "until"), left)

    # --- several at once

    @admin.action(description=gettext_lazy("Acknowledge the chosen ones"), permissions=["answer"])
    def acknowledge_selected(self, request, queryset):
        """First the page that says what would happen to each; confirmed, each by itself."""
        at, rows = clock.now(), list(queryset[:MOST_AT_ONCE])
        if "confirmed" not in request.POST:
            return self.bulk_page(request, rows)
        done = [case for case in rows if self.acknowledged(request, case, at)]
        if done:
            said = ngettext("%(count)s acknowledged.", "%(count)s acknowledged.", len(done)) % {"count": len(done)}
            self.message_user(request, said, messages.SUCCESS)
        return None

    def acknowledged(self, request, case, at):
        """Whether it was; what is refused is named with its reason."""
        try:
            actions.acknowledge(case=case, by=request.user, at=at)
        except Refused as refused:
            self.message_user(request, f"{case}: {refused}", messages.WARNING)
            return False
        return True

    def bulk_page(self, request, rows):
        judged = [(case, refusal(rules.may_acknowledge, case, request.user)) for case in rows]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Acknowledge the chosen ones"),
            "opts": self.opts,
            "open_rows": [case for case, refused in judged if refused is None],
            "refused_rows": [(case, refused) for case, refused in judged if refused],
            "queue_url": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/escalations/case/acknowledge.html", context)

    # --- one case

    def get_urls(self):
        steps = [
            path(
                f"<int:pk>/{step.slug}/",
                self.admin_site.admin_view(self.step_view),
                {"step": code},
                name=f"escalations_case_{code}",
            )
            for code, step in STEPS.items()
        ]
        return steps + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One case on one page, to read and to answer; there is nothing to save."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.page(request, self.case(request, object_id), clock.now())

    def step_view(self, request, pk, step):
        """A step of the case, by the same form, action and refusal as on its page in the product."""
        if not (self.has_view_permission(request) and STEPS[step].is_permitted(request.user)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        at = clock.now()
        form = STEPS[step].take(self.case(request, pk), by=request.user, at=at, data=request.POST, files=request.FILES)
        if not form.errors:
            self.message_user(request, STEPS[step].done, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:escalations_case_change", args=[pk]))
        return refused_response(self.page(request, self.case(request, pk), at, failed=form), form)

    def history_view(self, request, object_id, extra_context=None):
        """The history is on the case's page."""
        return HttpResponseRedirect(reverse("admin:escalations_case_change", args=[object_id]))

    def case(self, request, pk):
        pk = str(pk)
        known = pk.isascii() and pk.isdigit() and len(pk) < 19
        return visible(Case.objects.for_page().submitted(), request.user, pk if known else 0)

    def page(self, request, case, at, failed=None):
        shown = pages.of_case(case, request.user, at, failed, STEP_URL)
        shown["offers"] = [offer for offer in shown["offers"] if offer.step.is_permitted(request.user)]
        context = {
            **self.admin_site.each_context(request),
            **shown,
            "title": capfirst(str(case)),
            "opts": self.opts,
            "keys": True,
            "next_case": Case.objects.waiting_for(request.user, at).exclude(pk=case.pk).first(),
        }
        return TemplateResponse(request, "admin/escalations/case/change_form.html", context)
