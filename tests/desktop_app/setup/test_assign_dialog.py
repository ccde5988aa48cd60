"""An assignment is seen before it is written, and what is written is what was seen."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt

from desktop_app.setup.assign_dialog import GIVE, NEW, AssignDialog
from desktop_app.setup.assigning import Wish, draw, read_roster, store
from engine.domain.grading import Role
from engine.graders.assignment import assign
from engine.study.protocol import Conflict
from engine.study.sqlite import create_study
from engine.tasks.executors import Lane
from tests.desktop_app.accessible import controls, nameless
from tests.desktop_app.desk.desks import HeldLane
from tests.packet_studies import add_photograph, region
from tests.packet_studies import draw as grade


@pytest.fixture
def unread(tmp_path):
    """A study of nine photographs that nobody was asked for."""
    file = tmp_path / "unread.concord"
    with create_study(file, author="lena") as study:
        for number in range(9):
            add_photograph(study, f"q/{number}.png", seed=number)
    return file


@pytest.fixture
def dialog(unread, place_of, shown):
    """The dialog on the unread study, with a pool of four."""
    made = shown(AssignDialog(place_of(unread)))
    for name in ("ada", "bo", "cy", "dana"):
        made.pool.add_grader(name)
    return made


def rest(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.place.bridge.is_busy)


def loads(dialog):
    return {load.grader: (load.before, load.after, load.again) for load in dialog.drawn.loads}


def stored(dialog):
    return dialog.place.study.tasks()


# The preview


def test_the_preview_is_what_the_command_line_would_draw(qtbot, dialog):
    dialog.seed.setValue(7)
    dialog.per_image.setValue(2)
    dialog.repeats.setValue(20)
    rest(qtbot, dialog)
    names = [image.path for image in dialog.place.study.images()]
    pool = ["ada", "bo", "cy", "dana"]
    expected = assign(names, pool, graders_per_image=2, seed=7, repeat_share=0.2)
    assert set(dialog.drawn.new) == set(expected)
    assert stored(dialog) == []


def test_loads_and_pairs_are_said(qtbot, dialog):
    dialog.per_image.setValue(2)
    rest(qtbot, dialog)
    assert sorted(after for _, after, _ in loads(dialog).values()) == [4, 4, 5, 5]
    low, high = dialog.drawn.shared
    text = dialog.said.accessibleName()
    assert text == f"Each grader reads 4 to 5 images. Any two share {low} to {high}."
    assert dialog.write.text() == "Assign 18 readings"
    assert dialog.model.rowCount() == 4


def test_a_wish_that_cannot_be_is_refused_in_the_engines_words(qtbot, dialog):
    dialog.per_image.setValue(9)
    rest(qtbot, dialog)
    assert "9 graders for each image cannot be had of 4" in dialog.said.accessibleName()
    assert not dialog.write.isEnabled()
    dialog.per_image.setValue(2)
    rest(qtbot, dialog)
    assert dialog.write.isEnabled()


def test_who_is_not_ticked_is_not_asked(qtbot, dialog):
    dialog.pool.names.check("dana", is_checked=False)
    rest(qtbot, dialog)
    assert set(loads(dialog)) == {"ada", "bo", "cy"}


def test_a_name_that_is_listed_is_ticked_rather_than_listed_twice(dialog):
    dialog.pool.names.check("dana", is_checked=False)
    dialog.pool.entry.setText("Dana")
    dialog.pool.add.click()
    assert dialog.pool.names.names == ("ada", "bo", "cy", "dana")
    assert dialog.pool.chosen == ("ada", "bo", "cy", "dana")


def test_of_wishes_made_while_it_draws_the_last_counts(qtbot, unread, place_of, shown):
    lanes = HeldLane(Lane.CPU)
    dialog = AssignDialog(place_of(unread, executor=lanes))
    qtbot.addWidget(dialog)
    for name in ("ada", "bo", "cy", "dana"):
        dialog.pool.add_grader(name)
    qtbot.waitUntil(lambda: bool(dialog.roster.images))
    for per_image in (3, 4, 2):
        dialog.per_image.setValue(per_image)
    while dialog.place.bridge.is_busy:
        lanes.waiting.step()
        qtbot.wait(1)
        assert dialog.drawn is None or dialog.drawn.wish == dialog.wish
    assert dialog.drawn.wish.per_image == 2


def test_a_study_without_images_says_so(qtbot, tmp_path, place_of, shown):
    file = tmp_path / "empty.concord"
    create_study(file, author="lena").close()
    dialog = shown(AssignDialog(place_of(file), newcomer="ada"))
    assert "has no images" in dialog.said.accessibleName()
    assert not dialog.write.isEnabled()


def test_enter_in_a_field_adds_a_grader_and_writes_nothing(qtbot, dialog):
    rest(qtbot, dialog)
    qtbot.keyClicks(dialog.pool.entry, "eve")
    qtbot.keyClick(dialog.pool.entry, Qt.Key.Key_Return)
    qtbot.keyClick(dialog.per_image, Qt.Key.Key_Return)
    rest(qtbot, dialog)
    assert "eve" in dialog.pool.chosen
    assert stored(dialog) == []
    assert dialog.isVisible()


# Writing


def test_what_was_seen_is_written(qtbot, dialog):
    dialog.per_image.setValue(2)
    rest(qtbot, dialog)
    seen = dialog.drawn.new
    with qtbot.waitSignal(dialog.tasks_changed):
        dialog.write.click()
    rest(qtbot, dialog)
    assert set(stored(dialog)) == set(seen)
    assert "nothing to assign" in dialog.said.accessibleName()
    assert not dialog.write.isEnabled()


def test_tasks_that_changed_meanwhile_are_told_and_drawn_from_anew(qtbot, dialog):
    dialog.per_image.setValue(2)
    rest(qtbot, dialog)
    study = dialog.place.study
    study.assign("q/0.png", "ada", Role.ASSIGNED, author="max")
    with qtbot.assertNotEmitted(dialog.tasks_changed):
        dialog.write.click()
        rest(qtbot, dialog)
    assert dialog.banners.codes == ("tasks_changed",)
    assert [(task.image, task.grader) for task in stored(dialog)] == [("q/0.png", "ada")]
    assert loads(dialog)["ada"][0] == 1
    with qtbot.waitSignal(dialog.tasks_changed):
        dialog.write.click()
    rest(qtbot, dialog)
    assert dialog.banners.codes == ()
    assert Counter(task.image for task in stored(dialog))["q/0.png"] == 2


# Giving away


@pytest.fixture
def giving(place, shown, qtbot):
    """The dialog on the study that ada, bo and cy read, giving ada's images to dana."""
    study = place.study
    for task in study.tasks("ada")[:2]:
        grade(study, task.image, "ada", region(2, 3))
    dialog = shown(AssignDialog(place))
    dialog.modes[GIVE].click()
    dialog.giver.choose("ada")
    dialog.takers.add_grader("dana")
    rest(qtbot, dialog)
    return dialog


