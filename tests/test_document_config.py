"""The pages on configurations against the schema, and their examples against its checks."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from checking import load_schema
from gmd.comparison import CLAIMS
from study import ConfigError, Study, study_schema
from tools.pages import BEGIN, END, with_made_text

ROOT = Path(__file__).resolve().parents[1]
TOOL = ROOT / "tools" / "document_config.py"
ENVIRONMENT = {"ALLOYS": "/data", "GMD_NBMOTAW": "/data"}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("document_config", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, TOOL, "--check"], check=False, timeout=60, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_check_finds_a_page_that_is_not(tool, tmp_path, monkeypatch, capsys) -> None:
    page = tmp_path / "README.md"
    begin, end = (marker.format(maker=tool.MAKER) for marker in (BEGIN, END))
    page.write_text(f"before\n{begin}old\n{end}after\n")
    monkeypatch.setattr(tool, "PAGES", {page: lambda: "new\n"})
    monkeypatch.setattr(sys, "argv", ["document_config.py", "--check"])
    assert tool.main() == 1
    assert "README.md is out of date: ./run python tools" in capsys.readouterr().err
    assert "old" in page.read_text()
    monkeypatch.setattr(sys, "argv", ["document_config.py"])
    assert tool.main() == 0
    assert page.read_text() == f"before\n{begin}\nnew\n\n{end}after\n"
    monkeypatch.setattr(sys, "argv", ["document_config.py", "--check"])
    assert tool.main() == 0


@pytest.mark.parametrize("page", ["", f"{END}{BEGIN}", BEGIN])
def test_pages_without_markers_are_refused(page) -> None:
    with pytest.raises(ValueError, match=r"README\.md: no lines <!-- made by"):
        with_made_text(page.format(maker="me"), "", maker="me", name="README.md")


@pytest.mark.parametrize(
    ("schema", "type_", "default"),
    [
        ({"type": "string", "default": ""}, "text", '`""`'),
        ({"type": "integer", "minimum": 0, "default": 3}, "whole number ≥ 0", "`3`"),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, "number > 0, ≤ 1", "–"),
        ({"enum": ["a", "b"], "default": "b"}, "`a` or `b`", '`"b"`'),
        ({"type": "array", "items": {"type": "integer"}}, "list of whole numbers", "–"),
        ({"type": ["string", "null"]}, "text or null", "–"),
        ({"type": "object", "default": {}, "properties": {}}, "mapping", "–"),
        (
            {"type": "object", "additionalProperties": {"type": "number"}},
            "mapping of names to numbers",
            "–",
        ),
        (
            {"oneOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}}]},
            "`all` or list of text",
            "–",
        ),
        (
            {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
            "list of lists of numbers",
            "–",
        ),
        ({"oneOf": [{"properties": {"a": {}}}, {"properties": {}}]}, "mapping", "–"),
    ],
)
def test_types_and_defaults_in_words(tool, schema, type_, default) -> None:
    assert tool.type_words(schema) == type_
    assert tool.default_words(schema, required=False) == default
    assert tool.default_words(schema, required=True) == "required"


def test_every_key_is_explained_once(tool) -> None:
    study = list(tool.keys(study_schema()))
    dataset = list(tool.keys(load_schema("dataset.schema.yaml")))
    keys = study + dataset
    for page in (study, dataset):
        # families of LAEDs may have a key of the same name, each with its own meaning
        meanings = {(key.path, *re.findall(r"For `\w+`\.$", key.description)) for key in page}
        assert len(page) == len(meanings)
    paths = [key.path for key in study]
    assert {
        "study",
        "laeds.<name>.family",
        "laeds.<name>.n_radial",
        "laeds.<name>.path",
        "laeds.<name>.embedding",
        "laeds.<name>.g4",
        "energy.lightgbm.sigmas",
        "comparison.claims",
    } <= set(paths)
    assert not [key.path for key in keys if not key.description]
    page = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w.<>]+)` \|", page, re.MULTILINE)
    sections = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    assert sorted(named + sections) == sorted(paths)
    page = (ROOT / "config" / "datasets" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w.<>]+)` \|", page, re.MULTILINE)
    assert named == [key.path for key in dataset]
    assert {"source.minimum_distance", "subsets.<name>.end_members", "laeds"} <= set(named)
    files = (ROOT / "config" / "datasets").glob("*.yaml")
    rows = re.findall(r"^\| \[(\w+)\]\(\1\.yaml\) \|", page, re.MULTILINE)
    assert rows == sorted(file.stem for file in files)


def test_every_claim_is_listed() -> None:
    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    claims, _ = page.split("| parameter | meaning |")
    assert re.findall(r"^\| `([\w-]+)` \|", claims, re.MULTILINE) == list(CLAIMS)


def examples(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def test_the_example_of_a_data_set_is_one(tmp_path) -> None:
    example, subsets, ready = examples("config/datasets/README.md")
    (tmp_path / "ready.yaml").write_text(ready, encoding="utf-8")
    elsewhere = Study({"dataset": str(tmp_path / "ready.yaml")})
    assert elsewhere.ready_sites("ready-whole", "soap") == "soap/power_spectrum.npy"
    assert elsewhere.ready_sites("ready-whole", "paper") is None
    path = tmp_path / "mine.yaml"
    path.write_text(example + subsets, encoding="utf-8")
    study = Study({"dataset": str(path)})
    assert study.name == "mine"
    assert study.title("mine-whole") == "Ni-Al alloys"
    parts = ("mine-whole", "mine-liquids", "mine-ternary")
    assert study.runs == [(part, laed) for part in parts for laed in ("short", "long")]
    assert [item.url for item in study.downloads.values()] == ["https://example.org/nial.zip"]
    assert study.targets()


@pytest.mark.parametrize("example", [*examples("config/README.md"), *examples("README.md")])
def test_examples_are_studies(example, tmp_path) -> None:
    config = yaml.safe_load(example)
    if "study" not in config:  # a data set of its own
        (tmp_path / "alloys.yaml").write_text(example, encoding="utf-8")
        config = {"dataset": str(tmp_path / "alloys.yaml")}
    assert Study(config, ENVIRONMENT).targets()


@pytest.mark.parametrize("example", examples("docs/claims.md"))
def test_examples_of_claims_are_good(example) -> None:
    study = yaml.safe_load(examples("config/README.md")[0])
    assert Study({**study, **yaml.safe_load(example)}, ENVIRONMENT).targets()


def test_a_shipped_study_is_a_row() -> None:
    page = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\w+\.yaml)\]\(\1\) \|.*$", page, re.MULTILINE)
    assert sorted(rows) == sorted(path.name for path in (ROOT / "config").glob("*.yaml"))


def test_the_variable_of_the_example_is_needed() -> None:
    with pytest.raises(ConfigError, match="export ALLOYS=/folder, where /folder/nial"):
        Study(yaml.safe_load(examples("config/README.md")[0]), {})
