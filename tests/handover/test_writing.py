"""Notes with all that stands beside them, text templates, the picker, attachments, the paper: over HTTP."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from handover import actions, papers
from handover.models import Entry, EntryFile, Phrase
from journal.models import Entry as JournalRow
from people.models import Role
from tests import make, make_handover, make_shifts
from tests.make_uploads import picture, uploaded

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def now(monkeypatch):
    def move(at):
        monkeypatch.setattr(clock, "now", lambda: at)

    move(make_handover.MORNING)
    return move


@pytest.fixture
def floor(now):
    return make_handover.floor()


@pytest.fixture
def elsewhere(db):
    return make.person(role=Role.LEADER, centre=make.centre(name="别处"))


def url(name, *args):
    return reverse(f"handover:{name}", args=args)


def last(log):
    row = JournalRow.objects.about(log).last()
    return row.verb, row.actor


def code(response):
    return response.status_code, response.headers.get("X-Refusal")


def attached(floor, client, entry=None):
    entry = entry or make_handover.entry(floor)
    client.post(url("add_files", entry.pk), {"files": [uploaded(picture(), "坏耳机.jpg")]})
    return EntryFile.objects.get()


def test_a_hard_question_is_noted_with_its_answer(floor, client_of):
    data = {"section": "hard_questions", "text": "积分怎么查？", "answer_given": "登录查询。", "needs_analysis": "on"}
    client_of(floor.agents[0]).post(url("add_entry", floor.log.pk), data)
    entry = Entry.objects.get()
    assert (entry.text, entry.answer_given, entry.needs_analysis) == ("积分怎么查？", "登录查询。", True)


def test_a_note_names_its_desk_by_number(floor, client_of):
    desk = make_shifts.desks()[0]
    client = client_of(floor.agents[0])
    data = {"section": "equipment", "text": "键盘不灵", "desk": f" {desk.code.lower()} "}
    client.post(url("add_entry", floor.log.pk), data)
    assert (Entry.objects.get().desk, Entry.objects.get().equipment) == (desk, "computer")
    assert client.post(url("add_entry", floor.log.pk), {**data, "desk": "Z99"}).status_code == 422
    assert client.post(url("add_entry", floor.log.pk), {**data, "desk": "Z99"}, headers=HTMX).status_code == 422


def test_a_note_is_written_with_its_attachment(floor, client_of):
    data = {"section": "equipment", "text": "耳机坏了", "files": [uploaded(picture(), "坏耳机.jpg")]}
    client_of(floor.agents[0]).post(url("add_entry", floor.log.pk), data)
    file = Entry.objects.get().files.get()
    assert (file.name, last(floor.log)) == ("坏耳机.jpg", ("handover.file_attached", floor.agents[0]))
    assert JournalRow.objects.about(floor.log).last().facts == {
        "entry": file.entry_id,
        "file": file.pk,
        "sha256": file.sha256,
    }


def test_a_bad_file_keeps_the_note_in_the_form(floor, client_of):
    data = {"section": "equipment", "text": "耳机坏了", "files": [uploaded(b"MZ no picture", "坏.jpg")]}
    response = client_of(floor.agents[0]).post(url("add_entry", floor.log.pk), data)
    assert (response.status_code, "耳机坏了" in response.text, Entry.objects.count()) == (422, True, 0)


def test_files_are_added_shown_and_taken_off_with_a_trace(floor, client_of, elsewhere):
    client = client_of(floor.agents[0])
    file = attached(floor, client)
    shown = client.get(url("show_file", file.pk))
    assert (shown.status_code, b"".join(shown)[:2]) == (200, b"\xff\xd8")
    assert client_of(elsewhere).get(url("show_file", file.pk)).status_code == 404
    assert client_of(elsewhere).post(url("remove_file", file.pk)).status_code == 404
    assert client.get(url("remove_file", file.pk)).status_code == 405
    assert code(client_of(floor.agents[1]).post(url("remove_file", file.pk))) == (409, "not_your_entry")
    assert client.post(url("remove_file", file.pk)).status_code == 302
    assert (EntryFile.objects.count(), last(floor.log)) == (0, ("handover.file_removed", floor.agents[0]))
    assert JournalRow.objects.about(floor.log).last().facts["sha256"] == file.sha256


def test_files_stay_once_the_log_is_submitted(floor, client_of, elsewhere):
    client = client_of(floor.agents[0])
    file = attached(floor, client)
    make_handover.submitted(floor)
    assert code(client.post(url("remove_file", file.pk))) == (409, "log_not_open")
    more = {"files": [uploaded(picture(), "又一张.jpg")]}
    assert client.post(url("add_files", file.entry_id), more).status_code == 422
    assert client_of(elsewhere).post(url("add_files", file.entry_id), more).status_code == 404
    assert client.get(url("add_files", file.entry_id)).status_code == 405
    assert EntryFile.objects.count() == 1


def test_an_entry_has_so_many_files_and_no_more(floor, client_of):
    client, entry = client_of(floor.agents[0]), make_handover.entry(floor)
    for _round in range(2):
        files = [uploaded(picture(size=(20, 20)), f"{number}.jpg") for number in range(3)]
        response = client.post(url("add_files", entry.pk), {"files": files})
    assert (response.status_code, EntryFile.objects.count()) == (422, 3)


def test_an_entry_is_edited_within_its_log(floor, client_of):
    client, entry = client_of(floor.leader), make_handover.entry(floor, text="旧")
    form = client.get(url("show_entry", entry.pk), headers=HTMX)
    assert [template.name for template in form.templates][0] == "handover/_edit.html"
    data = {"section": "customer_voice", "text": "新", "version": 1}
    fragment = client.post(url("edit_entry", entry.pk), data, headers=HTMX).text
    assert ['id="entries-equipment"' in fragment, 'id="entries-customer_voice"' in fragment] == [True, True]
    assert (Entry.objects.get().text, Entry.objects.get().section) == ("新", "customer_voice")


def test_a_conflict_shows_both_texts_within_the_log_too(floor, client_of):
    entry = make_handover.entry(floor, text="耳机坏了")
    data = {"section": "equipment", "version": 1}
    client_of(floor.agents[0]).post(url("edit_entry", entry.pk), {**data, "text": "耳机修好了"})
    client = client_of(floor.leader)
    shown = client.post(url("edit_entry", entry.pk), {**data, "text": "耳机换了"}, headers=HTMX)
    assert shown.status_code == 422
    sides = [[(piece.text, piece.differs) for piece in shown.context[side]] for side in ("theirs", "mine")]
    assert sides == [[("耳机", False), ("修好", True), ("了", False)], [("耳机", False), ("换", True), ("了", False)]]
    assert "<del>修好</del>" in shown.text
    assert "<ins>换</ins>" in shown.text


def test_of_two_texts_both_may_be_kept(floor, client_of):
    entry = make_handover.entry(floor, text="旧")
    data = {"section": "equipment", "version": 1}
    client_of(floor.agents[0]).post(url("edit_entry", entry.pk), {**data, "text": "组员的"})
    client_of(floor.leader).post(url("edit_entry", entry.pk), {**data, "text": "班长的", "version": 2, "both": "1"})
    assert Entry.objects.get().text == "组员的\n班长的"


def test_the_picker_has_the_people_of_both_shifts(floor, client_of, elsewhere):
    client = client_of(floor.agents[0])
    page = client.get(url("list_people", floor.log.pk))
    people = {floor.leader, floor.next_leader, *floor.agents, *floor.next_agents}
    assert {person for person, *_keys in page.context["people"]} == people
    assert client_of(elsewhere).get(url("list_people", floor.log.pk)).status_code == 404


def test_text_templates_are_kept_on_their_page(floor, client_of, elsewhere):
    client, data = client_of(floor.leader), {"section": "equipment", "text": "已报信息科。"}
    assert client.post(url("list_phrases"), data).status_code == 302
    phrase = Phrase.objects.get()
    assert JournalRow.objects.about(phrase).last().verb == "handover.phrase_added"
    assert client.post(url("list_phrases"), data).status_code == 422
    assert client.post(url("list_phrases"), {"section": "equipment", "text": ""}).status_code == 422
    assert "已报信息科。" in client_of(floor.agents[0]).get(url("show_log", floor.log.pk)).text
    assert client_of(floor.agents[0]).post(url("list_phrases"), data).status_code == 422
    assert client_of(elsewhere).get(url("edit_phrase", phrase.pk)).status_code == 404
    assert client_of(elsewhere).post(url("drop_phrase", phrase.pk)).status_code == 404
    assert client.get(url("edit_phrase", phrase.pk)).status_code == 200
    client.post(url("edit_phrase", phrase.pk), {"section": "equipment", "text": "已报后勤。"})
    assert Phrase.objects.get().text == "已报后勤。"
    assert client_of(floor.agents[0]).post(url("drop_phrase", phrase.pk)).status_code == 403
    assert client.get(url("drop_phrase", phrase.pk)).status_code == 405
    client.post(url("drop_phrase", phrase.pk))
    assert Phrase.objects.count() == 0


def test_a_template_fills_the_note_without_scripts(floor, client_of):
    page = client_of(floor.agents[0]).get(url("write_note"), {"section": "equipment", "text": "已报信息科。"})
    assert page.context["form"]["text"].value() == "已报信息科。"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("step", ["floor", "submitted", "accepted"])
def test_the_paper_shows_the_log_in_every_state(step, language, floor, client_of):
    floor.leader.language = language
    floor.leader.save()
    make_handover.question(floor, answer_given="以公告为准。", needs_analysis=True)
    if step != "floor":
        make_handover.submitted(floor)
    if step == "accepted":
        make_handover.accepted(floor)
        actions.add_addendum(log=floor.log, text="补充一句。", by=floor.leader, at=make.at(17))
    page = client_of(floor.leader).get(url("print_log", floor.log.pk))
    assert page.status_code == 200
    assert ["以公告为准。" in page.text, "补充一句。" in page.text] == [True, step == "accepted"]


def test_the_pdf_is_the_same_paper(floor, client_of, elsewhere):
    make_handover.entry(floor, text="A03 号席耳机有杂音")
    client = client_of(floor.leader)
    answer = client.get(url("download_pdf", floor.log.pk))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="log-20261123-D.pdf"'
    assert answer.content[:5] == b"%PDF-"
    assert client_of(elsewhere).get(url("download_pdf", floor.log.pk)).status_code == 404
    assert client.post(url("download_pdf", floor.log.pk)).status_code == 405


def test_without_pango_a_sentence_says_what_to_install(floor, client_of, monkeypatch):
    import sys  # noqa: PLC0415

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert code(client_of(floor.leader).get(url("download_pdf", floor.log.pk))) == (409, "pdf_not_installed")


def test_a_pdf_waits_for_the_one_before_it_and_not_for_ever(floor, client_of, monkeypatch):
    monkeypatch.setattr(papers, "PATIENCE", 0.01)
    with papers.ONE_AT_A_TIME:
        assert code(client_of(floor.leader).get(url("download_pdf", floor.log.pk))) == (409, "pdf_busy")


def test_a_pdf_of_a_very_long_log_is_refused(floor, client_of, monkeypatch):
    monkeypatch.setattr(papers, "MOST_NOTES", 0)
    make_handover.entry(floor)
    assert code(client_of(floor.leader).get(url("download_pdf", floor.log.pk))) == (409, "pdf_too_long")


def test_a_full_log_costs_no_more_than_it_may(floor, client_of):
    client = client_of(floor.leader)
    actions.add_phrase(centre=floor.centre, section="equipment", text="已报信息科。", by=floor.leader, at=make.at(9))
    for number in range(6):
        attached_to = make_handover.entry(floor, text=f"第 {number} 条")
    attached(floor, client, attached_to)
    actions.follow_up(entry=attached_to, owner=floor.next_leader, by=floor.leader, at=make.at(9))
    client.get(url("show_log", floor.log.pk))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url("show_log", floor.log.pk)).status_code == 200
    assert len(queries) <= 8
