"""A notice's text as HTML: paragraphs, lists and **bold**, and nothing else; every character of it is escaped first."""

import re

from django.utils.html import escape
from django.utils.safestring import mark_safe

BULLET = re.compile(r"[-*•·]\s+(.*)")
NUMBER = re.compile(r"([0-9]{1,2})[.)、．]\s*(.*)")
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")


def as_html(text):
    """A blank line ends a paragraph; lines that begin with “- ” or “1. ” are lists."""
    blocks, open_block = [], None
    for line in text.replace("\r\n", "\n").split("\n"):
        kind, words = _line(line.strip())
        if kind is None:
            open_block = None
            continue
        if open_block is None or open_block[0] != kind:
            open_block = (kind, [])
            blocks.append(open_block)
        open_block[1].append(words)
    return mark_safe("".join(_block(kind, lines) for kind, lines in blocks))  # noqa: S308 - _bold has escaped it


def _line(line):
    """(the block that the line belongs to, its HTML); no block for a blank line."""
    if not line:
        return None, ""
    if bullet := BULLET.fullmatch(line):
        return "ul", _bold(bullet[1])
    if number := NUMBER.fullmatch(line):
        return "ol", f'<li value="{int(number[1])}">{_bold(number[2])}</li>'
    return "p", _bold(line)


def _bold(text):
    return BOLD.sub(r"<strong>\1</strong>", escape(text))


def _block(kind, lines):
    if kind == "ul":
        return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
    if kind == "ol":
        return f"<ol>{''.join(lines)}</ol>"
    return f"<p>{'<br>'.join(lines)}</p>"
