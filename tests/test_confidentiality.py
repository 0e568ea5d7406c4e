"""Confidential cases (clause escalation.1): every page of the product is walked as every role, before and after they
are planted. Who may not see them sees exactly the same pages; who may, sees those that are theirs."""

import collections
import logging
import types

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import reverse

from board import live, wall
from delivery.models import Announcement, Message
from escalations.models import Case, CaseQuerySet
from escalations.steps import STEPS
from journal.models import Entry, EntryQuerySet
from people.models import Person, Role
from tests import crawling, make, make_confidential
from tests.make_confidential import AT, MARK, SEERS, UNSUBMITTED, WORD, seers
from tests.test_access import ADDRESSES, PUBLIC, READ

# All with the database: those without it would be run apart from the others, and everything walked once more for them.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("confidentiality")]
STRANGERS = ("colleague", "other_leader", "other_director", "inspector", "security", "administrator")
INSIDERS = ("reporter", "leader", "director", "centre_director")
TOLD_ONLY = {"told": {"report"}}  # of a case that skipped them a superior reads the follow-up report, and no more
NO_PAGE = {"account_change_password", "board:poll_wall"}


class Lines(logging.Handler):
    """What is logged, as it would be written."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.said = []

    def emit(self, record):
        self.said.append(self.format(record))


@pytest.fixture(scope="module")
def walked(django_db_setup, django_db_blocker):
    """people, floor, cases, logged; `before` and `after`: {who: {address: Page}}."""
    lines = Lines()
    logging.getLogger().addHandler(lines)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr("callcentre.clock.now", lambda: AT)
        people, floor = make_confidential.centre()
        first = Case.objects.order_by("-pk").first().pk + 1
        where = seeds(floor, numbers=range(first, first + len(SEERS)))
        before = {who: walk(getattr(people, who), where) for who in STRANGERS}
        cases = make_confidential.plant(people)
        after = {who: walk(getattr(people, who), where) for who in STRANGERS}
        near = [
            address for address in where if not crawling.kind_of(address)[0].startswith(FAR) or address in OWN_LISTS
        ]
        after |= {who: walk(getattr(people, who), near) for who in INSIDERS}
        yield types.SimpleNamespace(
            people=people, floor=floor, cases=cases, first=first, before=before, after=after, logged=lines.said
        )
        transaction.set_rollback(True)
    logging.getLogger().removeHandler(lines)


def seeds(floor, *, numbers):
    """Every address without arguments, those that no page links to, and every search for words and numbers."""
    plain = [reverse(name) for name, arguments in ADDRESSES.items() if not arguments and name in READ]
    plain += [reverse("board:show_wall", args=[wall.token_of(floor.centre)])]
    plain += [reverse("rulebook:show_clause", args=[f"escalation.{number}"]) for number in (1, 6, 7)]
    plain += [f"/escalations/?tab=all&{query}" for query in ("category=confidential", "status=closed", "urgent=1")]
    asked = [WORD, "名单被带出", str(numbers[0]), str(numbers[-1])]
    plain += [f"{FIGURES}?{query}" for query in ("xlsx=1", "category=confidential", "category=confidential&xlsx=1")]
    plain += [f"{address}?q={words}" for address in SEARCHES for words in asked]
    for model, its_admin in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        plain += [address, f"{address}?q={WORD}"] if its_admin.search_fields else [address]
    plain += [f"{JOURNAL}?{query}" for query in ("verb=escalation.submitted", f"object_id={numbers[0]}")]
    plain += [f"{QUEUE}?{query}" for query in ("category__exact=confidential", f"q={numbers[0]}", "queue=everything")]
    return [*plain, "/admin/", *make_confidential.addresses(floor)]


SEARCHES = ("/search/", "/handover/search/", "/notices/answers/", "/rulebook/", "/people/")
FIGURES = "/escalations/reports/"
OWN_LISTS = JOURNAL, QUEUE = "/admin/journal/entry/", "/admin/escalations/case/"


def most(name, filters):
    """All pages of cases, and one of each other kind; filters one by one, where they may pick cases."""
    if name == "escalations:show_report":
        return 2  # the filters that may betray a case are among the seeds
    if name.startswith("escalations:"):
        return 60
    if name.startswith(("admin:escalations", "admin:journal")):
        return 12 if len(filters) < 2 else 0
    if filters and name.startswith(FAR):
        return 0
    return 1 if len(filters) < 2 else 0


def most_of_cases(name, filters):
    return most(name, filters) if name.startswith(("escalations:", "admin:escalations")) else 0


FAR = ("admin:", "shifts:", "hygiene:", "meetings:", "floor:")  # what shows no cases is not filtered


def walk(person, where, most=most):
    live.KEPT.forget()
    wall.KEPT.forget()
    return crawling.crawl(signed_in(person), where, most)


def signed_in(person):
    client = Client()
    client.force_login(Person.objects.get(pk=person.pk))
    Person.objects.update(last_login=AT)  # whoever came first: the list of people shows it
    return client


def marks(pages):
    """{state: fields of it whose marks stand on a page}"""
    found = collections.defaultdict(set)
    for page in pages.values():
        for state, field in MARK.findall(page.text):
            found[state].add(field)
    return dict(found)


def test_one_worker_walks_for_all(request):
    """pytest-xdist names a test's group behind its own name. A version of pytest that it does not fit leaves it out."""
    assert not hasattr(request.config, "workerinput") or request.node.nodeid.endswith("@confidentiality")


