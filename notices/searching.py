"""Finding a unified answer while a caller waits: candidates by the index, then ranked by where the words stand."""

import dataclasses
import itertools

from callcentre import fulltext
from notices.models import AnswerTerm, SynonymWord, UnifiedAnswer

WEIGHTS = {"question": 4, "keywords": 2, "text": 1}
CANDIDATES = 120
SHOWN = 20


@dataclasses.dataclass
class Hit:
    """An answer with its texts as safe HTML, what was found in <mark>."""

    answer: UnifiedAnswer
    question: str
    keywords: str
    text: str


def known_synonyms(centre):
    """{folded word: the others of its group}, for fulltext.parse. One statement."""
    rows = SynonymWord.objects.filter(centre=centre).order_by("group", "pk").values_list("group", "folded")
    found = {}
    for _group, members in itertools.groupby(rows, key=lambda row: row[0]):
        words = [folded for _group, folded in members]
        found |= {word: [other for other in words if other != word] for word in words}
    return found


def search(centre, text):
    """(the Query, its Hits, best first), in three statements, however many answers there are."""
    query = fulltext.parse(text, known_synonyms(centre))
    if not query:
        return query, []
    candidates = list(AnswerTerm.objects.filter(document__centre=centre).best(query, CANDIDATES))
    answers = UnifiedAnswer.objects.published().filter(pk__in=candidates).order_by()
    ranked = [(rank, answer.pk, answer) for answer in answers if (rank := rank_of(query, answer))]
    ranked.sort(key=lambda row: row[:2], reverse=True)
    return query, [hit_of(query, answer) for _rank, _pk, answer in ranked[:SHOWN]]


def rank_of(query, answer):
    return fulltext.rank(query, [(fulltext.fold(getattr(answer, name)), weight) for name, weight in WEIGHTS.items()])


def hit_of(query, answer):
    marked = {name: fulltext.highlight(query, getattr(answer, name)) for name in WEIGHTS}
    return Hit(answer, marked["question"], marked["keywords"], marked["text"])


def newest(centre):
    """What is shown before anything is typed."""
    nothing = fulltext.parse("")
    answers = UnifiedAnswer.objects.published().filter(centre=centre).order_by("-changed_at", "-pk")[:SHOWN]
    return [hit_of(nothing, answer) for answer in answers]
