"""The Review page as a lead meets it, on the demo study."""

from collections.abc import Callable

from demo import LEAD
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu
from studio import Studio
from subjects import make_empty_study

from desktop_app.review.tables_panel import TITLES
from desktop_app.window.action_table import Place
from desktop_app.window.settings import ThemeChoice

Scene = Callable[[Studio], QImage]

REASON = "The border runs inside the redness. Please follow it to its end."
WHY = "A and B follow the redness; C went round both spots and the skin between."


def review(studio: Studio) -> QImage:
    """Open the Review page: the image of lowest agreement first."""
    begin(studio)
    return studio.look()


def review_votes(studio: Studio) -> QImage:
    """Look at how many graders marked each place."""
    begin(studio, steps=2)
    studio.press("V")
    return studio.look()


def review_only(studio: Studio) -> QImage:
    """Look at what a single grader marked."""
    begin(studio, steps=2)
    studio.press("Y")
    return studio.look()


def review_brushed(studio: Studio) -> QImage:
    """Pick out the images of low kappa in the histogram."""
    begin(studio)
    studio.brush(studio.review.tables.histogram, (0.0, 0.6), (2.0, 2.0))
    studio.settle()
    return studio.look()


def review_staple(studio: Studio) -> QImage:
    """Measure the study with STAPLE in place of the majority."""
    begin(studio)
    studio.review.top.methods["staple"].click()
    studio.settle()
    return studio.look()


def review_decide(studio: Studio) -> QImage:
    """Adopt the majority and say why."""
    begin(studio, steps=1)
    studio.press("M")
    studio.write(WHY)
    return studio.look()


def review_decided(studio: Studio) -> QImage:
    """Look at an image that was decided, with the decision just made."""
    review_decide(studio)
    studio.press("Return")
    studio.settle()
    return studio.look()


def review_editing(studio: Studio) -> QImage:
    """Edit a copy of the region that counts."""
    begin(studio, steps=2)
    studio.press("E")
    studio.settle()
    studio.press("V")
    region = studio.review.session.copy.region  # type: ignore[union-attr]
    border = region[0].exterior
    studio.click(border.mean(axis=0))
    studio.point(border[len(border) // 3])
    picture = studio.look()
    studio.review.session.give_up_copy()  # else closing asks about it
    return picture


def review_send_back(studio: Studio) -> QImage:
    """Send an image back to the grader who is farthest from the others."""
    begin(studio)
    studio.press("X")
    field = studio.review.bench.ask.field
    field.setFocus()
    field.selectAll()
    studio.write(REASON)
    return studio.look()


def review_privacy(studio: Studio) -> QImage:
    """Draw a privacy box."""
    begin(studio, steps=2)
    studio.press("P")
    studio.drag([(20, 20), (60, 50), (120, 70)], lets_go=False)
    return studio.look()


def review_names(studio: Studio) -> QImage:
    """Reveal who the graders of an image are."""
    begin(studio)
    studio.press("O")
    studio.settle()
    return studio.look()


def review_graders(studio: Studio) -> QImage:
    """Compare the graders, whose names are hidden."""
    begin(studio)
    go(studio, "graders")
    return studio.look()


def review_pairs(studio: Studio) -> QImage:
    """Compare each two graders, all names revealed."""
    begin(studio)
    go(studio, "pairs")
    studio.review.tables.reveal_asked.emit()
    studio.settle()
    studio.review.bench.question.yes.click()
    studio.settle()
    return studio.look()


def review_progress(studio: Studio) -> QImage:
    """See how far each grader is."""
    begin(studio)
    go(studio, "progress")
    return studio.look()


def review_menu(studio: Studio) -> QImage:
    """Open the menu by which a study is set up."""
    begin(studio)
    button = studio.review.top.study
    menu = button.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    corner = button.mapToGlobal(button.rect().bottomRight())
    corner.setX(corner.x() - menu.sizeHint().width())
    menu.popup(corner)
    studio.pause(60)
    picture = studio.look()
    menu.close()
    return picture


def review_empty(studio: Studio) -> QImage:
    """Open a study without photographs."""
    file = make_empty_study(studio.home / "new.concord", has_images=False)
    studio.open_at(Place.REVIEW, file, LEAD)
    return studio.look()


def review_missing(studio: Studio) -> QImage:
    """Go to an image whose photograph is not where it was."""
    begin(studio)
    review = studio.review
    row = review.tables.images.export_rows()[3]
    (studio.home / "demo" / row.image.path).unlink()
    studio.press("J", "J", "J")
    studio.settle()
    return studio.look()


def review_dark(studio: Studio) -> QImage:
    """Look at the votes in dark colours."""
    studio.theme.choose(ThemeChoice.DARK)
    return review_votes(studio)


def review_large(studio: Studio) -> QImage:
    """Review at 200 %."""
    studio.theme.set_scale(200)
    begin(studio, steps=2)
    return studio.look()


REVIEW_SCENES: tuple[Scene, ...] = (
    review, review_votes, review_only, review_brushed, review_staple, review_decide,
    review_decided, review_editing, review_send_back, review_privacy, review_names,
    review_graders, review_pairs, review_progress, review_menu, review_empty, review_missing,
    review_dark, review_large,
)  # fmt: skip


def begin(studio: Studio, *, steps: int = 0) -> None:
    """Open the demo study at the Review page, some rows below the lowest."""
    studio.open_demo(Place.REVIEW)
    studio.review.tables.images.grid.setFocus(Qt.FocusReason.OtherFocusReason)
    studio.press(*["J"] * steps)
    studio.settle()


def go(studio: Studio, table: str) -> None:
    """Bring a table to the front."""
    studio.review.tables.tabs.setCurrentIndex(list(TITLES).index(table))
    studio.settle()
