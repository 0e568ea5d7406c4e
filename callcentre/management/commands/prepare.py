import fcntl

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Bring this installation up to date: catalogues, database, static files, and the demo centre where DEMO is set."
    )
    requires_system_checks = []  # migrate runs them

    def handle(self, **options):
        settings.STATE_DIR.mkdir(parents=True, exist_ok=True)
        with open(settings.STATE_DIR / "prepare.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of two at once, the second finds everything done
            self.prepare()

    def prepare(self):
        call_command("compile_catalogues", stdout=self.stdout)
        database = settings.DATABASES["default"]
        self.stdout.write(f"Database: {database['NAME']}: migrating ...")
        call_command("migrate", interactive=False, verbosity=0)
        # The settings name plain files until a manifest exists, which is what is made here.
        settings.STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
        self.stdout.write(f"Static files: {settings.STATIC_ROOT} ...")
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO:
            self.load_demo()
        call_command("tick", stdout=self.stdout)  # what an outage left is caught up before the first page

    def load_demo(self):
        if get_user_model().objects.exists():
            self.stdout.write("Demo centre: kept as it is.")
        else:
            self.stdout.write("Demo centre: loading (some seconds) ...")
            call_command("load_demo", stdout=self.stdout)
