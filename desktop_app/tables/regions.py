"""The outlined regions of one image as a table: number, area, share of the image."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt

from desktop_app.tables.rows import Column, RowsModel
from engine.domain.area import polygon_area
from engine.domain.polygon import Region

RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One outlined region.

    Attributes
    ----------
    number
        From 1, in the order the regions were outlined.
    area
        Square pixels of the upright full-resolution image.
    share
        Of the image's area, 0 to 1.
    """

    number: int
    area: float
    share: float


def rows_of(region: Region, width: int, height: int) -> list[RegionRow]:
    """Return the regions of an image of this size as rows."""
    areas = [polygon_area(polygon) for polygon in region]
    return [RegionRow(k, area, area / (width * height)) for k, area in enumerate(areas, 1)]


def area_text(row: RegionRow) -> str:
    """Return the area in whole pixels, its thousands apart."""
    return f"{row.area:,.0f} px".replace(",", "\u202f")


def share_text(row: RegionRow) -> str:
    """Return the share in percent, finer where it is small."""
    percent = 100 * row.share
    return f"{percent:.1f} %" if percent >= 0.1 else "< 0.1 %"


def _name(row: RegionRow) -> str:
    return f"Region {row.number}"


class RegionModel(RowsModel[RegionRow]):
    """The outlined regions; each polygon is one."""

    def __init__(self, parent: QObject | None = None) -> None:
        right = {int(Qt.ItemDataRole.TextAlignmentRole): lambda _row: RIGHT}
        spoken = {int(Qt.ItemDataRole.AccessibleTextRole): self._spoken}
        columns = (
            Column("Region", _name, spoken),
            Column("Area", area_text, right),
            Column("Share", share_text, right),
        )
        super().__init__(columns, parent)

    def set_region(self, region: Region, width: int, height: int) -> None:
        """Show the regions of an image of this size; as many as before keep their indices."""
        rows = rows_of(region, width, height)
        if len(rows) != len(self.rows):
            self.set_rows(rows)
            return
        for number, row in enumerate(rows):
            if row != self._rows[number]:
                self._rows[number] = row
                self.row_changed(number)

    def _spoken(self, row: RegionRow) -> str:
        return f"{_name(row)}, {area_text(row)}, {share_text(row)} of the image"