# --- strangers


@pytest.mark.parametrize("who", STRANGERS)
def test_no_word_of_a_case_reaches_a_stranger(walked, who):
    assert marks(walked.after[who]) == {}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_sees_the_pages_that_were_there_without_the_cases(walked, who):
    """The same addresses, and on each the same text: no number, no count, no row, no link more or less."""
    before, after = walked.before[who], walked.after[who]
    assert list(after) == list(before)
    assert [address for address in before if after[address].text != before[address].text] == []


def test_no_number_of_a_case_reaches_a_stranger(walked):
    known = {f"{start}{case.pk}/" for case in walked.cases.values() for start in ("/escalations/", QUEUE)}
    known |= {file.get_absolute_url() for case in walked.cases.values() for file in case.files.all()}
    reached = {link for who in STRANGERS for page in walked.after[who].values() for link in page.links}
    assert reached & known == set()


def test_every_page_was_walked(walked):
    """Each address that is read, by somebody: a page that no crawl reaches proves nothing."""
    reached = {
        crawling.kind_of(address)[0]
        for pages in walked.after.values()
        for address, page in pages.items()
        if page.status == 200
    }
    assert sorted({*READ, *PUBLIC & {"board:show_wall"}} - reached - NO_PAGE) == []


# --- those who may


@pytest.mark.parametrize("who", INSIDERS)
def test_whoever_may_see_a_case_finds_it(walked, who):
    found = marks(walked.after[who])
    theirs = {state for state in SEERS if who in seers(state)}
    told = TOLD_ONLY if who == "leader" else {}
    assert {state for state in found if found[state] != told.get(state)} == theirs
    assert {state: fields for state, fields in found.items() if state in told} == told


# --- its own addresses


def own_addresses(case, file):
    """What the product and the admin have about one case and its file."""
    steps = [f"escalations:{step}_case" for step in STEPS] + [f"admin:escalations_case_{step}" for step in STEPS]
    names = ["escalations:show_case", "escalations:edit_draft", *steps]
    names += [f"admin:escalations_case_{page}" for page in ("change", "history", "delete")]
    files = [reverse(f"escalations:{verb}_file", args=[file]) for verb in ("show", "remove")]
    return [*(reverse(name, args=[case]) for name in names), *files, shortcut(case)]


def shortcut(case):
    """Django's way from the number of any row to its page, which the product leaves out."""
    return f"/admin/r/{ContentType.objects.get_for_model(Case).pk}/{case}/"


def answers(client, addresses):
    """[what each address answers to a GET and to a POST]; nothing of it stays."""
    found = []
    for address in addresses:
        with transaction.atomic():
            found.append((client.get(address).status_code, client.post(address, {"text": "好"}).status_code))
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("who", STRANGERS)
def test_to_a_stranger_a_case_is_a_number_that_is_not_there(walked, who):
    client = signed_in(getattr(walked.people, who))
    nothing = answers(client, own_addresses(10**9, 10**9))
    for state in ("draft", "submitted", "told"):
        case = walked.cases[state]
        assert (state, answers(client, own_addresses(case.pk, case.files.get().pk))) == (state, nothing)


