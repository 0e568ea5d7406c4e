"""Parameter values as people write and read them: 周一, Monday, 6月30日, 30、60、240."""

import re
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentre.words import MONTHS_EN, WEEKDAYS_EN, WEEKDAYS_ZH, pick
from rulebook.register import WEEKDAYS

BETWEEN = re.compile(r"[,，、;；\s]+")
NUMBER = re.compile(r"-?[0-9]{1,9}\Z")
MONTH_AND_DAY = re.compile(r"([0-9]{1,2})(?:-|/|月)([0-9]{1,2})日?\Z")


def read(spec, text):
    """The stored or typed form of what somebody wrote; the text itself where it is none, for the rule to refuse."""
    text = unicodedata.normalize("NFKC", str(text)).strip()
    return READERS[spec.type](text)


def read_int(text):
    return int(text) if NUMBER.match(text) else text


def read_ints(text):
    return [read_int(part) for part in BETWEEN.split(text) if part]


def read_weekday(text):
    for number, names in enumerate(zip(WEEKDAYS, WEEKDAYS_EN, WEEKDAYS_ZH, strict=True)):
        english, short, chinese = names
        if text.lower() in (english, short.lower()) or text in (f"周{chinese}", f"星期{chinese}"):
            return number
    return text


def read_month_day(text):
    match = MONTH_AND_DAY.match(text)
    return (int(match[1]), int(match[2])) if match else text


READERS = {"int": read_int, "list of int": read_ints, "weekday": read_weekday, "month-day": read_month_day}


def show(spec, value):
    """A value in either form in the reader's language, without its unit."""
    typed = spec.typed(value)
    if spec.type == "weekday":
        return pick(f"周{WEEKDAYS_ZH[typed]}", WEEKDAYS[typed].capitalize())
    if spec.type == "month-day":
        month, day = typed
        return pick(f"{month}月{day}日", f"{day} {MONTHS_EN[month - 1]}")
    if spec.type == "list of int":
        return pick("、", ", ").join(str(number) for number in typed)
    return str(typed)


def show_with_unit(spec, value):
    """周一; 10 分钟（班前）."""
    return f"{show(spec, value)} {spec.unit}".strip()


def show_range(spec):
    """What may be written: 0–60, a day of the week, a day of the year."""
    if spec.type == "weekday":
        return _("a day of the week")
    if spec.type == "month-day":
        return _("a day that every year has, such as 06-30")
    return f"{spec.min}–{spec.max}"


HINTS = {
    "int": gettext_lazy("A whole number from %(min)s to %(max)s. Unit: %(unit)s."),
    "list of int": gettext_lazy(
        "%(count)s whole numbers from %(min)s to %(max)s, separated by commas. Unit: %(unit)s."
    ),
    "weekday": gettext_lazy("A day of the week."),
    "month-day": gettext_lazy("Month and day that every year has, such as 06-30."),
}


def hint(spec):
    count = len(spec.default) if spec.type == "list of int" else 1
    return HINTS[spec.type] % {"min": spec.min, "max": spec.max, "unit": spec.unit, "count": count}


def initial(spec, value):
    """A value as the form's field begins with it."""
    if spec.type == "list of int":
        return ", ".join(str(number) for number in spec.typed(value))
    return spec.stored(value)
