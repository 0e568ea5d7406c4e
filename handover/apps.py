from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class HandoverConfig(AppConfig):
    name = "handover"
    verbose_name = _("Handover")
    claims = {
        "handover.3": ("record",),
        "handover.4": ("gate",),
        "handover.6": ("record", "gate"),
        "meeting.1": ("record", "gate"),
        "duty.4": ("record", "gate"),
        "duty.7": ("gate",),
    }

    def ready(self):
        from callcentre.signals import ticked
        from handover import (  # noqa: F401 - they register themselves
            checklists,
            desk_rules,
            matters,
            overtime,
            raised,
            rules,
            staffing,
            ticking,
            triggers,
        )

        pre_migrate.connect(triggers.clear, sender=self)
        post_migrate.connect(triggers.install, sender=self)
        ticked.connect(ticking.open_logs)
        ticked.connect(ticking.report_late_logs)
        ticked.connect(ticking.tend_desks)
