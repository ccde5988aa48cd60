"""In a study that all graders share, the window holds and shows its own grader's work alone."""

import gc
import types

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView

from desktop_app.window.status import TRUST
from engine.domain.grading import Grading, Reading, Revision, Role
from engine.domain.polygon import Polygon, ring
from engine.domain.queue import Draft, Sheet
from engine.study.sqlite import open_study
from tests import packet_studies
from tests.desktop_app.desk.desks import at_desk
from tests.desktop_app.grade.hands import words
from tests.desktop_app.squares import square

OTHERS = ("bo", "cy")
SECRETS = ("Zanzibar", "Quixote", "Xerxes", "905 min")
"""Words that only the other graders' work holds: notes, a lead's reason to them, times."""

MARK, SECONDS = 3.1415926, 54_321.0
"""A coordinate and a time at work that only the other graders have."""

OWN = "seen by ada"


@pytest.fixture
def file(tmp_path):
    """A study that ada, bo and cy are asked for, in which bo and cy have done much already."""
    folder = tmp_path / "studies"
    folder.mkdir()
    file = packet_studies.make_study(folder)
    with open_study(file) as study:
        for grader, word in zip(OTHERS, SECRETS, strict=False):
            for item in study.queue(grader):
                work_as(study, item.image, grader, word)
    return file


def work_as(study, image, grader, word):
    """Leave all that a grader can leave of an image."""
    outline = ring([(MARK, MARK), (MARK + 8, MARK), (MARK, MARK + 8)])
    grading = Grading(
        image, grader, True, 1, (Polygon(outline),), note=f"{word} again", problem="blurred"
    )
    study.append(grading, author=grader, parent=None, gesture="done")
    study.send_back(image, grader, reason="Xerxes asks", author="lena")
    study.keep_draft(image, grader, Role.ASSIGNED, Draft("region", outline))
    study.add_activity(image, grader, Role.ASSIGNED, began="2026", seconds=SECONDS)


@pytest.fixture
def person(qtbot, tmp_path, file):
    """Ada, who has looked at every image of hers and said something of each."""
    with at_desk(qtbot, tmp_path) as person:
        person.open(file, grader="ada")
        session = person.session
        for _ in session.items:
            person.draw(square())
            session.set_note(OWN)
            session.answer_count(1)
            person.wait_until_stored()
            session.done()
            person.wait(lambda: session.sheet is not None)
            person.rest()
        yield person


def is_secret(thing):
    """Tell whether a value is of another grader's work."""
    if isinstance(thing, str):
        return thing in OTHERS or any(secret in thing for secret in SECRETS)
    if isinstance(thing, bytes):
        return any(secret.encode() in thing for secret in SECRETS)
    if isinstance(thing, float):
        return thing in (MARK, SECONDS)
    if isinstance(thing, np.ndarray):
        return thing.dtype == float and bool((thing == MARK).any())
    if isinstance(thing, Revision):
        return thing.grading.grader in OTHERS
    return isinstance(thing, Grading | Reading | Sheet) and thing.grader in OTHERS


NO_DATA = (type, types.ModuleType, types.FrameType, types.BuiltinFunctionType)


def reachable(*roots):
    """Yield all Python objects to which something leads from the roots, but for code."""
    seen, ahead = {id(NO_DATA)}, list(roots)
    while ahead:
        thing = ahead.pop()
        if id(thing) in seen or isinstance(thing, NO_DATA):
            continue
        seen.add(id(thing))
        yield thing
        if isinstance(thing, types.FunctionType):
            ahead += [thing.__defaults__, thing.__kwdefaults__, thing.__closure__]
        else:
            ahead += gc.get_referents(thing)
        if isinstance(thing, dict):
            ahead += thing  # its keys, which no cycle goes through


def test_no_object_of_session_or_page_is_of_another_grader(person):
    things = list(reachable(person.session, person.desk.page))
    assert any(isinstance(t, Grading) and t.grader == "ada" for t in things)
    assert any(isinstance(t, str) and OWN in t for t in things)
    assert [thing for thing in things if is_secret(thing)] == []


def test_the_search_finds_another_graders_work_where_it_is(person, file):
    """Read it as a mistake might, and see that it does not go unnoticed."""
    with open_study(file, read_only=True) as study:
        person.session.mistake = [study.sheet(person.session.items[0].image, "bo")]
    found = [thing for thing in reachable(person.session) if is_secret(thing)]
    assert {type(thing) for thing in found} >= {Sheet, Grading, str, np.ndarray}
    del person.session.mistake


def test_no_word_of_another_grader_is_in_the_window(person):
    window = person.window
    told = [
        *words(window).splitlines(),
        window.windowTitle(),
        *texts_of_actions(window),
        *cells(window),
    ]
    assert any(OWN in text for text in told)
    assert [text for text in told if is_secret(text)] == []


def texts_of_actions(window):
    for action in window.findChildren(QAction):
        yield from (action.text(), action.toolTip(), action.statusTip(), action.whatsThis())


def cells(window):
    """Yield what the models of the window say in any role."""
    models = {view.model() for view in window.findChildren(QAbstractItemView)}
    models |= set(window.findChildren(QAbstractItemModel))
    roles = [role.value for role in Qt.ItemDataRole] + [Qt.ItemDataRole.UserRole + n for n in
                                                         range(1, 20)]  # fmt: skip
    for model in filter(None, models):
        for row in range(model.rowCount()):
            for column in range(columns_of(model)):
                index = model.index(row, column)
                yield from (str(model.data(index, role)) for role in roles)


def columns_of(model):
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount()


def test_the_window_says_that_the_shared_file_hides_nothing_from_who_opens_it(person):
    trust = person.window.status.trust
    assert trust.isVisible()
    assert trust.toolTip() == TRUST


def test_no_outline_of_another_grader_is_painted(person, file):
    canvas = person.desk.page.canvas
    for place in range(len(person.session.items)):
        person.desk.page.go(place)
        person.wait(lambda: person.session.sheet is not None)
        person.rest()
        assert canvas.region == (square(),)
        assert not canvas.is_drawing
        assert canvas._layers.other._region == ()
