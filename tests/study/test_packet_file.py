"""A packet as a file: whole or not there, and refused where anything in it was changed."""

import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.domain.grading import Grading, Role, Task
from engine.domain.image import Image
from engine.domain.options import StudyOptions
from engine.domain.problem import Refusal
from engine.domain.settings import AgreementSettings, RunSettings, SaliencySettings
from engine.study.packet_contents import PacketContents, PacketReading
from engine.study.packet_file import open_packet, write_packet
from engine.study.sqlite import open_study
from tests.packet_studies import draw, grade, make_study, merge, pack, region

ROOT = Path(__file__).parents[2]
SETTINGS = RunSettings(
    agreement=AgreementSettings(max_outlined_regions=3, kappa_cut=0.6),
    saliency=SaliencySettings(sampler="literal"),
)
OPTIONS = StudyOptions("# Outline", leads=("lena",), analysts=("ann",), settings=SETTINGS)


@pytest.fixture
def file(tmp_path):
    """A study of three photographs, read by three graders."""
    file = make_study(tmp_path)
    with open_study(file) as study:
        study.set_options(OPTIONS, author="lena")
    return file


@pytest.fixture
def packet(file):
    """A graded packet of ada's."""
    made = pack(file, "ada").file
    grade(made)
    return made


def gradings(study):
    with open_study(study, read_only=True) as opened:
        assert opened.check() == []
        keys = [(task.image, task.grader, task.role) for task in opened.tasks()]
        return {key: opened.revisions(*key) for key in keys}


def refused(file, code="packet_damaged"):
    with pytest.raises(Refusal) as caught:
        open_packet(file).close()
    assert (caught.value.problem.code, caught.value.problem.where) == (code, str(file))
    return caught.value.problem


# written


def contents(pictures, readings=()):
    return PacketContents("s" * 64, "ada", OPTIONS, pictures, readings)


def test_a_packet_says_whose_it_is_and_is_a_study_of_its_own(tmp_path):
    picture = Image("a.png", 4, 3, "d" * 64), b"\xff\xd8 a picture"
    reading = PacketReading(Task("a.png", "ada", Role.EXTRA, 0), "k" * 64, ())
    made = write_packet(tmp_path / "ada", contents([picture], [reading]))
    assert made == tmp_path / "ada.concord"
    with open_study(made) as packet:
        info = packet.packet()
        assert (info.study_digest, info.grader) == ("s" * 64, "ada")
        assert info.made == packet.info().created
        assert packet.picture("a.png") == picture[1]
        assert packet.images() == [picture[0]]
        assert packet.tasks() == [reading.task]
        most = RunSettings(agreement=AgreementSettings(max_outlined_regions=3))
        assert packet.options() == StudyOptions("# Outline", settings=most)
        assert packet.check() == []
    assert [path.name for path in tmp_path.iterdir()] == ["ada.concord"]


def test_what_is_known_of_an_image_beyond_its_pixels_stays_behind(tmp_path):
    known = Image("a.png", 4, 3, "d", case="7", condition="eczema", metadata={"age": "7"})
    with open_packet(write_packet(tmp_path / "ada", contents([(known, b"x")]))) as packet:
        assert packet.images() == [Image("a.png", 4, 3, "d")]


def test_a_packet_without_options_is_as_whole_as_one_with_them(tmp_path):
    plain = replace(contents([(Image("a", 1, 1, "d"), b"x")]), options=StudyOptions())
    with open_packet(write_packet(tmp_path / "ada", plain)) as packet:
        assert packet.options() == StudyOptions()


def test_a_packet_never_overwrites_a_file(tmp_path):
    (tmp_path / "ada.concord").write_text("somebody's")
    with pytest.raises(Refusal) as caught:
        write_packet(tmp_path / "ada", contents([]))
    assert caught.value.problem.code == "file_exists"
    assert (tmp_path / "ada.concord").read_text() == "somebody's"


@pytest.mark.parametrize("where", ["pictures", "readings"])
def test_a_packet_that_fails_on_the_way_leaves_nothing(tmp_path, where):
    def pictures():
        yield Image("a.png", 4, 3, "d" * 64), b"\xff\xd8" * 100_000
        if where == "pictures":
            raise OSError("the camera's card was pulled out")

    def readings():
        yield PacketReading(Task("a.png", "ada", Role.ASSIGNED, 0), "k" * 64, ())
        raise OSError("the camera's card was pulled out")

    with pytest.raises(OSError, match="pulled out"):
        write_packet(tmp_path / "ada", contents(pictures(), readings()))
    assert list(tmp_path.iterdir()) == []


