from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FloorConfig(AppConfig):
    name = "floor"
    verbose_name = _("Floor")
    claims = {
        "duty.5": ("gate", "record"),
        "floor.8": ("gate",),
        "standard.7": ("gate", "record"),
        "standard.5": ("inspection",),
        "floor.7": ("inspection",),
    }

    def ready(self):
        from callcentre.signals import ticked
        from floor import checklists, ticking  # noqa: F401 - the checklist defines itself

        ticked.connect(ticking.on_tick)
