from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from rulebook.register import CLAUSES


class RulebookConfig(AppConfig):
    name = "rulebook"
    verbose_name = _("Rulebook")
    claims = {clause.id: ("pledge",) for clause in CLAUSES.values() if "pledge" in clause.kinds}

    def ready(self):
        from callcentre.signals import ticked  # noqa: PLC0415 - models must be ready
        from rulebook import actions, checks, pledge, syncing  # noqa: F401, PLC0415 - checks and evidence register themselves

        post_migrate.connect(syncing.sync, sender=self)
        ticked.connect(actions.ensure_all_checklists)
