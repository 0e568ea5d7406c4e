"""Search over what is visible to a person, each kind capped: the newest matches, not all of history."""

import dataclasses

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcentre import words
from duties.models import Duty
from escalations.models import Case
from handover.models import Entry
from meetings.models import ActionItem, Decision
from notices import searching
from notices.models import Notice
from people.importing import is_printable
from people.models import Person, Role
from rulebook.register import CLAUSES

MOST = 20
LONGEST = 50


@dataclasses.dataclass
class Hit:
    title: str
    url: str
    notes: tuple = ()


@dataclasses.dataclass
class Kind:
    code: str
    label: str
    icon: str
    hits: list
    more: bool


def search(person, text):
    """A Kind for each kind of record that has a match."""
    text = text.strip()[:LONGEST]
    if not text or not is_printable(text):
        return []
    kinds = [Kind(find.__name__, label, icon, *_capped(find(person, text))) for label, icon, find in KINDS]
    return [kind for kind in kinds if kind.hits]


def _capped(hits):
    hits = list(hits)
    return hits[:MOST], len(hits) > MOST


def clauses(person, text):
    folded = text.casefold()
    for clause in CLAUSES.values():
        if folded in "\n".join((clause.id, clause.number, clause.zh, clause.en)).casefold():
            yield Hit(clause.text, reverse("rulebook:show_clause", args=[clause.id]), (clause.number,))


def people(person, text):
    found = Person.objects.visible_to(person).active().select_related("team").order_by("employee_number")
    found = found.filter(Q(employee_number__icontains=text) | Q(name__icontains=text))[: MOST + 1]
    link = person.has_role(Role.ADMINISTRATOR)
    for one in found:
        url = f"{reverse('people:list_people')}?q={one.employee_number}" if link else ""
        yield Hit(one.name, url, (one.employee_number, one.team.name if one.team else ""))


def entries(person, text):
    found = Entry.objects.visible_to(person).standing().filter(text__icontains=text).select_related("log", "author")
    for entry in found.order_by("-pk")[: MOST + 1]:
        notes = (entry.get_section_display(), entry.author.name, words.stamp(words.local(entry.written_at)))
        yield Hit(entry.text, reverse("handover:show_log", args=[entry.log_id]), notes)


def cases(person, text):
    found = Case.objects.visible_to(person).matching(text).with_names().order_by("-pk")[: MOST + 1]
    for case in found:
        notes = (case.get_category_display(), case.reporter.name, case.get_status_display())
        yield Hit(case.what_happened, case.get_absolute_url(), notes)


def notices(person, text):
    found = Notice.objects.visible_to(person).filter(Q(title__icontains=text) | Q(body__icontains=text))
    for notice in found.order_by("-pk")[: MOST + 1]:
        when = words.stamp(words.local(notice.published_at or notice.written_at))
        yield Hit(
            notice.title, notice.get_absolute_url(), (notice.get_kind_display(), notice.get_status_display(), when)
        )


def answers(person, text):
    _query, hits = searching.search(person.centre, text)
    for hit in hits:
        yield Hit(hit.answer.question, hit.answer.get_absolute_url(), (hit.answer.text,))


def duties(person, text):
    found = Duty.objects.visible_to(person).with_rule().exclude(status=Duty.Status.SCHEDULED)
    found = found.filter(Q(rule__name_zh__icontains=text) | Q(rule__name_en__icontains=text))
    for duty in found.order_by("-due_on", "-pk")[: MOST + 1]:
        notes = (words.short_date(duty.due_on), duty.get_status_display())
        yield Hit(duty.name, reverse("duties:show_duty", args=[duty.pk]), notes)


def meetings(person, text):
    """Decisions and action items, in one list."""
    for model in (Decision, ActionItem):
        found = model.objects.visible_to(person).filter(text__icontains=text).order_by("-pk")
        for row in found.select_related("meeting__duty__rule", "meeting__centre")[: MOST + 1]:
            notes = (row.meeting.name, words.short_date(row.meeting.held_on))
            yield Hit(row.text, reverse("meetings:show_meeting", args=[row.meeting_id]), notes)


KINDS = (
    (_("Rulebook"), "book-open-text", clauses),
    (_("People"), "id-card", people),
    (_("Handover log"), "notebook-pen", entries),
    (_("Requests"), "message-square-warning", cases),
    (_("Notices"), "megaphone", notices),
    (_("Unified answers"), "message-square-quote", answers),
    (_("Duties"), "list-checks", duties),
    (_("Meetings"), "users-round", meetings),
)
