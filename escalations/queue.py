"""What the supervisors' desk lists: its saved filters with their counts, in an order that puts first what is due."""

from django.contrib import admin
from django.db.models import Count, F, Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, pgettext_lazy

from callcentre import clock
from escalations.models import Case, LevelKind


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
    template = "admin/escalations/case/_queues.html"

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


def ordering_of(request):
    """What is due first comes first; history is newest first."""
    if queue_of(request) == "everything":
        return ["-pk"]
    return [F("answer_due_at").asc(nulls_last=True), "-pk"]


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
