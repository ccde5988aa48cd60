"""The dialogs by which a lead sets a study up, over the Review page of the demo study."""

from collections.abc import Callable
from pathlib import Path

from explain_scenes import finish
from explain_scenes import go as go_to
from PySide6.QtGui import QImage
from review_scenes import begin
from studio import Studio
from subjects import LEAD, OTHER, SUBJECTS, make_study

from desktop_app.explain.findings_views import BodyPartsView
from desktop_app.setup.assign_dialog import GIVE, AssignDialog
from desktop_app.setup.import_dialog import ImportDialog
from desktop_app.setup.mapping import NAMED
from desktop_app.setup.preview_dialogs import LabelsDialog, MapsDialog, PredictionsDialog
from desktop_app.setup.settings_dialog import SettingsDialog
from desktop_app.window.action_table import Place
from desktop_app.window.settings import ThemeChoice
from engine.study.sqlite import create_study

Scene = Callable[[Studio], QImage]


def setup_import(studio: Studio) -> QImage:
    """Look at an import before it is made; some files and rows cannot be used."""
    folder = photographs(studio.home / "march")
    file = studio.home / "hands.concord"
    create_study(file, author=LEAD).close()
    studio.open_at(Place.REVIEW, file, LEAD)
    studio.press("Ctrl+I")
    dialog = studio.dialog(ImportDialog)
    dialog.sources.add([folder])
    studio.settle()
    case = dialog.choices.mapping.parts["case"]
    case.choose(NAMED + "patient")
    studio.pause()
    studio.wait(lambda: not dialog.is_looking)
    studio.settle()
    return studio.look()


def setup_import_empty(studio: Studio) -> QImage:
    """Begin an import."""
    begin(studio)
    studio.press("Ctrl+I")
    studio.settle()
    return studio.look()


def setup_people(studio: Studio) -> QImage:
    """See who grades, leads and analyses."""
    ask(studio, "people")
    return studio.look()


def setup_assign(studio: Studio) -> QImage:
    """Deal the images out; the balance is shown before anything is written."""
    ask(studio, "assign")
    dialog = studio.dialog(AssignDialog)
    dialog.per_image.setValue(4)
    studio.settle()
    return studio.look()


def setup_reassign(studio: Studio) -> QImage:
    """Give away what a grader has not begun."""
    begin_fresh(studio)
    studio.review.handlers["assign"]()
    studio.settle()
    dialog = studio.dialog(AssignDialog)
    dialog.modes[GIVE].click()
    dialog.giver.choose(OTHER)
    dialog.takers.add_grader("Lea Brandt")
    studio.settle()
    return studio.look()


def setup_instructions(studio: Studio) -> QImage:
    """Write what the graders are to do."""
    ask(studio, "write_instructions")
    return studio.look()


def setup_settings(studio: Studio) -> QImage:
    """Change the study's settings; those that are not the paper's are marked."""
    ask(studio, "study_settings")
    studio.dialog(SettingsDialog).resize(1000, 760)
    studio.settle()
    return studio.look()


def setup_audit(studio: Studio) -> QImage:
    """Read the log of who did what."""
    begin(studio)
    studio.press("O")
    studio.settle()
    studio.review.handlers["audit_log"]()
    studio.settle()
    return studio.look()


def setup_predictions(studio: Studio) -> QImage:
    """Look at a table of predictions before it is used."""
    file = begin_explain(studio)
    table = file.with_name("predictions.csv")
    rows = [
        f"images/demo-{n:03}-1.jpg,0.1,0.2,0.{n % 5 + 1},0.1,0.{5 - n % 5}" for n in range(1, 61)
    ]
    rows += ["images/demo-099-1.jpg,0.1,0.2,0.3,0.2,0.2", "images/demo-001-2.jpg,0.9,0.9,0.9,0,0"]
    header = "image,acne,eczema,melanoma,nevus,psoriasis"
    table.write_text("\n".join([header, *rows]), encoding="utf-8")
    studio.explain.side.model.predictions.click()
    studio.dialog(PredictionsDialog).look_at(table)
    studio.settle()
    return studio.look()


def setup_maps(studio: Studio) -> QImage:
    """Look at a folder of maps that has none of this study's images."""
    begin_explain(studio)
    model = studio.explain.side.model
    model.source.buttons["maps"].click()
    model.field.click()
    studio.dialog(MapsDialog).look_at(photographs(studio.home / "march"))
    studio.settle()
    return studio.look()


def setup_labels(studio: Studio) -> QImage:
    """Look at a table of body parts before it is used."""
    finish(studio)
    go_to(studio, "body_parts")
    view = studio.explain.views.current
    assert isinstance(view, BodyPartsView)
    view.bring.click()
    studio.dialog(LabelsDialog).look_at(studio.home / "demo" / "body_parts.csv")
    studio.settle()
    return studio.look()


def setup_assign_dark(studio: Studio) -> QImage:
    """Deal the images out in dark colours."""
    studio.theme.choose(ThemeChoice.DARK)
    return setup_assign(studio)


def setup_settings_large(studio: Studio) -> QImage:
    """Change the study's settings at 200 %."""
    studio.theme.set_scale(200)
    ask(studio, "study_settings")
    dialog = studio.dialog(SettingsDialog)
    dialog.resize(dialog.width(), studio.window.height() - 100)
    studio.settle()
    return studio.look()


SETUP_SCENES: tuple[Scene, ...] = (
    setup_import, setup_import_empty, setup_people, setup_assign, setup_reassign,
    setup_instructions, setup_settings, setup_audit, setup_predictions, setup_maps, setup_labels,
    setup_assign_dark, setup_settings_large,
)  # fmt: skip


def ask(studio: Studio, action: str) -> None:
    """Open the demo study at the Review page, and a dialog from its Study menu."""
    begin(studio)
    studio.review.handlers[action]()
    studio.settle()


def begin_fresh(studio: Studio) -> None:
    """Open a study whose graders have hardly begun."""
    file = make_study(studio.home / "forearms.concord")
    studio.open_at(Place.REVIEW, file, LEAD)


def begin_explain(studio: Studio) -> Path:
    """Open the demo study at the Explain page and return its file."""
    return studio.open_demo(Place.EXPLAIN)


def photographs(folder: Path) -> Path:
    """Return a folder as it comes from a clinic: photographs, a table, and faults in both."""
    make_study(folder / "made.concord").unlink()
    (folder / "visits" / "scan-0007.jpg").write_bytes(b"\xff\xd8 and no more")
    rows = ["file,patient,diagnosis,age,sex,site"]
    rows += [
        f"{subject.name},{patient},{subject.condition},{23 + 4 * place},{'fm'[place % 2]},arm"
        for place, (subject, patient) in enumerate(zip(SUBJECTS, patients(), strict=True))
    ]
    rows += ["visits/p030-knee.jpg,p030,eczema,61,f,leg", f"{SUBJECTS[2].name},p009,acne,41,m,arm"]
    (folder / "visits.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def patients() -> list[str]:
    """Return the case of each photograph, as its name tells."""
    return [subject.name.split("/")[1].split("-")[0] for subject in SUBJECTS]
