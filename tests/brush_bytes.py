"""A painted area as the bytes of Label Studio, which import reads and export does not write."""

from collections.abc import Sequence

from engine.formats.brush import CHANNELS, WORD_BITS

SIZES = (4, 8, 12, 16)
"""Bits of a run's length, from which each run takes the fewest that hold it."""


def encoded_brush(lengths: Sequence[int]) -> list[int]:
    """Return run lengths of pixels in reading order, unpainted first, as bytes for Label Studio."""
    head = [_binary(CHANNELS * sum(lengths), 32), _binary(WORD_BITS - 1, 5)]
    head += [_binary(size - 1, 4) for size in SIZES]
    pieces = [
        piece
        for number, length in enumerate(lengths)
        for piece in _pieces(CHANNELS * length, 255 * (number % 2))
    ]
    text = "".join(head + pieces)
    count = -(-len(text) // 8)
    return list(int(text.ljust(8 * count, "0"), 2).to_bytes(count, "big"))


def _pieces(length: int, value: int) -> list[str]:
    longest = 2 ** SIZES[-1]
    parts = [longest] * (length // longest) + [length % longest] * bool(length % longest)
    return [_piece(part, value) for part in parts]


def _piece(length: int, value: int) -> str:
    choice = next(at for at, size in enumerate(SIZES) if length <= 2**size)
    return f"1{_binary(choice, 2)}{_binary(length - 1, SIZES[choice])}{_binary(value, WORD_BITS)}"


def _binary(number: int, bits: int) -> str:
    return f"{number:0{bits}b}"
