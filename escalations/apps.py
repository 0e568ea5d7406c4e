from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EscalationsConfig(AppConfig):
    name = "escalations"
    verbose_name = _("Requests and reports")
    claims = {
        "escalation.1": ("record", "access"),
        "escalation.2": ("record",),
        "escalation.3": ("record",),
        "escalation.4": ("record",),
        "escalation.5": ("record", "gate"),
        "escalation.6": ("gate", "record", "schedule"),
        "escalation.7": ("gate", "record"),
    }

    def ready(self):
        from callcentre.signals import tick_ended, ticked  # noqa: PLC0415 - models must be ready
        from escalations import audit, timers, triggers  # noqa: PLC0415

        triggers.REFUSING.connect(self)
        ticked.connect(timers.keep_time)
        tick_ended.connect(audit.keep_moving)
