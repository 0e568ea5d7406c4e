"""What is done before a desk is left. Items are never reworded: new ones go to the end."""

from django.utils.translation import gettext_lazy as _

from rulebook.checklists import define

LEAVING = "leaving_post"

define(
    LEAVING,
    "离岗收台",
    "Leaving the desk",
    [
        ("座椅归位", "Chair pushed in", ["standard.5"]),
        ("键盘推入抽屉", "Keyboard pushed into its drawer", ["floor.7"]),
    ],
    lacking=_("The same items on walks over the floor"),
)
