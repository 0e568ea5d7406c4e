"""Checklists as data: each app defines its own here, and every centre gets them as rows (actions.ensure_checklists)."""

import dataclasses
import sys

from django.utils.functional import lazy

from callcentre.words import pick
from rulebook import evidence

DEFINITIONS = {}


@dataclasses.dataclass(frozen=True)
class Definition:
    key: str
    name_zh: str
    name_en: str
    items: tuple  # of (text_zh, text_en, [clause ids]); an item is known by its place: add new ones at the end


def define(key, name_zh, name_en, items, *, lacking=""):
    """Define a checklist that every centre has. items: [(text_zh, text_en, [clause ids])], new ones at the end.

    lacking: what their clauses still ask for beyond this checklist.
    Raises ValueError for a key defined twice.
    """
    if key in DEFINITIONS:
        raise ValueError(f"checklist defined twice: {key}")
    caller = sys._getframe(1)
    DEFINITIONS[key] = Definition(key, name_zh, name_en, tuple(items))
    for text_zh, text_en, clauses in items:
        evidence.add(
            "inspection",
            clauses,
            lazy(pick, str)(f"{name_zh}：{text_zh}", f"{name_en}: {text_en}"),
            caller.f_globals["__name__"],
            caller.f_code.co_filename,
            caller.f_lineno,
            lacking,
        )
