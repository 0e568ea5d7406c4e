"""What can go wrong outside, as codes that are kept, and in words. Of what an endpoint says only its number is kept."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TELL_AFTER = 3  # failures in a row until the administrators are told
MOST_TRIES = 8  # of one message, over about an hour; then it is given up

TEXTS = {
    "": gettext_lazy("none"),
    "timeout": gettext_lazy("no answer within 5 seconds"),
    "connect": gettext_lazy("nobody answers at the address"),
    "tls": gettext_lazy("its certificate is not in order"),
    "answer": gettext_lazy("the answer is none that such a robot gives"),
    "limit": gettext_lazy("it says that there are too many messages"),
    "address": gettext_lazy("the address is missing or not allowed; enter it again"),
    "mail": gettext_lazy("the mail server refuses the message"),
    "recipient": gettext_lazy("the mail server refuses this recipient"),
    "no_mail": gettext_lazy("no mail server is set for this installation"),
    "lost": gettext_lazy("the relay was stopped while it was sending"),
}


class Failure(Exception):
    """A message that did not get through. of_channel: whether any other would have failed too."""

    def __init__(self, code, *, of_channel=True, wait=0):
        super().__init__(code)
        self.code, self.of_channel, self.wait = code, of_channel, wait


def text(code):
    kind, _sep, number = code.partition(":")
    if kind == "http":
        return _("it answers with HTTP status %(number)s") % {"number": number}
    if kind == "vendor":
        return _("it refuses the message with its error %(number)s") % {"number": number}
    return str(TEXTS.get(code, code))
