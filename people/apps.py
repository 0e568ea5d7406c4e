from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")

    def ready(self):
        from callcentre.signals import ticked
        from people import ticking

        ticked.connect(ticking.purge_drafts)
