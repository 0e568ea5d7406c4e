from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = _("Journal")

    def ready(self):
        from callcentre.signals import tick_ended  # noqa: PLC0415 - models must be ready
        from journal import sealing, triggers  # noqa: PLC0415

        post_migrate.connect(triggers.install, sender=self)
        tick_ended.connect(sealing.seal_all)
