"""The Explain page as an analyst meets it, on the demo study and its classifier."""

from collections.abc import Callable
from pathlib import Path

from demo import ANALYST, LEAD
from PySide6.QtGui import QImage
from studio import Studio

from desktop_app.explain.plot_views import HistogramView, ScatterView
from desktop_app.window.action_table import Place
from desktop_app.window.settings import ThemeChoice
from resources.demo.study import CARD

Scene = Callable[[Studio], QImage]

COMMENT = "Pen marks. Ask the clinic whether surgeons mark before the photograph is taken."


def explain_ready(studio: Studio) -> QImage:
    """Check the model; the time that a run takes is measured with it."""
    begin(studio)
    studio.explain.side.model.check.click()
    studio.settle()
    return studio.look()


def explain_no_model(studio: Studio) -> QImage:
    """Open the page on a study that has no classifier yet."""
    file = studio.demo.copy_to(studio.home / "demo")
    (file.parent / "SYNTHETIC.txt").unlink()
    studio.open_at(Place.EXPLAIN, file, LEAD)
    return studio.look()


def explain_running(studio: Studio) -> QImage:
    """Watch a run; rows come as they are made."""
    begin(studio)
    studio.press("F5")
    running = studio.explain.session.running
    studio.wait(lambda: running.course.present and running.course.present.seconds_left)
    return studio.look(at_once=True)


def explain_finished(studio: Studio) -> QImage:
    """Read what a run found."""
    finish(studio)
    return studio.look()


def explain_finding(studio: Studio) -> QImage:
    """Open the first finding: its images, the first of them with its map."""
    finish(studio)
    open_first(studio)
    return studio.look()


def explain_comment(studio: Studio) -> QImage:
    """Star a finding and comment on it."""
    finish(studio)
    open_first(studio)
    studio.press("S")
    studio.settle()
    studio.press("T")
    studio.write(COMMENT)
    return studio.look()


def explain_scatter(studio: Studio) -> QImage:
    """Pick out images of low DS and SRCC by dragging over the plot."""
    finish(studio)
    go(studio, "scatter")
    view = studio.explain.views.current
    assert isinstance(view, ScatterView)
    studio.brush(view.plot, (0.02, 0.5), (-0.35, 0.3))
    studio.settle()
    return studio.look()


def explain_linked(studio: Studio) -> QImage:
    """See the same images in the table."""
    explain_scatter(studio)
    go(studio, "images")
    return studio.look()


def explain_distribution(studio: Studio) -> QImage:
    """Pick out a range of DS."""
    finish(studio)
    go(studio, "histogram")
    view = studio.explain.views.current
    assert isinstance(view, HistogramView)
    studio.brush(view.plot, (0.0, 0.45), (2.0, 2.0))
    studio.settle()
    return studio.look()


def explain_conditions(studio: Studio) -> QImage:
    """Compare the conditions."""
    finish(studio)
    go(studio, "conditions")
    return studio.look()


def explain_groups(studio: Studio) -> QImage:
    """Compare groups of patients."""
    finish(studio)
    give_room(studio)
    go(studio, "groups")
    return studio.look()


def explain_body_parts(studio: Studio) -> QImage:
    """Compare the body parts of the lowest images with a control sample."""
    finish(studio)
    studio.explain.session.import_labels(studio.home / "demo" / "body_parts.csv")
    studio.settle()
    go(studio, "body_parts")
    return studio.look()


def explain_no_labels(studio: Studio) -> QImage:
    """Look for body parts before any image is labelled."""
    finish(studio)
    go(studio, "body_parts")
    return studio.look()


def explain_gallery(studio: Studio) -> QImage:
    """Look through the images that agree least and most."""
    finish(studio)
    give_room(studio)
    go(studio, "gallery")
    return studio.look()


def explain_panels(studio: Studio) -> QImage:
    """Look at an image and its map closely, with the look of maps beside it."""
    finish(studio)
    open_first(studio)
    give_room(studio)
    panels = studio.explain.panels
    panels.large_button.click()
    panels.look_button.click()
    studio.settle()
    return studio.look()


def explain_panel_alone(studio: Studio) -> QImage:
    """Look at one panel alone."""
    finish(studio)
    open_first(studio)
    give_room(studio)
    studio.explain.panels.large_button.click()
    studio.press("3")
    studio.settle()
    return studio.look()


def explain_labelling(studio: Studio) -> QImage:
    """Label what a photograph shows, without its map."""
    finish(studio)
    studio.press("B")
    studio.settle()
    studio.press("Return", "Return")
    studio.settle()
    studio.press("D", "6")
    studio.settle()
    return studio.look()


