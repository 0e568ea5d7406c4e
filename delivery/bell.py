"""The bell in every page's head: how much is unread, and how much of it is urgent."""

import dataclasses

from delivery.models import Message

READ_ALONG = {"unread_messages": {}, "unread_urgent": {"urgent": True}}


@dataclasses.dataclass(frozen=True)
class Bell:
    """Both are counted to 100: it shows 99+. What is urgent has its own number, so one more of it is always seen."""

    unread: int = 0
    urgent: int = 0

    @classmethod
    def of(cls, person):
        """Read with the person of a request; counted for one who has just signed in."""
        return cls(*(cls._counted(person, name, which) for name, which in READ_ALONG.items()))

    @staticmethod
    def _counted(person, name, which):
        along = getattr(person, name, None)
        return Message.objects.unread_count(person, **which) if along is None else along

    def __str__(self):
        """What a page says it shows when it asks for news."""
        return f"{self.unread}.{self.urgent}"
