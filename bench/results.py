"""bench/results.md: one section, under a heading of the first level, for each command that measures."""

import re
from pathlib import Path

PATH = Path(__file__).parent / "results.md"
SECTION = re.compile(r"^(?=# )", re.MULTILINE)


def keep(text):
    """Put a section in the place of the last one with its heading, or at the end."""
    heading = text.partition("\n")[0]
    sections = [section for section in SECTION.split(PATH.read_text()) if section.strip()]
    found = {section.partition("\n")[0]: section for section in sections} | {heading: text}
    PATH.write_text("\n\n".join(section.strip() for section in found.values()) + "\n")
