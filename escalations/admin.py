"""The supervisors' desk: the queue, and one case on one page. It calls the pages' actions and can do nothing else."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, DateTimeField, F, Q, Value
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from callcentre import clock
from callcentre.access import visible
from callcentre.admin import RoleAdmin
from callcentre.refusals import Refused
from callcentre.templatetags.words import badge, moment, since
from escalations import actions, pages
from escalations.models import Case, LevelKind
from escalations.steps import STEPS
from escalations.views import refused_response
from people.models import Role

STEP_URL = "admin:escalations_case_%s"


class CappedPaginator(Paginator):
    """Counts no further than a supervisor leafs: the queue's cost does not grow with the years."""

    MOST = 1000

    @cached_property
    def count(self):
        return self.object_list.order_by()[: self.MOST].count()


class Queue:
    """A saved filter of the queue: its label, its rows, and whether its count stands beside it."""

    def __init__(self, label, rows, *, counted=True):
        self.label, self.rows, self.counted = label, rows, counted


# What a supervisor asks for most, first what is theirs. Each picks among the cases that they may see.
QUEUES = {
    "open": Queue(gettext_lazy("All open"), lambda rows, person, at: rows.open()),
    "mine": Queue(gettext_lazy("Mine to answer"), lambda rows, person, at: rows.filter(waits_for=person)),
    "overdue": Queue(gettext_lazy("Overdue"), lambda rows, person, at: rows.overdue(at)),
    "urgent": Queue(pgettext_lazy("queue", "Urgent"), lambda rows, person, at: rows.open().filter(urgent=True)),
    "unanswered": Queue(gettext_lazy("Waiting for an answer"), lambda rows, person, at: rows.awaiting_answer()),
    "owing": Queue(gettext_lazy("Follow-ups owed"), lambda rows, person, at: rows.open().owing()),
    "dissent": Queue(gettext_lazy("Dissent open"), lambda rows, person, at: rows.open().with_dissent()),
    "stuck": Queue(gettext_lazy("Stuck"), lambda rows, person, at: rows.open().stuck()),
    "everything": Queue(gettext_lazy("Closed ones too"), lambda rows, person, at: rows, counted=False),
}


class QueueFilter(admin.SimpleListFilter):
    """What is open, unless something else is asked for: a queue is for work, not for history."""

    title = gettext_lazy("queue")
    parameter_name = "queue"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.chosen = queue_of(request)
        self.counts = queue_counts(request.user, clock.now())

    def lookups(self, request, model_admin):
        return [(code, queue.label) for code, queue in QUEUES.items()]

    def choices(self, changelist):
        for code, label in self.lookup_choices:
            count = self.counts.get(code)
            yield {
                "selected": self.chosen == code,
                "query_string": changelist.get_query_string({self.parameter_name: code}),
                "display": label if count is None else format_html('{} <span class="count">{}</span>', label, count),
            }

    def queryset(self, request, queryset):
        return QUEUES.get(self.chosen, QUEUES["everything"]).rows(queryset, request.user, clock.now())


def queue_counts(person, at):
    """{queue: how many}, in one statement: open cases are few, however long the history."""
    visible_rows = Case.objects.visible_to(person).submitted()
    counts = {
        code: Count("pk", filter=Q(pk__in=queue.rows(visible_rows, person, at).order_by().values("pk")))
        for code, queue in QUEUES.items()
        if queue.counted
    }
    return Case.objects.open().filter(centre=person.centre_id).aggregate(**counts)


def queue_of(request):
    """The queue that the address names; who searches or asks for a status means closed ones too."""
    default = "everything" if request.GET.get("q") or request.GET.get("status__exact") else "open"
    return request.GET.get(QueueFilter.parameter_name, default)


class LevelFilter(admin.SimpleListFilter):
    title = gettext_lazy("level")
    parameter_name = "level"

    def lookups(self, request, model_admin):
        return LevelKind.choices

    def queryset(self, request, queryset):
        return queryset.filter(level__kind=self.value()) if self.value() in LevelKind.values else queryset


@admin.register(Case)
class CaseAdmin(RoleAdmin):
    """Nobody adds, edits or deletes here: a case moves only by its steps."""

    seen_by = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)
    list_display = ("number", "due", "about", "category", "state", "waiting", "age")
    list_filter = (QueueFilter, "urgent", "category", LevelFilter, "status")
    search_fields = ("id__exact", "what_happened", "proposed_handling", "reporter__name", "=reporter__employee_number")
    search_help_text = gettext_lazy("Number, text, reporter or employee number")
    list_per_page = 50
    list_max_show_all = 0
    sortable_by = ()
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("acknowledge_selected",)

    # --- the queue

    def get_queryset(self, request):
        """Drafts are their reporter's; a confidential case is its parties' and the centre director's."""
        rows = Case.objects.visible_to(request.user).submitted().with_names().select_related("instruction__dissent")
        return rows.annotate(now=Value(clock.now(), output_field=DateTimeField()))

    def get_ordering(self, request):
        """What is due first comes first; history is newest first."""
        if queue_of(request) == "everything":
            return ["-pk"]
        return [F("answer_due_at").asc(nulls_last=True), "-pk"]

    @admin.display(description=gettext_lazy("number"))
    def number(self, case):
        return capfirst(str(case))

    class Media:
        js = ("js/queue.js",)

    @admin.display(description=gettext_lazy("what happened"))
    def about(self, case):
        return Truncator(case.what_happened).chars(40)

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
        return format_html("{}<br>{}", case.waits_for.name, level)

    @admin.display(description=pgettext_lazy("of a case", "age"))
    def age(self, case):
        return since(case.submitted_at, case.now)

    @admin.display(description=gettext_lazy("answer due"))
    def due(self, case):
        if not case.answer_due_at:
            return "–"
        overdue = badge(_("Overdue"), "danger", "alarm-clock") if case.is_overdue(case.now) else ""
        return format_html("{} {}", moment(case.answer_due_at, "until"), overdue)

    @admin.action(description=gettext_lazy("Acknowledge the chosen ones"), permissions=["view"])
    def acknowledge_selected(self, request, queryset):
        """Each by itself; what is refused is named with its reason."""
        at, done = clock.now(), 0
        for case in queryset:
            try:
                actions.acknowledge(case=case, by=request.user, at=at)
                done += 1
            except Refused as refused:
                self.message_user(request, f"{case}: {refused}", messages.WARNING)
        if done:
            said = ngettext("%(count)s acknowledged.", "%(count)s acknowledged.", done) % {"count": done}
            self.message_user(request, said, messages.SUCCESS)

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
        if not self.has_view_permission(request):
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
        context = {
            **self.admin_site.each_context(request),
            **pages.of_case(case, request.user, at, failed, STEP_URL),
            "title": capfirst(str(case)),
            "opts": self.opts,
            "next_case": Case.objects.waiting_for(request.user, at).exclude(pk=case.pk).first(),
        }
        return TemplateResponse(request, "admin/escalations/case/change_form.html", context)
