"""A checked staff list between its dry run and its confirmation: signed, in the administrator's own page.

So any web process can go on with it, and nobody's telephone stays behind on the server. Its signature binds it to the
person and lasts an hour.
"""

from dataclasses import astuple

from django.core import signing

from callcentre.refusals import Refused
from people.importing import Entry

LASTS = 60 * 60
LARGEST = 2_000_000  # a form of ours may be 2.5 MB


def pack(person, entries):
    """Raises Refused("import_too_long_to_keep") where the list does not fit into a form."""
    return _pack("people.import", person, [astuple(entry) for entry in entries])


def unpack(person, token):
    """The entries. Raises Refused("import_token_expired") for a list that is too old, altered, or somebody else's."""
    rows = _unpack("people.import", person, token)
    return [
        Entry(row, number, name, department, team, tuple(roles), *rest)
        for row, number, name, department, team, roles, *rest in rows
    ]


def pack_passwords(person, rows):
    return _pack("people.passwords", person, rows)


def unpack_passwords(person, token):
    return _unpack("people.passwords", person, token)


def _pack(salt, person, rows):
    token = signing.dumps([person.pk, rows], salt=salt, compress=True)
    if len(token) > LARGEST:
        raise Refused("import_too_long_to_keep")
    return token


def _unpack(salt, person, token):
    try:
        owner, rows = signing.loads(token, salt=salt, max_age=LASTS)
    except signing.BadSignature as bad:
        raise Refused("import_token_expired") from bad
    if owner != person.pk:
        raise Refused("import_token_expired")
    return rows
