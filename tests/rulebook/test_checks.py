import time

import pytest
from django.template import Context, Template
from django.utils import translation

from board.apps import BoardConfig
from rulebook import checks
from rulebook.evidence import evidence
from rulebook.gates import gate
from tests import make_rulebook


@pytest.fixture(autouse=True)
def registries():
    with make_rulebook.registries():
        yield


def test_the_project_cites_only_clauses_that_exist():
    assert checks.cited_clauses_exist() == []


def test_an_unknown_clause_is_named_with_file_and_line():
    @gate("handover.44")
    def may_leave(): ...

    evidence("record", ["floor.9"], "a gap in the rulebook")
    first, second = checks.cited_clauses_exist()
    line = may_leave.__wrapped__.__code__.co_firstlineno
    assert first.msg == f"{__file__}:{line} cites the clause “handover.44”, which the rulebook does not have."
    assert second.msg.startswith(f"{__file__}:")
    assert "“floor.9”" in second.msg
    assert {first.id, second.id} == {"rulebook.E001"}


def test_clauses_cited_in_refusals_and_templates_are_found(tmp_path):
    rules = tmp_path / "rules.py"
    rules.write_text('x = 1\nraise Refused("no", clause="floor.9")\nrecord("a.b", o, clause="")\n')
    page = tmp_path / "page.html"
    page.write_text('<p>\n{% clause "floor.9" %}{% clause refused.clause %}')
    found = checks.in_python(rules) + checks.in_template(page)
    assert [(one.clause, one.file, one.line) for one in found] == [
        ("floor.9", str(rules), 2),
        ("floor.9", str(page), 2),
    ]


def test_what_an_app_claims_is_checked(monkeypatch):
    monkeypatch.setattr(BoardConfig, "claims", {"floor.9": ("gate",)}, raising=False)
    assert [error.msg.split(" cites ")[1] for error in checks.cited_clauses_exist()] == [
        "the clause “floor.9”, which the rulebook does not have."
    ]


def test_the_check_is_quick():
    checks.cited_clauses_exist()
    began = time.process_time()
    checks.cited_clauses_exist()
    assert time.process_time() - began < 1


def test_the_tag_links_the_clause():
    page = Template('{% clause "handover.4" %}|{% clause nothing %}|{% clause "floor.9" %}')
    with translation.override("en"):
        assert page.render(Context()) == '<a class="clause" href="/rulebook/handover.4/">Under Handover 4</a>||'
