"""A photograph's file as an image of the study."""

import hashlib

import numpy as np
import pytest
from PIL import Image as Picture

from engine.domain.problem import Refusal
from engine.formats.photographs import read_photograph


@pytest.mark.parametrize("verify", [True, False])
def test_an_image_has_the_path_from_the_study_the_upright_size_and_the_digest(
    write, tmp_path, verify
) -> None:
    exif = Picture.Exif()
    exif[0x0112] = 6
    path = tmp_path / "photos" / "a.jpg"
    path.parent.mkdir()
    Picture.fromarray(np.zeros((8, 10, 3), np.uint8)).save(path, exif=exif)
    image = read_photograph(path, study_folder=tmp_path / "study", verify=verify)
    assert image.path == "../photos/a.jpg"
    assert image.size == (8, 10)
    assert image.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert image.case == image.path


def test_a_truncated_photograph_is_refused_when_its_pixels_are_verified(write, tmp_path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    whole = write("a.png", noise).read_bytes()
    path = write("b.png", whole[: len(whole) // 2])
    with pytest.raises(Refusal, match=r"b\.png"):
        read_photograph(path, study_folder=tmp_path, verify=True)
