"""What a run says of the image at hand, beside its panels."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.explain.parts import scrolled
from desktop_app.tables.formats import cell_text, reason_text
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.measure import Undefined
from engine.domain.rows import ImageResult

NAMES = (
    "Condition", "Predicted", "DS", "at threshold", "of chance", "SRCC", "AUC", "ROI area",
    "Kappa", "Map of",
)  # fmt: skip
WIDTH = 220


class Facts(QWidget):
    """A path and a few numbers; what is undefined says why."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("facts")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.path = WrappedLabel(role="strong")
        self.why = WrappedLabel(role="muted")
        self.values = {name: QLabel() for name in NAMES}
        form = QFormLayout()
        space(form, theme, spacing="xs")
        for name, value in self.values.items():
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label = QLabel(name)
            set_role(label, "muted")
            form.addRow(label, value)
        inside = QWidget()
        inside.setObjectName("inside")
        body = QVBoxLayout(inside)
        space(body, theme, "m s", spacing="s")
        body.addWidget(self.path)
        body.addWidget(self.why)
        body.addLayout(form)
        body.addStretch()
        whole = QVBoxLayout(self)
        space(whole, theme)
        whole.addWidget(scrolled(inside))
        theme.changed.connect(self._fit)
        self._fit()

    @property
    def has_result(self) -> bool:
        """True while an image is at hand."""
        return bool(self.path.text())

    def show_result(self, result: ImageResult | None) -> None:
        """Show what is known of an image, or nothing."""
        self.path.setText(result.image.path if result else "")
        why = why_no_map(result) if result else ""
        self.why.setText(why)
        self.why.setVisible(bool(why))
        for label in self.values.values():
            label.setText("–")
            label.setToolTip("")
        if result is not None:
            for name, value in _facts(result).items():
                self.values[name].setText(_text(value))
                self.values[name].setToolTip(reason_text(value) or "")

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.metrics.px(WIDTH))


def why_no_map(result: ImageResult) -> str:
    """Return why an image has no map, or an empty text where it has one."""
    if not result.agreement.admitted:
        reason = result.agreement.reason
        told = reason_text(Undefined(reason)) if reason else ""
        return f"Not part of the analysis: {told}" if told else "Not part of the analysis."
    return f"No result: {result.failure.detail}" if result.failure else ""


def _facts(result: ImageResult) -> dict[str, object]:
    located = result.localisation
    facts: dict[str, object] = {
        "Condition": result.image.condition or "–",
        "Predicted": _predicted(result),
        "Kappa": result.agreement.fleiss_kappa,
        "Map of": result.facts.target if result.facts and result.facts.target else "–",
    }
    if located is not None:
        facts |= {
            "DS": located.ds, "at threshold": located.ds_threshold, "of chance": located.ds_chance,
            "SRCC": located.srcc, "AUC": located.auc, "ROI area": located.roi_area,
        }  # fmt: skip
    return facts


def _predicted(result: ImageResult) -> object:
    if isinstance(result.predicted, Undefined):
        return result.predicted
    is_known = isinstance(result.is_correct, bool)
    verdict = (" ✓" if result.is_correct else " ✗") if is_known else ""
    sure = result.probability
    share = "" if isinstance(sure, Undefined) else f", {sure:.0%}"
    return f"{result.predicted}{share}{verdict}"


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".replace("-", "−")
    return cell_text(value) or "–"
