"""What is looked at in each clean. Items are never reworded: new ones go to the end."""

from django.utils.translation import gettext_lazy as _

from hygiene.models import Area
from rulebook.checklists import define
from rulebook.evidence import evidence

# The duties whose record is kept here: rule code -> (checklist, area, the plant register is shown).
KINDS = {
    "changing_room_clean": ("changing_room", Area.Key.CHANGING_ROOM, False),
    "watering": ("watering", None, True),
    "leaf_clean": ("leaf_clean", None, True),
}

AREAS = {
    Area.Key.MACHINE_ROOM: ("机房", "Machine room"),
    Area.Key.CHANGING_ROOM: ("更衣室", "Changing room"),
    Area.Key.NOTICE_BOARD: ("大屏幕与宣传栏", "Big screen and notice board"),
}

define(
    "changing_room",
    "更衣室清洁",
    "Changing-room clean",
    [
        ("地面清扫、拖净", "Floor swept and mopped", ["hygiene.changing.5"]),
        ("柜面、长凳、镜面擦净", "Locker fronts, benches and mirrors wiped", ["hygiene.changing.5"]),
        ("门窗、窗台擦净", "Door, windows and sills wiped", ["hygiene.changing.5"]),
        (
            "衣物都在本人柜内，柜顶、柜外无衣物",
            "All clothes inside lockers, none on top or outside",
            ["hygiene.changing.2"],
        ),
        ("垃圾清走，更换垃圾袋", "Rubbish taken out, bag replaced", ["hygiene.changing.5"]),
        ("清洁用具洗净归位", "Cleaning tools rinsed and put away", ["hygiene.changing.5"]),
    ],
)
define(
    "watering",
    "花草浇水",
    "Plant watering",
    [
        ("盆土干的花草浇透水", "Every plant with dry soil watered through", ["hygiene.plants.1"]),
        ("盆托无积水，地面无水渍", "No water standing in saucers or on the floor", ["hygiene.plants.1"]),
    ],
)
define(
    "leaf_clean",
    "清洁叶面",
    "Leaf cleaning",
    [
        ("叶面擦净无尘", "Leaves wiped free of dust", ["hygiene.plants.2"]),
        ("黄叶、枯叶摘除", "Yellow and dead leaves taken off", ["hygiene.plants.2"]),
        ("花盆、盆托擦净，落叶清走", "Pots and saucers wiped, fallen leaves taken away", ["hygiene.plants.2"]),
    ],
)
evidence(
    "inspection",
    "hygiene.changing.2",
    _("Monday’s clean looks for clothes outside the lockers."),
    lacking=_("A register of lockers, and inspection of changing before work."),
)
