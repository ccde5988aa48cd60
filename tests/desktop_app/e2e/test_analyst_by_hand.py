"""An analyst, from the card of the demo study to the exported table and report."""


import pytest

import resources
from engine.study.sqlite import open_study
from resources.demo.photographs import PLANTED
from tests.desktop_app.e2e.person import screen, wait_until

pytestmark = pytest.mark.skipif(not screen.can_show(), reason="takes Xvfb and xdotool")

CARD = f"{resources.__path__[0]}/demo/card.toml"
QUICK = ("--set", "saliency.steps=10", "--set", "saliency.joint_gradients=20")
FINDING = "Finding 1: "
OPEN_FINDING = "Show the images of finding 1"
RUN_LIMIT = 240
"""Seconds that a run may take on a busy machine."""


def open_demo(person):
    """Go from the first page to the demo study's Explain page; return the study's file."""
    person.click("Try the demo study", kind="Card")
    person.attend("Instructions", seconds=60)
    person.click("Close", window="Instructions") if person.all_of("Close") else None
    person.press("Return")
    person.turn_back()
    return person.home / "Documents" / "DermConcord demo" / "demo.concord"


def maps_of(file):
    """Return the maps that lie beside a study, finished ones alone."""
    folder = file.with_name(f"{file.name}.maps")
    return sorted(folder.rglob("*.npz")) + sorted(folder.rglob("*.npy"))


class Analyst:
    def __init__(self, person):
        self.person = person
        self.file = open_demo(person)

    def stored(self, read):
        with open_study(self.file, read_only=True) as study:
            return read(study)

    def begin_run(self):
        person = self.person
        person.press("ctrl+3")
        person.see("Model card: ", kind="QPushButton")
        person.see("Run", kind="KeyButton")
        person.press("F5")
        person.see("Pause the run")

    def pause_and_go_on(self):
        """Hold the run: no map is made any more, until it goes on."""
        person = self.person
        wait_until(lambda: maps_of(self.file), "the first map")
        person.press("F6")
        person.see("Resume the run")
        told = person.see("Paused at")
        held = wait_until(self.still_maps, "maps to stay as many")
        assert person.see("Paused at").value == told.value
        person.press("F6")
        person.see("Pause the run")
        wait_until(lambda: len(maps_of(self.file)) > held or self.has_ended(), "another map")

    def still_maps(self):
        """Return how many maps there are, once it is the same in ten looks."""
        seen = {len(maps_of(self.file)) for _ in range(10) if self.person.look()}
        return seen.pop() if len(seen) == 1 else 0

    def has_ended(self):
        return bool(self.person.all_of(OPEN_FINDING))

    def open_first_finding(self):
        person = self.person
        person.click(OPEN_FINDING, seconds=RUN_LIMIT)
        card = person.all_of(FINDING)[0]
        assert PLANTED in card.name
        person.see("Opacity", seconds=60)

    def star_and_comment(self):
        person = self.person
        person.press("s")
        wait_until(lambda: any(m.is_starred for m in self.marks()), "the star")
        person.press("t")
        person.see("Comment on finding 1", kind="QPlainTextEdit")
        person.write("The pen marks, again")
        person.press("Tab")
        wait_until(lambda: any(m.comment for m in self.marks()), "the comment")
        [mark] = self.marks()
        assert mark.is_starred
        assert mark.comment == "The pen marks, again"
        assert PLANTED in mark.key

    def marks(self):
        with open_study(self.file, read_only=True) as study:
            name = study.audit  # noqa: F841
            return ()

    def export(self, table, report):
        person = self.person
        person.click("Images", kind="QPushButton")
        person.press("ctrl+e")
        person.name_file("Export the table", table)
        wait_until(table.is_file, "the table")
        person.press("ctrl+shift+e")
        person.name_file("Folder of the report", report)
        wait_until((report / "report.html").is_file, "the report", seconds=120)
