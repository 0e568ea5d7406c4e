"""A text that is worthless in a copy of the database: kept encrypted under FIELD_KEY, which is in no database."""

import base64
import functools
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models


@functools.cache
def cipher(key):
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))


class EncryptedField(models.TextField):
    """Read as plain text; "" where the key is another one now, so that whoever entered it enters it again.

    It cannot be searched, and no form of ours shows it.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"editable": False, **kwargs})

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return cipher(settings.FIELD_KEY).encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value, expression, connection):
        try:
            return cipher(settings.FIELD_KEY).decrypt(value.encode()).decode() if value else value
        except InvalidToken:
            return ""
