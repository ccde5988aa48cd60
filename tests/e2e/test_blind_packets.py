"""Not one byte of another grader's work, or of what only the lead knows, is in a packet."""

import hashlib
import io
import json
import sqlite3
import struct
from contextlib import closing

import numpy as np
import pytest
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

from engine.domain.findings import FindingMark
from engine.domain.grading import Adjudication, Adopted, Grading, Role, Status, Task
from engine.domain.image import Image, PrivacyBox
from engine.domain.options import StudyOptions
from engine.domain.polygon import Polygon, ring
from engine.domain.prediction import Prediction
from engine.domain.settings import AgreementSettings, FindingsSettings, RunSettings
from engine.images.decode import decode
from engine.images.digest import digest_of
from engine.images.encode import encode_jpeg
from engine.images.privacy import burn_in
from engine.study.grading_rows import answer_values
from engine.study.packet_contents import record_key
from engine.study.sqlite import create_study, open_study
from tests.packet_studies import draw, region, smooth_picture, ticking

LEAD = "Ottilie Wrangelsund"
OTHERS = ("Zebulon Quarkfeld", "Wilhelmina Xanthippe")
CAMERA, OWNER, PLACE = "Kamerawerk 9000", "Familie Holunder", (47.123456, 8.654321)
SECRETS = {
    "lead": LEAD,
    "graders": OTHERS,
    "notes": ("Muttermal wie ein Halbmond", "recte: ichthyosis"),
    "problem": "identifying_detail",
    "condition": "Pemphigus vegetans",
    "case": "Fall 77-Brunnenkress",
    "metadata": ("Postleitzahl 9042", "Fitzpatrick Stufe VI"),
    "model": "resnet-mondschein",
    "class": "Lupus pernio",
    "adjudication": "weil beide danebenlagen",
    "send-back": "Der Rand bei Zebulon war besser",
    "body part": "left_sole_of_nobody",
    "their images": "clinic/only-for-others.jpg",
    "analyst": "Kunigunde Tintenfass",
    "settings": ("kappa_cut", "0.4375", "hautlupe_modell"),
    "condition map": ("Lichen nitidus", "papulae minimae"),
    "finding": ("stratum|lupe|Dermatoskop Nr. 5|incorrect", "wohl das Lineal"),
}
NAMES = ("clinic/melanoma of Frau Holle.jpg", "clinic/Pemphigus vegetans 2.png", "clinic/third.jpg")


def outline(seed):
    """An outline whose coordinates occur nowhere else."""
    return (Polygon(ring(np.random.default_rng(seed).uniform(1, 29, (7, 2)))),)


THEIR_REGIONS = [outline(seed) for seed in range(1, 7)]
ADJUDICATED = outline(99)
SETTINGS = RunSettings(
    agreement=AgreementSettings(max_outlined_regions=3, kappa_cut=0.4375),
    findings=FindingsSettings(strata=("hautlupe_modell",)),
)
BOX = PrivacyBox(10.015625, 5.0078125, 20.03125, 15.0625)


def photograph(study, name, seed):
    """Save a photograph full of metadata beside the study."""
    file = study.folder / name
    file.parent.mkdir(exist_ok=True)
    exif = Picture.Exif()
    exif[0x010F], exif[0x013B] = CAMERA, OWNER
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", PLACE
    text = PngInfo()
    text.add_text("Comment", OWNER)
    options = {"pnginfo": text} if name.endswith("png") else {"comment": OWNER.encode()}
    smooth_picture(40, 30, seed).save(file, exif=exif, xmp=f"<x>{OWNER}</x>".encode(), **options)
    return Image(
        name,
        40,
        30,
        digest_of(file),
        case=SECRETS["case"],
        condition=SECRETS["condition"],
        metadata=dict(zip(("where", "skin"), SECRETS["metadata"], strict=True)),
    )


@pytest.fixture(params=[True, False], ids=["names masked", "names shown"])
def file(request, tmp_path):
    """A study in which two others did much, and its lead too, before ada gets her packet."""
    with create_study(tmp_path / "study", author=LEAD, clock=ticking()) as study:
        only_theirs = photograph(study, SECRETS["their images"], 9)
        images = [photograph(study, name, seed) for seed, name in enumerate(NAMES)]
        study.add_images([*images, only_theirs], author=LEAD)
        study.assign_tasks(tasks(), author=LEAD, seed=77)
        regions = iter(THEIR_REGIONS)
        for grader, note in zip(OTHERS, SECRETS["notes"], strict=True):
            for image in (NAMES[0], SECRETS["their images"], NAMES[2]):
                said = Grading(image, grader, True, 1, next(regions), note=note)
                problem = SECRETS["problem"]
                study.append(
                    Grading(image, grader, note=note, problem=problem), author=grader, parent=None
                )
                study.append(said, author=grader, parent=1, gesture="draw region")
        draw(study, NAMES[0], "ada", region(3, 3), region(5, 5))
        study.send_back(NAMES[0], OTHERS[0], reason=SECRETS["send-back"], author=LEAD)
        decide(study)
        study.set_options(
            StudyOptions(
                "# Outline",
                masks_names=request.param,
                leads=(LEAD,),
                analysts=(SECRETS["analyst"],),
                settings=SETTINGS,
            ),
            author=LEAD,
        )
        return study.file


