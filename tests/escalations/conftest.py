import pytest

from callcentre import clock
from tests import make


@pytest.fixture
def monday_morning(settings, tmp_path):
    """Views read the clock: it says ten past nine on the Monday of the line's day shift."""
    moved = tmp_path / "clock"
    moved.write_text(str((make.at(9, 10) - clock.now()).total_seconds()))
    settings.DEMO = True
    settings.CLOCK_FILE = str(moved)
