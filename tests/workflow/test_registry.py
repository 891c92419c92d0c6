"""Data sets by name, and the files that they are read from."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any

import pytest

from checking import ConfigError, load_yaml
from gmd.structures import element_weights
from parts import DOWNLOADS
from registry import FOLDER, read_entry, with_entries
from study import Study

ENTRIES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
MINE = """\
source: {path: mine.xyz}
elements: [H, O]
weights: aenet
laeds:
  short: {family: chebyshev, radial_cutoff: 4}
"""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text(MINE)
    (tmp_path / "other.yaml").write_text(MINE.replace("mine.xyz", "other.xyz"))
    return tmp_path


def problems(config: Any, registry: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        Study(config, {}, registry)
    return str(caught.value)


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_is_a_study(name) -> None:
    entry = read_entry(name)
    path = entry["source"].get("path", "")
    variables = set(Template(path).get_identifiers())
    study = Study({"dataset": name}, dict.fromkeys(variables, "/data"))
    assert study.name == name
    assert study.targets()
    assert entry["title"]
    assert entry["citation"]
    assert entry["licence"]
    # who lacks the data is told what to fetch, and where it goes
    for variable in variables:
        assert variable in entry["fetch"]
        with pytest.raises(ConfigError) as caught:
            Study({"dataset": name}, {})
        assert f"the environment variable {variable} is not set" in str(caught.value)
        assert entry["fetch"].strip() in str(caught.value)
    weights = entry["weights"]
    if isinstance(weights, str):
        weights = element_weights(entry["elements"], weights)
    assert set(weights) == set(entry["elements"])
    assert len(set(weights.values())) == len(weights)


def test_a_name_makes_a_study(registry) -> None:
    study = Study({"dataset": "mine", "imbalance": {"normalization": "minmax"}}, {}, registry)
    assert study.name == "mine"
    assert list(study.parts) == ["mine-whole"]
    assert study.laed_settings("mine-whole", "short")["radial_cutoff"] == 4
    assert study.config["imbalance"]["normalization"] == "minmax"
    assert study.source_paths("mine") == ["mine.xyz"]


def test_a_path_makes_a_study(registry) -> None:
    study = Study({"dataset": str(registry / "other.yaml")}, {}, Path("/nowhere"))
    assert study.source_paths("other") == ["other.xyz"]


def test_a_file_does_not_take_a_registered_name(registry, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("other") / "mine.yaml"
    path.write_text(MINE)
    assert "would replace its results; rename it" in problems({"dataset": str(path)}, registry)
    assert Study({"dataset": str(registry / "mine.yaml")}, {}, registry).name == "mine"


def test_pages_with_the_answer_are_told(registry) -> None:
    pages = Study({"dataset": "mine"}, {}, registry).answers()
    assert pages == ["results/mine/mine-whole/short/recommendation.md"]


def test_captions_tell_settings_apart(registry) -> None:
    with (registry / "other.yaml").open("a") as stream:
        stream.write("  wide: {family: chebyshev, radial_cutoff: 9}\n")
    study = Study({"study": "a", "datasets": ["mine", "other"]}, {}, registry)
    assert study.caption("mine-whole", "short", energies=False) == "mine, whole set"
    assert study.caption("other-whole", "wide", energies=False) == "other, whole set, LAED wide"
    assert study.caption("other-whole", energies=False) == "other, whole set"


def test_names_and_settings_mix(registry) -> None:
    given = {"mine": None, "other": {"weights": {"H": 1, "O": 8}}}
    study = Study({"study": "both", "datasets": given}, {}, registry)
    assert study.parts["mine-whole"].settings["weights"] == {"H": -1, "O": 1}
    assert study.parts["other-whole"].settings["weights"] == {"H": 1, "O": 8}
    assert study.source_paths("other") == ["other.xyz"]
    same = Study({"study": "both", "datasets": ["mine", "other"]}, {}, registry)
    assert list(same.parts) == list(study.parts)


def test_a_studys_laeds_come_before_a_data_sets_own(registry) -> None:
    config = {"study": "a", "datasets": ["mine"], "laeds": {"long": {"family": "chebyshev"}}}
    assert Study(config, {}, registry).runs == [("mine-whole", "long")]


def test_data_sets_keep_their_own_laeds(registry) -> None:
    with (registry / "other.yaml").open("a") as stream:
        stream.write("  wide: {family: chebyshev, radial_cutoff: 9}\n")
    study = Study({"study": "a", "datasets": ["mine", "other"]}, {}, registry)
    assert study.runs == [
        ("mine-whole", "short"),
        ("other-whole", "short"),
        ("other-whole", "wide"),
    ]
    assert study.laed_names == ("short", "wide")
    assert not [path for path in study.targets() if "mine-whole/wide" in path]


def test_data_without_energies_are_not_fitted(registry) -> None:
    path = registry / "mine.yaml"
    path.write_text(path.read_text() + "energy_key: null\n")
    config = {"study": "a", "datasets": ["mine", "other"], "energy": {"lightgbm": {}}}
    study = Study({**config, "energy": {"lightgbm": {}, "subsets": ["whole"]}}, {}, registry)
    assert not study.is_fitted("mine-whole")
    assert study.is_fitted("other-whole")
    assert not [path for path in study.targets() if "mine-whole" in path and "energy" in path]


def test_downloads_are_kept_by_their_checksums(registry) -> None:
    digests = ["a" * 64, "b" * 64]
    urls = ["https://example.org/x%20y.zip?download=1", "https://example.org/deep/z.xyz"]
    source = {"download": dict(zip(urls, digests, strict=True))}
    study = Study(
        {"study": "a", "datasets": {"mine": {**read_entry("mine", registry), "source": source}}}
    )
    paths = study.source_paths("mine")
    assert paths == [f"{DOWNLOADS}/{'a' * 16}/x y.zip", f"{DOWNLOADS}/{'b' * 16}/z.xyz"]
    assert [study.downloads[path].url for path in paths] == urls
    assert [study.downloads[path].sha256 for path in paths] == digests


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        (
            {"dataset": "nothing"},
            "datasets.nothing: it has no source, and there is no nothing.yaml",
        ),
        ({"dataset": "nothing"}, "or one of the registry's names: mine, other"),
        ({"dataset": 3}, "dataset: 3 is no name of a data set"),
        ({"dataset": "no/such/file.yaml"}, "/no/such/file.yaml; paths count from the checkout"),
        ({"dataset": "my-data.yaml"}, "my-data.yaml names the results; rename it: letters"),
        ({"study": "a", "datasets": ["mine", "mine"]}, "a list of data sets names each once"),
        ({"study": "a", "datasets": [3]}, "a list of data sets names each once"),
        ({"study": "a", "datasets": "mine"}, "datasets: 'mine' is not of type 'object'"),
        (
            {"study": "a", "datasets": {"mine": {"weight": "aenet"}}},
            "datasets.mine: unknown key weight (did you mean weights?); known are title, citation",
        ),
    ],
)
def test_mistakes_are_named(registry, config, complaint) -> None:
    assert complaint in problems(config, registry)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the configuration: None is not of type 'object'"),
        ("{", "it is no YAML"),
        ("title: \xff", "it is no YAML"),
        (
            MINE + "titel: x\n",
            "the configuration: unknown key titel (did you mean title?); known are title, citation",
        ),
        (MINE + "weights: group\n", "line 6: 'weights' is given twice; keep one"),
        (MINE.replace("weights: aenet\n", ""), "the configuration: weights is missing"),
        (MINE.replace("chebyshev", "mbtr"), "laeds.short.family: 'mbtr' is not one of chebyshev"),
    ],
)
def test_a_file_that_is_no_data_set_is_named(registry, text, complaint) -> None:
    path = registry / "mine.yaml"
    path.write_text(text, encoding="latin-1")
    said = problems({"dataset": "mine"}, registry)
    assert said.startswith(f"{path} ")
    assert complaint in said


def test_a_key_given_twice_anywhere_is_an_error(tmp_path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("study: a\ndatasets:\n  x: {title: one}\n  y: {}\n  x: {title: two}\n")
    with pytest.raises(
        ConfigError, match=r"study\.yaml cannot be read:\n.*line 5: 'x' is given twice"
    ):
        load_yaml(path)


def test_merged_keys_are_no_repetition(tmp_path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n")
    assert load_yaml(path)["b"] == {"x": 1, "y": 3}


def test_what_is_given_is_left_alone(registry) -> None:
    config: dict[str, Any] = {"study": "a", "datasets": ["mine"]}
    with_entries(config, registry)
    assert config == {"study": "a", "datasets": ["mine"]}
