"""What makes a clause live. Beside the thing that does, its app says so: a record, a duty, a check, an access rule.

Gates register themselves (gates.py), checklist items too (checklists.py). `manage.py clauses` reads it all back.
"""

import dataclasses
import sys

from django.utils.translation import pgettext_lazy

from rulebook.register import KINDS

KIND_LABELS = {
    "gate": pgettext_lazy("kind of evidence", "gate"),
    "schedule": pgettext_lazy("kind of evidence", "schedule"),
    "record": pgettext_lazy("kind of evidence", "record"),
    "inspection": pgettext_lazy("kind of evidence", "inspection"),
    "access": pgettext_lazy("kind of evidence", "access"),
    "pledge": pgettext_lazy("kind of evidence", "pledge"),
}

EVIDENCE = []  # in the order of the imports
CITED = []  # what code cites, for the system check: unknown ids are reported there, all at once


@dataclasses.dataclass(frozen=True)
class Evidence:
    clause: str
    kind: str
    what: object  # a sentence or name, perhaps lazy
    source: str  # the module, or a gate's dotted name
    lacking: object = ""


@dataclasses.dataclass(frozen=True)
class Citation:
    clause: str
    file: str
    line: int


def evidence(kind, clause_ids, what, *, lacking=""):
    """Register `what` (a short lazy sentence, or a dotted name) as making the clauses live in the way of `kind`.

    lacking: what the clause still asks for beyond this; with it the clause counts as partly live only.
    Raises ValueError for an unknown kind. An unknown clause is left to the system check.
    """
    caller = sys._getframe(1)
    add(kind, clause_ids, what, caller.f_globals["__name__"], caller.f_code.co_filename, caller.f_lineno, lacking)


def add(kind, clause_ids, what, source, file, line, lacking=""):
    if kind not in KINDS:
        raise ValueError(f"no such kind of evidence: {kind}")
    if isinstance(clause_ids, str):
        clause_ids = [clause_ids]
    for clause in clause_ids:
        EVIDENCE.append(Evidence(clause, kind, what, source, lacking))
        CITED.append(Citation(clause, file, line))
