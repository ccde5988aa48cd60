"""Packets of real smartphone photographs: every picture opens, at its size, and tells nothing."""

import io
import json
import shutil

import pytest
from PIL import Image as Picture

from engine.images.decode import decode, decode_bytes
from engine.study.sqlite import open_study
from tests.packet_studies import grade

pytestmark = pytest.mark.real


@pytest.fixture
def study(real_data, run, tmp_path):
    """A study of smartphone photographs, dealt out to two graders."""
    shutil.copytree(real_data / "pad_ufes20", tmp_path / "pad")
    study = tmp_path / "pad" / "pad.concord"
    run("new", study)
    run("import", study, study.parent, "--column", "case=patient_id")
    run("instruct", study, "--mask-names", "--lead", "lena")
    run("assign", study, "--graders", "ada,bo", "--per-image", "2")
    return study


def sources(study):
    """The files of a study's photographs by their digests."""
    with open_study(study) as opened:
        return {image.digest: study.parent / image.path for image in opened.images()}


def test_every_picture_decodes_to_the_size_of_its_image_and_looks_like_it(run, study):
    packet = study.with_name("ada.concord")
    said = json.loads(run("packet", study, "ada", "--out", packet, "--json").stdout)
    assert (said["images"], said["readings"], said["problems"]) == (14, 14, [])
    files = sources(study)
    with open_study(packet) as opened:
        assert opened.check() == []
        for image in opened.images():
            content = opened.picture(image.path)
            pixels = decode_bytes(content, image.path)
            assert pixels.shape == (image.height, image.width, 3)
            original = decode(files[image.digest])
            assert abs(pixels.astype(int) - original).mean() < 2.5
            with Picture.open(io.BytesIO(content)) as picture:
                assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_nothing_of_names_conditions_or_patients_is_in_the_packet(real_data, run, study):
    packet = study.with_name("ada.concord")
    run("packet", study, "ada", "--out", packet)
    content, known = packet.read_bytes(), study.read_bytes()
    with open_study(study) as opened:
        told = {word for i in opened.images() for word in (i.path, i.case, *i.metadata.values())}
    told = {word.encode() for word in told if len(word) > 6}
    assert len(told) > 14
    assert all(word in known for word in told)
    assert not [word for word in told if word in content]


def test_work_on_real_photographs_comes_back(run, study):
    packet = study.with_name("ada.concord")
    run("packet", study, "ada", "--out", packet)
    grade(packet)
    merged = json.loads(run("merge", study, packet, "--json").stdout)
    assert merged["packets"][0]["readings"] == 14
    assert merged["problems"] == []
    assert "No problems found" in run("doctor", study).stdout
