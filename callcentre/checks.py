from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security)
def clock_moves_only_in_a_demo(app_configs, **kwargs):
    if settings.CLOCK_FILE and not settings.DEMO:
        return [
            checks.Error("CLOCK_FILE moves the clock, which only a demo centre (DEMO=1) may do.", id="callcentre.E001")
        ]
    return []


@checks.register(checks.Tags.security, deploy=True)
def production_is_no_demo(app_configs, **kwargs):
    if settings.DEMO:
        return [checks.Warning("DEMO is set: demo people with a published password may sign in.", id="callcentre.W001")]
    return []
