"""Digests of the library's source, and the order of its layers."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest

from sources import (
    PACKAGE,
    SCRIPTS,
    imported_parts,
    parts_behind,
    script_digest,
    source_digest,
)

RULES = SCRIPTS.parent / "rules"

LAYERS = (
    "structures",
    "local",
    "compression",
    "descriptors",
    "imbalance",
    "energy",
    "tables",
    "sweep",
    "recommendation",
    "comparison",
    "figures",
)
EVERYWHERE = {"parameters", "storage", "__init__"}
ON_TOP = {"transformer"}


def test_every_part_of_the_library_has_its_place() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == set(LAYERS)
    assert {path.stem for path in PACKAGE.glob("*.py")} == EVERYWHERE | ON_TOP


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_import_only_those_before(layer) -> None:
    before = set(LAYERS[: LAYERS.index(layer)])
    assert imported_parts(layer) <= before | EVERYWHERE


def test_storage_imports_no_layer() -> None:
    assert imported_parts("storage") <= EVERYWHERE
    # only when it is asked for, as tests/test_transformer.py shows
    assert imported_parts("__init__") <= ON_TOP


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda f: f.stem)
def test_library_knows_nothing_of_the_workflow(file) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not imported & {"snakemake", "study", "sources", "job"}


def test_imports_of_every_kind_are_seen(tmp_path) -> None:
    package = tmp_path / "gmd"
    for part in ("a", "b", "c", "d", "e"):
        (package / part).mkdir(parents=True)
        (package / part / "__init__.py").write_text("")
    (package / "__init__.py").write_text("__version__ = '1'")
    (package / "storage.py").write_text("from gmd import __version__\n")
    (package / "a" / "deep").mkdir()
    (package / "a" / "deep" / "module.py").write_text(
        "import gmd.b.module as b\n"
        "from gmd import c, __version__\n"
        "from gmd.a import other\n"
        "def later():\n"
        "    from gmd.d.module import f\n"
        "    import numpy.e\n"
    )
    (package / "d" / "module.py").write_text("import gmd.storage\n")
    assert imported_parts("a", package) == {"b", "c", "d"}
    assert parts_behind("a", package) == {"a", "b", "c", "d", "storage"}
    assert imported_parts("storage", package) == frozenset()


@pytest.fixture
def copy(tmp_path) -> Path:
    return Path(
        shutil.copytree(PACKAGE, tmp_path / "gmd", ignore=shutil.ignore_patterns("__pycache__"))
    )


def digests(package: Path) -> dict[str, str]:
    source_digest.cache_clear()
    imported_parts.cache_clear()
    return {layer: source_digest(layer, package) for layer in LAYERS}


def script_digests(package: Path, rule: str) -> str:
    digests(package)
    script_digest.cache_clear()
    return script_digest(rule, package)


def test_digest_is_of_the_contents_alone(copy) -> None:
    assert digests(copy) == digests(PACKAGE)
    for file in copy.rglob("*.py"):
        file.touch()
    assert digests(copy) == digests(PACKAGE)
    assert len(set(digests(copy).values())) == len(LAYERS)


@pytest.mark.parametrize(
    ("file", "part"),
    [(f"{layer}/__init__.py", layer) for layer in LAYERS]
    + [
        ("storage.py", "storage"),
        ("local/_chebyshev_kernels.py", "local"),
        # data of the package are as good as code
        ("structures/data/lps.extxyz.xz", "structures"),
        ("comparison/published/table_b1.csv", "comparison"),
        # what is read by people, or made from the code
        ("comparison/published/README.md", None),
        ("local/__pycache__/kernels.nbc", None),
    ],
)
def test_digest_changes_with_what_is_behind_it(copy, file, part) -> None:
    (copy / file).parent.mkdir(exist_ok=True)
    (copy / file).touch()
    before = digests(copy)
    with (copy / file).open("a") as stream:
        stream.write("\n# one line more\n")
    after = digests(copy)
    for layer in LAYERS:
        assert (after[layer] != before[layer]) == (part in parts_behind(layer)), layer


def test_known_dependencies() -> None:
    assert parts_behind("structures") == {"parameters", "structures"}
    assert {"descriptors", "local"} <= parts_behind("descriptors")
    assert {"imbalance", "descriptors", "local"} <= parts_behind("imbalance")
    assert "energy" not in parts_behind("imbalance")


@pytest.mark.parametrize(
    ("rule", "changes", "stays"),
    [
        ("ingest", {"storage", "structures", "local"}, {"descriptors", "imbalance", "figures"}),
        ("sites", {"storage", "structures", "local"}, {"imbalance", "energy", "tables"}),
        ("imbalance", {"storage", "imbalance", "descriptors"}, {"energy", "tables", "figures"}),
        ("figure", {"figures"}, set()),
    ],
)
def test_digest_of_a_script_is_of_what_it_imports(copy, rule, changes, stays) -> None:
    for part in sorted(changes | stays):
        before = script_digests(copy, rule)
        module = copy / "storage.py" if part == "storage" else copy / part / "__init__.py"
        with module.open("a") as stream:
            stream.write("\n# one line more\n")
        assert (script_digests(copy, rule) != before) == (part in changes), part


@pytest.mark.parametrize("rules", sorted(RULES.glob("*.smk")), ids=lambda file: file.stem)
def test_rules_are_digested_by_their_own_scripts(rules) -> None:
    """Every rule passes the step of its own script, whose digest covers the code as well."""
    text = rules.read_text(encoding="utf-8")
    scripts = re.findall(r'"\.\./scripts/(\w+)\.py"', text)
    # what is fetched is known by its checksum, whatever fetches it
    scripts = [name for name in scripts if name != "download"]
    assert re.findall(r'step=step_of\("(\w+)"\)', text) == scripts
    assert all((SCRIPTS / f"{name}.py").is_file() for name in scripts)


def test_new_and_renamed_files_change_the_digest(copy) -> None:
    before = digests(copy)
    (copy / "local" / "new.py").write_text("")
    added = digests(copy)
    (copy / "local" / "new.py").rename(copy / "local" / "newer.py")
    renamed = digests(copy)
    assert len({before["local"], added["local"], renamed["local"]}) == 3
    assert before["structures"] == added["structures"] == renamed["structures"]


def test_a_new_import_brings_in_what_is_behind_it(copy) -> None:
    before = digests(copy)
    with (copy / "structures" / "checks.py").open("a") as stream:
        stream.write("\nimport gmd.energy\n")
    mixed = digests(copy)
    assert mixed["structures"] != before["structures"]
    with (copy / "energy" / "linear.py").open("a") as stream:
        stream.write("\n# one line more\n")
    assert digests(copy)["structures"] != mixed["structures"]


def test_unknown_parts_are_refused(tmp_path) -> None:
    with pytest.raises(ValueError, match="the library has no part 'locals'"):
        source_digest("locals")
