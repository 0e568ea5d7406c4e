from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ShiftsConfig(AppConfig):
    name = "shifts"
    verbose_name = _("Shifts")
    claims = {
        "handover.1": ("record", "gate"),
        "handover.2": ("record",),
        "duty.1": ("record", "inspection"),
        "floor.5": ("record", "inspection"),
        "hygiene.room.3": ("inspection",),
        "hygiene.changing.3": ("inspection",),
    }

    def ready(self):
        from callcentre.signals import relayed, ticked
        from shifts import calling, checklists, dispatch, lapsing, overlaps  # noqa: F401 - the checklist defines itself

        pre_migrate.connect(overlaps.clear, sender=self)
        post_migrate.connect(overlaps.install, sender=self)
        ticked.connect(calling.on_tick)
        ticked.connect(lapsing.on_tick)
        relayed.connect(dispatch.send_runs)
        ticked.connect(dispatch.send_runs)
        ticked.connect(dispatch.fail_lost)
