"""What is looked at when a desk changes hands. Items are never reworded: new ones go to the end.

A director adds items and switches them off in the administration; to keep it brief, only the first five that are on are
asked.
"""

from rulebook.checklists import define

RELIEF = "desk_relief"
MOST_ITEMS = 5

define(
    RELIEF,
    "岗位交接",
    "Desk relief",
    [
        ("键盘完好，清洁", "Keyboard whole and clean", ["floor.7"]),
        ("座椅完好，归位", "Chair whole and in its place", ["standard.5"]),
        ("耳机完好，挂在机台右侧", "Headset whole, hung on the right of the desk", ["standard.3"]),
        ("台面整洁，记事本在统一位置", "Desk top tidy, notepad in its place", ["standard.4"]),
        ("待回复的客户来电已交代", "Calls to return handed over", ["duty.4"]),
    ],
)
