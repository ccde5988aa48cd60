"""The run manifest beside every result: what was computed, from what, with which settings."""

import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from engine.domain.problem import Problem
from engine.report.files import write_whole

LIBRARIES = (
    "numpy",
    "scipy",
    "pandas",
    "shapely",
    "Pillow",
    "pillow-heif",
    "pydicom",
    "SQLAlchemy",
    "pydantic",
    "torch",
    "torchvision",
    "timm",
    "safetensors",
    "captum",
    "matplotlib",
    "PySide6-Essentials",
)


def library_version(name: str) -> str:
    """Return the installed version of a distribution, or ``not installed``."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def versions() -> dict[str, str]:
    """Return the versions of the product, Python, the platform and the libraries."""
    return {
        "dermconcord": library_version("dermconcord"),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        **{name: library_version(name) for name in LIBRARIES},
    }


def with_problems(manifest: Mapping[str, Any], problems: Iterable[Problem]) -> dict[str, Any]:
    """Return a run manifest that lists what could not be used."""
    return {**manifest, "problems": [problem.fields() for problem in problems]}


def manifest_path(result: Path) -> Path:
    """Return ``NAME.manifest.json`` beside the result ``NAME.csv``."""
    return result.with_name(f"{result.stem}.manifest.json")


def write_manifest(result: Path, content: Mapping[str, Any]) -> Path:
    """Write the manifest of a result beside it and return its path.

    Raises
    ------
    Refusal
        The file cannot be written.
    """
    target = manifest_path(result)
    document = {"result": result.name, **content, "versions": versions()}
    text = json.dumps(document, indent=2, ensure_ascii=False, sort_keys=False)
    write_whole(target, f"{text}\n".encode())
    return target
