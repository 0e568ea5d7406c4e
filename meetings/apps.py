from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")
    claims = {"meeting.2": ("record", "gate"), "meeting.3": ("record", "gate")}

    def ready(self):
        from callcentre.signals import ticked
        from duties import records
        from meetings import ticking
        from meetings.agenda import SERIES_OF_RULE

        for code in SERIES_OF_RULE:
            records.keep(code, "meetings:show_meeting")
        ticked.connect(ticking.on_tick)
