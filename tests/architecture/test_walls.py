"""The walls between rooms, seen from a running interpreter."""

import pkgutil
import subprocess
import sys

import pytest

import engine

HEAVY = ("torch", "captum", "scipy", "pandas", "PySide6", "matplotlib", "sqlalchemy")
MODULES = [
    module.name
    for module in pkgutil.walk_packages(engine.__path__, "engine.")
    if ".migrations." not in module.name and not module.name.endswith("__main__")
]


def run(code):
    """Run code in a fresh interpreter and return what it prints; its failure fails the test."""
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def loaded_after(code):
    """Return the heavy libraries that a fresh interpreter has loaded after running the code."""
    told = run(f"{code}\nimport sys\nprint(*[m for m in {HEAVY!r} if m in sys.modules])")
    return set(told.splitlines()[-1].split())


def test_help_loads_no_heavy_library():
    code = (
        "from typer.testing import CliRunner\n"
        "from engine.cli import application\n"
        "result = CliRunner().invoke(application, ['--help'])\n"
        "assert result.exit_code == 0 and 'agreement' in result.output"
    )
    assert loaded_after(code) == set()


def test_the_probe_sees_a_heavy_library_where_one_is_loaded():
    assert loaded_after("import sqlalchemy") == {"sqlalchemy"}


def test_importing_and_agreement_need_neither_torch_nor_scipy():
    code = "import engine.pipeline, engine.study.sqlite, engine.report.run, engine.stages.prepare"
    assert loaded_after(code) <= {"sqlalchemy"}


@pytest.mark.parametrize("module", MODULES)
def test_each_engine_module_has_a_caption(module):
    caption = (pkgutil.resolve_name(module).__doc__ or "").strip()
    assert caption, f"{module} has no sentence at its top"


@pytest.mark.parametrize(
    "blocked", [("PySide6", "shiboken6", "pyqtgraph"), ("captum", "timm", "matplotlib")]
)
def test_every_engine_module_imports_while_these_are_blocked(blocked):
    run(
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({blocked!r}))\n"
        f"for name in {MODULES!r}: importlib.import_module(name)"
    )


def test_all_but_the_model_itself_imports_without_torch():
    run(
        "import sys\n"
        "sys.modules.update(dict.fromkeys(('torch', 'captum', 'safetensors', 'timm')))\n"
        "import engine.cli, engine.pipeline, engine.doctor, engine.study.sqlite\n"
        "import engine.stages.explain, engine.stages.prepare"
    )