def test_everybody_but_the_grader_is_called_lead(tmp_path, file):
    with open_study(file) as study:
        study.append(
            Grading("p/00.png", "ada", False), author="ada", parent=None, gesture="draw region"
        )
        study.send_back("p/00.png", "ada", reason="and the edge?", author="lena")
    with open_packet(pack(file, "ada").file) as packet:
        authors = [revision.author for revision in packet.revisions("p/00.png", "ada")]
        assert authors == ["ada", "lead"]
        assert {entry.author for entry in packet.audit()} == {"lead"}
        assert packet.sheet("p/00.png", "ada").sent_back == "and the edge?"


# copied


def journal_of(packet):
    with closing(sqlite3.connect(packet)) as plain:
        return plain.execute("PRAGMA journal_mode").fetchone()


def test_a_copy_made_while_a_window_works_in_the_packet_holds_all_that_was_done(file, tmp_path):
    packet, copy = pack(file, "ada").file, tmp_path / "mailed.concord"
    with open_study(packet) as window:
        for done, task in enumerate(window.tasks(), start=1):
            draw(window, task.image, "ada", region(2, 2))
            shutil.copy(packet, copy)
            with open_packet(copy) as returned:
                states = [len(reading.revisions) for reading in returned.returned()]
            assert states == [2] * done + [0] * (3 - done)
        assert sorted(path.name for path in tmp_path.glob("ada*")) == ["ada.concord"]
    assert merge(file, copy).revisions == 6


def test_no_use_of_a_packet_gives_it_a_log_beside_the_file(file, packet, tmp_path):
    with open_packet(packet) as returned:
        copy = returned.save_copy(tmp_path / "copy")
    assert [*map(journal_of, (packet, copy))] == [("delete",)] * 2
    assert journal_of(file) == ("wal",)


# returned


def test_a_packet_is_only_read_when_it_comes_back(packet):
    before = packet.read_bytes()
    with open_packet(packet) as returned:
        assert [len(reading.revisions) for reading in returned.returned()] == [3, 3, 3]
        with pytest.raises(Refusal, match="cannot be written"):
            returned.assign("p/00.png", "ada", Role.REPEAT, author="ada")
    assert packet.read_bytes() == before


def test_a_packet_may_come_back_on_a_network_drive(packet, monkeypatch):
    def open_on_network(path, **options):
        return open_study(path, **{"find_network": lambda _: "nfs"} | options)

    with pytest.raises(Refusal, match="network file system"):
        open_on_network(packet)
    monkeypatch.setattr("engine.study.packet_file.open_study", open_on_network)
    with open_packet(packet) as returned:
        assert returned.packet().grader == "ada"


def test_a_missing_packet_is_told_as_missing(tmp_path):
    refused(tmp_path / "nobody.concord", "study_missing")


@pytest.mark.parametrize(
    "content",
    [b"", b"a letter", b"SQLite format 3\0" + b"\xff" * 4096],
    ids=["empty", "text", "broken header"],
)
def test_a_file_that_is_no_database_is_refused(tmp_path, content):
    file = tmp_path / "ada.concord"
    file.write_bytes(content)
    assert "ask the grader to send the file again" in refused(file).remedy


