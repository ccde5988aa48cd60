"""A folder of finished maps, each found by the digest of everything that makes it what it is."""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Reason, Undefined
from engine.domain.problem import Refusal, refuse
from engine.domain.saliency_map import Geometry, MapFacts, SaliencyMap
from engine.domain.settings import Method, SaliencySettings

MAP_VERSION = 1
"""Rises whenever the same settings would give another map; older maps are then never found."""

SUFFIX = ".map.npz"

UNFINISHED = ".part"

STARTED = time.time()
"""Unfinished files that are older than this process were left by one that was killed."""

EVERY_METHOD = {"method", "channel_reduction", "score"}

ALONG_A_PATH = {"baseline", "seed", "case_path"}

USED: Mapping[Method, set[str]] = {
    "integrated_gradients": ALONG_A_PATH | {
        "sampler", "steps", "noise_samples", "joint_gradients", "noise_level", "autocast",
    },
    "gradients": set(),
    "input_x_gradient": set(),
    "grad_cam": set(),
    "occlusion": {"baseline", "occlusion_window", "occlusion_stride"},
    "gradient_shap": ALONG_A_PATH | {"shap_samples"},
}  # fmt: skip
"""Settings that change the map of a method, beside those of every method."""


@dataclass(frozen=True, slots=True)
class CacheFile:
    """One stored or unfinished map, as `doctor` lists it."""

    path: Path
    key: str
    size: int


class MapCache:
    """Maps on disk, one file each, written whole or not at all; deletable at any time.

    Parameters
    ----------
    folder
        Made with the first map that is stored.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def key(
        *,
        image_digest: str,
        model_digest: str,
        target: int,
        geometry: Geometry,
        settings: SaliencySettings,
        case: str = "",
        layer: str = "",
    ) -> str:
        """Return the map's key: the image's digest, shortened, and SHA-256 of all that counts.

        Batch size and device are no part of it, nor are settings that the method does not use.

        Parameters
        ----------
        image_digest, model_digest
            Digests of the image's file and of the classifier.
        target
            Index of the explained class.
        geometry
            How the image lies on the model's grid.
        case
            What of its case a case model is given beside the image, and the image's place in it;
            empty for an image model.
        layer
            The layer that Grad-CAM looks at; empty for other methods.
        """
        parts: dict[str, object] = {
            "version": MAP_VERSION,
            "image": image_digest,
            "model": model_digest,
            "target": target,
            "geometry": asdict(geometry),
            "settings": settings.model_dump(
                mode="json", include=used(settings, in_case=bool(case))
            ),
        }
        # Maps made before there were case models and layers are still found.
        parts |= {name: value for name, value in (("case", case), ("layer", layer)) if value}
        canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return f"{_prefix(image_digest)}{hashlib.sha256(canonical.encode()).hexdigest()}"

    def holds(self, key: str) -> bool:
        """Tell whether a map is stored, without reading it."""
        return self._path(key).is_file()

    def get(self, key: str) -> SaliencyMap | None:
        """Return a stored map, or None; a damaged file counts as missing."""
        try:
            with self._path(key).open("rb") as file, np.load(file, allow_pickle=False) as stored:
                return _unpacked(stored)
        except Exception:
            # A damaged archive raises almost anything; whatever it is, the map is made again.
            return None

    def put(self, key: str, saliency_map: SaliencyMap) -> None:
        """Store a map; after a crash or a full disk either all of it is there or none.

        Raises
        ------
        Refusal
            ``map_cache``: the folder cannot be written, or the disk is full.
        """
        unfinished: Path | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f"{key}.", suffix=UNFINISHED, dir=self._folder)
            unfinished = Path(name)
            with os.fdopen(handle, "wb") as file:
                np.savez_compressed(file, allow_pickle=False, **_packed(saliency_map))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._path(key))
        except OSError as error:
            raise _not_stored(self._folder, error) from error
        finally:
            if unfinished is not None:
                unfinished.unlink(missing_ok=True)

    def files(self) -> list[CacheFile]:
        """Return all stored maps with their sizes in bytes, ordered by key."""
        return self._listed(SUFFIX)

    def stale(self, image_digests: Iterable[str]) -> list[CacheFile]:
        """Return what may be deleted: maps of none of these images, and files left unfinished."""
        known = tuple(map(_prefix, image_digests))
        unknown = [file for file in self.files() if not file.key.startswith(known)]
        unfinished = self._listed(UNFINISHED)
        return unknown + [file for file in unfinished if file.path.stat().st_mtime < STARTED]

    def _listed(self, suffix: str) -> list[CacheFile]:
        paths = sorted(self._folder.glob(f"*{suffix}"))
        return [CacheFile(path, path.name.partition(".")[0], path.stat().st_size) for path in paths]

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{SUFFIX}"


def used(settings: SaliencySettings, *, in_case: bool) -> set[str]:
    """Return the settings that change a map of this method and sampler.

    The target is none of them: the caller has turned it into a class.

    Parameters
    ----------
    in_case
        Whether it is the map of a case model.
    """
    names = EVERY_METHOD | USED[settings.method]
    if settings.sampler == "literal":
        names = names - {"joint_gradients"}
    return names if in_case else names - {"case_path"}


class NoCache(MapCache):
    """A cache that keeps nothing, for models that are changed under their digest."""

    def __init__(self) -> None:
        super().__init__(Path(os.devnull))

    def get(self, key: str) -> SaliencyMap | None:
        """Return None, whatever is asked for."""

    def put(self, key: str, saliency_map: SaliencyMap) -> None:
        """Forget the map."""


def _prefix(image_digest: str) -> str:
    return f"{image_digest[:16]}-"


def _packed(saliency_map: SaliencyMap) -> dict[str, NDArray[Any]]:
    facts = {field.name: getattr(saliency_map.facts, field.name) for field in fields(MapFacts)}
    text = json.dumps(
        {
            "geometry": asdict(saliency_map.geometry),
            "facts": {name: _told(value) for name, value in facts.items()},
        }
    )
    values = saliency_map.values
    halves = saliency_map.halves or np.empty((0, *values.shape), dtype=np.int16)
    return {"values": values, "about": np.array(text), "halves": np.asarray(halves)}


def _unpacked(stored: Mapping[str, NDArray[Any]]) -> SaliencyMap:
    about = json.loads(str(stored["about"]))
    geometry = Geometry(**about["geometry"])
    facts = MapFacts(**{name: _read(value) for name, value in about["facts"].items()})
    values = stored["values"]
    shape = (geometry.model_height, geometry.model_width)
    if values.dtype != np.int16 or values.shape != shape:
        raise ValueError("the map does not fit its geometry")
    halves = tuple(stored["halves"])
    return SaliencyMap(values, geometry, facts, halves or None)


def _told(value: object) -> object:
    return {"undefined": value.reason.value} if isinstance(value, Undefined) else value


def _read(value: Any) -> Any:  # noqa: ANN401 - whatever the field holds
    return Undefined(Reason(value["undefined"])) if isinstance(value, dict) else value


def _not_stored(folder: Path, error: OSError) -> Refusal:
    return refuse(
        "map_cache",
        str(folder),
        f"a finished map cannot be stored: {error.strerror or error}",
        "Free some space or choose a folder that you may write to; maps already stored are kept",
    )