def tasks():
    for grader in ("ada", *OTHERS):
        names = NAMES if grader == "ada" else (NAMES[0], SECRETS["their images"], NAMES[2])
        for position, name in enumerate(names):
            yield Task(name, grader, Role.ASSIGNED, position)


def decide(study):
    """Say all that a lead and a classifier say of images."""
    study.adjudicate(
        Adjudication(NAMES[1], Adopted.EDITED, ADJUDICATED, LEAD, "2026", SECRETS["adjudication"]),
        author=LEAD,
    )
    study.set_privacy_boxes(NAMES[2], [BOX], author=LEAD)
    study.label_body_parts({NAMES[0]: frozenset({SECRETS["body part"]})}, author=LEAD)
    classes = (SECRETS["class"], "other")
    probabilities = np.array([0.8125, 0.1875])
    study.record_predictions(
        [Prediction(NAMES[0], SECRETS["model"], classes, probabilities)], author=LEAD
    )
    conditions = dict([SECRETS["condition map"]])
    study.set_condition_map(SECRETS["model"], conditions, author=SECRETS["analyst"])
    key, comment = SECRETS["finding"]
    study.mark_finding(FindingMark(SECRETS["model"], key, True, comment), author=LEAD)
    study.reveal_names([NAMES[0]], author=LEAD)
    theirs = [task for task in study.tasks(OTHERS[0]) if task.image == NAMES[0]]
    study.withdraw_send_back(NAMES[0], OTHERS[0], author=LEAD)
    assert study.withdraw_tasks(theirs, author=LEAD).problems  # it is begun
    study.assign(NAMES[1], OTHERS[1], Role.EXTRA, author=LEAD)
    study.withdraw_tasks([Task(NAMES[1], OTHERS[1], Role.EXTRA, 9)], author=LEAD)


def texts():
    """All that is told in words."""
    for secret in SECRETS.values():
        yield from (secret,) if isinstance(secret, str) else secret


def traces(file):
    """All bytes by which the work of others could be known, and that the study does hold."""
    for text in texts():
        yield text.encode()
    for drawn in (*THEIR_REGIONS, ADJUDICATED):
        for x, y in drawn[0].exterior:
            yield struct.pack("<d", x)
            yield struct.pack("<dd", x, y)
    with open_study(file, read_only=True) as study:
        for task in study.tasks():
            if task.grader in OTHERS:
                for revision in study.revisions(task.image, task.grader, task.role):
                    yield answer_values(revision.grading)["digest"].encode()
        yield study.info().id.encode()
        yield from (entry.hash.encode() for entry in study.audit())
        yield from (entry.detail["content"].encode() for entry in study.audit())
        (theirs,) = (i for i in study.images() if i.path == SECRETS["their images"])
        yield theirs.digest.encode()
    yield from (str(corner).encode() for corner in (BOX.left, BOX.top, BOX.right, BOX.bottom))


def keys_of_others(file):
    """The keys of the others' readings, which only their own packets hold."""
    with open_study(file, read_only=True) as study:
        study_id = study.info().id
        for task in study.tasks():
            if task.grader in OTHERS:
                yield record_key(study_id, task.image, task.grader, task.role).encode()


def metadata_of_photographs():
    """What the photographs themselves tell, as it stands in their files."""
    yield from (CAMERA.encode(), OWNER.encode(), b"Exif", b"GPS", b"xmp", b"XMP", b"eXIf", b"tEXt")


def found(content, wanted):
    """Return which of the bytes are in a file, in any of the encodings of text."""
    hits = []
    for trace in wanted:
        spellings = {trace, trace.hex().encode(), trace.hex().upper().encode()}
        if trace.isascii():
            spellings |= {trace.decode().encode(wide) for wide in ("utf-16-le", "utf-16-be")}
        if any(spelling in content for spelling in spellings):
            hits.append(trace)
    return hits


@pytest.fixture
def packet(run, file):
    """Ada's packet, as the lead makes it."""
    run("packet", file, "ada", "--out", file.with_name("ada"))
    return file.with_name("ada.concord")


