"""What a date, a time and a length of time are called, in Chinese or English. Pure functions of local values.

Django's own formats cannot say these: its Chinese weekday is 星期一 where a roster says 周一, and no format of one
moment knows that a shift's end is tomorrow.
"""

import datetime as dt

from django.utils import timezone
from django.utils.translation import get_language

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def pick(zh, en):
    """The text for the active language; the other one where it is missing."""
    first, second = (en, zh) if (get_language() or "zh").startswith("en") else (zh, en)
    return first or second


def local(value):
    """A moment in the current time zone; dates, times and local moments as they are."""
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


def weekday(on):
    """周一, Mon"""
    return pick(f"周{WEEKDAYS_ZH[on.weekday()]}", WEEKDAYS_EN[on.weekday()])


def day(on):
    """11月23日, 23 Nov"""
    return pick(f"{on.month}月{on.day}日", f"{on.day} {MONTHS_EN[on.month - 1]}")


def short_date(on):
    """11月23日 周一, Mon 23 Nov"""
    return pick(f"{day(on)} {weekday(on)}", f"{weekday(on)} {day(on)}")


def long_date(on):
    """2026年11月23日 周一, Mon 23 Nov 2026"""
    return pick(f"{on.year}年{day(on)} {weekday(on)}", f"{weekday(on)} {day(on)} {on.year}")


def month(on):
    """2026年11月, Nov 2026"""
    return pick(f"{on.year}年{on.month}月", f"{MONTHS_EN[on.month - 1]} {on.year}")


def clock(at):
    """08:00"""
    return f"{at:%H:%M}"


def seconds(at):
    """08:00:05"""
    return f"{at:%H:%M:%S}"


def stamp(at):
    """11月23日 08:00, 23 Nov 08:00"""
    return f"{day(at)} {clock(at)}"


def until(at):
    """A deadline: as `stamp`, but midnight is the end of the day before. 11月29日 24:00, 29 Nov 24:00"""
    return f"{day(at - dt.timedelta(days=1))} 24:00" if at.time() == dt.time(0) else stamp(at)


def long_stamp(at):
    """2026年11月23日 周一 08:00:05, Mon 23 Nov 2026 08:00:05"""
    return f"{long_date(at)} {seconds(at)}"


def time_range(starts, ends):
    """08:00–16:00 of two local moments, or of two times of day (an end not after its start is the next day's).

    16:00–24:00 where the end is that day's midnight, 23:00–次日07:00 over midnight, both dates where it is longer.
    """
    nights = nights_between(starts, ends)
    if nights == 0:
        return f"{clock(starts)}–{clock(ends)}"
    if nights > 1:
        return f"{stamp(starts)}–{stamp(ends)}"
    if clock(ends) == "00:00":
        return f"{clock(starts)}–24:00"
    return pick(f"{clock(starts)}–次日{clock(ends)}", f"{clock(starts)}–{clock(ends)} (+1)")


def nights_between(starts, ends):
    """How many midnights lie between the two."""
    if isinstance(starts, dt.datetime):
        return (ends.date() - starts.date()).days
    return int(ends <= starts)


def duration(length):
    """1小时25分, 1 h 25 min; of a timedelta or of minutes. Under a minute is 0, seconds are cut off."""
    minutes = int(length.total_seconds() // 60) if isinstance(length, dt.timedelta) else int(length)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    if days:
        return pick(f"{days}天{hours}小时", f"{days} d {hours} h")
    if hours:
        return pick(f"{hours}小时{minutes}分", f"{hours} h {minutes} min")
    return pick(f"{minutes}分钟", f"{minutes} min")
