from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from rulebook.register import CLAUSES

register = template.Library()


@register.simple_tag
def clause(clause_id):
    """依据 交接班·四, linked to the clause's page; of an id or a Clause. Nothing for no clause or one unknown here."""
    found = CLAUSES.get(getattr(clause_id, "id", clause_id))
    if found is None:
        return ""
    said = _("Under %(clause)s") % {"clause": found.number}
    return format_html('<a class="clause" href="{}">{}</a>', reverse("rulebook:show_clause", args=[found.id]), said)
