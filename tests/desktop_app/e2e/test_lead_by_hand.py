"""A lead, from a folder of photographs to an exported table, with mouse and keys alone."""

import re

import numpy as np
import pytest

from engine.domain.grading import Adopted
from engine.domain.queue import QueueState
from engine.stages.reviewing import letters_of
from engine.study.sqlite import open_study
from tests.desktop_app.e2e import handed_in
from tests.desktop_app.e2e.at_window import command, hidden_screen, program
from tests.desktop_app.e2e.handed_in import ALIKE, APART, GRADERS, LEAD, NEAR, TWO_OF_THREE, WAITING
from tests.desktop_app.e2e.person import screen, sight_of, wait_until
from tests.desktop_app.e2e.test_ten_images_by_hand import assert_ring

pytestmark = pytest.mark.skipif(not screen.can_show(), reason="takes Xvfb and xdotool")

SQUARE = [(0.2, 0.2), (0.7, 0.25), (0.65, 0.7), (0.25, 0.75)]
COVERED = [(0.05, 0.05), (0.35, 0.25)]
"""Corners of a privacy box, as parts of the photograph's sides."""


class Lead:
    """The lead's way through the window, and what the store says of it."""

    def __init__(self, person, folder):
        self.person = person
        self.photographs, self.handed_in = handed_in.write(folder)
        self.file = self.photographs / "photographs.concord"

    def stored(self, read):
        with open_study(self.file, read_only=True) as study:
            return read(study)

    def wait_stored(self, read, what):
        return wait_until(lambda: self.stored(read), what, pause=0.05)

    # Setting up

    def make_study(self):
        person = self.person
        person.see("New study")
        person.press("ctrl+n")
        person.attend("New study")
        person.fill("Photographs", str(self.photographs), window="New study")
        person.fill("Your name", LEAD, window="New study")
        person.press("Return")
        person.see("Review page")
        person.turn_back()
        person.go_to_page("ctrl+2", "Consensus: Majority")

    def bring_in(self):
        person = self.person
        person.press("ctrl+i")
        person.attend("Import")
        person.see("Add folder")
        person.press("space")
        person.name_file("Folder of photographs", self.handed_in, back_to="Import")
        person.see("Would be stored: 6 changed rows of tables; 17 new gradings.")
        person.click("Import", kind="QPushButton", window="Import")
        person.see("Stored: 6 changed rows of tables; 17 new gradings.")
        person.click("Close", window="Import")
        person.turn_back()

    def set_up(self, entry):
        """Open a dialog of the study's set-up from its menu."""
        self.person.click("Set up the study")
        self.person.click(entry, kind="entry")

    def name_an_analyst(self):
        person = self.person
        self.set_up("People")
        person.attend("People")
        person.fill("Name of somebody new", "Nan", window="People")
        person.press("Tab", "Down", "Down")
        person.see("as an analyst", kind="ChoiceField")
        person.click("Add this person")
        person.see("Analyst Nan: yes", kind="cell")
        person.click("Close", window="People")
        person.turn_back()

    def assign(self):
        """Ask a third grader of the image that two have read."""
        person = self.person
        self.set_up("Assign images")
        person.attend("Assignment")
        person.fill("Name of a grader to add", "Dot", window="Assignment")
        person.press("Return")
        person.click("Assign 1 reading", window="Assignment")
        person.see("All 6 images have their graders already")
        person.click("Close", window="Assignment")
        person.turn_back()

    # Deciding

    def at_hand(self):
        found = self.person.all_of("Image at hand")
        return found[0].value if found else ""

    def go_to(self, image):
        """Walk down the table, and up again, until an image is at hand and measured."""
        for key in ["k"] * 6 + ["j"] * 6:
            if self.at_hand() == image:
                break
            before = self.at_hand()
            self.person.press(key)
            wait_until(lambda b=before, k=key: self.at_hand() != b or k == "k", "another image")
        assert self.at_hand() == image
        self.person.see("Edit a copy")

    def sight(self, image):
        colour = handed_in.colour(image)
        shown = self.person.hands.shown
        return wait_until(lambda: sight_of(shown.picture(), colour, handed_in.SIZE), image)

    def answer(self, question, reason):
        """Give the reason that is asked for."""
        self.person.see(question, kind="QLineEdit")
        self.person.press("ctrl+a")
        self.person.write(reason)
        self.person.press("Return")
        self.person.wait_gone(question)

    def adopt_a_grader_undo_and_redo(self):
        self.go_to(TWO_OF_THREE)
        self.person.press("1")
        self.answer("Adopt the region of A", "Sharpest border")
        decided = self.wait_stored(lambda s: s.adjudication(TWO_OF_THREE), "the decision")
        first = next(n for n, letter in letters_of(TWO_OF_THREE, GRADERS).items() if letter == "A")
        said = decided.adopted, decided.grader, decided.author, decided.reason
        assert said == (Adopted.GRADER, first, LEAD, "Sharpest border")
        self.person.see("Withdraw", kind="KeyButton")
        self.person.press("ctrl+z")
        self.wait_stored(lambda s: s.adjudication(TWO_OF_THREE) is None, "the decision to go")
        self.person.press("ctrl+shift+z")
        again = self.wait_stored(lambda s: s.adjudication(TWO_OF_THREE), "the decision again")
        assert (again.grader, again.reason, again.time) == (first, decided.reason, decided.time)

    def adopt_the_majority(self):
        self.go_to(NEAR)
        self.person.press("m")
        self.answer("Adopt what most", "Two agree")
        decided = self.wait_stored(lambda s: s.adjudication(NEAR), "the decision")
        assert (decided.adopted, decided.reason) == (Adopted.MAJORITY, "Two agree")

    def edit_a_copy(self):
        self.go_to(APART)
        sight = self.sight(APART)
        self.person.press("e")
        self.person.see("Keep", kind="KeyButton")
        places = sight.places(*SQUARE)
        self.person.hands.click(*places)
        self.person.press("Return", "ctrl+Return")
        self.answer("Let the edited region count", "Nobody had it")
        decided = self.wait_stored(lambda s: s.adjudication(APART), "the decision")
        assert (decided.adopted, decided.reason) == (Adopted.EDITED, "Nobody had it")
        assert len(decided.region) == 1
        assert_ring(decided.region[0].exterior, sight, places)

    def send_back(self):
        self.go_to(ALIKE)
        self.person.press("x")
        self.person.see("Send back to B")
        self.person.press("b")
        self.answer("Send back to", "Look at the left edge")
        second = next(n for n, letter in letters_of(ALIKE, GRADERS).items() if letter == "B")

        def is_back(study):
            items = [item for item in study.queue(second) if item.image == ALIKE]
            return items[0].state is QueueState.SENT_BACK

        self.wait_stored(is_back, "the reading to be sent back")

    def cover(self):
        self.go_to(ALIKE)
        sight = self.sight(ALIKE)
        corners = sight.places(*COVERED)
        self.person.press("p")
        middle = tuple((a + b) // 2 for a, b in zip(*corners, strict=True))
        self.person.hands.drag([corners[0], middle, corners[1]])
        [box] = self.wait_stored(lambda s: s.privacy_boxes().get(ALIKE), "the privacy box")
        wanted = sight.in_image(corners)
        found = np.array([(box.left, box.top), (box.right, box.bottom)])
        assert np.abs(found - wanted).max() * sight.zoom <= 1.0

    def reveal(self):
        self.go_to(WAITING)
        assert self.names_on_screen() == set()
        self.person.press("o")
        wait_until(self.names_on_screen, "the names")

    def names_on_screen(self):
        """Return the names of other graders that can be read."""
        words = " ".join(f"{thing.name} {thing.value}" for thing in self.person.look())
        return {name for name in GRADERS if name != LEAD and re.search(rf"\b{name}\b", words)}

    def choose_staple(self):
        self.person.click("Consensus: STAPLE")
        self.person.click("Keep for the study")
        method = lambda s: s.options().settings.agreement.consensus == "staple"  # noqa: E731
        self.wait_stored(method, "the method to be the study's")
        self.person.wait_gone("Keep for the study")

    def export(self, path):
        self.person.press("ctrl+e")
        self.person.name_file("Export a table", path)
        self.person.see("The table was exported")


LOGGED = [
    "create", "add_images", "assign_tasks", "set_options",  # a new study
    "add_images", "record_gradings",  # the manifest, the graders' regions
    "set_options", "assign_tasks",  # an analyst, a third grader of one image
    "adjudicate", "withdraw_adjudication", "adjudicate",  # adopted, undone, redone
    "adjudicate", "adjudicate",  # the majority, an edited copy
    "send_back",
    "set_privacy_boxes", "reveal_names",
    "set_options",  # the consensus
    "reveal_names",  # the exported table holds them
]  # fmt: skip


@pytest.mark.slow
def test_a_lead_goes_from_photographs_to_an_exported_table(tmp_path):
    with hidden_screen() as shown, program(tmp_path / "home", shown) as person:
        lead = Lead(person, tmp_path / "study")
        lead.make_study()
        lead.bring_in()
        lead.name_an_analyst()
        lead.assign()
        lead.adopt_a_grader_undo_and_redo()
        lead.adopt_the_majority()
        lead.edit_a_copy()
        lead.send_back()
        lead.cover()
        lead.reveal()
        lead.choose_staple()
        lead.export(tmp_path / "window.csv")
        person.quit()
    command(tmp_path / "home", "agreement", lead.file, "--csv", tmp_path / "command.csv")
    assert (tmp_path / "window.csv").read_bytes() == (tmp_path / "command.csv").read_bytes()
    entries = lead.stored(lambda study: list(study.audit()))
    assert {entry.author for entry in entries} == {LEAD}
    assert [entry.action for entry in entries] == LOGGED
    assert lead.stored(lambda study: study.check()) == []
