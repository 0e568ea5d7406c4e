"""The kinds of equipment that a note may be about, and the words by which a note is seen to name one or a desk."""

import re
import unicodedata

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Equipment(TextChoices):
    HEADSET = "headset", pgettext_lazy("equipment", "headset")
    PHONE = "phone", pgettext_lazy("equipment", "telephone")
    COMPUTER = "computer", pgettext_lazy("equipment", "computer")
    SCREEN = "screen", pgettext_lazy("equipment", "screen")
    SOFTWARE = "software", pgettext_lazy("equipment", "software")
    NETWORK = "network", pgettext_lazy("equipment", "network")
    RECORDING = "recording", pgettext_lazy("equipment", "recording")
    PRINTER = "printer", pgettext_lazy("equipment", "printer")
    POWER = "power", pgettext_lazy("equipment", "power and lighting")
    CLIMATE = "climate", pgettext_lazy("equipment", "air conditioning")
    FURNITURE = "furniture", pgettext_lazy("equipment", "furniture")
    OTHER = "other", pgettext_lazy("equipment", "other")


# The first that a text names counts: what goes wrong stands before what it is connected to.
WORDS = {
    Equipment.HEADSET: ("耳机", "耳麦", "headset", "earphone"),
    Equipment.PHONE: ("话机", "电话机", "telephone"),
    Equipment.SCREEN: ("大屏", "显示器", "屏幕", "monitor", "screen", "display"),
    Equipment.COMPUTER: ("电脑", "主机", "键盘", "鼠标", "computer", "keyboard", "mouse"),
    Equipment.SOFTWARE: ("软件", "系统", "software"),
    Equipment.NETWORK: ("网络", "网线", "交换机", "network", "router"),
    Equipment.RECORDING: ("录音", "recording", "recorder"),
    Equipment.PRINTER: ("打印机", "复印机", "printer"),
    Equipment.POWER: ("电源", "插座", "照明", "灯管", "停电", "socket", "power", "light"),
    Equipment.CLIMATE: ("空调", "air condition"),
    Equipment.FURNITURE: ("桌", "椅", "柜", "chair", "drawer"),
}
DESK_CODE = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,3}[0-9]{1,4}(?![0-9A-Za-z])")
MOST_CODES = 5


def equipment_in(text):
    """The Equipment that the text names first, or an empty string."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    places = [(folded.find(word), kind) for kind, words in WORDS.items() for word in words]
    found = [(place, kind) for place, kind in places if place >= 0]
    return min(found, key=lambda pair: pair[0])[1] if found else ""


def desk_codes_in(text):
    """What may be codes of desks, in capitals, each once; of a text that lists many only the first."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return list(dict.fromkeys(DESK_CODE.findall(folded)))[:MOST_CODES]
