"""Files of annotations to gradings: which image, which grader, and what was told on the way."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.problem import Problem, Refusal, Severity, refuse
from engine.formats.coco import is_coco, read_coco
from engine.formats.csv_gradings import read_csv_gradings
from engine.formats.cvat import read_cvat
from engine.formats.darwin import is_darwin, read_darwin
from engine.formats.document import read_json
from engine.formats.gradings import grading_of
from engine.formats.label_studio import is_label_studio, read_label_studio
from engine.formats.labelme import is_labelme, read_labelme
from engine.formats.mask import read_mask
from engine.formats.match import added_by_name, match_image
from engine.formats.names import ImageNames, are_of_one_image
from engine.formats.options import ImportOptions
from engine.formats.outlines import AnnotatedImage, Answers, Contents, Outline
from engine.formats.pattern import Named, read_name
from engine.formats.qupath import is_qupath, read_qupath
from engine.formats.sources import AnnotationFile

_LAYOUTS: Mapping[str, tuple[Callable[[object], bool], Callable[[Any, str], Contents]]] = {
    "darwin": (is_darwin, read_darwin),
    "labelme": (is_labelme, read_labelme),
    "coco": (is_coco, read_coco),
    "qupath": (is_qupath, read_qupath),
    "label_studio": (is_label_studio, read_label_studio),
}

_Seen = dict[tuple[str, str, Role], tuple[str, int]]
"""File and digest of the first grading of an image by a grader in a role."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What one file of annotations brings.

    Attributes
    ----------
    source
        The file, as shown to a person.
    new_images
        Images that the study did not know, by name and size only.
    """

    source: str
    gradings: tuple[Grading, ...] = ()
    new_images: tuple[Image, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_each(
    files: Iterable[AnnotationFile], options: ImportOptions, names: ImageNames
) -> Iterator[ParsedFile]:
    """Read one file after another; a file that is refused is told and the others go on.

    A second grading of one image by the same grader in the same run is left out and told, unless
    it says the same as the first.
    """
    seen: _Seen = {}
    for file in files:
        try:
            parsed = read_annotations(file, options, names)
        except Refusal as refusal:
            left_out = replace(refusal.problem, severity=Severity.WARNING)
            yield ParsedFile(file.label, problems=(left_out,))
        else:
            yield _without_repeats(parsed, seen)


def read_annotations(
    source: AnnotationFile, options: ImportOptions, names: ImageNames
) -> ParsedFile:
    """Return the gradings of one file.

    Parameters
    ----------
    names
        The images of the study; images that only this file knows are added to it.

    Raises
    ------
    Refusal
        The file cannot be read, is in no supported format, or the name pattern does not fit it.
    """
    if source.kind == "mask" and names.at(source.path):
        message = "the file is a photograph of the study and no mask"
        raise refuse("not_a_mask", source.label, message, "Give the folder of the masks alone")
    contents = _contents(source, options)
    named = _named(source, options, contents)
    named = replace(named, grader=named.grader or _only_author(contents, source))
    meant: dict[str, str] = {}
    parts = [
        _read_image(annotated, contents.author, meant, named=named, source=source, names=names)
        for annotated in contents.images
    ]
    return ParsedFile(
        source.label,
        gradings=tuple(chain.from_iterable(part.gradings for part in parts)),
        new_images=tuple(chain.from_iterable(part.new_images for part in parts)),
        problems=(*contents.problems, *chain.from_iterable(part.problems for part in parts)),
    )


def _contents(source: AnnotationFile, options: ImportOptions) -> Contents:
    match source.kind:
        case "mask":
            return read_mask(source.path, source.label, options.mask_value)
        case "csv":
            return read_csv_gradings(source.path, source.label)
        case "xml":
            return read_cvat(source.path, source.label)
    document = read_json(source.path, source.label)
    for name, (is_layout, read) in _LAYOUTS.items():
        if options.format in ("auto", name) and is_layout(document):
            return read(document, source.label)
    raise _unknown(source.label, options.format)


def _unknown(where: str, wanted: str) -> Refusal:
    known = ", ".join(_LAYOUTS) if wanted == "auto" else wanted
    remedy = "Choose another file, or export the annotations again"
    return refuse("format_unknown", where, f"the file is no JSON of {known}", remedy)


def _named(source: AnnotationFile, options: ImportOptions, contents: Contents) -> Named:
    """Return what the name pattern says of a file; a list of images has image names of its own."""
    named: Named | None = Named()
    if options.name_pattern:
        named = read_name(options.name_pattern, source.label, source.inside)
    if named is None and not contents.is_collection:
        message = f"the name pattern '{options.name_pattern}' does not fit the file"
        remedy = "Change the pattern or give only the files that it fits"
        raise refuse("name_pattern", source.label, message, remedy)
    named = named or Named()
    return Named(
        named.grader or options.grader or "", "" if contents.is_collection else named.image
    )


def _only_author(contents: Contents, source: AnnotationFile) -> str:
    """Return who drew all of a file: its one author, else the folder; empty for several authors."""
    authors = {contents.author}
    for annotated in contents.images:
        authors |= {outline.author for outline in annotated.outlines} | annotated.answers.keys()
    authors -= {""}
    if not authors:
        return source.path.parent.name
    return authors.pop() if len(authors) == 1 else ""


def _read_image(
    annotated: AnnotatedImage,
    file_author: str,
    meant: dict[str, str],
    *,
    named: Named,
    source: AnnotationFile,
    names: ImageNames,
) -> ParsedFile:
    """Read what a file says of one image; `meant` holds its name for each image so far."""
    name = named.image or annotated.name or source.path.stem
    image = match_image(annotated, name, source=source, names=names)
    if isinstance(image, Problem):
        return ParsedFile(source.label, problems=(image,))
    if not are_of_one_image(name, first := meant.setdefault(image.path, name)):
        return ParsedFile(source.label, problems=(_two_names(source.label, image, first, name),))
    problems: list[Problem] = []
    if is_new := image.path not in names:
        names.add(image)
        problems.append(added_by_name(source.label, image))
    gradings: list[Grading] = []
    for grader, (outlines, answers) in _by_grader(annotated, file_author, named.grader).items():
        where = f"{source.label}, {image.path}"
        if not grader:
            problems.append(_nobody(where))
            continue
        grading, changes = grading_of(image, grader, outlines, answers, where=where)
        problems.extend(changes)
        gradings.extend([grading] if grading else [])
    return ParsedFile(source.label, tuple(gradings), (image,) * is_new, tuple(problems))


def _by_grader(
    annotated: AnnotatedImage, file_author: str, grader: str
) -> dict[str, tuple[list[Outline], Answers]]:
    """Return outlines and answers of each grader; one who drew the whole file has them all."""
    said = {grader or name or file_author: answers for name, answers in annotated.answers.items()}
    groups: dict[str, list[Outline]] = defaultdict(list)
    for outline in annotated.outlines:
        groups[grader or outline.author or file_author].append(outline)
    graders = dict.fromkeys([*groups, *said]) or [grader or file_author]
    return {name: (groups.get(name, []), said.get(name, Answers())) for name in graders}


def _without_repeats(parsed: ParsedFile, seen: _Seen) -> ParsedFile:
    """Leave out what an earlier file, or this one, has said of the same reading of an image."""
    kept: list[Grading] = []
    problems = list(parsed.problems)
    for grading in parsed.gradings:
        mine = (parsed.source, hash(grading))
        first = seen.setdefault((grading.image, grading.grader, grading.role), mine)
        if first is mine:
            kept.append(grading)
        elif first[1] != mine[1]:
            problems.append(_repeated(grading, parsed.source, first[0]))
    return replace(parsed, gradings=tuple(kept), problems=tuple(problems))


def _two_names(where: str, image: Image, first: str, second: str) -> Problem:
    message = (
        f"the file tells '{second}' from '{first}', but only {image.path} has such a name;"
        f" '{second}' was left out"
    )
    return Problem("image_ambiguous", where, message, "Import the photographs of both first")


def _nobody(where: str) -> Problem:
    message = "the file names several graders, but none for this"
    return Problem("grader_unknown", where, message, "Give --grader or --name-pattern")


def _repeated(grading: Grading, where: str, first: str) -> Problem:
    message = (
        f"{grading.grader} has another grading of {grading.image} in {first}; this was left out"
    )
    remedy = "Keep one of the two files, or name their graders apart"
    return Problem("grading_repeated", where, message, remedy)
