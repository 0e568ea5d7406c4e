"""What is looked at when the roll is called. Items are never reworded: new ones go to the end.

A centre that asks for no make-up switches the last item off, in the administration.
"""

from rulebook.checklists import define

ROLL_CALL = "roll_call"

define(
    ROLL_CALL,
    "点名",
    "Roll call",
    [
        ("着装统一", "Uniform dress", ["duty.1", "floor.5"]),
        ("佩戴上岗证，位置统一", "Badge worn, in its uniform place", ["duty.1", "floor.5"]),
        (
            "着装整洁，无皱损，不挽袖",
            "Dress clean and tidy, not creased or torn, sleeves down",
            ["hygiene.changing.3", "hygiene.room.3"],
        ),
        ("长发束起", "Long hair tied", ["hygiene.room.3"]),
        ("淡妆", "Light make-up", ["hygiene.changing.3"]),
    ],
)
