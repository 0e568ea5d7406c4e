"""Every address against every role, in a demo centre: who reads, who may knock, and that reading changes nothing.

The tables are written by hand, apart from what the views declare: a view whose door is moved fails here.
"""

import re

import pytest
from django.core.management import call_command
from django.db import connection, reset_queries, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse

from board import wall
from callcentre import clock
from callcentre.attachments import keep
from callcentre.uploads import check
from delivery.models import Message
from duties.models import Duty
from escalations.models import Case, CaseFile, FollowUp
from floor.models import LeaveOfPost
from handover.models import DeskRelief, Entry, EntryFile, Log, OpenItem, Phrase, Turn
from hygiene.models import Plant
from journal.models import Entry as JournalRow
from notices.models import Notice, NoticeFile, SynonymGroup, UnifiedAnswer
from people.actions import renew_wall_key
from people.models import Person
from rulebook.models import Breach, ChecklistItem
from shifts.models import Desk, Leave, Roster, Rotation, Run, Shift, Swap, Wish
from tests import make
from tests.make_uploads import picture, uploaded

pytestmark = pytest.mark.xdist_group("addresses")
AT = make.at(10, 30)
# A letter for each role, and somebody of the demo centre who holds it.
WHO = {"A": "1102", "L": "1100", "I": "6001", "D": "8001", "C": "9001", "S": "7001", "M": "5001"}
ALL = "ALIDCSM"
FLOOR = "ALIDCS"  # all but the administrator, who sees no customer's data

PUBLIC = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_reset_password",
    "account_inactive",
    "people:set_language",
    "board:ready",
    "styleguide",
    "health_live",
    "shifts:read_feed",
    "board:show_wall",
    "board:poll_wall",
}

# Who reads the page.
READ = {
    "board:start": ALL,
    "board:search": ALL,
    "board:show_my_desk": FLOOR,
    "board:poll_my_desk": FLOOR,
    "board:choose_desk": FLOOR,
    "board:show_live": "LIDC",
    "board:poll_live": "LIDC",
    "board:show_wall_link": "LDC",
    "account_change_password": ALL,
    "people:list_people": "M",
    "people:load_drafts": ALL,
    "people:import_staff": "M",
    "people:import_template": "M",
    "rulebook:list_clauses": ALL,
    "rulebook:show_clause": ALL,
    "rulebook:set_parameter": "DC",
    "rulebook:read_pledge": ALL,
    "rulebook:list_unacknowledged": "DC",
    "rulebook:list_breaches": "LDC",
    "shifts:show_now": ALL,
    "shifts:show_roster": ALL,
    "shifts:show_mine": ALL,
    "shifts:list_swaps": ALL,
    "shifts:offer_swap": ALL,
    "shifts:show_swap": "LDC",
    "shifts:list_leaves": ALL,
    "shifts:ask_leave": ALL,
    "shifts:show_leave": "LDC",
    "shifts:show_calendar": ALL,
    "shifts:download_month": ALL,
    "shifts:print_month": ALL,
    "shifts:download_roster": "LD",
    "shifts:print_roster": "LD",
    "shifts:upload_sheet": "LD",
    "shifts:show_limits": "LDC",
    "shifts:set_limit": "D",
    "shifts:set_system": "D",
    "shifts:set_demand": "D",
    "shifts:list_rosters": "LD",
    "shifts:list_rotations": "D",
    "shifts:make_rotation": "D",
    "shifts:make_own_rotation": "D",
    "shifts:change_rotation": "D",
    "shifts:show_roll_call": "LIDC",
    "shifts:show_attendance": ALL,
    "shifts:show_person_attendance": "ALIDC",
    "shifts:show_draft": "LD",
    "shifts:show_cell": "LD",
    "shifts:poll_edits": "LD",
    "shifts:publish_roster": "D",
    "shifts:list_versions": "LDC",
    "shifts:generate_roster": "LD",
    "shifts:show_run": "LD",
    "shifts:poll_run": "LD",
    "shifts:show_wishes": ALL,
    "shifts:list_wishes": "LD",
    "duties:index": ALL,
    "duties:show_duty": ALL,
    "delivery:list_messages": ALL,
    "delivery:poll_bell": ALL,
    "delivery:edit_settings": ALL,
    "notices:list_notices": ALL,
    "notices:show_notice": ALL,
    "notices:list_readers": "LDC",
    "notices:print_notice": "LDC",
    "notices:write_notice": "LDC",
    "notices:edit_notice": "DC",
    "notices:withdraw_notice": "LDC",
    "notices:search_answers": ALL,
    "notices:show_answer": ALL,
    "notices:show_file": ALL,
    "notices:write_answer": "DC",
    "notices:change_answer": "DC",
    "notices:withdraw_answer": "DC",
    "notices:list_synonyms": "DC",
    "escalations:list_cases": ALL,
    "escalations:show_report": "LDC",
    "escalations:new_case": ALL,
    "escalations:show_case": "ALDC",
    "escalations:show_file": "LDC",
    "escalations:show_follow_up": "DC",
    "floor:show_leaves": ALL,
    "floor:ask_leave": ALL,
    "floor:list_leaves": ALL,
    "floor:show_month": "LDC",
    "floor:show_leave": "LDC",
    "hygiene:show_rota": ALL,
    "hygiene:list_plants": ALL,
    "hygiene:show_clean": ALL,
    "handover:list_logs": FLOOR,
    "handover:write_note": FLOOR,
    "handover:show_log": FLOOR,
    "handover:show_history": FLOOR,
    "handover:show_entry": FLOOR,
    "handover:list_people": FLOOR,
    "handover:search_logs": FLOOR,
    "handover:list_phrases": FLOOR,
    "handover:edit_phrase": "LDC",
    "handover:print_log": FLOOR,
    "handover:download_pdf": FLOOR,
    "handover:show_file": FLOOR,
    "handover:list_reliefs": "LIDC",
    "handover:poll_reliefs": "LIDC",
    "handover:show_relief": "LIDC",
    "meetings:list_meetings": ALL,
    "meetings:preview_dates": ALL,
    "meetings:show_meeting": ALL,
}

