"""A system check: code and templates cite only clauses that the rulebook has."""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import checks

from rulebook import evidence
from rulebook.evidence import Citation
from rulebook.register import CLAUSES

IN_TEMPLATE = re.compile(r'{%\s*clause "([^"]*)"')


@checks.register
def cited_clauses_exist(app_configs=None, **kwargs):
    return [unknown(citation) for citation in citations() if citation.clause not in CLAUSES]


def unknown(citation):
    return checks.Error(
        f"{citation.file}:{citation.line} cites the clause “{citation.clause}”, which the rulebook does not have.",
        hint="The ids are in rulebook/clauses.toml.",
        id="rulebook.E001",
    )


def citations():
    """What gates and evidence cite, `clause="..."` in the code, clause tags in templates, and what apps claim."""
    found = list(evidence.CITED)
    for config in own_apps():
        for path in Path(config.path).rglob("*.py"):
            found += in_python(path)
        found += [Citation(clause, f"{config.path}/apps.py", 1) for clause in getattr(config, "claims", ())]
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        found += in_template(path)
    return found


def own_apps():
    return [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]


def in_python(path):
    source = path.read_text(encoding="utf-8")
    if 'clause="' not in source:  # parsing is slow
        return []
    return [
        Citation(node.value.value, str(path), node.value.lineno)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.keyword)
        and node.arg == "clause"
        and isinstance(node.value, ast.Constant)
        and node.value.value
    ]


def in_template(path):
    source = path.read_text(encoding="utf-8")
    return [
        Citation(match[1], str(path), source.count("\n", 0, match.start()) + 1)
        for match in IN_TEMPLATE.finditer(source)
    ]
