import functools

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Delivery")

    def ready(self):
        from delivery.bell import READ_ALONG  # noqa: PLC0415 - models are there only now
        from delivery.models import Message  # noqa: PLC0415
        from people.backends import read_along  # noqa: PLC0415

        for name, which in READ_ALONG.items():
            read_along(name, functools.partial(Message.objects.unread_of, **which))
