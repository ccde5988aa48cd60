import json
import sys
from pathlib import Path

import pytest

from engine.domain.problem import Refusal
from engine.saliency import trust as trust_module
from engine.saliency.factories import find_source, load_source
from engine.saliency.trust import TrustStore, read_code, require_trust

PYTHON = {"kind": "python", "factory": "net:make", "weights": None}
TRAP = "raise SystemExit('this code must not run before it is trusted')\n"


@pytest.fixture
def store(tmp_path):
    return TrustStore(tmp_path / "config" / "trust.json")


def test_a_digest_is_asked_for_once(card_of, store, tmp_path):
    (tmp_path / "net.py").write_text(TRAP)
    asked = []
    asking = TrustStore(store.file, ask=lambda question: asked.append(question) or True)
    card = card_of(**PYTHON)
    for _ in range(2):
        require_trust(card, read_code(card), trust=asking)
    assert len(asked) == 1
    assert "net:make" in asked[0]
    assert read_code(card).digest in asked[0]


@pytest.mark.parametrize("ask", [None, lambda _question: False])
def test_code_that_nobody_trusts_is_refused_with_the_way_to_trust_it(card_of, store, tmp_path, ask):
    (tmp_path / "net.py").write_text(TRAP)
    card = card_of(**PYTHON)
    code = read_code(card)
    with pytest.raises(Refusal) as caught:
        require_trust(card, code, trust=TrustStore(store.file, ask=ask))
    assert caught.value.problem.code == "not_trusted"
    assert f"--trust {code.digest}" in caught.value.problem.remedy
    assert not store.file.exists()


def test_a_digest_given_by_hand_is_trusted_from_then_on(card_of, store, tmp_path):
    (tmp_path / "net.py").write_text(TRAP)
    card = card_of(**PYTHON)
    code = read_code(card)
    store.add(f" {code.digest.upper()}\n")
    require_trust(card, code, trust=TrustStore(store.file))


@pytest.mark.parametrize("wrong", ["", "abc", "g" * 64, "a" * 63])
def test_what_is_no_digest_cannot_be_trusted(store, wrong):
    with pytest.raises(Refusal, match="no SHA-256"):
        store.add(wrong)


@pytest.mark.parametrize("content", ["", "[]", '{"trusted": 3}', '{"trust', "\x00"])
def test_a_damaged_list_of_trusted_digests_is_refused_not_taken_as_empty(store, content):
    store.file.parent.mkdir()
    store.file.write_text(content)
    with pytest.raises(Refusal, match="Delete the file"):
        store.holds("a" * 64)


def test_trusting_leaves_no_partial_file_and_keeps_the_other_digests(store):
    store.add("a" * 64, "one")
    store.add("b" * 64, "two")
    assert [path.name for path in store.file.parent.iterdir()] == ["trust.json"]
    assert json.loads(store.file.read_text())["trusted"] == {"a" * 64: "one", "b" * 64: "two"}


def test_a_list_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "config").touch()
    with pytest.raises(Refusal, match="cannot be"):
        TrustStore(tmp_path / "config" / "trust.json").add("a" * 64)


def digest_of(card):
    return read_code(card).digest


def test_the_digest_follows_the_source_the_factory_and_its_arguments(card_of, tmp_path):
    source = tmp_path / "net.py"
    source.write_text("x = 1\n")
    first = digest_of(card_of(**PYTHON))
    assert digest_of(card_of(**PYTHON, name="other name")) == first
    others = {
        digest_of(card_of(**{**PYTHON, "factory": "net:other"})),
        digest_of(card_of(**PYTHON, arguments={"command": "rm"})),
    }
    source.write_text("x = 2\n")
    others.add(digest_of(card_of(**PYTHON)))
    assert len(others - {first}) == 3


def test_the_digest_does_not_depend_on_the_folder(card_of, tmp_path):
    (tmp_path / "net.py").write_text("x = 1\n")
    here = find_source("net", tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "net.py").write_text("x = 1\n")
    assert find_source("net", other).files == here.files


