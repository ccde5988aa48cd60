"""The study's options read and changed on its lane, so that no change of another page is lost."""

from dataclasses import replace
from typing import Any

from engine.domain.options import StudyOptions
from engine.study.protocol import Study


def change_options(study: Study, author: str, **changes: Any) -> StudyOptions:  # noqa: ANN401
    """Store some options and leave the others as they are now; runs on the study's lane."""
    options = replace(study.options(), **changes)
    study.set_options(options, author=author)
    return options
