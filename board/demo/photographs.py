"""What somebody in the demo centre took with the phone: drawn, so that it is the same every time and of nobody."""

import io

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from callcentre.uploads import check

WALL, PLATE, HOLE, SCORCH = "#d9dde3", "#f7f7f2", "#2b2f36", "#6b4a2f"


def socket(*, scorched):
    """A wall socket, scorched before it was cut off or new after it was replaced: a Checked."""
    picture = Image.new("RGB", (960, 720), WALL)
    draw = ImageDraw.Draw(picture)
    if scorched:
        draw.ellipse((560, 240, 820, 560), SCORCH)
    draw.rounded_rectangle((240, 140, 720, 580), 32, PLATE, HOLE, 4)
    for x in (330, 570):
        draw.rectangle((x, 250, x + 24, 370), HOLE)
    draw.ellipse((450, 420, 506, 476), HOLE)
    if scorched:
        draw.polygon(((580, 300), (720, 240), (720, 560), (600, 480)), SCORCH)
    made = io.BytesIO()
    picture.save(made, "PNG")
    return check(ContentFile(made.getvalue(), "插座焦痕.png" if scorched else "更换后的插座.png"))