CHANGES = [
    "UPDATE revisions SET region = x'00' WHERE id = 2",
    "UPDATE revisions SET visible = 0 WHERE id = 2",
    "UPDATE revisions SET author = 'bo' WHERE id = 2",
    "UPDATE revisions SET time = '2020' WHERE id = 2",
    "UPDATE revisions SET gesture = 'undo' WHERE id = 2",
    "UPDATE revisions SET record_id = 2, number = 4 WHERE id = 9",
    "DELETE FROM revisions WHERE id = 9",
    "DELETE FROM revisions",
    "INSERT INTO revisions SELECT 99, record_id, 99, entry, author, time, digest, status, origin,"
    " visible, roi_count, note, problem, region, gesture FROM revisions WHERE id = 9",
    "UPDATE graders SET name = 'bo'",
    "UPDATE images SET width = 50 WHERE id = 1",
    "UPDATE images SET digest = 'x' WHERE id = 1",
    "UPDATE images SET path = 'x' WHERE id = 1",
    "UPDATE pictures SET content = x'ff' WHERE id = 1",
    "DELETE FROM pictures WHERE id = 1",
    "UPDATE packet SET grader = 'bo'",
    "UPDATE packet SET study_id = 'x'",
    "UPDATE packet SET made = '2020'",
    "DELETE FROM packet",
    "INSERT INTO packet SELECT 2, study_id, 'bo', made FROM packet",
    "UPDATE packet_records SET base = 1 WHERE id = 1",
    "UPDATE packet_records SET key = 'x' WHERE id = 1",
    "DELETE FROM packet_records WHERE id = 1",
    "UPDATE records SET role = 'extra' WHERE id = 1",
    "UPDATE tasks SET position = 9 WHERE id = 1",
    "UPDATE options SET content = '{}'",
    "UPDATE audit SET author = 'bo' WHERE number = 2",
    "UPDATE audit SET detail = '[]' WHERE action = 'make_packet'",
    "UPDATE audit SET detail = '{oops' WHERE action = 'make_packet'",
    "DELETE FROM audit WHERE number = 7",
    "DROP TABLE packet_records",
    "DROP TABLE tasks",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_a_packet_changed_past_the_program_is_refused(file, packet, statement):
    with closing(sqlite3.connect(packet)) as plain:
        triggers = plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            plain.execute(f"DROP TRIGGER {name}")
        changed = plain.execute(statement).rowcount
        assert changed or statement.startswith("DROP")
        plain.commit()
    before = gradings(file)
    refused(packet)
    assert gradings(file) == before


@pytest.fixture
def merge_safely(tmp_path, file, packet):
    """Merge other bytes in place of the packet; return what it was refused for, or "merged".

    Whatever the bytes are, the study then is as before, or holds exactly what ada did.
    """
    before = tmp_path / "before.concord"
    shutil.copy(file, before)
    merge(file, packet)
    untouched, right = gradings(before), gradings(file)

    def merge_safely(content):
        packet.write_bytes(content)
        shutil.copy(before, file)
        try:
            merge(file, packet)
        except Refusal as refusal:
            outcome, expected = refusal.problem.code, untouched
        else:
            outcome, expected = "merged", right
        assert gradings(file) == expected
        return outcome

    return merge_safely


def test_whatever_bit_is_flipped_nothing_false_is_merged(packet, merge_safely):
    random.seed(5)
    content = packet.read_bytes()
    outcomes = set()
    for place in random.sample(range(len(content)), 60):
        flipped = bytearray(content)
        flipped[place] ^= 1 << random.randrange(8)
        outcomes.add(merge_safely(flipped))
    assert outcomes == {"packet_damaged", "merged"}  # some bits mean nothing


def test_wherever_a_packet_is_cut_short_nothing_false_is_merged(packet, merge_safely):
    content = packet.read_bytes()
    for share in (0, 0.01, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9):
        assert merge_safely(content[: int(len(content) * share)]) == "packet_damaged"
    for lost in (1, 100, 1000, 4000):  # the end of the last page may be empty
        assert merge_safely(content[:-lost]) in ("packet_damaged", "merged")


# killed

MAKE_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from engine.study.sqlite import open_study
from engine.study.packet_file import open_packet, write_packet
from engine.stages.merging import merge_packet
from engine.stages.packing import make_packet
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor

what, study, packet, room, at = sys.argv[1:]

def stop(step):
    if (step.room, step.done) == (room, int(at)):
        print("in the middle", flush=True)
        time.sleep(60)

job = JobContext(InlineExecutor(), progress=stop)
opened = open_study(Path(study))
if what == "make":
    make_packet(opened, "ada", Path(packet), job, write=write_packet)
else:
    merge_packet(opened, open_packet(Path(packet)), packet, job, author="lena")
"""


def kill(what, study, packet, room, at):
    """Kill a program that makes or merges a packet when it comes to this step."""
    with subprocess.Popen(
        [sys.executable, "-c", MAKE_UNTIL_KILLED, what, study, packet, room, str(at)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout.readline() == "in the middle\n"
        program.kill()


@pytest.mark.parametrize(("room", "at"), [("pictures", 1), ("pictures", 3), ("readings", 2)])
def test_a_killed_packet_is_not_there_and_can_be_made_again(file, tmp_path, room, at):
    target = tmp_path / "ada.concord"
    before = gradings(file)
    kill("make", file, target, room, at)
    assert not target.exists()
    assert gradings(file) == before
    assert pack(file, "ada").readings == 3
    with open_packet(target) as made:
        assert len(made.tasks()) == 3


@pytest.mark.parametrize("at", [1, 3])
def test_a_killed_merge_leaves_the_study_as_it_was_and_can_be_done_again(file, packet, at):
    before = gradings(file)
    kill("merge", file, packet, "merge", at)
    assert gradings(file) == before
    assert merge(file, packet).revisions == 9
    assert merge(file, packet).unchanged == 3
    assert gradings(file) != before
