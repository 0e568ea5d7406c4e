from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "callcentre.admin.Site"


class CallcentreConfig(AppConfig):
    name = "callcentre"

    def ready(self):
        from callcentre import checks  # noqa: F401, PLC0415 - checks register themselves, settings must be ready
