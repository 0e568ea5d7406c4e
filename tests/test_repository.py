"""What holds for the whole repository, whoever adds to it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, get_resolver

from callcentre import access
from callcentre.admin import RoleAdmin
from people.models import Role

ROOT = settings.BASE_DIR
APPS = [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]
CODE = sorted(path for config in APPS for path in Path(config.path).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
TEXTS = {".py", ".html", ".css", ".js", ".md", ".toml", ".in", ".txt", ".yaml", ".yml", ".json", ".po", ".sh", ""}

# Views of Django and the accounts library, whose access is their own: the login page is anybody's, logout needs a POST,
# and the admin asks `Site.has_permission` and each RoleAdmin.
THIRD_PARTY_VIEWS = {
    "account_login": "allauth.account.views",
    "account_logout": "allauth.account.views",
}
ADMIN_MODULES = {
    "django.contrib.admin.options",
    "django.contrib.admin.sites",
    "django.contrib.contenttypes.views",
    "django.views.generic.base",
    *(f"{config.name}.admin" for config in APPS),
}


def found(pattern, paths):
    """["path:line: text"] of every line that matches."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_imports_go_one_way():
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    checked = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_every_app_is_a_layer():
    layers = re.search(r"layers = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL)[1]
    assert set(re.findall(r"\w+", layers)) == {config.name for config in APPS}


@pytest.mark.parametrize(
    "pattern", [r"\sstyle=", r"<style", r"<script(?![^>]*\ssrc=)", r"\son[a-z]+=\"", r"javascript:"]
)
def test_templates_need_no_unsafe_inline(pattern):
    assert found(pattern, TEMPLATES) == []


def test_pages_ask_no_other_host():
    assert found(r"""(src|href|action)="(https?:)?//|url\(["']?(https?:)?//|@import""", [*TEMPLATES, *STYLES]) == []
    assert found(r"""["'`](https?:)?//""", SCRIPTS) == []


def test_a_form_that_keeps_drafts_is_filled_in_by_nothing_else():
    """At a shared desk the browser would give back what another person had typed."""
    assert found(r'data-draft="(?!.*autocomplete="off")', TEMPLATES) == []


def test_colours_stand_in_one_file():
    functions, names = r"(rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(", r"(white|black|red|green|blue|gr[ae]y)\b(?!-)"
    no_comment = r"^(?!\s*/?\*)"
    colour = rf"{no_comment}.*:[^;{{]*(#[0-9a-fA-F]{{3,8}}\b|\b{functions}|(?<!-)\b{names})"
    assert found(colour, [path for path in STYLES if path.name != "tokens.css"]) == []
    assert found(r"""\b(fill|stroke|color)=["'](?!none|currentColor)""", TEMPLATES) == []


def test_only_the_clock_reads_the_time():
    system_time = r"\b(timezone\.(now|localdate)|datetime\.(utc)?now|date(time)?\.today|time\.time)\("
    assert found(system_time, [path for path in CODE if path != ROOT / "callcentre" / "clock.py"]) == []
    deciding = [path for path in CODE if {path.stem, path.parent.name} & {"rules", "actions"}]
    assert found(r"clock\.now\b", deciding) == []


def test_only_the_mover_writes_a_status():
    writing = r"^\s*[\w.]+\.status = |\.update\([^)]*\bstatus="
    assert found(writing, [path for path in CODE if path != ROOT / "callcentre" / "states.py"]) == []


def test_no_path_of_one_machine():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    texts = [ROOT / name for name in listed if name and Path(name).suffix in TEXTS and (ROOT / name).is_file()]
    assert found(r"(?<![\w.}])/(work|root|home/\w+)/", texts) == []


@pytest.mark.parametrize("config", APPS, ids=lambda config: config.name)
def test_every_app_with_models_has_migrations(config):
    migrations = list((Path(config.path) / "migrations").glob("0*.py"))
    assert bool(migrations) == any(True for _model in config.get_models())


def patterns(resolver, namespaces=()):
    """Every address as (its full name, its view)."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name or str(pattern.pattern)]), pattern.callback
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from patterns(pattern, inner)


@pytest.mark.parametrize(("name", "view"), [pytest.param(*item, id=item[0]) for item in patterns(get_resolver())])
def test_every_address_declares_its_access(name, view):
    if name.startswith("admin:") and view.__module__ in ADMIN_MODULES or THIRD_PARTY_VIEWS.get(name) == view.__module__:
        return
    who = getattr(view, "access", None)
    assert who, f"{name} ({view.__module__}) needs @access(...)"
    assert who in [(access.PUBLIC,), (access.EVERYONE,)] or set(who) <= set(Role)


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=lambda model: model._meta.label))
def test_every_admin_page_is_opened_by_role(model):
    assert isinstance(admin.site._registry[model], RoleAdmin)
