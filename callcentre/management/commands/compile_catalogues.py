import os

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile the message catalogues that changed since the last time; needs no gettext on the machine."
    requires_system_checks = []

    def handle(self, **options):
        for folder in settings.LOCALE_PATHS:
            for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
                if is_stale(source):
                    compile_one(source)
                    self.stdout.write(f"compiled {source.relative_to(settings.BASE_DIR)}")


def is_stale(source):
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime <= source.stat().st_mtime


def compile_one(source):
    """Written beside and renamed: a process that starts meanwhile reads the old catalogue or the new, never half."""
    draft = source.with_suffix(f".{os.getpid()}.mo")
    polib.pofile(str(source)).save_as_mofile(str(draft))
    draft.replace(source.with_suffix(".mo"))
