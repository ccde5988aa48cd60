"""What is wrong with a setting, in the model's words and at the right row."""

import re

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from desktop_app.setup.setting_words import name_of


def faults_of(
    error: ValidationError, section: str, model: type[BaseModel], *, last: str = ""
) -> dict[str, str]:
    """Return what is wrong, as a sentence, by the name of the setting in its section.

    A fault between settings belongs to the one that was changed last, where it is one of them,
    else to the first that is named.

    Parameters
    ----------
    last
        The setting that was changed last.
    """
    found: dict[str, str] = {}
    for detail in error.errors():
        words = _words(detail)
        places = [str(part) for part in detail["loc"][:1]] or _named(words, model)
        place = last if last in places else next(iter(places), last)
        found.setdefault(place, _sentence(words, section, model))
    return found


def _words(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    wanted = detail["msg"].partition(", unable")[0].partition(" should ")[2]
    return f"must {wanted}" if wanted else detail["msg"]


def _named(words: str, model: type[BaseModel]) -> list[str]:
    """Return the settings that a message names, in its order."""
    return [word for word in re.findall(r"[a-z]+(?:_[a-z]+)*", words) if word in model.model_fields]


def _sentence(words: str, section: str, model: type[BaseModel]) -> str:
    """Return the model's words with each setting called as its row is."""
    for name in _named(words, model):
        called = f"“{name_of(f'{section}.{name}')}”"
        # a name of one plain word is meant as a name where its value follows it
        words = re.sub(rf"\b{name}\b" + ("" if "_" in name else r"(?= \()"), called, words)
    return f"{words[:1].upper()}{words[1:]}."
