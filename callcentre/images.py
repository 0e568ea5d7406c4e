"""Pictures are decoded and written anew: upright, bounded, and without the place and the device that took them."""

import io
import warnings

from django.conf import settings
from PIL import Image, ImageOps

from callcentre.refusals import Refused

PREVIEW = 480
QUALITY = 85
OPAQUE, CLEAR = "RGB", "RGBA"
# Pillow refuses more than twice this many pixels before it decodes one, and warns of more; the warning refuses too.
Image.MAX_IMAGE_PIXELS = settings.UPLOAD_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


def redraw(data, form):
    """(picture, preview) as bytes; `form` is "JPEG", "PNG" or "WEBP".

    Raises Refused("upload_too_many_pixels") or ("upload_damaged").
    """
    try:
        with Image.open(io.BytesIO(data), formats=[form]) as opened:
            if opened.width * opened.height > settings.UPLOAD_PIXELS:
                raise Image.DecompressionBombError
            opened.draft(OPAQUE, (settings.UPLOAD_SIDE, settings.UPLOAD_SIDE))  # a JPEG is decoded at half or less
            picture = ImageOps.exif_transpose(bounded(opened, settings.UPLOAD_SIDE))
            picture = bare(picture, form)
            return written(picture, form), written(bare(bounded(picture, PREVIEW), "WEBP"), "WEBP")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Refused("upload_too_many_pixels", megapixels=settings.UPLOAD_PIXELS // 1_000_000) from bomb
    except Exception as error:  # a hostile picture fails in as many ways as there are decoders
        raise Refused("upload_damaged") from error


def bounded(picture, side):
    """Smaller where a side is longer; the original otherwise, decoded."""
    picture.load()
    if max(picture.size) <= side:
        return picture
    plain = picture if picture.mode in (OPAQUE, CLEAR, "L") else picture.convert(mode_of(picture))
    return ImageOps.contain(plain, (side, side))


def mode_of(picture):
    return CLEAR if picture.has_transparency_data else OPAQUE


def bare(picture, form):
    """A picture of the same pixels with nothing beside them: no place, comment, profile or text."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda grey: grey / 256).convert("L")  # of 16 bits, else all white
    mode = OPAQUE if form == "JPEG" else mode_of(picture)
    clean = Image.new(mode, picture.size)
    clean.paste(picture.convert(mode))
    return clean


def written(picture, form):
    made = io.BytesIO()
    picture.save(made, form, quality=QUALITY)
    return made.getvalue()
