from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from callcentre import clock
from callcentre.refusals import Refused
from people import actions, importing
from people.models import Centre
from people.planning import plan


class Command(BaseCommand):
    help = (
        "Import a staff list (.xlsx or CSV). Prints each new person's number and initial password, separated by a tab."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--centre", required=True, help="the centre's name")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")

    def handle(self, *, file, centre, dry_run, **options):
        at = clock.now()
        centre = Centre.objects.filter(name=centre).first()
        if centre is None or not file.is_file():
            raise CommandError("There is no such centre." if file.is_file() else f"There is no file {file}.")
        try:
            entries = self.entries(file, centre, at)
            if dry_run:
                return
            _made, passwords = actions.import_staff(centre=centre, entries=entries, by=None, at=at)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for person, password in passwords:
            self.stdout.write(f"{person.employee_number}\t{password}")

    def entries(self, file, centre, at):
        """The file's entries. Raises CommandError after printing each problem."""
        with file.open("rb") as opened:
            reading = importing.read(opened.read(importing.LARGEST_FILE + 1))
        made = plan(centre, reading.entries, by=None, on=clock.local_date(centre, at))
        problems = sorted(reading.problems + made.problems, key=lambda problem: problem.row)
        for problem in problems:
            self.stderr.write(f"row {problem.row}, {problem.column}: {problem.refused}")
        if problems:
            raise CommandError(f"{len(problems)} problems; nothing was written.")
        self.stderr.write(f"{len(made.new)} new, {len(made.changed)} changed, {made.unchanged} unchanged")
        return reading.entries
