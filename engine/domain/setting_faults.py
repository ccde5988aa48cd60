"""What settings refuse, said in this program's words."""

from typing import cast

from pydantic import BaseModel, ValidationError


def first_fault(error: ValidationError, model: type[BaseModel]) -> str:
    """Say the first thing that a model refuses, with the names that would be right.

    Parameters
    ----------
    model
        The model that was validated; its fields may be models in turn.
    """
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    match first["type"]:
        case "extra_forbidden":
            allowed = ", ".join(_names(model, first["loc"][:-1]))
            return f"{place}: there is no such name; choose from {allowed}"
        case "model_type":
            return f"{place}: must be a table with names and values"
        case "value_error":
            told = str(first["ctx"]["error"])
            return f"{place}: {told}" if place else told
        case _:
            wanted = first["msg"].partition(", unable")[0].partition(" should ")[2]
            return f"{place}: must {wanted}, not {first['input']!r}"


def _names(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """Return the names that a model, or the model at a place within it, takes."""
    for part in place:
        model = cast(type[BaseModel], model.model_fields[str(part)].annotation)
    return list(model.model_fields)
