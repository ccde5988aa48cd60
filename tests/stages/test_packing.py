"""A grader's packet: their readings in their order, and photographs that tell nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Picture

from engine.domain.grading import Grading, Role, Task
from engine.domain.image import Image, PrivacyBox
from engine.domain.options import StudyOptions
from engine.domain.problem import Refusal
from engine.images.decode import decode, decode_bytes
from engine.images.digest import digest_of
from engine.images.encode import LONGEST_JPEG
from engine.images.privacy import COVER
from engine.stages.packing import make_packet
from engine.study.packet_file import write_packet
from engine.study.sqlite import open_study
from engine.tasks.cancel import CancelToken, Stopped
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor, Lane, LocalLanes
from tests.packet_studies import draw, make_study, pack, region, smooth_picture


@pytest.fixture
def file(tmp_path):
    """A study of three photographs, read by three graders."""
    return make_study(tmp_path)


def refused(file, grader, code):
    with pytest.raises(Refusal) as caught:
        pack(file, grader)
    assert caught.value.problem.code == code
    assert [path.name for path in file.parent.glob("*.concord")] == [file.name]
    return caught.value.problem


# rows


def test_a_packet_has_the_tasks_of_its_grader_in_their_order(file):
    with open_study(file) as study:
        study.assign("p/02.png", "bo", Role.EXTRA, author="lena")
        tasks = study.tasks("bo")
    packed = pack(file, "bo")
    assert (packed.grader, packed.images, packed.readings, packed.problems) == ("bo", 3, 4, ())
    with open_study(packed.file) as packet:
        assert packet.tasks() == tasks
        assert packet.graders() == ["bo"]
        assert packet.check() == []


def test_images_of_a_packet_carry_name_size_and_digest_alone(tmp_path):
    file = make_study(tmp_path, images=1)
    with open_study(file) as study:
        (image,) = study.images()
        known = replace(image, case="case 7", condition="eczema", metadata={"age": "7"})
        study.add_images([known], author="lena")
    with open_study(pack(file, "ada").file) as packet:
        assert packet.images() == [Image(image.path, 40, 30, image.digest)]


def test_masked_names_number_the_images_in_the_grader_s_order(file):
    with open_study(file) as study:
        study.set_options(StudyOptions("# Outline", masks_names=True), author="lena")
        study.assign_tasks([Task("p/01.png", "bo", Role.REPEAT, 9)], author="lena", seed=0)
        digests = {image.path: image.digest for image in study.images()}
        order = [digests[task.image] for task in study.tasks("bo")]
    with open_study(pack(file, "bo").file) as packet:
        queue = packet.queue("bo")
        numbers = [1, 2, 3, 1]  # the repeat is of the first image
        assert [item.image for item in queue] == [f"image-{n:04}" for n in numbers]
        assert [item.digest for item in queue] == order
        assert [item.position for item in queue] == [0, 1, 2, 3]
        assert packet.options() == StudyOptions("# Outline", masks_names=True)


def test_undo_goes_as_far_back_in_the_packet_as_in_the_study(file):
    with open_study(file) as study:
        draw(study, "p/00.png", "ada", region(1, 1), region(2, 2))
        study.append(
            Grading("p/00.png", "ada", True, 1, region(2, 2)),
            author="ada",
            parent=3,
            gesture="undo",
        )
        revisions = study.revisions("p/00.png", "ada")
        history = study.sheet("p/00.png", "ada").history
    with open_study(pack(file, "ada").file) as packet:
        assert packet.revisions("p/00.png", "ada") == revisions
        assert packet.sheet("p/00.png", "ada").history == history


def test_the_study_is_only_read(file):
    before = file.read_bytes()
    pack(file, "ada")
    assert file.read_bytes() == before


@pytest.mark.parametrize("grader", ["nobody", "", "ada "])
def test_a_grader_who_is_asked_for_nothing_has_no_packet(file, grader):
    assert refused(file, grader, "no_tasks").where == grader


def test_a_packet_is_not_made_of_a_packet(file, tmp_path):
    packed = pack(file, "ada").file
    with pytest.raises(Refusal) as caught:
        pack(packed, "ada", tmp_path / "again")
    assert caught.value.problem.code == "packet_of_packet"


# photographs


def picture_of(packet, image):
    with open_study(packet) as opened:
        return opened.picture(image)


def test_a_photograph_is_the_same_picture_in_the_same_frame(file):
    made = pack(file, "ada").file
    content = picture_of(made, "p/01.png")
    assert content.startswith(b"\xff\xd8")
    pixels = decode_bytes(content, "p/01.png").astype(int)
    assert abs(pixels - decode(file.parent / "p/01.png")).max() <= 4


def test_a_turned_photograph_comes_upright_and_loses_its_metadata(tmp_path):
    file = make_study(tmp_path, images=1)
    exif = Picture.Exif()
    exif[0x0112], exif[0x010F] = 6, "the camera of Zebulon"
    turned = file.parent / "turned.jpg"
    smooth_picture(40, 30).save(turned, exif=exif, comment=b"seen by Zebulon", quality=95)
    with open_study(file) as study:
        study.add_images([Image("turned.jpg", 30, 40, digest_of(turned))], author="lena")
        study.assign("turned.jpg", "ada", Role.ASSIGNED, author="lena")
    content = picture_of(pack(file, "ada").file, "turned.jpg")
    pixels = decode_bytes(content, "turned.jpg")
    assert pixels.shape == (40, 30, 3)
    assert abs(pixels.astype(int) - decode(turned)).max() <= 4
    assert b"Zebulon" not in content
    assert b"Exif" not in content


def test_privacy_boxes_are_burnt_in(file):
    with open_study(file) as study:
        study.set_privacy_boxes("p/00.png", [PrivacyBox(8, 8, 24, 16)], author="lena")
    pixels = decode_bytes(picture_of(pack(file, "ada").file, "p/00.png"), "")
    assert abs(pixels[9:15, 9:23].astype(int) - COVER).max() <= 3


def test_a_strip_that_is_too_long_for_a_jpeg_is_packed_all_the_same(tmp_path):
    file = make_study(tmp_path, images=1)
    strip = np.zeros((1, LONGEST_JPEG + 1, 3), np.uint8)
    strip[0, -1] = 255
    Picture.fromarray(strip).save(tmp_path / "strip.png")
    with open_study(file) as study:
        digest = digest_of(tmp_path / "strip.png")
        study.add_images([Image("strip.png", strip.shape[1], 1, digest)], author="lena")
        study.assign("strip.png", "ada", Role.ASSIGNED, author="lena")
    packed = pack(file, "ada")
    assert packed.problems == ()
    assert np.array_equal(decode_bytes(picture_of(packed.file, "strip.png"), ""), strip)


def test_images_without_their_photograph_are_left_out_and_listed(file):
    (file.parent / "p/00.png").unlink()
    smooth_picture(40, 30, seed=9).save(file.parent / "p/01.png")
    with open_study(file) as study:
        study.add_images([Image("known by name", 40, 30)], author="lena")
        study.assign("known by name", "ada", Role.ASSIGNED, author="lena")
        study.set_options(StudyOptions(masks_names=True), author="lena")
    packed = pack(file, "ada")
    assert [(p.code, p.where) for p in packed.problems] == [
        ("pixels_missing", "p/00.png"),
        ("pixels_changed", "p/01.png"),
        ("no_pixels", "known by name"),
    ]
    assert all("not in the packet" in problem.message for problem in packed.problems)
    assert (packed.images, packed.readings) == (1, 1)
    with open_study(packed.file) as packet:
        (item,) = packet.queue("ada")
        assert (item.image, item.position) == ("image-0003", 0)
        assert packet.check() == []


def test_a_photograph_that_cannot_be_decoded_is_left_out(file):
    damaged = file.parent / "damaged.jpg"
    damaged.write_bytes(b"\xff\xd8\xff\xe0 not much of a picture")
    with open_study(file) as study:
        study.add_images([Image("damaged.jpg", 40, 30, digest_of(damaged))], author="lena")
        study.assign("damaged.jpg", "ada", Role.ASSIGNED, author="lena")
    (problem,) = pack(file, "ada").problems
    assert (problem.code, problem.where) == ("unreadable_image", "damaged.jpg")


def test_a_packet_without_a_single_photograph_is_refused(file):
    for photograph in (file.parent / "p").iterdir():
        photograph.unlink()
    assert "None of the 3 images" in refused(file, "ada", "nothing_to_pack").message


# as a job


def test_a_packet_made_on_many_threads_is_the_same(file, tmp_path):
    with LocalLanes() as lanes, open_study(file) as study:
        job = JobContext(lanes)
        packed = make_packet(study, "ada", tmp_path / "lanes", job, write=write_packet)
    inline = pack(file, "ada")
    with open_study(packed.file) as first, open_study(inline.file) as second:
        assert first.tasks() == second.tasks()
        assert all(first.picture(i.path) == second.picture(i.path) for i in first.images())


class CountingExecutor(InlineExecutor):
    """Counts the photographs that it was given."""

    def __init__(self):
        self.begun = 0

    def submit(self, lane, task, /, *args, **kwargs):
        self.begun += lane is Lane.CPU
        return super().submit(lane, task, *args, **kwargs)


def test_however_many_photographs_there_are_few_are_held_at_a_time(tmp_path):
    file = make_study(tmp_path, images=12, graders=["ada"])
    executor = CountingExecutor()
    ahead = []

    def write(target, contents):
        for written, _ in enumerate(contents.pictures):
            ahead.append(executor.begun - written)
        return target

    with open_study(file) as study:
        make_packet(study, "ada", tmp_path / "x", JobContext(executor), write=write)
    assert len(ahead) == 12
    assert max(ahead) <= 3


@pytest.mark.parametrize("room", ["pictures", "readings"])
def test_a_stopped_packet_is_not_there(file, room):
    cancel = CancelToken()

    def stop(step):
        if (step.room, step.done) == (room, 2):
            cancel.cancel()

    job = JobContext(InlineExecutor(), cancel, stop)
    with open_study(file) as study, pytest.raises(Stopped):
        make_packet(study, "ada", file.with_name("ada.concord"), job, write=write_packet)
    assert [path.name for path in file.parent.iterdir() if path.is_file()] == [file.name]
