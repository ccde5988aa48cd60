"""Label Studio's run lengths of a painted area: bits that hold the alpha of RGBA pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.formats.outlines import Unusable
from engine.formats.pixels import check_pixels

CHANNELS = 4
WORD_BITS = 8
CUT_SHORT = "its run lengths are cut short; it was left out"


def painted(
    encoded: Sequence[object], *, width: int, height: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the alpha of the pixels in reading order: values, and how many pixels have each.

    The bits are: 32 for the number of values, 5 for the bits of a value less one, four times 4
    for the bits of a length less one. Then come pieces until all values are there: a bit that
    tells whether one value repeats, 2 bits that choose among the four sizes, the length less one,
    and the value, or as many values as the length says.

    Parameters
    ----------
    encoded
        Bytes as whole numbers.

    Raises
    ------
    Unusable
        They are no bytes, are cut short, or not those of an image of this size.

    References
    ----------
    The bits are those of the rle-pack package of thi.ng/umbrella, which Label Studio uses.
    """
    check_pixels(width * height)
    try:
        bits = _Bits(bytes(encoded))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Unusable("its run lengths are no bytes; it was left out") from None
    total = bits.take(32)
    if total != CHANNELS * width * height:
        raise Unusable(f"its run lengths are not for {width} x {height} pixels; it was left out")
    if bits.take(5) + 1 != WORD_BITS:
        raise Unusable("its run lengths are not of 8-bit values; it was left out")
    sizes = [bits.take(4) + 1 for _ in range(4)]
    values = [np.empty(0, dtype=np.uint8)]
    lengths = [np.empty(0, dtype=np.int64)]
    at = 0
    while at < total:
        is_run = bits.take(1)
        end = at + 1 + bits.take(sizes[bits.take(2)])
        if end > total:
            raise Unusable("its run lengths do not add up to the image; it was left out")
        # Of values at, at + 1, ... those at 3, 7, 11, ... are the alpha of pixels 0, 1, 2, ...
        count = end // CHANNELS - at // CHANNELS
        if is_run:
            values.append(np.array([bits.take(WORD_BITS)], dtype=np.uint8))
            lengths.append(np.array([count]))
        else:
            words = bits.take_words(end - at)
            values.append(words[CHANNELS - 1 - at % CHANNELS :: CHANNELS])
            lengths.append(np.ones(count, dtype=np.int64))
        at = end
    return np.concatenate(values), np.concatenate(lengths)


@dataclass(slots=True)
class _Bits:
    """Bits read one after another."""

    data: bytes
    at: int = 0

    def take(self, count: int) -> int:
        """Return the next bits as a number."""
        end = self.at + count
        if end > 8 * len(self.data):
            raise Unusable(CUT_SHORT)
        window = int.from_bytes(self.data[self.at // 8 : -(-end // 8)], "big")
        self.at = end
        return (window >> (-end % 8)) & ((1 << count) - 1)

    def take_words(self, count: int) -> NDArray[np.uint8]:
        """Return the next bytes, which need not begin where a byte of the data does."""
        end = self.at + WORD_BITS * count
        if end > 8 * len(self.data):
            raise Unusable(CUT_SHORT)
        window = np.frombuffer(self.data[self.at // 8 : -(-end // 8)], dtype=np.uint8)
        skipped, self.at = self.at % 8, end
        return np.packbits(np.unpackbits(window)[skipped : skipped + WORD_BITS * count])