# Who may knock: the others are refused at the door, before any rule is asked.
KNOCK = {
    "board:renew_wall": "LDC",
    "people:keep_draft": ALL,
    "people:drop_draft": ALL,
    "people:confirm_import": "M",
    "people:download_passwords": "M",
    "people:reset_password": "M",
    "people:renew_passwords": "M",
    "rulebook:switch_clause": "DC",
    "rulebook:confirm_breach": "LDC",
    "rulebook:excuse_breach": "LDC",
    "rulebook:take_back_breach": "LDC",
    **dict.fromkeys([f"shifts:{step}_swap" for step in ("accept", "decline", "approve", "refuse", "withdraw")], ALL),
    **dict.fromkeys([f"shifts:{step}_leave" for step in ("approve", "refuse", "withdraw", "cancel")], ALL),
    "shifts:make_roster": "LD",
    **dict.fromkeys(["shifts:edit_cells", "shifts:undo_edit", "shifts:redo_edit", "shifts:fill_roster"], "LD"),
    "shifts:archive_roster": "D",
    "shifts:refill_draft": "LD",
    "shifts:preview_rotation": "D",
    "shifts:confirm_sheet": "LD",
    "shifts:renew_feed": ALL,
    "shifts:revoke_feed": ALL,
    **dict.fromkeys([f"shifts:{step}_run" for step in ("cancel", "apply", "undo", "discard")], "LD"),
    **dict.fromkeys(["shifts:make_wish", "shifts:withdraw_wish"], ALL),
    "duties:verify_duty": "LD",
    "duties:waive_duty": "D",
    "hygiene:verify_clean": "LD",
    **dict.fromkeys(["shifts:mark_here", "shifts:mark_absent", "shifts:mark_on_leave", "shifts:mark_rest_here"], ALL),
    **dict.fromkeys(["shifts:unmark", "shifts:mark_arrival", "shifts:annotate", "shifts:set_fault"], ALL),
    **dict.fromkeys(["shifts:state_reason", "shifts:close_roll_call", "shifts:reopen_roll_call"], ALL),
    **dict.fromkeys(["duties:start_duty", "duties:finish_duty", "duties:undo_duty"], ALL),
    "notices:confirm_notice": ALL,
    "notices:nudge_readers": "LDC",
    "notices:publish_notice": "LDC",
    "notices:discard_notice": "LDC",
    **dict.fromkeys(["notices:add_files", "notices:remove_file"], "LDC"),
    **dict.fromkeys([f"notices:{step}" for step in ("publish_answer", "discard_answer")], "DC"),
    **dict.fromkeys([f"notices:{step}" for step in ("change_synonyms", "drop_synonyms")], "DC"),
    "handover:drop_phrase": "LDC",
    **dict.fromkeys(["delivery:mark_all_read", "delivery:open_message", "delivery:mark_read"], ALL),
}


# What an address of the desks points at; the others of their app point at a log.
AT_THE_DESKS = {
    **dict.fromkeys(
        [f"handover:{step}" for step in ("show_relief", "arrive", "step_back", "brief", "unbrief")], "relief"
    ),
    **dict.fromkeys([f"handover:{step}" for step in ("assume", "sign_out", "substitute")], "relief"),
    **dict.fromkeys([f"handover:{step}_desk" for step in ("take", "close", "open")], "desk"),
    "handover:release": "turn",
}

