from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    name = "duties"
    verbose_name = _("Duties")
    claims = {
        "hygiene.changing.5": ("schedule",),
        "hygiene.plants.1": ("schedule",),
        "hygiene.plants.2": ("schedule",),
        "meeting.2": ("schedule",),
        "meeting.3": ("schedule",),
    }

    def ready(self):
        from callcentre.signals import ticked
        from duties import ticking

        ticked.connect(ticking.on_tick)
