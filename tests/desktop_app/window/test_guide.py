"""The grader's guide says what the window does: run this file to write its table of keys anew."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.session.conflicts import changed_elsewhere
from desktop_app.session.pictures import cannot_be_shown, load_file, without_pixels
from desktop_app.session.saving import NOT_STORED
from desktop_app.window.action_table import ACTIONS, Group, Place
from engine.domain.grading import Role
from engine.domain.problem import Refusal
from engine.domain.queue import QueueItem, QueueState
from engine.images import refusals as of_images
from engine.study import refusals as of_studies
from engine.study.sqlite import create_study

DOCS = Path(__file__).parents[3] / "docs"
PAGE = DOCS / "guide" / "grader.md"
BEGIN = "<!-- keys: written by tests/desktop_app/window/test_guide.py -->\n"
END = "<!-- end of keys -->\n"

ITEM = QueueItem(0, "a.png", Role.ASSIGNED, 4, 3, None, QueueState.TO_DO)
A_FILE = Path("a.png")
MET = {
    "study_damaged": of_studies.DAMAGED[1],
    "study_newer": of_studies.NEWER[1],
    "study_missing": of_studies.MISSING[1],
    "study_locked": of_studies.LOCKED[1],
    "study_read_only": of_studies.READ_ONLY[1],
    "disk_full": of_studies.DISK_FULL[1],
    "disk_failed": of_studies.DISK_FAILED[1],
    "not_stored": NOT_STORED.message,
    "changed_elsewhere": changed_elsewhere("a.png").message,
    "image_missing": of_images.missing(A_FILE).problem.message,
    "image_unreadable": of_images.unreadable(A_FILE, OSError("no")).problem.message,
    "image_empty": of_images.empty(A_FILE).problem.message,
    "image_unknown": of_images.unknown(A_FILE).problem.message,
    "image_damaged": of_images.damaged(A_FILE).problem.message,
    "image_too_large": of_images.too_large(A_FILE).problem.message,
    "image_not_supported": of_images.not_supported(A_FILE, "CMYK", "").problem.message,
    "no_picture": without_pixels(ITEM).message,
    "picture_failed": cannot_be_shown(ITEM).message,
}
"""What a grader can be told, by its code."""


def keys_table():
    """Return the table that the actions of today should have."""
    parts = []
    for group in Group:
        here = [spec for spec in ACTIONS if spec.group is group and Place.GRADE in spec.places]
        rows = "\n".join(map(row, here))
        parts += [f"| {group.value} | keys | |\n|---|---|---|\n{rows}\n"] if here else []
    return "\n".join(parts)


def row(spec):
    """Return the line of one action."""
    keys = ", ".join(f"`{key}`" for key in spec.keys) or "none"
    return f"| {spec.text.rstrip('…')} | {keys} | {spec.hint} |"


def page():
    """Return the page with the table that it should have."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return before + BEGIN + keys_table() + END + rest.split(END)[1]


def test_the_keys_in_the_guide_are_those_of_the_window():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "docs/guide/grader.md is out of date; write its keys anew:"
        " python tests/desktop_app/window/test_guide.py"
    )


def is_told(message):
    """Say whether the table of trouble has a message, as far as its first clause."""
    said = re.split(r"[;,(:]| while ", message)[0].strip()
    table = PAGE.read_text(encoding="utf-8").split("## When something is wrong")[1]
    return f"| {said[0].upper()}{said[1:]}" in table


@pytest.mark.parametrize("code", MET)
def test_the_guide_tells_what_to_do_about_a_message(code):
    assert is_told(MET[code])


def test_the_guide_tells_what_to_do_where_a_study_cannot_be_made_or_read(tmp_path):
    file = tmp_path / "study.concord"
    with create_study(file, author="lead") as study, pytest.raises(Refusal) as unknown_task:
        study.sheet("a.png", "Mia")
    with pytest.raises(Refusal) as file_exists:
        create_study(file, author="lead")
    with pytest.raises(Refusal) as network_file_system:
        create_study(tmp_path / "other", author="lead", find_network=lambda _: "nfs")
    with pytest.raises(Refusal) as folder_read_only:
        create_study(tmp_path / "nowhere" / "study", author="lead")
    refused = (unknown_task, file_exists, network_file_system, folder_read_only)
    assert [problem.value.problem.code for problem in refused] == [
        "unknown_task",
        "file_exists",
        "network_file_system",
        "folder_read_only",
    ]
    assert all(is_told(problem.value.problem.message) for problem in refused)


def test_the_guide_tells_what_to_do_about_another_photograph_in_its_place(tmp_path):
    Image.new("RGB", (4, 3)).save(tmp_path / "a.png")
    with pytest.raises(Refusal) as changed:
        load_file(tmp_path, replace(ITEM, digest="0" * 64))
    assert is_told(changed.value.problem.message)


def test_every_picture_of_the_guide_is_there_and_says_what_it_shows():
    pictures = re.findall(r"!\[(.*?)\]\((.*?)\)", PAGE.read_text(encoding="utf-8"))
    assert pictures
    for shows, file in pictures:
        assert shows
        assert (PAGE.parent / file).is_file(), file


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
