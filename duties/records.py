"""Apps that keep a record of their own for a duty: rule code -> URL name of its page, which takes the duty's number.

Only such an app's actions move the duty, together with the record.
"""

PAGES = {}


def keep(code, url_name):
    """Declare, once, that the duties of the rule are done on the page `url_name`."""
    if code in PAGES:
        raise ValueError(f"{code} has its page already: {PAGES[code]}")
    PAGES[code] = url_name
