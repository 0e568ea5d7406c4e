"""`{% once %}`: drawn once for each language and each value of its keys."""

from django.template import Context, Template
from django.utils.translation import override


class Pen:
    def __init__(self):
        self.strokes = 0

    def draw(self):
        self.strokes += 1
        return self.strokes


def test_it_is_drawn_once_for_each_language_and_key():
    template, pen = Template("{% once key %}{{ key }}{{ pen.draw }}{% endonce %}"), Pen()

    def drawn(key):
        return template.render(Context({"key": key, "pen": pen}))

    assert [drawn("a"), drawn("a"), drawn("b")] == ["a1", "a1", "b2"]
    with override("en"):
        assert [drawn("a"), drawn("b")] == ["a3", "b4"]
    assert drawn("b") == "b2"


def test_its_content_is_escaped_as_elsewhere():
    assert Template("{% once %}{{ text }}{% endonce %}").render(Context({"text": "<b>"})) == "&lt;b&gt;"
