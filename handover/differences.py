"""How two texts differ, for showing them side by side: by the character in Chinese, by the word in Latin."""

import dataclasses
import difflib
import re

PIECE = re.compile(r"[0-9A-Za-z]+|\s+|.", re.DOTALL)
FEW = 2  # a stretch this short between two differences is no help to a reader: it joins them


@dataclasses.dataclass(frozen=True)
class Piece:
    text: str
    differs: bool


def side_by_side(one, other):
    """([Piece] of the one, [Piece] of the other): what differs is what the other text does not have at that place."""
    left, right = PIECE.findall(one), PIECE.findall(other)
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    sides = [], []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        short = tag == "equal" and i2 - i1 < FEW and i1 > 0 and i2 < len(left)
        for side, text in zip(sides, ("".join(left[i1:i2]), "".join(right[j1:j2])), strict=True):
            add(side, text, tag != "equal" or short)
    return sides


def add(side, text, differs):
    if not text:
        return
    if side and side[-1].differs == differs:
        text = side.pop().text + text
    side.append(Piece(text, differs))