def test_no_byte_of_the_others_or_of_the_lead_is_in_a_packet(file, packet):
    wanted = list(traces(file))
    if not is_masked(file):  # then the name of an image is for the grader to see
        wanted.remove(SECRETS["condition"].encode())
    assert found(file.read_bytes(), wanted) == wanted  # the search finds what is there
    assert found(packet.read_bytes(), wanted) == []
    assert found(packet.read_bytes(), keys_of_others(file)) == []


def is_masked(file):
    with open_study(file, read_only=True) as study:
        return study.options().masks_names


def test_a_packet_knows_of_the_settings_how_many_regions_are_outlined_and_no_more(packet):
    with open_study(packet) as opened:
        settings = opened.options().settings
    assert settings == RunSettings(agreement=AgreementSettings(max_outlined_regions=3))
    with closing(sqlite3.connect(packet)) as plain:
        tables = ("withdrawals", "condition_maps", "finding_marks")
        assert [plain.execute(f"SELECT * FROM {table}").fetchall() for table in tables] == [[]] * 3


def test_masked_names_are_nowhere_in_a_packet(file, packet):
    content = packet.read_bytes()
    parts = [name.encode() for name in NAMES]
    parts += [b"clinic", b"Frau Holle", b"Pemphigus vegetans 2", b"third", b".jpg", b".png"]
    assert found(file.read_bytes(), parts) == parts
    assert found(content, parts) == ([] if is_masked(file) else parts)


def test_who_guesses_a_masked_name_cannot_find_it_in_the_packet(file, packet):
    with closing(sqlite3.connect(packet)) as plain:
        keys = {key for (key,) in plain.execute("SELECT key FROM packet_records")}
        held = {value for row in plain.execute("SELECT * FROM packet") for value in row}
        held |= {value for row in plain.execute("SELECT * FROM study") for value in row}
    with open_study(file, read_only=True) as study:
        study_id = study.info().id
        told = [(task.image, "ada", task.role) for task in study.tasks("ada")]
    assert {record_key(study_id, *place) for place in told} == keys  # who has the study finds it
    for secret in map(str, held):
        for image, grader, role in told:
            parts = [image, grader, role.value]
            texts = [json.dumps(said, ensure_ascii=False) for said in (parts, [secret, *parts])]
            guesses = {hashlib.sha256(text.encode()).hexdigest() for text in texts}
            assert not keys & {record_key(secret, image, grader, role), *guesses}


def exif_pieces(file):
    """Short pieces of the EXIF block of a photograph, in which place and camera are written."""
    with Picture.open(file) as picture:
        block = picture.info["exif"].removeprefix(b"Exif\0\0")
    pieces = (block[at : at + 12] for at in range(0, len(block) - 12, 4))
    return {piece for piece in pieces if len(set(piece)) > 5}


def test_photographs_tell_nothing_but_what_they_show(file, packet):
    content = packet.read_bytes()
    assert found(content, metadata_of_photographs()) == []
    for name in NAMES:
        source = file.parent / name
        pieces = exif_pieces(source)
        assert len(pieces) > 10
        assert set(found(source.read_bytes(), pieces)) == pieces
        assert found(source.read_bytes(), [CAMERA.encode(), OWNER.encode()])
        assert found(content, pieces) == []
    with open_study(packet) as opened:
        for image in opened.images():
            with Picture.open(io.BytesIO(opened.picture(image.path))) as picture:
                assert dict(picture.getexif()) == {}
                assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_what_a_privacy_box_covers_never_gets_into_a_packet(file, packet):
    pixels = decode(file.parent / NAMES[2])
    with open_study(packet) as opened:
        content = opened.picture(opened.tasks()[2].image)
    assert content == encode_jpeg(burn_in(pixels, [BOX]))
    assert content != encode_jpeg(pixels)


def test_a_packet_has_no_free_page_and_no_table_that_tells_of_others(file, packet):
    with closing(sqlite3.connect(packet)) as plain:
        assert plain.execute("PRAGMA freelist_count").fetchone() == (0,)
        tables = plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = [name for (name,) in tables]
        rows = {name: plain.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    assert {name: count for name, count in rows.items() if count} == {
        "alembic_version": 1,
        "study": 1,
        "images": 3,
        "graders": 1,
        "records": 3,
        "tasks": 3,
        "revisions": 3,
        "options": 1,
        "packet": 1,
        "packet_records": 3,
        "pictures": 3,
        "audit": 5,
    }


def test_a_graded_packet_still_tells_nothing(file, packet):
    with open_study(packet, clock=ticking("2026-02-01")) as opened:
        for task in opened.tasks():
            draw(opened, task.image, "ada", region(7, 7))
        done = opened.revisions(task.image, "ada")[-1].grading
        assert done.status is Status.DONE
    wanted = [t for t in traces(file) if t != SECRETS["condition"].encode()]
    assert found(packet.read_bytes(), wanted) == []
