"""`{% once %}`: a part of every page that is drawn once and kept."""

from django import template
from django.utils.translation import get_language

register = template.Library()


class OnceNode(template.Node):
    def __init__(self, nodelist, keys):
        self.nodelist, self.keys, self.drawn = nodelist, keys, {}

    def render(self, context):
        key = get_language(), *(key.resolve(context) for key in self.keys)
        if key not in self.drawn:
            self.drawn[key] = self.nodelist.render(context)
        return self.drawn[key]


@register.tag
def once(parser, token):
    """`{% once place %}…{% endonce %}`: its content is drawn once for each language and each value of the keys.

    The content may depend on nothing else; the keys are hashable, and take few values.
    """
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist, keys)
