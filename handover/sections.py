"""The sections of a shift's log, each asked for by a clause, and the short names that file a line under one.

A section's short names work as `#设备 三号席耳机有杂音`, typed anywhere in the log: the line goes where its name says.
"""

import re

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Section(TextChoices):
    EQUIPMENT = "equipment", pgettext_lazy("log section", "Equipment")
    HARD_QUESTIONS = "hard_questions", pgettext_lazy("log section", "Hard questions")
    STAFF_CHANGES = "staff_changes", pgettext_lazy("log section", "Changes of staff")
    BUSINESS_CHANGES = "business_changes", pgettext_lazy("log section", "Changes to the business")
    INSTRUCTIONS = "instructions", pgettext_lazy("log section", "Superiors’ instructions")
    CUSTOMER_VOICE = "customer_voice", pgettext_lazy("log section", "Customers’ suggestions and complaints")
    PROCESS_CHANGES = "process_changes", pgettext_lazy("log section", "Changes to process")

    @property
    def clause(self):
        """The clause that asks for the section. Equipment is asked for twice: by handover.6 first, by meeting.1 too."""
        return "handover.6" if self in OF_THE_LOG else "meeting.1"

    @property
    def tags(self):
        return TAGS[self]

    @property
    def icon(self):
        return ICONS[self]


OF_THE_LOG = {Section.EQUIPMENT, Section.HARD_QUESTIONS, Section.STAFF_CHANGES}

TAGS = {
    Section.EQUIPMENT: ("设备", "equipment"),
    Section.HARD_QUESTIONS: ("疑难", "hard"),
    Section.STAFF_CHANGES: ("调班", "staff"),
    Section.BUSINESS_CHANGES: ("业务", "business"),
    Section.INSTRUCTIONS: ("批示", "instruction"),
    Section.CUSTOMER_VOICE: ("客户", "customer"),
    Section.PROCESS_CHANGES: ("流程", "process"),
}
ICONS = {
    Section.EQUIPMENT: "headset",
    Section.HARD_QUESTIONS: "circle-question-mark",
    Section.STAFF_CHANGES: "users",
    Section.BUSINESS_CHANGES: "megaphone",
    Section.INSTRUCTIONS: "stamp",
    Section.CUSTOMER_VOICE: "message-circle",
    Section.PROCESS_CHANGES: "workflow",
}
SECTION_OF_TAG = {tag: section for section, tags in TAGS.items() for tag in tags}
# A Latin tag ends where its word does; a Chinese one may have the text right behind it.
TAGGED_LINE = re.compile(
    r"\s*[#＃](?:(?P<zh>设备|疑难|调班|业务|批示|客户|流程)|(?P<en>[a-z]+)(?![0-9A-Za-z_]))[\s:：]*(?P<text>.*)\Z",
    re.IGNORECASE,
)


def file_lines(text, section):
    """[(Section, text)] of what was typed under `section`: tagged lines go where their tag says, the others stay.

    Lines filed under the same section become one text, in the order in which they stand; empty ones are left out.
    A `section` of None stays with the lines that name none.
    """
    filed = {}
    for line in text.splitlines():
        place, words = file_line(line, section and Section(section))
        filed.setdefault(place, []).append(words)
    texts = [(place, "\n".join(lines).strip()) for place, lines in filed.items()]
    return [(place, words) for place, words in texts if words]


def file_line(line, section):
    """(Section, text) of one line. A tag that is no section's stays in the text."""
    match = TAGGED_LINE.match(line)
    place = match and SECTION_OF_TAG.get(match["zh"] or match["en"].lower())
    return (place, match["text"]) if place else (section, line.rstrip())
