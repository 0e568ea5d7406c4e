from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def is_telling(word):
    """Two Han characters are a name; two Latin letters or digits are in every password."""
    return len(word) >= (3 if word.isascii() else 2)


class CentreWordValidator:
    """Refuses a password made of the centre's or the person's own words: the first that somebody would try."""

    def validate(self, password, user=None):
        if user is None:
            return
        words = [user.employee_number, user.name, user.phone, user.centre.name]
        folded = password.casefold()
        if any(is_telling(word) and word.casefold() in folded for word in words):
            raise ValidationError(self.get_help_text(), code="centre_word")

    def get_help_text(self):
        return _("The password must not contain your employee number, name, telephone or the centre's name.")
