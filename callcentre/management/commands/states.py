from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from callcentre.states import machines

HEAD = """\
# States

Made by `manage.py states` from the `MOVES` beside each model; `make check` fails when the two differ.
"""


class Command(BaseCommand):
    help = "Write docs/states.md from the tables of moves; with --check, only fail where it is out of date."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check, **options):
        path = settings.BASE_DIR / "docs" / "states.md"
        with override("en"):
            text = "\n".join([HEAD, *map(section, machines())])
        if not check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            raise CommandError("docs/states.md is out of date: run `manage.py states`.")


def section(model):
    """One model: its diagram, and the same as a table for readers without one."""
    labels = dict(model._meta.get_field("status").flatchoices)
    moves = [(old, new) for old in labels for new in sorted(model.MOVES.get(old, ()), key=list(labels).index)]
    name = str(model._meta.verbose_name)
    return "\n".join(
        [
            f"## {model._meta.app_label}: {name[:1].upper()}{name[1:]}\n",
            *diagram(model, labels, moves),
            "| state | called | moves to |\n| --- | --- | --- |",
            *(row(state, label, moves) for state, label in labels.items()),
            "",
        ]
    )


def diagram(model, labels, moves):
    start = model._meta.get_field("status").get_default()
    ends = [state for state in labels if not model.MOVES.get(state)]
    return [
        "```mermaid\nstateDiagram-v2",
        *([f"    [*] --> {start}"] if start else []),
        *(f"    {old} --> {new}" for old, new in moves),
        *(f"    {state} --> [*]" for state in ends),
        "```\n",
    ]


def row(state, label, moves):
    targets = ", ".join(f"`{new}`" for old, new in moves if old == state)
    return f"| `{state}` | {label} | {targets or 'nothing: an end'} |"