# The rest of an app's addresses only take steps: its doors are open, and its rules decide.
KNOCK_BY_APP = {"escalations": ALL, "floor": ALL, "handover": FLOOR, "hygiene": ALL, "meetings": ALL}

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)", re.IGNORECASE)


def addresses(resolver=None, namespaces=()):
    """(name, the names of its arguments) of every address but the admin's."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern, URLResolver):
            yield ":".join([*namespaces, pattern.name]), list(pattern.pattern.converters)
        elif pattern.namespace != "admin":
            yield from addresses(pattern, (*namespaces, pattern.namespace) if pattern.namespace else namespaces)


ADDRESSES = dict(addresses())
STEPS = sorted(ADDRESSES.keys() - READ.keys() - PUBLIC)


def may_knock(name):
    return KNOCK.get(name) or KNOCK_BY_APP[name.partition(":")[0]]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo centre on its Monday at half past ten, with the clock standing there; taken back after the module."""
    moved = tmp_path_factory.mktemp("clock") / "seconds"
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, CLOCK_FILE=str(moved)),
        transaction.atomic(),
    ):
        moved.write_text(str((AT - clock.now()).total_seconds()))
        call_command("load_demo", "--at", AT.isoformat(), verbosity=0)
        yield {letter: Person.objects.get(employee_number=number) for letter, number in WHO.items()}
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def arguments(demo):
    """`arguments(name)`: what the address needs to point at rows of the demo."""
    duties = Duty.objects.filter(due_on=make.MONDAY)
    clean = duties.get(rule__code="changing_room_clean")
    log = Log.objects.get(shift__on=make.MONDAY, shift__leader=demo["L"])
    pks = {
        "people": demo["I"].pk,
        "rulebook": Breach.objects.first().pk,
        "shifts": Roster.objects.get(status="draft").pk,
        "duties": clean.pk,
        "delivery": Message.objects.filter(person=demo["D"]).first().pk,
        "escalations": Case.objects.filter(reporter=demo["A"]).first().pk,
        "hygiene": clean.pk,
        "notices": Notice.objects.filter(status="published", must_confirm=True, in_force_until__gt=AT).first().pk,
        "handover": log.pk,
        "meetings": duties.get(rule__code="weekly_meeting").pk,
    }
    entry = Entry.objects.filter(log=log).first()
    others = {
        "name": "early_arrival_minutes",
        "code": "rest",
        "item": ChecklistItem.objects.filter(checklist__key="changing_room").first().pk,
        "item_pk": OpenItem.objects.first().pk,
        "plant": Plant.objects.first().pk,
        "person_pk": demo["A"].pk,
        "on": str(Roster.objects.get(pk=pks["shifts"]).from_on),
        "shift_pk": Shift.objects.filter(on=make.MONDAY).first().pk,
        "point": 1,
        "decision": 1,
    }

    pks |= {"swap": Swap.objects.first().pk, "leave": Leave.objects.first().pk, "rotation": Rotation.objects.get().pk}

    (file,) = keep(EntryFile, [check(uploaded(picture()))], by=demo["L"], at=AT, entry=entry)
    notice = Notice.objects.get(pk=pks["notices"])
    (poster,) = keep(NoticeFile, [check(uploaded(picture()))], by=demo["D"], at=AT, notice=notice)
    pks |= {"file": file.pk, "notice_file": poster.pk, "phrase": Phrase.objects.first().pk}
    run = {"status": "cancelled", "seconds": 10, "asked_by": demo["D"], "asked_at": AT, "heard_at": AT}
    pks["case_file"] = CaseFile.objects.get(case__status="submitted").pk
    pks["follow_up"] = FollowUp.objects.get().pk
    pks["run"] = Run.objects.create(centre=demo["D"].centre, roster_id=pks["shifts"], **run).pk
    pks |= {"answer": UnifiedAnswer.objects.first().pk, "synonyms": SynonymGroup.objects.first().pk}
    pks["wish"] = Wish.objects.first().pk
    pks["floor"] = LeaveOfPost.objects.exclude(person=demo["A"]).first().pk

    pks["relief"], pks["turn"] = DeskRelief.objects.first().pk, Turn.objects.now(demo["D"].centre).first().pk
    pks["desk"] = Desk.objects.first().pk

    def of(name):
        last = name.rpartition("_")[2]
        app = name.partition(":")[0]
        if app in ("shifts", "notices") and last in pks:
            app = "notice_file" if (app, last) == ("notices", "file") else last
        if app == "handover" and last in ("phrase", "file"):
            app = last
        if app == "escalations" and last in ("file", "up"):
            app = {"file": "case_file", "up": "follow_up"}[last]
        found = {}
        for argument in ADDRESSES[name]:
            if argument == "clause_id":
                found[argument] = "security.3" if name == "rulebook:switch_clause" else "handover.1"
            elif argument == "pk":
                of_entry = name.startswith("handover:") and "entry" in name
                found[argument] = entry.pk if of_entry else pks[AT_THE_DESKS.get(name, app)]
            else:
                found[argument] = others[argument]
        return found

    return of