@pytest.mark.parametrize("changed", ["pack/__init__.py", "pack/deep/net.py", "pack/beside.py"])
def test_every_file_of_a_package_counts(card_of, tmp_path, changed):
    for name in ("pack/__init__.py", "pack/deep/__init__.py", "pack/deep/net.py", "pack/beside.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TRAP)
    changes = {**PYTHON, "factory": "pack.deep.net:make"}
    before = digest_of(card_of(**changes))
    (tmp_path / changed).write_text(TRAP + "# changed\n")
    assert digest_of(card_of(**changes)) != before


def test_finding_an_installed_module_imports_nothing(tmp_path, monkeypatch):
    package = tmp_path / "site" / "trap_package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(TRAP)
    (package / "net.py").write_text(TRAP)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    source = find_source("trap_package.net", tmp_path)
    assert source.is_installed
    assert set(source.files) == {"trap_package/__init__.py", "trap_package/net.py"}
    assert "trap_package" not in sys.modules


def test_a_module_in_a_namespace_package_is_found(tmp_path, monkeypatch):
    (tmp_path / "site" / "space" / "deep").mkdir(parents=True)
    (tmp_path / "site" / "space" / "deep" / "net.py").write_text(TRAP)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert set(find_source("space.deep.net", tmp_path).files) == {"space/deep/net.py"}


def test_the_cards_folder_comes_before_installed_packages(tmp_path):
    (tmp_path / "json.py").write_text("here = True\n")
    assert load_source(find_source("json", tmp_path)).here
    assert sys.modules["json"] is json


@pytest.mark.parametrize("module", ["no_such_module", "json.no_such_module", "sys", "math.pi"])
def test_a_module_without_python_source_is_refused(card_of, module):
    with pytest.raises(Refusal, match="no Python source"):
        read_code(card_of(**{**PYTHON, "factory": f"{module}:make"}))


def test_modules_of_one_name_in_two_folders_do_not_collide(tmp_path):
    path = list(sys.path)
    loaded = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "net.py").write_text(f"name = {name!r}\n")
        loaded.append(load_source(find_source("net", tmp_path / name)))
    assert [module.name for module in loaded] == ["a", "b"]
    assert [Path(module.__file__).parent.name for module in loaded] == ["a", "b"]
    assert sys.path == path
    assert "net" not in sys.modules


def test_a_changed_module_is_run_anew(tmp_path):
    for value in (1, 2):
        (tmp_path / "net.py").write_text(f"value = {value}\n")
        assert load_source(find_source("net", tmp_path)).value == value


def test_the_bytes_that_were_read_are_run_even_when_the_file_changes(tmp_path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").touch()
    (tmp_path / "pack" / "net.py").write_text("from . import beside\nvalue = beside.value\n")
    (tmp_path / "pack" / "beside.py").write_text("value = 'read'\n")
    source = find_source("pack.net", tmp_path)
    (tmp_path / "pack" / "beside.py").write_text("value = 'changed'\n")
    assert load_source(source).value == "read"


def test_a_package_cannot_import_what_was_not_read(tmp_path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").touch()
    (tmp_path / "pack" / "net.py").write_text("def late():\n    from . import added\n")
    module = load_source(find_source("pack.net", tmp_path))
    (tmp_path / "pack" / "added.py").touch()
    with pytest.raises(ImportError):
        module.late()


def test_a_compiled_file_beside_the_source_is_never_run(tmp_path):
    import importlib.util
    import os
    import py_compile

    source = tmp_path / "net.py"
    source.write_text("value = 'sourc'\n")
    evil = tmp_path / "evil.py"
    evil.write_text("value = 'cache'\n")
    os.utime(evil, (1, 1))
    os.utime(source, (1, 1))
    py_compile.compile(str(evil), cfile=importlib.util.cache_from_source(str(source)))
    assert load_source(find_source("net", tmp_path)).value == "sourc"


@pytest.mark.parametrize("kind", ["torchscript", "torch_export"])
def test_a_program_file_is_trusted_by_its_content(card_of, tmp_path, kind):
    (tmp_path / "tiny.pt").write_bytes(b"one")
    one = digest_of(card_of(kind=kind))
    (tmp_path / "tiny.pt").write_bytes(b"two")
    code = read_code(card_of(kind=kind))
    assert code.digest != one
    assert list(code.files.values()) == [b"two"]


def test_timm_weights_carry_no_code(card_of):
    assert read_code(card_of(kind="timm", architecture="resnet18")) is None


def test_the_products_own_code_needs_no_asking_but_a_strangers_card_does(
    card_of, store, tmp_path, monkeypatch
):
    (tmp_path / "net.py").write_text(TRAP)
    card = card_of(**PYTHON)
    monkeypatch.setattr(trust_module, "PRODUCT_FOLDER", tmp_path.resolve())
    require_trust(card, read_code(card), trust=store)
    (tmp_path / "product").mkdir()
    monkeypatch.setattr(trust_module, "PRODUCT_FOLDER", (tmp_path / "product").resolve())
    with pytest.raises(Refusal, match="not trusted"):
        require_trust(card, read_code(card), trust=store)


def test_a_strangers_card_cannot_borrow_the_products_trust(card_of, store, tmp_path, monkeypatch):
    """Arguments are the card's, so the product's code with a stranger's card is not trusted."""
    product = tmp_path / "product_code"
    product.mkdir()
    (product / "__init__.py").write_text(TRAP)
    monkeypatch.setattr(trust_module, "PRODUCT_FOLDER", product.resolve())
    card = card_of(**{**PYTHON, "factory": "product_code:make"})
    with pytest.raises(Refusal, match="not trusted"):
        require_trust(card, read_code(card), trust=store)
