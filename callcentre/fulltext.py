"""Full text for Chinese and Latin words alike, the same on every database: folding, index codes, ranking, marking.

Chinese has no blanks between words, so a run of it is indexed by its pairs of neighbouring characters; a Latin word or
a number is indexed as itself and found by its beginning. Each becomes a number, made so that "begins with" is a range
of numbers: no collation has a say in it, and one index answers all. Pure functions; callcentre.indexing has the table.
"""

import dataclasses
import functools
import re
import unicodedata

from django.utils.html import escape
from django.utils.safestring import mark_safe

LONGEST_QUERY = 50  # characters
LONGEST_WORD = 11  # of a Latin word or number; what follows is not indexed
CHARACTER = 21  # bits
WORDS_FROM = 1 << 2 * CHARACTER  # above the pairs of characters
ALPHABET = {character: place for place, character in enumerate("0123456789abcdefghijklmnopqrstuvwxyz", start=1)}
TOKEN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
SAYS_NOTHING = frozenset("的了吗呢吧啊")  # left out of a query that has other words
ENOUGH = 0.5  # of the query must be found for a row to be a hit


class Folded(dict):
    """Each character as it is compared, found when it is first met."""

    def __missing__(self, number):
        character = chr(number)
        invisible = unicodedata.category(character) == "Cf"
        self[number] = "" if invisible else unicodedata.normalize("NFKC", character).casefold()
        return self[number]


FOLDED = Folded()


def fold(text):
    """The text as it is compared: full width as half width, no capitals, nothing invisible."""
    return text.translate(FOLDED)


def codes(text):
    """The index codes of a text: a set of numbers below 2**63."""
    found = set()
    for token in TOKEN.findall(fold(text)):
        if token[0] in ALPHABET:
            found.add(_word(token))
        else:
            found.update(map(_pair, token, [*token[1:], "\0"]))  # the last one, too, begins something
    return found


def _pair(first, second):
    return ord(first) << CHARACTER | ord(second)


def _word(token):
    code = 0
    for character in token[:LONGEST_WORD].ljust(LONGEST_WORD):
        code = code * 37 + ALPHABET.get(character, 0)
    return WORDS_FROM + code


def _ranges(token):
    """(lowest, highest) codes, all of which a text has in which the token is found."""
    if token[0] in ALPHABET:
        first = _word(token)
        return [(first, first + 37 ** max(LONGEST_WORD - len(token), 0) - 1)]
    if len(token) == 1:
        return [(_pair(token, "\0"), _pair(token, "\0") | (1 << CHARACTER) - 1)]
    return [(code, code) for code in map(_pair, token, token[1:])]


@dataclasses.dataclass(frozen=True)
class Phrase:
    """A word in one of its spellings, folded."""

    text: str

    @functools.cached_property
    def tokens(self):
        return TOKEN.findall(self.text)

    @functools.cached_property
    def ranges(self):
        return [span for token in self.tokens for span in _ranges(token)]

    @functools.cached_property
    def pairs(self):
        """The pieces by which a part of it is found: none of a word that is found whole or not at all."""
        return {
            token[at : at + 2]
            for token in self.tokens
            if len(token) > 2 and token[0] not in ALPHABET
            for at in range(len(token) - 1)
        }

    def places(self, text):
        """Where it stands in a folded text: [(from, until)]. A Latin word or number only where one begins."""
        found, at = [], text.find(self.text)
        while at >= 0:
            if not (self.text[0] in ALPHABET and at and text[at - 1] in ALPHABET):
                found.append((at, at + len(self.text)))
            at = text.find(self.text, at + 1)
        return found

    def share(self, text):
        """How much of it a folded text has: 1 the whole, less where only some of its pairs are there."""
        if self.places(text):
            return 1
        pairs = self.pairs
        return sum(pair in text for pair in pairs) / (len(pairs) + 1) if pairs else 0


@dataclasses.dataclass(frozen=True)
class Query:
    """What was asked: for each word its phrases, the one that was typed first, then those that mean the same."""

    words: tuple[tuple[Phrase, ...], ...]

    def __bool__(self):
        return bool(self.words)

    @functools.cached_property
    def phrases(self):
        return [phrase for word in self.words for phrase in word]

    @functools.cached_property
    def ranges(self):
        """The (lowest, highest) codes of which a hit has some, each once."""
        return sorted({span for phrase in self.phrases for span in phrase.ranges})


def parse(text, synonyms=None):
    """The Query of what somebody typed. synonyms: {folded word: [folded words that mean the same]}."""
    synonyms = synonyms or {}
    asked, known = fold(text[:LONGEST_QUERY]), _known(frozenset(synonyms))
    typed = []
    for number, part in enumerate(known.split(asked) if known else [asked]):
        typed += [part] if number % 2 else TOKEN.findall(part)  # every second part is a known word
    telling = [word for word in typed if not SAYS_NOTHING.issuperset(word)]
    wanted = dict.fromkeys(telling or typed)
    return Query(tuple(tuple(map(Phrase, (word, *synonyms.get(word, ())))) for word in wanted))


@functools.lru_cache(maxsize=8)
def _known(words):
    """A pattern of the words, the longest first; a Latin one not inside another."""
    return (
        re.compile(f"({'|'.join(map(_alone, sorted(words, key=lambda word: (-len(word), word))))})") if words else None
    )


def _alone(word):
    before = "(?<![a-z0-9])" if word[0] in ALPHABET else ""
    after = "(?![a-z0-9])" if word[-1] in ALPHABET else ""
    return before + re.escape(word) + after


def rank(query, fields):
    """How well a row answers: a tuple to sort by, higher is better, or None for no hit.

    fields: [(folded text, weight)]. Words found whole count first, by the weight of the best field that has them; then
    words of which parts are found. What was typed goes before what means the same.
    """
    whole, weights, shares, parts = 0, 0.0, 0.0, 0.0
    for word in query.words:
        share, weight = max(
            (phrase.share(text), weight * (1 if phrase is word[0] else 0.9))
            for phrase in word
            for text, weight in fields
        )
        shares += share
        if share == 1:
            whole, weights = whole + 1, weights + weight
        else:
            parts += share * weight
    return (whole, weights, parts) if shares >= ENOUGH * len(query.words) else None


def spots(query, text):
    """[(from, until)] of what to mark in a text as written, in order and apart."""
    folded, origin = [], []
    for at, character in enumerate(text):
        for piece in FOLDED[ord(character)]:
            folded.append(piece)
            origin.append(at)
    folded = "".join(folded)
    marked = set()
    for phrase in query.phrases:
        places = phrase.places(folded) or [place for pair in phrase.pairs for place in Phrase(pair).places(folded)]
        for begins, ends in places:
            marked.update(origin[begins:ends])
    found = []
    for at in sorted(marked):
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def highlight(query, text):
    """The text as safe HTML, everything escaped, what was found in <mark>."""
    pieces, at = [], 0
    for begins, ends in spots(query, text):
        pieces += [escape(text[at:begins]), "<mark>", escape(text[begins:ends]), "</mark>"]
        at = ends
    return mark_safe("".join(pieces) + escape(text[at:]))  # noqa: S308 - each piece is escaped above


def excerpt(query, text, length=120):
    """The part of a long text around the first thing found, with … where it is cut; one line."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    found = spots(query, text)
    begins = max(0, min(found[0][0] - length // 4, len(text) - length)) if found else 0
    cut = text[begins : begins + length]
    return f"{'…' if begins else ''}{cut}{'…' if begins + length < len(text) else ''}"