def explain_two_runs(studio: Studio) -> QImage:
    """Compare two methods, by whether the lowest images stay the lowest."""
    finish(studio)
    page = studio.explain
    saliency = page.session.settings.saliency.model_copy(update={"method": "grad_cam"})
    page.session.set_settings(page.session.settings.model_copy(update={"saliency": saliency}))
    studio.settle()
    studio.press("F5")
    studio.settle()
    give_room(studio)
    go(studio, "runs")
    return studio.look()


def explain_condition_map(studio: Studio) -> QImage:
    """Say which class stands for which condition."""
    begin(studio)
    studio.explain.side.model.check.click()
    studio.settle()
    studio.explain.side.model.conditions.click()
    studio.settle()
    return studio.look()


def explain_export(studio: Studio) -> QImage:
    """Open the export menu."""
    finish(studio)
    button = studio.explain.exporting.button
    menu = studio.explain.exporting.menu
    corner = button.mapToGlobal(button.rect().bottomRight())
    corner.setX(corner.x() - menu.sizeHint().width())
    menu.popup(corner)
    studio.pause(60)
    picture = studio.look()
    menu.close()
    return picture


def explain_failed(studio: Studio) -> QImage:
    """Run a model whose weights are not there."""
    begin(studio)
    card = studio.home / "clinic" / "card.toml"
    card.parent.mkdir()
    text = CARD.read_text(encoding="utf-8")
    card.write_text(text.replace("weights.safetensors", "weights-v2.safetensors"), encoding="utf-8")
    studio.explain.session.model.choose_card(card)
    studio.settle()
    studio.press("F5")
    studio.settle()
    return studio.look()


def explain_trust(studio: Studio) -> QImage:
    """Be asked about a model that runs code of its own."""
    begin(studio)
    card = own_model(studio.home / "clinic")
    studio.explain.session.model.choose_card(card)
    studio.settle()
    studio.explain.side.model.check.click()
    studio.settle()
    return studio.look()


def explain_dark(studio: Studio) -> QImage:
    """Look at a finding in dark colours."""
    studio.theme.choose(ThemeChoice.DARK)
    return explain_finding(studio)


def explain_scatter_dark(studio: Studio) -> QImage:
    """Brush the plot in dark colours."""
    studio.theme.choose(ThemeChoice.DARK)
    return explain_scatter(studio)


def explain_large(studio: Studio) -> QImage:
    """Read what a run found, at 200 %."""
    studio.theme.set_scale(200)
    return explain_finding(studio)


EXPLAIN_SCENES: tuple[Scene, ...] = (
    explain_ready, explain_no_model, explain_running, explain_finished, explain_finding,
    explain_comment, explain_scatter, explain_linked, explain_distribution, explain_conditions,
    explain_groups, explain_body_parts, explain_no_labels, explain_gallery, explain_panels,
    explain_panel_alone, explain_labelling, explain_two_runs,
    explain_condition_map, explain_export, explain_failed, explain_trust, explain_dark,
    explain_scatter_dark, explain_large,
)  # fmt: skip


def begin(studio: Studio, *, with_maps: bool = False) -> None:
    """Open the demo study at the Explain page."""
    studio.open_demo(Place.EXPLAIN, ANALYST, with_maps=with_maps)


def finish(studio: Studio) -> None:
    """Run the classifier of the demo study; its maps were made before."""
    begin(studio, with_maps=True)
    studio.press("F5")
    studio.settle()


def open_first(studio: Studio) -> None:
    """Show the images of the first finding."""
    studio.explain.findings.cards[0].open.click()
    studio.settle()


def go(studio: Studio, view: str) -> None:
    """Go to a view by its tab."""
    studio.explain.views.tabs.buttons[view].click()
    studio.settle()


def give_room(studio: Studio) -> None:
    """Put the choices away, for the views' sake."""
    studio.explain.side_button.click()
    studio.pause()


def own_model(folder: Path) -> Path:
    """Return the card of a model with code of its own."""
    folder.mkdir()
    text = CARD.read_text(encoding="utf-8")
    (folder / "clinic_net.py").write_text(
        "from resources.demo.classifier import build\n\n__all__ = ['build']\n", encoding="utf-8"
    )
    (folder / "weights.safetensors").write_bytes(CARD.with_name("weights.safetensors").read_bytes())
    card = folder / "card.toml"
    text = text.replace("resources.demo.classifier:build", "clinic_net:build")
    card.write_text(text, encoding="utf-8")
    return card
