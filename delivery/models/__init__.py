"""The outbox, the bell, and the channels that lead outside."""

from delivery.models.bell import Announcement, Message
from delivery.models.outside import Channel, Dispatch, MailChoice

__all__ = ["Announcement", "Channel", "Dispatch", "MailChoice", "Message"]
