"""Many small tasks on one lane, a few ahead of the reader, results in the order of the items."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from typing import TypeVar

from engine.tasks.cancel import CancelToken
from engine.tasks.executors import Executor, Lane

S = TypeVar("S")
T = TypeVar("T")


def in_order(
    items: Iterable[S],
    task: Callable[[S], T],
    *,
    lane: Lane,
    executor: Executor,
    cancel: CancelToken,
    ahead: int = 2,
) -> Generator[T]:
    """Yield ``task(item)`` for each item, in order, with up to `ahead` items under way.

    Items are drawn lazily, so that stages joined by this function hold few values at a time.

    Raises
    ------
    Stopped
        The token was set; what is under way ends by itself and is dropped.
    """
    under_way: deque[Future[T]] = deque()
    try:
        for item in items:
            cancel.check()
            under_way.append(executor.submit(lane, task, item))
            if len(under_way) > ahead:
                yield under_way.popleft().result()
        while under_way:
            cancel.check()
            yield under_way.popleft().result()
    finally:
        for future in under_way:
            future.cancel()
