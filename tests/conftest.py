"""Fixtures that every test may use."""

from pathlib import Path

import pytest

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real images and annotations; the test is skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("the optional folder of real data is absent")
    return REAL_DATA
