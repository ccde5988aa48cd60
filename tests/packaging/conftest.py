"""The scripts of ``packaging`` as modules; what was built is tried only where that is asked for."""

import importlib
import sys
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"


def pytest_collection_modifyitems(config, items):
    """Leave the trial of the built program out, unless ``-m`` names it."""
    if "bundle" in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("bundle")]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="module")
def packaging():
    """Loads a script as a module, with its neighbours found as when it is run."""
    own = {file.stem for file in PACKAGING.glob("*.py")}
    before = {name: sys.modules.pop(name) for name in own & sys.modules.keys()}
    sys.path.insert(0, str(PACKAGING))
    yield importlib.import_module
    sys.path.remove(str(PACKAGING))
    for name in own:
        sys.modules.pop(name, None)
    sys.modules.update(before)