def test_only_what_is_not_begun_is_given_away(qtbot, giving):
    assert giving.giver.currentText() == "ada: 4 not begun"
    assert loads(giving)["ada"] == (6, 2, 0)
    assert loads(giving)["dana"] == (0, 4, 0)
    assert giving.write.text() == "Give away 4 readings"
    with qtbot.waitSignal(giving.tasks_changed):
        giving.write.click()
    rest(qtbot, giving)
    study = giving.place.study
    assert len(study.tasks("ada")) == 2
    assert len(study.tasks("dana")) == 4
    assert set(Counter(task.image for task in study.tasks()).values()) == {3}


def test_the_giver_does_not_take_their_own(giving):
    assert "ada" not in giving.takers.names.names
    giving.giver.choose("bo")
    assert "ada" in giving.takers.names.names
    assert "bo" not in giving.takers.names.names


def test_where_everybody_was_asked_already_it_is_said(qtbot, giving):
    giving.takers.names.check("dana", is_checked=False)
    rest(qtbot, giving)
    assert "asked of it already" in giving.said.accessibleName()
    assert not giving.write.isEnabled()


def test_going_back_to_assigning_draws_for_that(qtbot, giving):
    giving.modes[NEW].click()
    rest(qtbot, giving)
    assert giving.drawn.wish.giver == ""
    assert giving.per_image.isEnabled()


def test_what_was_begun_while_it_was_looked_at_stays(place):
    """The reader who would have taken it over is not asked for it either."""
    study = place.study
    roster = read_roster(study)
    drawn = draw(roster, Wish(("dana",), giver="ada"))
    begun = drawn.away[0].image

    class Racing:
        """A study in which ada begins once dana is asked."""

        def __getattr__(self, name):
            return getattr(study, name)

        def assign_tasks(self, tasks, **kwargs):
            changes = study.assign_tasks(tasks, **kwargs)
            grade(study, begun, "ada", region(2, 3))
            return changes

    changes = store(Racing(), drawn, author="lena")
    assert [problem.code for problem in changes.problems] == ["task_begun"]
    assert [task.image for task in study.tasks("ada")] == [begun]
    assert begun not in {task.image for task in study.tasks("dana")}
    assert len(study.tasks("dana")) == 5


def test_nothing_is_written_where_tasks_are_others_than_those_drawn_from(place):
    study = place.study
    drawn = draw(read_roster(study), Wish(("dana",), giver="ada"))
    study.assign("p/00.png", "eve", Role.EXTRA, author="max")
    before = study.tasks()
    with pytest.raises(Conflict):
        store(study, drawn, author="lena")
    assert study.tasks() == before


def test_every_control_has_a_name(giving):
    assert nameless(giving) == []
    assert len(controls(giving)) >= 12


@pytest.mark.parametrize("scale", [100, 200])
def test_the_buttons_are_as_wide_as_their_words(qapp, theme, dialog, scale):
    theme.set_scale(scale)
    qapp.processEvents()
    for button in (dialog.write, *dialog.modes.values()):
        assert button.width() >= button.sizeHint().width()
    assert dialog.modes[NEW].focusPolicy() != Qt.FocusPolicy.NoFocus
