"""That a lead looked behind the letters: told to the audit log, and stored nowhere else."""

from collections.abc import Sequence

from engine.domain.problem import Refusal
from engine.study.audit_log import Writing
from engine.study.image_rows import image_ids, unknown_image


def reveal_names(writing: Writing, images: Sequence[str]) -> None:
    """Tell the log of which images somebody saw the graders' names.

    Raises
    ------
    Refusal
        ``unknown_image``.
    """
    known = image_ids(writing.connection, images)
    for image in images:
        if image not in known:
            raise Refusal(unknown_image(image, image))
        writing.tell(image)
    writing.finish("reveal_names", images=list(images))
