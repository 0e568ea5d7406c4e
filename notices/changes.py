"""What a changed text changed, line by line, as safe HTML with <ins> and <del>."""

import difflib

from django.utils.html import escape
from django.utils.safestring import mark_safe

LONGEST = 400  # characters of a line that is compared within


def compare(old, new):
    """The new text's lines, what is new in <ins> and what has gone in <del>; unchanged lines are there, too."""
    before, after = old.splitlines(), new.splitlines()
    pieces = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces += map(escape, before[a:b])
        elif what == "replace" and b - a == d - c:
            pieces += map(_within, before[a:b], after[c:d])
        else:
            pieces += [f"<del>{escape(line)}</del>" for line in before[a:b] if line]
            pieces += [f"<ins>{escape(line)}</ins>" if line else "" for line in after[c:d]]
    return mark_safe("\n".join(pieces))  # noqa: S308 - every piece is escaped


def _within(old, new):
    """One line that became another."""
    if len(old) + len(new) > 2 * LONGEST:
        return f"<del>{escape(old)}</del><ins>{escape(new)}</ins>"
    pieces = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(escape(old[a:b]))
            continue
        pieces += [f"<{tag}>{escape(text)}</{tag}>" for tag, text in (("del", old[a:b]), ("ins", new[c:d])) if text]
    return "".join(pieces)
