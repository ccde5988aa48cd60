"""The guides say what the window does: run this file to write their tables of keys anew."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from typer.main import get_command

from desktop_app.session.conflicts import changed_elsewhere
from desktop_app.session.pictures import cannot_be_shown, load_file, without_pixels
from desktop_app.session.saving import NOT_STORED
from desktop_app.window.pages import TITLES
from engine.cli import application
from engine.domain.grading import Role
from engine.domain.problem import Refusal
from engine.domain.queue import QueueItem, QueueState
from engine.images import refusals as of_images
from engine.study import refusals as of_studies
from engine.study.sqlite import create_study
from tests.desktop_app.window.guides import DOCS, GRADER, GUIDES

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


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_the_keys_in_a_guide_are_those_of_the_window(guide):
    assert guide.text == guide.with_keys(), (
        f"docs/guide/{guide.name}.md is out of date; write its keys anew:"
        " python -m tests.desktop_app.window.test_guide"
    )


@pytest.mark.parametrize("code", MET)
def test_the_guide_tells_what_to_do_about_a_message(code):
    assert GRADER.tells(MET[code])


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
    assert all(GRADER.tells(problem.value.problem.message) for problem in refused)


def test_the_guide_tells_what_to_do_about_another_photograph_in_its_place(tmp_path):
    Image.new("RGB", (4, 3)).save(tmp_path / "a.png")
    with pytest.raises(Refusal) as changed:
        load_file(tmp_path, replace(ITEM, digest="0" * 64))
    assert GRADER.tells(changed.value.problem.message)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_picture_of_a_guide_is_there_and_says_what_it_shows(guide):
    pictures = re.findall(r"!\[(.*?)\]\((.*?)\)", guide.text)
    assert pictures
    for shows, file in pictures:
        assert shows
        assert (guide.file.parent / file).is_file(), file


def test_every_subcommand_is_in_the_guide():
    text = (DOCS / "guide.md").read_text(encoding="utf-8")
    for command in get_command(application).commands:
        assert re.search(rf"(dermconcord|`|\| `){command}\b", text), command


def test_every_page_of_the_documentation_can_be_reached_from_the_guide():
    reached, ahead = set(), [DOCS / "guide.md"]
    while ahead:
        page = ahead.pop()
        reached.add(page)
        links = re.findall(r"\]\(([^)#]+\.md)", page.read_text(encoding="utf-8"))
        ahead += {(page.parent / link).resolve() for link in links} - reached
    assert set(DOCS.glob("*.md")) | set(DOCS.glob("guide/*.md")) <= reached


def test_every_page_of_the_window_is_in_the_guide():
    text = (DOCS / "guide.md").read_text(encoding="utf-8")
    for title in TITLES.values():
        assert f"**{title}**" in text, title


if __name__ == "__main__":
    for one in GUIDES:
        one.file.write_text(one.with_keys(), encoding="utf-8")
