import pytest

from callcentre.fulltext import Phrase, codes, excerpt, fold, highlight, parse, rank

SYNONYMS = {"套餐": ["资费"], "资费": ["套餐"], "宽带": ["网络"], "网络": ["宽带"], "tv": ["电视"], "电视": ["tv"]}


def has(text, asked):
    """Whether the index codes of the text have all that each word typed asks for."""
    found = codes(text)
    return all(
        any(low <= code <= high for code in found) for word in parse(asked).words for low, high in word[0].ranges
    )


def test_folding_knows_neither_width_nor_case():
    assert fold("ＷｉＦｉ　５Ｇ　Straße\u200b") == "wifi 5g strasse"


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("宽带断网怎么办", "宽带", True),
        ("宽带断网怎么办", "断网", True),
        ("宽带断网怎么办", "办", True),  # the last character
        ("宽带断网怎么办", "网", True),
        ("宽带断网怎么办", "带宽", False),
        ("升级到５Ｇ套餐", "5g", True),
        ("iPhone 登录", "ipho", True),
        ("iPhone 登录", "phone", False),  # words are found by their beginning
        ("请拨 10086 转 3", "1008", True),
        ("请拨 10086 转 3", "086", False),
        ("internationalization", "internationalize", True),  # as far as it is indexed
        ("宽带,断网", "带断", False),  # no pair over a mark
    ],
)
def test_what_the_index_finds(text, asked, found):
    assert has(text, asked) is found


def test_codes_fit_the_column():
    assert max(codes("zzzzzzzzzzzzzz \U0010fffd 龘龘 \U0002a6d6\U0002a6d6")) < 2**63


def phrases(asked, synonyms=None):
    return [[phrase.text for phrase in word] for word in parse(asked, synonyms).words]


def test_a_query_is_cut_at_the_words_that_have_synonyms():
    assert phrases("宽带套餐多少钱") == [["宽带套餐多少钱"]]
    assert phrases("宽带套餐多少钱", SYNONYMS) == [["宽带", "网络"], ["套餐", "资费"], ["多少钱"]]
    assert phrases("IPTV 看 TV", SYNONYMS) == [["iptv"], ["看"], ["tv", "电视"]]


def test_words_that_say_nothing_are_left_out_unless_alone():
    assert phrases("宽带的套餐", SYNONYMS) == [["宽带", "网络"], ["套餐", "资费"]]
    assert phrases("的") == [["的"]]


@pytest.mark.parametrize("asked", ["", "  ", "，。！", "\u200b", "%_\\"])
def test_a_query_without_words_is_empty(asked):
    assert not parse(asked)


def order(asked, *texts, synonyms=None):
    """The texts that are hits, best first; each a triple of question, keywords, answer."""
    query = parse(asked, synonyms)
    ranked = [(rank(query, list(zip(map(fold, text), (4, 2, 1), strict=True))), text[0]) for text in texts]
    return [name for found, name in sorted(ranked, key=lambda row: row[0] or (), reverse=True) if found]


def test_question_over_keywords_over_answer():
    texts = [("a", "", "携号转网"), ("b", "携号转网", ""), ("携号转网", "", "")]
    assert order("携号转网", *texts) == ["携号转网", "b", "a"]


def test_the_whole_over_a_part_and_too_little_is_no_hit():
    texts = [("宽带如何移机", "", ""), ("c", "", "宽带移机办理"), ("移动电话", "", "")]
    assert order("宽带移机办理", *texts) == ["c"]
    assert order("如何移机", *texts) == ["宽带如何移机"]
    assert order("宽带移机", *texts) == ["c", "宽带如何移机"]


def test_what_was_typed_over_what_means_the_same():
    texts = [("资费怎么查", "", ""), ("套餐怎么查", "", "")]
    assert order("套餐", *texts, synonyms=SYNONYMS) == ["套餐怎么查", "资费怎么查"]
    assert order("资费", *texts, synonyms=SYNONYMS) == ["资费怎么查", "套餐怎么查"]


def test_marks_are_escaped_and_follow_the_text_as_written():
    assert (
        highlight(parse("5g"), "<b>５Ｇ</b> & x5G 5G")
        == "&lt;b&gt;<mark>５Ｇ</mark>&lt;/b&gt; &amp; x5G <mark>5G</mark>"
    )
    assert highlight(parse("<script>"), "<script>") == "&lt;<mark>script</mark>&gt;"
    assert highlight(parse("宽带断网"), "宽带忽然断网") == "<mark>宽带</mark>忽然<mark>断网</mark>"


def test_an_excerpt_stands_around_what_was_found():
    text = "前" * 200 + "移机" + "后" * 200
    cut = excerpt(parse("移机"), text, length=40)
    assert cut == f"…{'前' * 10}移机{'后' * 28}…"
    assert excerpt(parse("没有"), "一\n二", length=40) == "一 二"


def test_places_of_a_word_inside_another_are_none():
    assert Phrase("tv").places("iptv tv") == [(5, 7)]
