"""Whatever graders do at home: merging their packets in any order, again, gives the same."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain.grading import Grading, Role, Status, Task
from engine.domain.image import Image
from engine.domain.options import StudyOptions
from engine.domain.polygon import Polygon, ring
from engine.stages.merging import merge_packet
from engine.study.packet_contents import PacketContents, PacketReading, record_key, study_digest
from engine.study.packet_file import open_packet, write_packet
from engine.study.sqlite import create_study, open_study
from tests.packet_studies import INLINE, ticking

IMAGES = ("a.png", "b.png", "c.png")
GRADERS = ("ada", "bo", "cy")

coordinates = st.floats(0, 9, allow_nan=False).map(abs)
regions = st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=5).map(
    lambda points: (Polygon(ring(points)),)
)
answers = st.builds(
    dict,
    visible=st.sampled_from([None, True, False]),
    roi_count=st.sampled_from([None, 1, 5]),
    region=st.one_of(st.just(()), regions),
    status=st.sampled_from([Status.STARTED, Status.DONE]),
    note=st.sampled_from(["", "hair"]),
)
steps = st.lists(answers, max_size=3)
works = st.dictionaries(
    st.tuples(st.sampled_from(IMAGES), st.sampled_from(GRADERS), st.sampled_from(list(Role)[::2])),
    st.tuples(steps, steps, st.booleans()),
    min_size=1,
    max_size=6,
)
"""What is done to each reading in the study before, and in the packet after; whether it was sent
back in the study meanwhile."""


def write(study, key, given_answers):
    image, grader, role = key
    for answer in given_answers:
        last = study.revisions(*key)
        grading = Grading(image, grader, role=role, **answer)
        parent = last[-1].number if last else None
        study.append(grading, author=grader, parent=parent, gesture="draw region")


def make_packet(study, grader, folder):
    """Write a packet without the photographs, which merging never looks at."""
    study_id, tasks = study.info().id, study.tasks(grader)
    readings = [
        PacketReading(
            Task(task.image, grader, task.role, position),
            record_key(study_id, task.image, grader, task.role),
            tuple(study.revisions(task.image, grader, task.role)),
        )
        for position, task in enumerate(tasks)
    ]
    images = [(Image(name, 10, 10, name), b"") for name in sorted({t.image for t in tasks})]
    contents = PacketContents(study_digest(study_id), grader, StudyOptions(), images, readings)
    return write_packet(folder / grader, contents, clock=ticking())


def gradings(study):
    assert study.check() == []
    tasks = study.tasks()
    return {t: study.revisions(t.image, t.grader, t.role) for t in tasks}


def merged_in_order(file, packets, *, takes_packet):
    """Merge packets one after another into a copy; return all gradings, and what was left out."""
    copy = Path(shutil.copy(file, file.with_name("copy.concord")))
    problems = set()
    with open_study(copy, clock=ticking("2027-01-01")) as study:
        for packet in packets:
            with open_packet(packet) as returned:
                merged = merge_packet(
                    study, returned, "x", INLINE, author="lena", takes_packet=takes_packet
                )
            problems |= set(merged.problems)
        found = gradings(study)
    copy.unlink()
    return found, problems


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(works, st.data(), st.booleans())
def test_packets_merged_in_any_order_and_again_give_the_same_gradings(work, data, takes_packet):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "study.concord"
        packets = make_and_grade(file, work)
        order = data.draw(st.permutations(packets))
        again = data.draw(st.lists(st.sampled_from(packets), max_size=2))
        expected, problems = merged_in_order(file, packets, takes_packet=takes_packet)
        found, same_problems = merged_in_order(file, order + again, takes_packet=takes_packet)
        assert (found, same_problems) == (expected, problems)
        for (image, grader, role), (before, after, is_sent_back) in work.items():
            states = [
                (r.grading.visible, r.grading.region, r.author)
                for task, revisions in found.items()
                if (task.image, task.grader, task.role) == (image, grader, role)
                for r in revisions
            ]
            drawn = [(one["visible"], one["region"], grader) for one in (*before, *after)]
            if not is_sent_back:
                assert states == drawn
            elif after:
                assert (states[-1] == drawn[-1]) == takes_packet


def make_and_grade(file, work):
    """Make a study, then the packets of its graders, and do the work in study and packets."""
    with create_study(file, author="lena", clock=ticking()) as study:
        study.add_images([Image(name, 10, 10, name) for name in IMAGES], author="lena")
        for key, (before, _, is_sent_back) in work.items():
            study.assign(*key, author="lena")
            write(study, key, [*before, dict(status=Status.DONE)] if is_sent_back else before)
        graders = sorted({grader for _, grader, _ in work})
        packets = [make_packet(study, grader, file.parent) for grader in graders]
        for key, (_, _, is_sent_back) in work.items():
            if is_sent_back:
                grading = Grading(*key[:2], role=key[2], status=Status.SENT_BACK)
                parent = study.revisions(*key)[-1].number
                study.append(grading, author="lena", parent=parent)
    for packet, grader in zip(packets, graders, strict=True):
        with open_study(packet, clock=ticking("2026-02-01")) as opened:
            for key, (_, after, _) in work.items():
                if key[1] == grader:
                    write(opened, key, after)
    return packets
