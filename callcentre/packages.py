"""Excel files are zip packages. What a package may be before anybody unpacks it."""

import io
import zipfile

MOST_PARTS = 2000


class BadPackage(ValueError):
    """It unpacks to too much, or declares entities."""


def check_package(data, largest):
    """The package's parts. Raises BadPackage, or whatever zipfile does where it is damaged."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > largest:
            raise BadPackage
        for part in parts:
            with package.open(part) as opened:
                if b"<!DOCTYPE" in opened.read(2048):
                    raise BadPackage
    return parts
