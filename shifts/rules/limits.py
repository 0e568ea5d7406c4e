"""May a roster be as its checks found it?"""

from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused, texts

texts({"roster_breach": _("%(first)s%(rest)s.")})


def check_breaches(findings, names=None):
    """May it be so? Raises Refused("roster_breach") when any finding refuses, with these as its fact `findings`.

    names: {person id: name} of those whom the sentence may be about.
    """
    found = [finding for finding in findings if finding.refuses]
    if found:
        rest = _(" (and %(count)s more)") % {"count": len(found) - 1} if found[1:] else ""
        raise Refused("roster_breach", findings=found, first=said(found[0], names or {}), rest=rest)


def said(finding, names):
    name = names.get(finding.person_id)
    return _("%(name)s: %(text)s") % {"name": name, "text": finding.text} if name else finding.text