@pytest.fixture
def browsers(demo, db):
    """{letter: a client that is signed in}"""
    clients = {letter: Client() for letter in demo}
    for letter, client in clients.items():
        client.force_login(demo[letter])
    return clients


def asked(client, name, arguments, method="get", **options):
    """The answer, without its effect on the demo."""
    with transaction.atomic():
        response = getattr(client, method)(reverse(name, kwargs=arguments(name)), **options)
        transaction.set_rollback(True)
        if response.streaming:
            list(response)  # a file is read to its end, and so closed
    return response


def test_the_tables_name_every_address_once():
    declared = [*PUBLIC, *READ, *KNOCK]
    assert len(declared) == len(set(declared))
    assert set(declared) <= ADDRESSES.keys()
    assert [name for name in STEPS if name not in KNOCK and name.partition(":")[0] not in KNOCK_BY_APP] == []


def test_each_page_is_read_by_its_roles_only(browsers, arguments):
    readers = {
        name: "".join(
            letter for letter, client in browsers.items() if asked(client, name, arguments).status_code == 200
        )
        for name in READ
    }
    assert readers == READ


def test_a_stranger_is_sent_to_the_login(demo, db, arguments):
    stranger = Client()
    for name in [*READ, *STEPS]:
        method = "get" if name in READ else "post"
        response = asked(stranger, name, arguments, method)
        assert (name, response.status_code) == (name, 302)
        assert response["Location"].startswith(reverse("account_login"))


def test_each_step_is_closed_to_other_roles(browsers, arguments):
    """Of those who may knock the leader and the director do: what they are answered is their app's tests' business."""
    before = JournalRow.objects.count()
    for name in STEPS:
        for letter, client in browsers.items():
            if letter in may_knock(name) and letter not in "LD":
                continue
            status = asked(client, name, arguments, "post").status_code
            if letter in may_knock(name):
                assert (name, letter, status) != (name, letter, 403)
            else:
                assert (name, letter, status) == (name, letter, 403)
    assert JournalRow.objects.count() == before


def test_each_step_is_a_post(browsers, arguments):
    """Some addresses that take steps show a page of their own to a GET; none takes its step."""
    for name in STEPS:
        response = asked(browsers["D"], name, arguments)
        assert (name, response.status_code) in [(name, status) for status in (302, 403, 404, 405, 200)]


def test_the_wall_names_nobody_and_tells_of_no_case(demo, db):
    centre = demo["L"].centre
    with transaction.atomic():
        renew_wall_key(centre=centre, by=demo["L"], at=clock.now())
        address = reverse("board:show_wall", args=[wall.token_of(centre)])
        pages = [
            Client().get(path) for path in (address, f"{address}?lang=en", f"{address}poll/", f"{address}poll/?lang=en")
        ]
        transaction.set_rollback(True)
    said = " ".join(re.sub(r"<[^>]*>", " ", page.content.decode()) for page in pages)
    private = [
        *Person.objects.values_list("name", flat=True),
        *Person.objects.values_list("employee_number", flat=True),
    ]
    private += [text for case in Case.objects.all() for text in (case.what_happened, case.proposed_handling) if text]
    private += Entry.objects.values_list("text", flat=True)
    assert [page.status_code for page in pages] == [200] * 4
    assert [text for text in private if text in said] == []


def test_every_post_without_its_token_is_refused(demo, db, arguments):
    client = Client(enforce_csrf_checks=True)
    client.force_login(demo["D"])
    before = JournalRow.objects.count()
    for name in [*STEPS, *READ, "people:set_language", "account_logout"]:
        response = asked(client, name, arguments, "post")
        assert (name, response.status_code) == (name, 403)
    assert JournalRow.objects.count() == before


def test_reading_changes_nothing(browsers, arguments):
    for name in [*READ, *STEPS]:
        for letter, client in browsers.items():
            reset_queries()  # what Django remembers of a test has an end
            with CaptureQueriesContext(connection) as queries:
                asked(client, name, arguments)
            assert (name, letter, [query["sql"] for query in queries if WRITES.match(query["sql"])]) == (
                name,
                letter,
                [],
            )
