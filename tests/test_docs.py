"""What the documents name exists: files, targets of make, commands of manage.py, variables of the environment."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = settings.BASE_DIR
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/*/*.md"), *ROOT.glob("deploy/**/*.md")]
)
SAMPLES = sorted(path for path in ROOT.glob("deploy/**/*") if path.is_file())
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")


def named(path):
    return str(path.relative_to(ROOT))


def anchors(path):
    """The anchors of a document's headings, as the forges make them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_lead_somewhere(document):
    links = [first or second for first, second in LINK.findall(document.read_text())]
    local = [link.partition("#") for link in links if "://" not in link]
    files = [(document.parent / name if name else document, anchor) for name, _hash, anchor in local]
    assert [named(path) for path, _anchor in files if not path.exists()] == []
    assert [f"{named(path)}#{anchor}" for path, anchor in files if anchor and anchor not in anchors(path)] == []


@pytest.mark.parametrize("path", [*DOCUMENTS, *SAMPLES], ids=named)
def test_commands_exist(path):
    text = path.read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = re.findall(r"(?:`|^|&& )make(?: -C \S+)? ([a-z][a-z-]*)", text, re.MULTILINE)
    assert [target for target in asked if target not in targets] == []
    commands = re.findall(r"(?:manage\.py|^manage) ([a-z][a-z_]+)", text, re.MULTILINE)
    assert [command for command in commands if command not in get_commands()] == []


def test_the_readme_lists_commands_that_exist():
    table = (ROOT / "README.md").read_text().split("`manage.py` is called by")[1].split("## ")[0]
    listed = {
        word for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for word in re.findall(r"`([a-z_]+)", row)
    }
    assert listed - set(get_commands()) == set()
    assert len(listed) == 12


def test_every_variable_of_the_environment_is_explained():
    code = (ROOT / "callcentre" / "settings.py").read_text()
    read = set(re.findall(r"(?:env|secret)(?:\.\w+)?\(\"([A-Z_]+)\"", code)) | {"PORT"}
    running = (ROOT / "docs" / "running.md").read_text()
    assert read == set(re.findall(r"^\| `([A-Z_]+)` \|", running, re.MULTILINE))
    sample = (ROOT / "deploy" / "callcentre.env.example").read_text()
    assert set(re.findall(r"^([A-Z_]+)=", sample, re.MULTILINE)) <= read


def test_both_languages_have_the_same_guides():
    guides = [{path.name for path in (ROOT / "docs" / language).glob("*.md")} for language in ("zh", "en")]
    assert guides[0] == guides[1]
