"""Files that can run code are trusted once, by the digest of all that they would run."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import resources
from engine.domain.problem import refuse
from engine.saliency.cards import ModelCard
from engine.saliency.factories import Source, find_source

PRODUCT_FOLDER = Path(resources.__file__).resolve().parent
"""Cards and code in here came with the product and are trusted with it."""

Ask = Callable[[str], bool]
"""Shows a person what would run; returns whether they trust it."""


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """What a model card would run, read once.

    The bytes of model files and of modules beside the card that are trusted are those that run.
    An installed package is hashed as well, but it is Python that imports it.

    Attributes
    ----------
    digest
        SHA-256 (hex) over the files' names and content, the factory and its arguments.
    description
        What would run, in a few words.
    files
        Content of each file by its path.
    source
        The module of a Python factory; None for TorchScript and ``torch.export`` files.
    """

    digest: str
    description: str
    files: Mapping[Path, bytes]
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class TrustQuestion:
    """What a person is asked before code runs that nobody trusts yet.

    Attributes
    ----------
    digest
        What is trusted by the answer yes.
    text
        Which model would run what.
    description
        What is trusted, in a few words, kept beside the digest.
    """

    digest: str
    text: str
    description: str


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The digests that a person trusts, in a small JSON file of their own.

    Attributes
    ----------
    file
        Made with its folder when the first digest is added.
    ask
        Asks the person about code that is not trusted yet; without it such code is refused.
    """

    file: Path
    ask: Ask | None = None

    def holds(self, digest: str) -> bool:
        """Tell whether this digest is trusted."""
        return digest in self._read()

    def add(self, digest: str, description: str = "") -> None:
        """Trust a digest from now on.

        Raises
        ------
        Refusal
            ``trust``: it is no SHA-256, or the file cannot be read or written.
        """
        digest = digest.strip().lower()
        if not re.fullmatch("[0-9a-f]{64}", digest):
            raise refuse(
                "trust",
                digest,
                "this is no SHA-256 digest",
                "Copy all 64 characters from the message that asked for trust",
            )
        self._write({**self._read(), digest: description})

    def _read(self) -> dict[str, str]:
        try:
            trusted = json.loads(self.file.read_text(encoding="utf-8"))["trusted"]
            return {str(digest): str(told) for digest, told in trusted.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise refuse(
                "trust",
                str(self.file),
                f"the list of trusted digests cannot be read ({error})",
                "Delete the file; you will be asked again for each model",
            ) from None

    def _write(self, trusted: Mapping[str, str]) -> None:
        temporary = self.file.with_name(f".{self.file.name}.partial")
        content = json.dumps({"trusted": trusted}, indent=2, sort_keys=True)
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(content, encoding="utf-8")
            temporary.replace(self.file)
        except OSError as error:
            raise refuse(
                "trust",
                str(self.file),
                f"the list of trusted digests cannot be written ({error.strerror})",
                "Make the folder writable, or free space",
            ) from None


def read_code(card: ModelCard) -> Code | None:
    """Read all that a card would run, without running any of it.

    Returns
    -------
    Code or None
        None for a timm architecture with its weights: that is data for an installed package.

    Raises
    ------
    Refusal
        ``model_code``: a file cannot be read, or there is no such Python module.
    """
    if card.kind == "timm":
        return None
    try:
        return _python_code(card, card.factory) if card.factory else _model_file(card)
    except OSError as error:
        raise refuse(
            "model_code",
            str(card.file),
            f"{error.filename} cannot be read ({error.strerror})",
            "Make the file readable",
        ) from None


def _model_file(card: ModelCard) -> Code:
    assert card.weights is not None
    content = card.weights.read_bytes()
    digest = _digest({card.weights.name: content}, calls="")
    return Code(digest, f"the program in {card.weights}", {card.weights: content})


def _python_code(card: ModelCard, factory: str) -> Code:
    source = find_source(factory.partition(":")[0], card.file.parent)
    if source is None:
        raise refuse(
            "model_code",
            str(card.file),
            f"`factory`: there is no Python source of {factory.partition(':')[0]}",
            "Put the module beside the card, or install its package",
        )
    calls = json.dumps([factory, card.arguments], sort_keys=True, default=str)
    files = {source.root / name: content for name, content in source.files.items()}
    description = f"the Python code of {factory} in {source.root}"
    return Code(_digest(source.files, calls=calls), description, files, source)


def _digest(files: Mapping[str, bytes], *, calls: str) -> str:
    parts = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    told = json.dumps([calls, parts], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def require_trust(card: ModelCard, code: Code, *, trust: TrustStore) -> None:
    """Go on only where a person trusts this code; the answer yes is kept for later runs.

    Code that came with the product, called by a card that did, needs no asking.

    Raises
    ------
    Refusal
        ``not_trusted``: nobody said so; the message prints the digest and how to trust it.
    """
    question = question_of(card, code, trust=trust)
    if question is None:
        return
    if trust.ask is None or not trust.ask(f"{question.text}. Trust it from now on?"):
        raise refuse(
            "not_trusted",
            str(card.file),
            f"{question.text}, which is not trusted yet",
            "If you know where it comes from, run the same command again with"
            f" --trust {code.digest}",
        )
    trust.add(code.digest, code.description)


def question_of(card: ModelCard, code: Code, *, trust: TrustStore) -> TrustQuestion | None:
    """Return what is to be asked before this code runs, or None where it is trusted."""
    if _is_of_the_product(card.file, *code.files) or trust.holds(code.digest):
        return None
    text = f"{card.name} runs {code.description} (SHA-256 {code.digest})"
    return TrustQuestion(code.digest, text, code.description)


def _is_of_the_product(*paths: Path) -> bool:
    return all(path.resolve().is_relative_to(PRODUCT_FOLDER) for path in paths)
