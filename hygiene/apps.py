from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HygieneConfig(AppConfig):
    name = "hygiene"
    verbose_name = _("Hygiene")
    claims = {
        "hygiene.changing.2": ("inspection",),
        "hygiene.changing.5": ("record", "inspection", "gate"),
        "hygiene.plants.1": ("record", "inspection", "gate"),
        "hygiene.plants.2": ("record", "inspection", "gate"),
    }

    def ready(self):
        from duties import records
        from hygiene import checklists

        for code in checklists.KINDS:
            records.keep(code, "hygiene:show_clean")
