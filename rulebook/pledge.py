"""The clauses of conduct that each person acknowledges once a calendar year, and the edition of their texts."""

import hashlib

from django.utils.translation import gettext_lazy as _

from callcentre.clock import local_date
from rulebook.evidence import evidence
from rulebook.models import Acknowledgement
from rulebook.register import CLAUSES

CLAUSES_OF_CONDUCT = tuple(clause for clause in CLAUSES.values() if "pledge" in clause.kinds)

# What the reading of these asks for beside the acknowledgement; the app that brings it registers it without a lack.
QUOTED = ("duty.2", "floor.1", "floor.3", "floor.4")
LOCKERS = ("security.7", "hygiene.changing.2")
ACKNOWLEDGED = _("Read and acknowledged by each person every year")

evidence("pledge", QUOTED, ACKNOWLEDGED, lacking=_("findings and commendations that quote it"))
evidence("pledge", LOCKERS, ACKNOWLEDGED, lacking=_("the locker register with its holder's acknowledgement"))
evidence(
    "pledge",
    [clause.id for clause in CLAUSES_OF_CONDUCT if clause.id not in QUOTED + LOCKERS],
    ACKNOWLEDGED,
)


def edition():
    """A digest of the texts to acknowledge, both languages: another digest, another edition."""
    text = "\n".join(f"{clause.id}\t{clause.zh}\t{clause.en}" for clause in CLAUSES_OF_CONDUCT)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def year_of(centre, at):
    """The centre's calendar year at the moment."""
    return local_date(centre, at).year


def needs_pledge(person, year):
    """Whether the person has yet to acknowledge the clauses of conduct for the year."""
    return not Acknowledgement.objects.filter(person=person, year=year).exists()
