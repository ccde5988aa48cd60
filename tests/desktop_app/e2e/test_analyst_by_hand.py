"""An analyst, from the card of the demo study to its planted wrong cue, table and report."""

import csv
import re

import pytest

import resources
from engine.study.sqlite import open_study
from resources.demo.photographs import PLANTED
from tests.desktop_app.e2e.at_window import command, hidden_screen, program
from tests.desktop_app.e2e.person import screen, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not screen.can_show(), reason="takes Xvfb and xdotool"),
]

CARD = f"{resources.__path__[0]}/demo/card.toml"
QUICK = ("--set", "saliency.steps=10", "--set", "saliency.joint_gradients=20")
OPEN_FINDING = "Show the images of finding 1"
COMMENT = "The pen marks, again"
RUN_LIMIT = 400
"""Seconds that a run with the method's own settings may take on a busy machine."""


class Analyst:
    """The analyst's way through the window; `file` is the demo study, once it was made."""

    def __init__(self, person):
        self.person = person
        self.file = person.home / "Documents" / "DermConcord demo" / "demo.concord"

    def actions(self):
        with open_study(self.file, read_only=True) as study:
            return [entry.action for entry in study.audit()]

    def maps(self):
        """Return how many maps lie beside the study."""
        return len(list(self.file.with_name(f"{self.file.name}.maps").glob("*.map.npz")))

    def open_demo(self):
        person = self.person
        person.click("Try the demo study", kind="Card")
        person.attend("Instructions", seconds=120)
        person.click("Close", window="Instructions")
        person.turn_back()

    def pause_and_go_on(self):
        """Hold the run: no map is made any more, until it goes on."""
        person = self.person
        person.see("● Saliency maps")
        wait_until(self.maps, "the first map", pause=0.02)
        person.press("F6")
        person.see("Resume the run")
        held = wait_until(self.still_maps, "maps to stay as many")
        told = person.see("Paused at").value
        assert person.see("Paused at").value == told
        assert self.still_maps() == held
        person.press("F6")
        wait_until(lambda: self.maps() > held, "further maps")

    def still_maps(self):
        """Return how many maps there are, where no look of many in a row finds one more."""
        seen = {self.maps() for _ in range(100) if self.person.look()}
        return seen.pop() if len(seen) == 1 else 0

    def open_first_finding(self):
        """Click on the first finding, and read off the screen what it is about."""
        person = self.person
        person.click(OPEN_FINDING, seconds=RUN_LIMIT)
        [card] = person.all_of("Finding 1: ")
        assert f"cases of {PLANTED}, maps find the graders' region less well" in card.name
        person.see("Panels of ", kind="PanelCanvas", seconds=60)
        thumbs = [t.name for t in person.look() if t.kind == "Thumb"]
        assert thumbs
        assert all(f"{PLANTED} → {PLANTED}" in name for name in thumbs), thumbs
        number = int(re.search(r"\((\d+)\)", person.see("Picked out (").value)[1])
        assert number == int(re.search(r"\d+", person.see(OPEN_FINDING).value)[0])

    def star_and_comment(self):
        person = self.person
        person.press("s")
        wait_until(lambda: self.actions().count("mark_finding") == 1, "the star")
        person.press("t")
        person.see("Comment on finding 1", kind="QPlainTextEdit")
        person.write(COMMENT)
        person.press("Tab")
        wait_until(lambda: self.actions().count("mark_finding") == 2, "the comment")

    def look_at_each_panel(self):
        """Show panels alone and together again; each shows another picture."""
        person = self.person
        canvas = person.see("Panels of ", kind="PanelCanvas")
        pictures = []
        for key in ("1", "2", "3", "4", "0"):
            person.press(key)
            before = pictures[-1:]
            pictures.append(
                wait_until(lambda b=before: self.other_picture(canvas, b), f"panel {key}")
            )
        assert len(set(pictures)) == len(pictures)

    def other_picture(self, thing, before):
        """Return what is painted where something is, once it differs from before."""
        shown = self.person.hands.shown.picture()
        right, bottom = thing.left + thing.width, thing.top + thing.height
        bits = shown[thing.top : bottom, thing.left : right].tobytes()
        return bits if [bits] != before else None

    def export(self, table, report):
        person = self.person
        person.click("Images", kind="QPushButton")
        person.press("ctrl+e")
        person.name_file("Export the table", table)
        person.see("The table was written")
        person.press("ctrl+shift+e")
        person.name_file("Folder of the report", report)
        person.see("The report was written", seconds=120)


def test_an_analyst_goes_from_the_demo_card_to_exported_table_and_report(tmp_path):
    table, report = tmp_path / "window.csv", tmp_path / "report"
    with hidden_screen() as shown, program(tmp_path / "home", shown) as person:
        analyst = Analyst(person)
        analyst.open_demo()
        command(person.home, "settings", analyst.file, *QUICK)
        person.go_to_page("ctrl+3", "Model card")
        person.see("20 gradients an image.")
        person.see("Run", kind="KeyButton")
        person.press("F5")
        analyst.pause_and_go_on()
        analyst.open_first_finding()
        analyst.look_at_each_panel()
        analyst.star_and_comment()
        analyst.export(table, report)
        person.quit()
    ours = tmp_path / "command.csv"
    command(tmp_path / "home", "explain", analyst.file, "--model", CARD, "--csv", ours)
    assert table.read_bytes() == ours.read_bytes()
    assert (report / "tables" / "images.csv").read_bytes() == ours.read_bytes()
    with (report / "tables" / "cues.csv").open(encoding="utf-8", newline="") as lines:
        first = next(csv.DictReader(lines))
    assert (first["level"], first["starred"], first["comment"]) == (PLANTED, "true", COMMENT)


def test_someone_who_only_clicks_finds_the_planted_wrong_cue(tmp_path):
    """With the method's own settings: the card, Explain, Run, the first finding."""
    with hidden_screen() as shown, program(tmp_path / "home", shown) as person:
        analyst = Analyst(person)
        analyst.open_demo()
        person.click("Explain page")
        person.click("Run", kind="KeyButton")
        analyst.open_first_finding()
        person.click("File", kind="entry")
        person.click("Quit", kind="entry")
        assert person.process.wait(20) == 0
        person.assert_silent()
