from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Delivery")

    def ready(self):
        from delivery.models import Message  # noqa: PLC0415 - models are there only now
        from people.backends import read_along  # noqa: PLC0415

        read_along("unread_messages", Message.objects.unread_of)
