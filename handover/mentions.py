"""Whom a text names by `@`: found by name or number among the people of the shift and of the next.

The text stays as it was typed, so a mention works without the picker too. The picker finds people by `keys`.
"""

import functools
import re

AT = "@＠"
NUMBER = r"\s?(?P<number>[0-9A-Za-z]{3,12})?"


def may_be_in(text):
    return any(mark in text for mark in AT)


def people_in(text, people):
    """The people named, each once. A name that several have means all of them, unless a number follows."""
    people = list(people)
    by_number = {person.employee_number: person for person in people}
    names = {person.name for person in people} | by_number.keys()
    if not names:
        return []
    longest_first = sorted(map(re.escape, names), key=lambda name: (-len(name), name))
    found = {}
    for match in re.finditer(f"[{AT}](?P<name>{'|'.join(longest_first)}){NUMBER}", text):
        named = by_number.get(match["name"]) or by_number.get(match["number"] or "")
        if named and match["name"] in (named.name, named.employee_number):
            found[named.pk] = named
        else:
            found |= {person.pk: person for person in people if person.name == match["name"]}
    return list(found.values())


@functools.lru_cache(maxsize=10_000)
def keys(name):
    """By what a name is found besides itself: the initials of its syllables, and the syllables. 李娜: ln lina"""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its tables take memory: only where somebody picks

    initials = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(initials).lower(), "".join(lazy_pinyin(name)).lower()
