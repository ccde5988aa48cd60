"""Any sequence of writes gives what a plain dictionary of lists would give."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain.grading import Grading, Origin, Reading, Role, Status
from engine.domain.history import REDO, UNDO, history_of, standing
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.domain.queue import QueueState, blank_grading
from engine.study.protocol import Conflict

IMAGES = [Image("a.png", 9, 9, case="1"), Image("b.png", 9, 9, case="0"), Image("c.png", 9, 9)]
REGIONS = [(), (Polygon(ring([[0, 0], [4, 0], [4, 4]])),)]

gradings = st.builds(
    Grading,
    image=st.sampled_from([image.path for image in IMAGES]),
    grader=st.sampled_from(["ada", "bo"]),
    role=st.sampled_from(Role),
    status=st.sampled_from(Status),
    origin=st.sampled_from(Origin),
    region=st.sampled_from(REGIONS),
)
batches = st.lists(gradings, max_size=4)
parents = st.sampled_from([None, 1, 2, 3])
gestures = st.sampled_from(["", "draw region", UNDO, REDO])
writes = st.lists(st.one_of(batches, st.tuples(gradings, parents, gestures)), max_size=12)


class Model:
    """Lists of gradings, and of their gestures, by image, grader and role."""

    def __init__(self):
        self.records = {}
        self.gestures = {}

    def record(self, batch):
        for grading in list(map(self._as_asked, batch)):
            revisions = self._revisions(grading)
            imports = [
                g
                for g in revisions
                if g.origin is Origin.IMPORTED and g.status is not Status.SENT_BACK
            ]
            if grading not in (*revisions[-1:], *imports[-1:]):
                self._add(grading, "")

    def append(self, grading, parent, gesture):
        if len(self.records.get(key_of(grading), ())) != (parent or 0):
            return False
        self._add(grading, gesture)
        return True

    def queue(self, grader):
        return [
            (image, role, self._state((image, name, role)))
            for image, name, role in self.records
            if name == grader
        ]

    def readings(self):
        for image in sorted(IMAGES, key=lambda image: (image.case, image.path)):
            keys = sorted(key for key in self.records if key[0] == image.path)
            yield image, tuple(self._reading(key) for key in keys)

    def _as_asked(self, grading):
        roles = {role for image, grader, role in self.records
                 if (image, grader) == (grading.image, grading.grader)}  # fmt: skip
        is_extra = grading.role is Role.ASSIGNED and roles == {Role.EXTRA}
        return replace(grading, role=Role.EXTRA) if is_extra else grading

    def _revisions(self, grading):
        return self.records.setdefault(key_of(grading), [])

    def _add(self, grading, gesture):
        self._revisions(grading).append(grading)
        self.gestures.setdefault(key_of(grading), []).append(gesture)

    def _state(self, key):
        reading, last = self._reading(key), self.records[key][-1]
        if reading.is_sent_back:
            return QueueState.SENT_BACK
        if last.status is Status.DONE:
            return QueueState.DONE
        is_blank = last == blank_grading(*key) and not reading.latest
        return QueueState.TO_DO if is_blank else QueueState.STARTED

    def _reading(self, key):
        written = self.records[key]
        marks = [
            (g.status, gesture) for g, gesture in zip(written, self.gestures[key], strict=True)
        ]
        done = standing(marks)
        first, latest = (written[done[0]], written[done[-1]]) if done else (None, None)
        later = written[done[-1] + 1 :] if done else written
        own = [g for g in written if g.status is not Status.SENT_BACK]
        is_sent_back = any(g.status is Status.SENT_BACK for g in later)
        return Reading(key[1], key[2], first, latest, is_sent_back, own[-1] if own else None)


def key_of(grading):
    return grading.image, grading.grader, grading.role


def write(study, model, step):
    """Do one step in both; the store must see the same conflicts as the model."""
    if isinstance(step, list):
        study.record_gradings(step, author="importer")
        model.record(step)
        return
    grading, parent, gesture = step
    try:
        study.append(grading, author=grading.grader, parent=parent, gesture=gesture)
        is_appended = True
    except Conflict:
        is_appended = False
    assert is_appended == model.append(grading, parent, gesture)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=writes)
def test_the_store_agrees_with_a_dictionary_of_lists(make_study, steps):
    study, model = make_study(), Model()
    study.add_images(IMAGES, author="lead")
    for step in steps:
        write(study, model, step)
    assert list(study.readings()) == list(model.readings())
    for key, expected in model.records.items():
        revisions = study.revisions(*key)
        assert [revision.grading for revision in revisions] == expected
        assert [revision.gesture for revision in revisions] == model.gestures[key]
        assert [revision.number for revision in revisions] == list(range(1, len(expected) + 1))
        sheet = study.sheet(*key)
        assert (sheet.parent, sheet.history) == (
            len(expected),
            history_of(revisions, blank_grading(*key)),
        )
    for grader in ("ada", "bo"):
        queue = [(item.image, item.role, item.state) for item in study.queue(grader)]
        assert queue == model.queue(grader)
    assert study.check() == []
    study.close()