@pytest.mark.parametrize("who", [*STRANGERS, *INSIDERS])
def test_the_page_of_each_case_opens_to_its_seers_alone(walked, who):
    client = signed_in(getattr(walked.people, who))
    opened = {state for state, case in walked.cases.items() if client.get(case.get_absolute_url()).status_code == 200}
    assert opened == {state for state in SEERS if who in seers(state)}


def test_another_centre_sees_nothing(walked):
    stranger = make.person(role=Role.CENTRE_DIRECTOR, centre=make.centre(name="云港客服中心"))
    Person.objects.update(password="usable")
    where = ["/", "/escalations/?tab=all", f"/search/?q={WORD}", "/live/", QUEUE, JOURNAL]
    assert marks(walk(stranger, where, most_of_cases)) == {}


# --- outbox, journal, log


def test_messages_go_to_those_who_may_see_the_case_and_hold_no_word(walked):
    pks = {case.pk: state for state, case in walked.cases.items()}
    wrong = []
    for row in Announcement.objects.filter(facts__case__in=list(pks)):
        state = pks[row.facts["case"]]
        allowed = {getattr(walked.people, who).pk for who in seers(state)}
        allowed |= {walked.people.leader.pk} if state in TOLD_ONLY and "follow-ups" in row.link else set()
        wrong += [(state, row.kind)] if not set(row.to) <= allowed else []
    assert wrong == []
    assert Announcement.objects.filter(facts__case__in=list(pks)).count() > len(SEERS)
    for model in (Announcement, Message):
        assert WORD not in str(list(model.objects.values_list("facts", flat=True)))


def test_every_row_of_the_journal_about_a_case_is_restricted(walked):
    about = Entry.objects.filter(
        object_type="escalations.case", object_id__in=[case.pk for case in walked.cases.values()]
    )
    assert about.count() > len(SEERS)
    assert list(about.filter(restricted=False)) == []
    assert WORD not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_no_line_of_the_log_has_a_word_of_a_case(walked):
    assert [line for line in walked.logged if MARK.search(line)] == []


# --- negative controls: without a guard the same crawl finds the cases


def seen_without(walked, monkeypatch, who, owner, name, guardless, where):
    monkeypatch.setattr("callcentre.clock.now", lambda: AT)
    monkeypatch.setattr(owner, name, guardless)
    return walk(getattr(walked.people, who), where, most_of_cases)


@pytest.mark.parametrize("who", ["other_leader", "other_director", "administrator"])
def test_without_the_filter_of_what_is_visible_the_crawl_finds_the_cases(walked, monkeypatch, who):
    def visible_to(self, person):
        return self.filter(centre=person.centre_id)

    where = ["/escalations/?tab=all", f"/search/?q={WORD}"]
    pages = seen_without(walked, monkeypatch, who, CaseQuerySet, "visible_to", visible_to, where)
    assert marks(pages).keys() == SEERS.keys()


def test_without_the_filter_of_what_is_counted_the_figures_tell_of_them(walked, monkeypatch):
    def counted_for(self, person):
        return self.submitted().filter(centre=person.centre_id)

    where = [FIGURES, f"{FIGURES}?xlsx=1"]
    pages = seen_without(walked, monkeypatch, "other_director", CaseQuerySet, "counted_for", counted_for, where)
    before = walked.before["other_director"]
    assert [address for address in where if pages[address].text == before[address].text] == []


def test_without_the_filter_of_the_log_a_colleague_finds_their_numbers(walked, monkeypatch):
    log = reverse("handover:show_log", args=[walked.floor.log.pk])
    pages = seen_without(walked, monkeypatch, "colleague", CaseQuerySet, "not_confidential", lambda rows: rows, [log])
    assert pages[log].text != walked.before["colleague"][log].text


def test_without_the_filter_of_the_journal_a_clauses_page_shows_their_steps(walked, monkeypatch):
    def visible_to(self, person):
        return self.filter(centre=person.centre_id)

    page = reverse("rulebook:show_clause", args=["escalation.1"])
    pages = seen_without(walked, monkeypatch, "colleague", EntryQuerySet, "visible_to", visible_to, [page])
    assert pages[page].text != walked.before["colleague"][page].text


def test_what_is_not_submitted_is_seen_by_its_reporter_alone():
    assert {state for state in SEERS if seers(state) == {"reporter"}} == UNSUBMITTED
